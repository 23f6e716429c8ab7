"""Pictures of lines and what they say, in the ways in which people keep them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

from ocr_core.charset import canonical
from ocr_core.errors import ConfigError

# The convention of Tesseract, Kraken, Calamari and OCR-D.
_TRUTH = ".gt.txt"
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
_COLUMNS = ("path", "text")


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """One line.

    Attributes:
        path: of its picture.
        text: what it says, as a recogniser writes it (`ocr_core.charset.canonical`).
    """

    path: Path
    text: str


def find_lines(data: Path) -> list[LabelledLine]:
    """The labelled lines of a folder or a table, in the order of their names or rows.

    Args:
        data: a folder with `NAME.gt.txt` beside each `NAME.png`, also in sub-folders; or a CSV,
            TSV or Parquet file with the columns `path` (relative to the file) and `text`.

    Raises:
        ConfigError: there are none, or they are kept in no such way.
    """
    lines = list(_of_folder(data) if data.is_dir() else _of_table(data))
    if not lines:
        raise ConfigError(
            f"{data} holds no labelled lines: give a folder of NAME.png and NAME{_TRUTH}, or a "
            "table with the columns path and text"
        )
    return lines


def _of_folder(folder: Path) -> Iterator[LabelledLine]:
    for truth in sorted(folder.rglob(f"*{_TRUTH}")):
        stem = truth.name.removesuffix(_TRUTH)
        pictures = (truth.with_name(stem + suffix) for suffix in _PICTURES)
        if found := next((path for path in pictures if path.is_file()), None):
            yield LabelledLine(found, _clean(truth.read_text(encoding="utf-8")))


def _of_table(path: Path) -> Iterator[LabelledLine]:
    table = _read_table(path)
    missing = [name for name in _COLUMNS if name not in table.column_names]
    if missing:
        raise ConfigError(f"{path} has no column {missing[0]}: it has {table.column_names}")
    for name, text in zip(*(table[column].to_pylist() for column in _COLUMNS), strict=True):
        if name:
            yield LabelledLine(path.parent / name, _clean(text or ""))


def _read_table(path: Path) -> pa.Table:
    try:
        if path.suffix == ".parquet":
            return parquet.read_table(path, columns=None)
        parsing = csv.ParseOptions(
            delimiter="\t" if path.suffix == ".tsv" else ",", newlines_in_values=True
        )
        as_text = csv.ConvertOptions(column_types=dict.fromkeys(_COLUMNS, pa.string()))
        return csv.read_csv(path, parse_options=parsing, convert_options=as_text)
    except (OSError, pa.ArrowInvalid) as error:
        raise ConfigError(f"{path} is no table of lines: {error}") from error


def _clean(text: str) -> str:
    return canonical(" ".join(text.split()))


@dataclass(frozen=True, slots=True)
class Split:
    """Lines to learn from, to choose the best state by, and to measure that state on."""

    training: list[LabelledLine]
    validation: list[LabelledLine]
    test: list[LabelledLine]


def split(lines: Sequence[LabelledLine], validation: float, test: float, seed: int = 1) -> Split:
    """Deals lines out at random, the same way each time; the shares are of 1.

    Raises:
        ConfigError: there are too few for one of each kind.
    """
    order = np.random.default_rng(seed).permutation(len(lines))
    counts = [max(1, round(share * len(lines))) if share else 0 for share in (validation, test)]
    if len(lines) <= sum(counts) or counts[0] == 0:
        raise ConfigError(f"{len(lines)} lines are too few to learn from some and judge by others")
    first, second = counts[0], sum(counts)
    parts = order[second:], order[:first], order[first:second]
    return Split(*([lines[n] for n in sorted(part)] for part in parts))
