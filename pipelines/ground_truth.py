"""Ground truth: what documents say, and where, as somebody vouches for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ocr_core.errors import ConfigError
from schemas import Box, Quad

SUFFIX = ".gt.txt"


@dataclass(frozen=True, slots=True)
class Truth:
    """What somebody vouches for.

    Attributes:
        path: below the folder of ground truth, without a suffix.
        boxes: of lines, or else of words, of the first page: what they say and where.
        is_partial: whether the document shows more text than this; then only recall is counted.
    """

    path: PurePosixPath
    text: str
    boxes: tuple[tuple[str, Quad], ...]
    is_partial: bool


def read_truths(folder: Path) -> list[Truth]:
    """Ground truth below a folder, sorted by path.

    NAME.gt.txt is what a document says; NAME.lines.json, or else NAME.boxes.json, is where.
    `partial.tsv` in it, if there is one, lists as `folder TAB name` what is partial.

    Raises:
        ConfigError: there is none, or its boxes cannot be read.
    """
    partial = set()
    if (folder / "partial.tsv").exists():
        rows = (folder / "partial.tsv").read_text(encoding="utf-8").splitlines()
        partial = {"/".join(row.split("\t")[:2]) for row in rows}
    truths = []
    for file in sorted(folder.rglob(f"*{SUFFIX}")):
        path = PurePosixPath(file.relative_to(folder).as_posix().removesuffix(SUFFIX))
        files = (file.with_name(f"{path.name}.{kind}.json") for kind in ("lines", "boxes"))
        boxes = next((_read_boxes(boxes) for boxes in files if boxes.exists()), ())
        truths.append(Truth(path, read_text(file), boxes, str(path) in partial))
    if not truths:
        raise ConfigError(_why_none(folder))
    return truths


def _why_none(folder: Path) -> str:
    """That there is no ground truth, and what to do."""
    if not folder.exists():
        return f"there is no folder {folder}: TRUTH is where ground truth is"
    if not folder.is_dir():
        return f"{folder} is a file: TRUTH is the folder where ground truth is"
    return (
        f"{folder} holds no ground truth: no file ends with {SUFFIX} (what a.pdf says stands in "
        f"a{SUFFIX}, in a folder called as that of a.pdf or in {folder} itself)"
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
