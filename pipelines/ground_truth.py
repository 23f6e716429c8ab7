"""Ground truth: what documents say, and where, as somebody vouches for it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ocr_core.errors import ConfigError
from ocr_core.transcriptions import TranscribedPage, name_of, read_transcription
from schemas import Box, Quad

SUFFIX = ".gt.txt"
# Exports of pages, corrected by hand, are ground truth of their document.
_PAGE_OF = re.compile(r"(?P<name>.+)-\d{4,}\.page\.xml")


@dataclass(frozen=True, slots=True)
class Truth:
    """What somebody vouches for.

    Attributes:
        path: below the folder of ground truth, without a suffix.
        boxes: of lines, or else of words, of the first page: what they say and where.
        is_partial: whether the document shows more text than this; then only recall is counted.
        size: width and height of the first page in the unit of the boxes; None if that is pixels
            of the image.
    """

    path: PurePosixPath
    text: str
    boxes: tuple[tuple[str, Quad], ...]
    is_partial: bool
    size: tuple[float, float] | None = None


def read_truths(folder: Path) -> list[Truth]:
    """Ground truth below a folder, sorted by path.

    NAME.gt.txt is what a document says; NAME.lines.json, or else NAME.boxes.json, is where.
    Both are told by NAME.xml, as well NAME.alto.xml or NAME.page.xml, in ALTO or PAGE; a PAGE file
    for each page is NAME-0001.page.xml, as `export` writes them. `partial.tsv` in the folder, if
    there is one, lists as `folder TAB name` what is partial.

    Raises:
        ConfigError: there is none, or its boxes or its XML cannot be read.
    """
    partial = set()
    if (folder / "partial.tsv").exists():
        rows = (folder / "partial.tsv").read_text(encoding="utf-8").splitlines()
        partial = {"/".join(row.split("\t")[:2]) for row in rows}
    truths = {truth.path: truth for truth in _transcribed(folder)}
    truths |= {truth.path: truth for truth in _written(folder)}
    if not truths:
        raise ConfigError(_why_none(folder))
    return [
        replace(truths[path], is_partial=str(path) in partial)
        for path in sorted(truths, key=lambda path: path.as_posix())
    ]


def _written(folder: Path) -> Iterator[Truth]:
    """Ground truth in text files."""
    for file in folder.rglob(f"*{SUFFIX}"):
        path = PurePosixPath(file.relative_to(folder).as_posix().removesuffix(SUFFIX))
        files = (file.with_name(f"{path.name}.{kind}.json") for kind in ("lines", "boxes"))
        boxes = next((_read_boxes(boxes) for boxes in files if boxes.exists()), ())
        yield Truth(path, read_text(file), boxes, is_partial=False)


def _transcribed(folder: Path) -> Iterator[Truth]:
    """Ground truth in ALTO and PAGE files, those of the pages of a document together."""
    files: dict[PurePosixPath, list[Path]] = defaultdict(list)
    for file in sorted(folder.rglob("*.xml")):
        part = _PAGE_OF.fullmatch(file.name)
        path = PurePosixPath(file.relative_to(folder).as_posix())
        files[path.with_name(part["name"] if part else name_of(file))].append(file)
    for path, parts in files.items():
        if pages := [page for part in parts for page in read_transcription(part) or ()]:
            yield _truth_of(path, pages)


def _truth_of(path: PurePosixPath, pages: list[TranscribedPage]) -> Truth:
    """What pages say, a form feed between them, and where the first says it."""
    first = pages[0]
    boxes = tuple((said, quad) for said, quad in first.lines if quad is not None)
    size = (first.width, first.height) if first.width and first.height else None
    return Truth(path, "\f".join(page.text for page in pages), boxes, is_partial=False, size=size)


def _why_none(folder: Path) -> str:
    """That there is no ground truth, and what to do."""
    if not folder.exists():
        return f"there is no folder {folder}: TRUTH is where ground truth is"
    if not folder.is_dir():
        return f"{folder} is a file: TRUTH is the folder where ground truth is"
    return (
        f"{folder} holds no ground truth: no file ends with {SUFFIX} or .xml (what a.pdf says "
        f"stands in a{SUFFIX}, or as ALTO or PAGE in a.xml, in a folder called as that of a.pdf or "
        f"in {folder} itself)"
    )


def read_text(file: Path) -> str:
    """The text of a file; bytes that are not UTF-8 are replaced."""
    return file.read_text(encoding="utf-8", errors="replace")


def _read_boxes(file: Path) -> tuple[tuple[str, Quad], ...]:
    try:
        items = json.loads(file.read_text(encoding="utf-8"))
        return tuple((item["text"], Quad.from_box(Box(*item["box"]))) for item in items)
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigError(
            f'{file} is no list of {{"text", "box": [left, top, right, bottom]}}: {error}'
        ) from error
