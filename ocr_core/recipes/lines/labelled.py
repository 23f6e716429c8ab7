"""Pictures of lines and what they say, in the ways in which people keep them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

from ocr_core.charset import canonical
from ocr_core.errors import ConfigError
from ocr_core.transcriptions import TranscribedPage, find_xml, name_of, read_transcription
from schemas import Quad

# The convention of Tesseract, Kraken, Calamari and OCR-D.
_TRUTH = ".gt.txt"
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
_COLUMNS = ("path", "text")

Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """One line.

    Attributes:
        path: of its picture.
        text: what it says, as a recogniser writes it (`ocr_core.charset.canonical`).
        quad: where in the picture it is; None if it is all of it.
        page: width and height of the picture in the unit of the quad; 0 if that is pixels.
        turned_deg: by how much the picture is turned clockwise before it is looked at.
    """

    path: Path
    text: str
    quad: Quad | None = None
    page: tuple[float, float] = (0, 0)
    turned_deg: int = 0


def find_lines(
    data: Path, tell: Tell = lambda words: print(words, file=sys.stderr)
) -> list[LabelledLine]:
    """The labelled lines of a folder or a table, in the order of their names or rows.

    Args:
        data: a folder with `NAME.gt.txt` beside each `NAME.png`, or with ALTO or PAGE XML of whole
            pages beside their pictures, also in sub-folders; or a CSV, TSV or Parquet file with the
            columns `path` (relative to the file) and `text`.
        tell: called with what XML is left out, and why.

    Raises:
        ConfigError: there are none, or they are kept in no such way.
    """
    if not data.exists():
        raise ConfigError(f"there is no file or folder {data}")
    lines = list(_of_folder(data, tell) if data.is_dir() else _of_table(data))
    if not lines:
        raise ConfigError(
            f"{data} holds no labelled lines: give a folder of NAME.png and NAME{_TRUTH}, or of "
            "pages and their ALTO or PAGE XML, or a table with the columns path and text"
        )
    return lines


def _of_folder(folder: Path, tell: Tell) -> Iterator[LabelledLine]:
    for truth in sorted(folder.rglob(f"[!.]*{_TRUTH}")):  # those hidden are of macOS
        if found := _beside(truth, truth.name.removesuffix(_TRUTH)):
            yield LabelledLine(found, _clean(_read(truth)))
    xml_of: dict[Path, Path] = {}
    for file in find_xml(folder):
        pages = read_transcription(file) or ()
        if len(pages) > 1:
            tell(f"left out (several-pages): {file} tells of {len(pages)} pages, a picture has one")
        elif pages:
            path = _picture_of(pages[0], file)
            if (first := xml_of.setdefault(path, file)) == file:
                yield from _of_page(pages[0], path, file, tell)
            else:  # the same in another format, or another page of a TIFF
                tell(f"left out (same-picture): {file} is of {path}, as {first} is")


def _read(truth: Path) -> str:
    try:
        return truth.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{truth} is no text in UTF-8: {error}") from error


def _of_page(page: TranscribedPage, path: Path, file: Path, tell: Tell) -> Iterator[LabelledLine]:
    """The lines of a page whose places are known.

    Where there is no picture, one is named that cannot be read, so that this is told.
    """
    placed = [(text, quad) for text, quad in page.lines if quad is not None]
    if lost := len(page.lines) - len(placed):
        tell(f"left out (no-place): {file} does not say where {lost} of its lines are")
    for text, quad in placed:
        size = page.width, page.height
        yield LabelledLine(path, _clean(text), quad, size, page.turned_deg)


def _picture_of(page: TranscribedPage, file: Path) -> Path:
    """The picture that the XML names, beside it or above (as Transkribus), or one of its name.

    With the folder that the XML names, as OCR-D and our exports do, or without.
    """
    named = PureWindowsPath(page.image)  # which takes both kinds of slashes
    folders = (file.parent, file.parent.parent) if named.name else ()
    places = [folder / name for name in (named.name, named.as_posix()) for folder in folders]
    there = (path for path in places if os.path.isfile(path))  # noqa: PTH113 - of names too long
    return next(there, None) or _beside(file, name_of(file)) or [*places, file][0]


def _beside(file: Path, name: str) -> Path | None:
    """The picture of a name in the folder of a file; cameras write suffixes in capitals."""
    suffixes = [*_PICTURES, *map(str.upper, _PICTURES)]
    pictures = (file.with_name(name + suffix) for suffix in suffixes)
    return next((path for path in pictures if path.is_file()), None)


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
        few = "1 line is" if len(lines) == 1 else f"{len(lines)} lines are"
        raise ConfigError(f"{few} too few to learn from some and judge by others")
    first, second = counts[0], sum(counts)
    parts = order[second:], order[:first], order[first:second]
    return Split(*([lines[n] for n in sorted(part)] for part in parts))
