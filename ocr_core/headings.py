"""Which paragraphs are headings: by their size, words and numbers, and the white around them."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass

from ocr_core import list_items, section_titles
from ocr_core.footnotes import pitch_of
from ocr_core.paragraphs import Paragraph
from ocr_core.sheet import Part, Sheet
from schemas.document import BlockKind

# A heading is larger than the text by this factor or more, or says otherwise that it is one; it
# has few lines and few words.
MIN_HEADING_SIZE = 1.25
MIN_HEADING_PITCH = 1.05
# A numbered title of a section is larger by this factor or more.
MIN_TITLE_SIZE = 1.1
MAX_HEADING_ROWS = 3
MAX_HEADING_WORDS = 20
MAX_TITLE_WORDS = 10
# In line heights: white above what is set off from the text before it, and how far a centred line
# stands in on both sides.
SET_OFF = 0.9
CENTRED = 2.0

_NAMED = re.compile(
    r"(?:chapter|part|section|article|appendix|annex|book|canto|act|scene|kapitel|teil|abschnitt"
    r"|anhang|chapitre|partie|annexe|livre|capítulo|parte|sección|capitolo|hoofdstuk|§+)"
    r"\s*(?:\d+|[IVXLC]+\b|[A-Z]\b|the\b|one\b|first\b)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,3})*\.?|[IVX]{1,5}\.|[A-Z]\.)\s+[^\W\d_a-z]")
_IN_SECTIONS = frozenset({"paragraph", "list", "table", "text"})
_SENTENCE_END = re.compile(r"[.!?:;][\"”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Heading:
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
        ends = ends_like_a_sentence(text) or section_titles.ends_in_page(text)
        return bool(_NUMBERED.match(text)) and kind != "list" and is_short and not ends

    def _looks_so(self, text: str, after: Part) -> bool:
        if ends_like_a_sentence(text) or len(text.split()) > MAX_TITLE_WORDS:
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
    return is_long and ends_like_a_sentence(text)


def ends_like_a_sentence(text: str) -> bool:
    """Whether a text ends in a stop or a colon, quotes and brackets behind it aside."""
    return bool(_SENTENCE_END.search(text))


def has_digit_at_end(text: str) -> bool:
    """Whether a line ends in a number, as those of bills and of tables of contents do."""
    return text.rstrip(" .").endswith(tuple("0123456789"))
