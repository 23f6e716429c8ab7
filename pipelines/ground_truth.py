"""Ground truth: what documents say, and where, as somebody vouches for it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from ocr_core.errors import ConfigError
from ocr_core.transcriptions import TranscribedPage, find_xml, name_of, read_transcription
from schemas import Box, Quad

SUFFIX = ".gt.txt"
# Exports of pages, corrected by hand, are ground truth of their document.
_PAGE_OF = re.compile(r"(?P<name>.+)-(?P<number>\d{4,})\.page\.xml")


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
    for each page is NAME-0001.page.xml, as `export` writes them. Where lines are marked, and none
    says anything, there is no ground truth yet. `partial.tsv` in the folder, if there is one, lists
    as `folder TAB name` what is partial.

    Raises:
        ConfigError: there is none, or none of a page before others, two files say what the same
            document says, or boxes or XML cannot be read.
    """
    partial = set()
    if (folder / "partial.tsv").exists():
        rows = (folder / "partial.tsv").read_text(encoding="utf-8").splitlines()
        partial = {"/".join(row.split("\t")[:2]) for row in rows}
    truths = {truth.path: truth for truth in _written(folder)}
    truths |= {truth.path: truth for truth in _transcribed(folder, leave_out=truths.keys())}
    if not truths:
        raise ConfigError(_why_none(folder))
    return [
        replace(truths[path], is_partial=str(path) in partial)
        for path in sorted(truths, key=lambda path: path.as_posix())
    ]


def _written(folder: Path) -> Iterator[Truth]:
    """Ground truth in text files."""
    for file in folder.rglob(f"[!.]*{SUFFIX}"):  # those hidden are of macOS
        path = PurePosixPath(file.relative_to(folder).as_posix().removesuffix(SUFFIX))
        files = (file.with_name(f"{path.name}.{kind}.json") for kind in ("lines", "boxes"))
        boxes = next((_read_boxes(boxes) for boxes in files if boxes.exists()), ())
        yield Truth(path, read_text(file), boxes, is_partial=False)


def _transcribed(folder: Path, leave_out: Collection[PurePosixPath]) -> Iterator[Truth]:
    """Ground truth in ALTO and PAGE files, those of the pages of a document together."""
    found: dict[PurePosixPath, dict[Path, list[TranscribedPage]]] = defaultdict(dict)
    for file in find_xml(folder):
        pages = read_transcription(file) or ()
        if any(page.is_transcribed for page in pages):
            path = PurePosixPath(file.relative_to(folder).as_posix())
            found[path.with_name(_document_of(file, pages))][file] = list(pages)
    for path, parts in found.items():
        if path not in leave_out:
            files = _in_order(path.name, list(parts))
            yield _truth_of(path, [page for file in files for page in parts[file]])


def _in_order(name: str, files: Sequence[Path]) -> list[Path]:
    """The one file of a document, or those of its pages by their numbers.

    Raises:
        ConfigError: there are others beside it, or pages before them are missing.
    """
    number_of = {}
    for file in files:
        part = _PAGE_OF.fullmatch(file.name)
        if part and part["name"] == name:
            number_of[file] = int(part["number"])
    if len(number_of) < len(files) > 1:
        names = " and ".join(str(file) for file in files)
        raise ConfigError(f"{names} say what one document says: keep one of them")
    missing = set(range(1, max(number_of.values(), default=0))) - set(number_of.values())
    if missing:
        raise ConfigError(
            f"of {files[0].with_name(name)}, page {min(missing)} has no ground truth: "
            "give that of all of its pages"
        )
    return sorted(files, key=lambda file: number_of.get(file, 0))


def _document_of(file: Path, pages: Sequence[TranscribedPage]) -> str:
    """The name of a document; pictures may be called as our exports of pages, and be their own."""
    part = _PAGE_OF.fullmatch(file.name)
    own = name_of(file)
    return part["name"] if part and PureWindowsPath(pages[0].image).stem != own else own


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
    files = find_xml(folder)
    why = f"no file ends with {SUFFIX} or .xml"
    if files:
        why = f"{files[0]} is neither ALTO nor PAGE, or nobody wrote down what its lines say"
    return (
        f"{folder} holds no ground truth: {why} (what a.pdf says stands in a{SUFFIX}, or as ALTO "
        f"or PAGE in a.xml, in a folder called as that of a.pdf or in {folder} itself)"
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
