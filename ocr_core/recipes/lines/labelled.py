"""Pictures of lines and what they say, in the ways in which people keep them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

import numpy as np
import pyarrow as pa
from PIL import Image
from pyarrow import csv, parquet

from ocr_core.charset import canonical
from ocr_core.errors import ConfigError
from ocr_core.transcriptions import TranscribedPage, name_of, read_transcription
from schemas import Quad

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
        quad: where in the picture it is, in pixels; None if it is all of it.
    """

    path: Path
    text: str
    quad: Quad | None = None


def find_lines(data: Path) -> list[LabelledLine]:
    """The labelled lines of a folder or a table, in the order of their names or rows.

    Args:
        data: a folder with `NAME.gt.txt` beside each `NAME.png`, or with ALTO or PAGE XML of whole
            pages beside their pictures, also in sub-folders; or a CSV, TSV or Parquet file with the
            columns `path` (relative to the file) and `text`.

    Raises:
        ConfigError: there are none, or they are kept in no such way.
    """
    lines = list(_of_folder(data) if data.is_dir() else _of_table(data))
    if not lines:
        raise ConfigError(
            f"{data} holds no labelled lines: give a folder of NAME.png and NAME{_TRUTH}, or of "
            "pages and their ALTO or PAGE XML, or a table with the columns path and text"
        )
    return lines


def _of_folder(folder: Path) -> Iterator[LabelledLine]:
    for truth in sorted(folder.rglob(f"*{_TRUTH}")):
        stem = truth.name.removesuffix(_TRUTH)
        pictures = (truth.with_name(stem + suffix) for suffix in _PICTURES)
        if found := next((path for path in pictures if path.is_file()), None):
            yield LabelledLine(found, _clean(truth.read_text(encoding="utf-8")))
    for file in sorted(folder.rglob("*.xml")):
        pages = read_transcription(file) or ()
        if len(pages) == 1:  # of several, no picture that holds but one has all
            yield from _of_page(pages[0], file)


def _of_page(page: TranscribedPage, file: Path) -> Iterator[LabelledLine]:
    """The lines of a page whose places are known.

    Where there is no picture, one is named that cannot be read, so that this is told.
    """
    path = _picture_of(page, file)
    scale = 1.0
    if page.width and path.is_file():
        try:
            with Image.open(path) as picture:
                scale = picture.width / page.width
        except OSError:
            pass  # as above
    for text, quad in page.lines:
        if quad is not None:
            yield LabelledLine(path, _clean(text), Quad.from_corners(quad.corners * scale))


def _picture_of(page: TranscribedPage, file: Path) -> Path:
    """The picture that the XML names, beside it or above (as Transkribus), or one of its name."""
    named = PureWindowsPath(page.image).name  # which takes both kinds of slashes
    places = [file.parent / named, file.parent.parent / named] if named else []
    places += [file.with_name(name_of(file) + suffix) for suffix in _PICTURES]
    return next((path for path in places if path.is_file()), places[0])


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
