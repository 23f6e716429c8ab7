"""What each part of a page is: heading, paragraph, list, caption, running head and so on."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence

import numpy as np

from ocr_core import list_items, running_heads
from ocr_core.footnotes import Passage, find_footnotes, size_of
from ocr_core.gutters import shared
from ocr_core.headings import Heading, ends_like_a_sentence
from ocr_core.paragraphs import Paragraph, Row
from ocr_core.running_heads import Strip
from ocr_core.sheet import Part, Sheet, is_prose
from ocr_core.tables.model import Table
from schemas import Box, Ruling
from schemas.document import BlockKind

MAX_CAPTION_ROWS = 8
# One line is a paragraph from so many words on, or where it ends like a sentence.
MIN_SENTENCE_WORDS = 7

_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|figura|abb(?:ildung|\.)?|bild|tab(?:le|elle|leau|ella|la|\.)?|tafel"
    r"|plate|planche|chart|diagramm?e?|graph|grafik|photo|foto|map|karte|exhibit|scheme|listing)"
    r"\s*(?:\d+(?:[.\-–]\d+)*[a-z]?|(?-i:[IVXL]+|[A-Z]))"
    r"\s*(?:[.:—–|-]|\)|$|(?-i:\s(?=[A-ZÄÖÜÉÈ“\"(])))",
    re.IGNORECASE,
)


def kinds_of(
    parts: Sequence[Part], sheet: Sheet, rulings: Sequence[Ruling] = ()
) -> list[BlockKind]:
    """The kind of each part, given all of a page in reading order, and what is ruled on it."""
    kinds: list[BlockKind] = ["table" if isinstance(p, Table) else _plain(p) for p in parts]
    for number, part in enumerate(parts):
        if isinstance(part, Paragraph) and is_caption(part):
            kinds[number] = "caption"
    for run in _runs_of_items(parts):
        if list_items.are_items([text_of(parts[number]) for number in run]):
            for number in run:
                kinds[number] = "list"
    if sheet.has_prose or "table" in kinds:
        strips = [_strip(part) for part in parts]
        heads = running_heads.find_running_heads(strips, sheet.box, sheet.height, sheet.white)
        for number, kind in heads.items():
            kinds[number] = kind
    whites = _whites_above([part.box for part in parts])
    for number in reversed(range(len(parts))):
        part = parts[number]
        if isinstance(part, Paragraph) and kinds[number] in ("text", "paragraph", "list"):
            after = next(iter(zip(parts[number + 1 :], kinds[number + 1 :], strict=True)), None)
            if Heading(part, sheet, whites[number]).is_one(kinds[number], after):
                kinds[number] = "heading"
    for number in _footnotes(parts, kinds, sheet, rulings):
        kinds[number] = "footnote"
    return kinds


def is_caption(paragraph: Paragraph) -> bool:
    """Whether a paragraph begins like what is said of a picture or a table."""
    return len(paragraph.rows) <= MAX_CAPTION_ROWS and bool(_CAPTION.match(paragraph.rows[0].text))


def text_of(part: Part) -> str:
    """The first line, or of a table nothing."""
    return part.rows[0].text if isinstance(part, Paragraph) else ""


def _footnotes(
    parts: Sequence[Part], kinds: Sequence[BlockKind], sheet: Sheet, rulings: Sequence[Ruling]
) -> set[int]:
    """The numbers of the parts that are footnotes of the page's running text."""
    prose = [
        row for part in parts if isinstance(part, Paragraph) and is_prose(part) for row in part.rows
    ]
    passages = [
        Passage(part.box, text_of(part), size_of(_rows(part)), kind)
        for part, kind in zip(parts, kinds, strict=True)
    ]
    rules = [
        Box(
            line.start[0],
            min(line.start[1], line.end[1]),
            line.end[0],
            max(line.start[1], line.end[1]),
        )
        for line in rulings
        if line.is_level
    ]
    return find_footnotes(passages, sheet.box, size_of(prose), rules) if sheet.has_prose else set()


def _rows(part: Part) -> Sequence[Row]:
    return part.rows if isinstance(part, Paragraph) else ()


def _plain(part: Paragraph) -> BlockKind:
    """Running text, or lines of which nothing can be told."""
    text = part.rows[-1].text
    is_sentence = len(text.split()) >= MIN_SENTENCE_WORDS or ends_like_a_sentence(text)
    return "paragraph" if part.flows and (len(part.rows) > 1 or is_sentence) else "text"


def _runs_of_items(parts: Sequence[Part]) -> list[list[int]]:
    """Items of lists that follow each other."""
    runs: list[list[int]] = [[]]
    for number, part in enumerate(parts):
        if isinstance(part, Paragraph) and part.is_item:
            runs[-1].append(number)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _strip(part: Part) -> Strip:
    if isinstance(part, Table):
        return Strip(part.box, "", part.box.height, running_heads.MAX_LINES + 1)
    text = " ".join(row.text for row in part.rows)
    height = statistics.median(row.height for row in part.rows)
    return Strip(part.box, text, height, len(part.rows))


def _whites_above(boxes: Sequence[Box]) -> list[float]:
    """How much white there is above each part, in pixels; a lot if nothing stands above it."""
    edges = np.array([[box.left, box.top, box.right, box.bottom] for box in boxes]).reshape(-1, 4)
    is_above = (edges[:, None, 1] < edges[:, 1]) & (shared(edges, low=0) > 0)
    bottoms = np.where(is_above, edges[:, None, 3], -np.inf).max(axis=0, initial=-np.inf)
    whites: list[float] = (edges[:, 1] - bottoms).tolist()
    return whites
