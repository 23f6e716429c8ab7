"""What each part of a page is: heading, paragraph, list, caption, running head and so on."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ocr_core import list_items, running_heads, section_titles
from ocr_core.footnotes import Passage, find_footnotes, pitch_of, size_of
from ocr_core.gutters import shared
from ocr_core.paragraphs import Paragraph, Row
from ocr_core.running_heads import Strip
from ocr_core.tables.model import Table
from schemas import Box, Ruling
from schemas.document import BlockKind

Part = Paragraph | Table

# A heading is larger than the text by this factor or more, or says otherwise that it is one; it
# has few lines and few words.
MIN_HEADING_SIZE = 1.25
MIN_HEADING_PITCH = 1.05
# A numbered title of a section is larger by this factor or more.
MIN_TITLE_SIZE = 1.1
MAX_HEADING_ROWS = 3
MAX_HEADING_WORDS = 20
MAX_TITLE_WORDS = 10
MAX_CAPTION_ROWS = 8
# In line heights: white above what is set off from the text before it, and how far a centred line
# stands in on both sides.
SET_OFF = 0.9
CENTRED = 2.0
# One line is a paragraph from so many words on, or where it ends like a sentence.
MIN_SENTENCE_WORDS = 7

_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|figura|abb(?:ildung|\.)?|bild|tab(?:le|elle|leau|ella|la|\.)?|tafel"
    r"|plate|planche|chart|diagramm?e?|graph|grafik|photo|foto|map|karte|exhibit|scheme|listing)"
    r"\s*(?:\d+(?:[.\-–]\d+)*[a-z]?|(?-i:[IVXL]+|[A-Z]))"
    r"\s*(?:[.:—–|-]|\)|$|(?-i:\s(?=[A-ZÄÖÜÉÈ“\"(])))",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:chapter|part|section|article|appendix|annex|book|canto|act|scene|kapitel|teil|abschnitt"
    r"|anhang|chapitre|partie|annexe|livre|capítulo|parte|sección|capitolo|hoofdstuk|§+)"
    r"\s*(?:\d+|[IVXLC]+\b|[A-Z]\b|the\b|one\b|first\b)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,3})*\.?|[IVX]{1,5}\.|[A-Z]\.)\s+[^\W\d_a-z]")
_PAGE_AT_END = re.compile(r"(?:\s|\.)\d{1,3}$")  # as in a list of contents
_IN_SECTIONS = frozenset({"paragraph", "list", "table", "text", "figure"})
_SENTENCE_END = re.compile(r"[.!?:;][\"”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page and its text, level.

    Attributes:
        box: of the whole page.
        height: of its usual line, in pixels.
        white: between its usual lines, in pixels.
        pitch: how wide a character of running text is, in pixels; 0 where that cannot be told.
        has_prose: whether there is running text, and not a receipt or a form.
    """

    box: Box
    height: float
    white: float
    pitch: float
    has_prose: bool

    @staticmethod
    def of(box: Box, parts: Sequence[Part]) -> Sheet:
        """What is usual on a page of these parts."""
        paragraphs = [part for part in parts if isinstance(part, Paragraph)]
        prose = [part for part in paragraphs if _is_prose(part)]
        rows = [row for part in prose or paragraphs for row in part.rows]
        height = statistics.median(row.height for row in rows) if rows else 1.0
        whites = [
            below.box.top - above.box.bottom
            for part in prose
            for above, below in pairwise(part.rows)
        ]
        white = max(statistics.median(whites), 0.0) if whites else 0.0
        pitch = pitch_of([row for part in prose for row in part.rows])
        return Sheet(box, height, white, pitch, has_prose=len(whites) >= 2)


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
            if _Heading(part, sheet, whites[number]).is_one(kinds[number], after):
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


@dataclass(frozen=True, slots=True)
class _Heading:
    """What may be a heading.

    Attributes:
        white: between it and what stands above it, in pixels.
    """

    part: Paragraph
    sheet: Sheet
    white: float

    def is_one(self, kind: BlockKind, after: tuple[Part, BlockKind] | None) -> bool:
        """Whether it is a heading of what comes after it in reading order."""
        if len(self.part.rows) > MAX_HEADING_ROWS:
            return False
        text = " ".join(row.text for row in self.part.rows)
        letters = sum(character.isalpha() for character in text)
        if letters < max(3, 0.5 * len(text) - 4):
            return False
        if len(text.split()) > MAX_HEADING_WORDS or text[:1].islower() or text.endswith((",", ";")):
            return False
        if kind != "list" and self._is_larger() and not _is_sentence(text):
            return True
        if after is None or after[0].box.top <= self.part.box.top:
            return False
        if section_titles.is_title(text) and self._heads_section(*after):
            return True
        if not self.sheet.has_prose or not self._heads(*after):
            return False
        return self._says_so(text, kind) or self._looks_so(text, after[0])

    def _is_larger(self) -> bool:
        """Whether its print is: a raised sign makes a line of text higher, but not wider."""
        pitch = pitch_of(self.part.rows)
        is_wider = not pitch or pitch >= MIN_HEADING_PITCH * self.sheet.pitch
        return is_wider and self._height >= MIN_HEADING_SIZE * self.sheet.height

    def _heads(self, part: Part, kind: BlockKind) -> bool:
        """Whether what comes after may have a heading."""
        return kind == "heading" or (
            kind in ("paragraph", "list", "table") and self._is_above(part)
        )

    def _heads_section(self, part: Part, kind: BlockKind) -> bool:
        """Whether a numbered title stands above a section, of which nothing may be known."""
        is_heading = kind == "heading"
        if not is_heading and not (kind in _IN_SECTIONS and self._is_above(part)):
            return False
        signs = (
            self._height >= MIN_TITLE_SIZE * self.sheet.height,
            self.white >= SET_OFF * self.sheet.height,
            kind in ("heading", "paragraph", "list"),
        )
        return sum(signs) >= (1 if self.sheet.has_prose else 2)

    def _is_above(self, part: Part) -> bool:
        own, box = self.part.box, part.box
        return min(own.right, box.right) > max(own.left, box.left)

    @property
    def _height(self) -> float:
        return statistics.median(row.height for row in self.part.rows)

    def _says_so(self, text: str, kind: BlockKind) -> bool:
        is_short = len(text.split()) <= MAX_TITLE_WORDS
        if _NAMED.match(text) or (text.isupper() and not has_digit_at_end(text)):
            return is_short
        ends = bool(_SENTENCE_END.search(text)) or bool(_PAGE_AT_END.search(text))
        return bool(_NUMBERED.match(text)) and kind != "list" and is_short and not ends

    def _looks_so(self, text: str, after: Part) -> bool:
        if _SENTENCE_END.search(text) or len(text.split()) > MAX_TITLE_WORDS:
            return False
        if has_digit_at_end(text) or self.part.is_item or self.white < SET_OFF * self.sheet.height:
            return False
        own, box, height = self.part.box, after.box, self.sheet.height
        in_left, in_right = own.left - box.left, box.right - own.right
        is_centred = (
            min(in_left, in_right) > CENTRED * height and abs(in_left - in_right) <= 0.1 * box.width
        )
        ends_early = box.right - self.part.rows[-1].box.right > 0.15 * box.width
        starts_flush = abs(in_left) <= height and ends_early
        follows_close = box.top - own.bottom < self.white
        return text[:1].isupper() and (is_centred or (starts_flush and follows_close))


def _is_sentence(text: str) -> bool:
    """Whether a text is surely no title, however large: an item, or many words and a full stop."""
    if list_items.has_bullet(text):
        return True
    is_long = len(text.split()) > MAX_TITLE_WORDS and not text.isupper()
    return is_long and bool(_SENTENCE_END.search(text))


def has_digit_at_end(text: str) -> bool:
    """Whether a line ends in a number, as those of bills and of tables of contents do."""
    return text.rstrip(" .").endswith(tuple("0123456789"))


def _footnotes(
    parts: Sequence[Part], kinds: Sequence[BlockKind], sheet: Sheet, rulings: Sequence[Ruling]
) -> set[int]:
    """The numbers of the parts that are footnotes of the page's running text."""
    prose = [
        row
        for part in parts
        if isinstance(part, Paragraph) and _is_prose(part)
        for row in part.rows
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
    is_sentence = len(text.split()) >= MIN_SENTENCE_WORDS or bool(_SENTENCE_END.search(text))
    return "paragraph" if part.flows and (len(part.rows) > 1 or is_sentence) else "text"


def _is_prose(part: Paragraph) -> bool:
    return part.flows and len(part.rows) > 1


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
