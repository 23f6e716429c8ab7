"""What stands above and below the text of each page alike: running heads and feet, page numbers.

From one page alone they are told by their place: a row by itself at the edge of the sheet, set off
from the text, with a page number in it or else close to the edge. What repeats from page to page
would tell more surely.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Box
from schemas.document import BlockKind

# Shares of the page's height: where a page number may stand, and a head or foot without one.
NUMBER_ZONE = 0.16
HEAD_ZONE = 0.1
# In line heights: by how much the white between a head and the text is more than between lines of
# the text, with a page number and without.
NUMBER_GAP = 0.3
HEAD_GAP = 0.8
# A head is no larger than this multiple of the text, or it is a title; and it has few words.
MAX_SIZE = 1.25
MAX_WORDS = 14
# Rows at either end of a page that may be heads or feet, each of so many lines; what stands
# between one with a page number and the text is none.
MAX_ROWS = 2
MAX_LINES = 2

_ROMAN = r"(?-i:(?=[ivxlc])[xl]{0,4}i?[vx]?i{0,3})"  # pages before the first are in small letters
_NUMBER = rf"(?:\d{{1,4}}|{_ROMAN})"
_PAGE_NUMBER = re.compile(
    rf"\W*(?:(?:page|p\.|seite|s\.|página|pagina|blatt|folio)\W*)?{_NUMBER}"
    rf"(?:\s*(?:/|of|von|sur|de|di|van)\s*{_NUMBER})?\W*",
    re.IGNORECASE,
)
_NUMBERED_HEAD = re.compile(
    r"[^\w.)]*\d{1,4}(?![.)])\W*\s[^\W\d].*|.*[^\W\d].*\s[\[(—–-]*\d{1,4}\W*"
)


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of a page, as far as it matters here.

    Attributes:
        box: on the level page.
        height: of its lines, in pixels.
        row_count: how many lines it has.
    """

    box: Box
    text: str
    height: float
    row_count: int


def is_page_number(text: str) -> bool:
    """Whether a text is the number of a page and nothing else.

    >>> [is_page_number(text) for text in ("- 12 -", "Page 3 of 9", "xiv", "12 May", "1,250")]
    [True, True, True, False, False]
    """
    return bool(text) and bool(_PAGE_NUMBER.fullmatch(text))


def find_running_heads(
    strips: Sequence[Strip], sheet: Box, line_height: float, white: float
) -> dict[int, BlockKind]:
    """The numbers of the strips that are running heads, feet or page numbers, and which of these.

    Args:
        sheet: the whole page, level.
        line_height: of its text, in pixels.
        white: between lines of its text, in pixels.
    """
    found: dict[int, BlockKind] = {}
    for is_top in (True, False):
        left = [number for number in range(len(strips)) if number not in found]
        for _ in range(MAX_ROWS):
            row = _outermost(strips, left, is_top)
            left = [number for number in left if number not in row]
            if not left:
                break
            others = [strips[number].box for number in left]
            edge = _Edge(sheet, is_top, line_height, white, others)
            kinds = [edge.kind_of(strips[number]) for number in row]
            if None in kinds:
                break
            found.update((n, kind) for n, kind in zip(row, kinds, strict=True) if kind)
            if any(_has_page_number(strips[number].text) for number in row):
                break
    return found


def _outermost(strips: Sequence[Strip], numbers: Sequence[int], is_top: bool) -> list[int]:
    """The strips that share the first or the last row."""
    if not numbers:
        return []
    key = (lambda n: strips[n].box.top) if is_top else (lambda n: -strips[n].box.bottom)
    first = strips[min(numbers, key=key)].box
    return [
        number
        for number in numbers
        if min(first.bottom, strips[number].box.bottom) - max(first.top, strips[number].box.top)
        > 0.5 * min(first.height, strips[number].box.height)
    ]


def _has_page_number(text: str) -> bool:
    """Whether a text is, begins with or ends with what may be the number of a page."""
    return is_page_number(text) or bool(_NUMBERED_HEAD.fullmatch(text))


@dataclass(frozen=True, slots=True)
class _Edge:
    """The upper or the lower edge of a page.

    Attributes:
        others: what would be the text if a row there were a head.
    """

    sheet: Box
    is_top: bool
    line_height: float
    white: float
    others: Sequence[Box]

    def kind_of(self, strip: Strip) -> BlockKind | None:
        is_small = strip.height <= MAX_SIZE * self.line_height
        if strip.row_count > MAX_LINES or not is_small or len(strip.text.split()) > MAX_WORDS:
            return None
        gap = (self._gap(strip.box) - self.white) / self.line_height
        away = self._distance(strip.box)
        by_number = away <= NUMBER_ZONE and gap >= NUMBER_GAP
        if by_number and is_page_number(strip.text):
            return "page-number"
        is_near = away <= HEAD_ZONE and gap >= HEAD_GAP
        if is_near or (by_number and _has_page_number(strip.text)):
            return "header" if self.is_top else "footer"
        return None

    def _gap(self, box: Box) -> float:
        """The white between a row and the text, in pixels."""
        if self.is_top:
            return min(other.top for other in self.others) - box.bottom
        return box.top - max(other.bottom for other in self.others)

    def _distance(self, box: Box) -> float:
        """Of the middle of a row from the edge of the sheet, as a share of its height."""
        middle = box.centre[1]
        away = middle - self.sheet.top if self.is_top else self.sheet.bottom - middle
        return away / max(self.sheet.height, 1.0)
