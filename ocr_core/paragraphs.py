"""Rows of text in reading order to paragraphs.

A new paragraph shows in four ways: more white above it; a first line that begins farther in, or,
where the other lines do, farther out; a line before it that ends early, though the next word would
have fitted; and a bullet or a number. Numbered titles of sections stand alone. Lines that end early
throughout, such as those of an address, a poem or a receipt, do not flow: they stay together, and
stay lines.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr_core import list_items, section_titles
from schemas import Box

# Rows are of one stretch up to this multiple of the page's usual distance between lines; more than
# the second multiple of the stretch's own distance parts paragraphs.
MAX_DISTANCE = 1.35
PARTING_DISTANCE = 1.25
# They are of one size up to this ratio of their heights, and the second if both have so many
# characters that letters of every height are among them.
MAX_HEIGHT_RATIO = 1.5
MAX_HEIGHT_RATIO_LONG = 1.3
LONG_TEXT = 12
# In line heights: how far in or out the first line of a paragraph begins.
MIN_INDENT = 0.7
MAX_INDENT = 8.0
# In line heights: the space between two words and what a line may end earlier than the others.
SLACK = 0.9
# Words in the mean line of running text.
MIN_WORDS = 3.5
# In line heights: white in a line of running text is narrower, but for that behind a bullet.
MAX_GAP = 2.5
# Lines above and below with which a line is compared.
NEAR_ROWS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces of lines on one baseline.

    Attributes:
        members: their numbers, from left to right.
        box: around them, on the level page.
        height: of the middle one.
        text: theirs, with a space between.
        gap: the widest white between them, in pixels.
    """

    members: tuple[int, ...]
    box: Box
    height: float
    text: str
    gap: float = 0.0

    @property
    def middle(self) -> float:
        return (self.box.top + self.box.bottom) / 2

    @property
    def first_word_width(self) -> float:
        """As if all characters were as wide."""
        words = self.text.split()
        return self.box.width * len(words[0]) / len(self.text) if words else 0.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Rows that belong together.

    Attributes:
        flows: whether its lines end where the column does, and not where the text wants it.
        is_item: whether it begins like an item of a list.
    """

    rows: tuple[Row, ...]
    flows: bool
    is_item: bool = False

    @property
    def box(self) -> Box:
        """Around all rows."""
        boxes = [row.box for row in self.rows]
        return Box(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )


def usual_distance(rows: Sequence[Row]) -> float:
    """From one line to the next in a paragraph, in mean heights of both."""
    distances = [
        2 * (below.middle - above.middle) / (above.height + below.height)
        for above, below in pairwise(rows)
    ]
    close = [distance for distance in distances if 0.7 < distance < 3]
    return statistics.median(close) if close else 1.2


def may_go_on(above: Row, below: Row, usual: float) -> bool:
    """Whether a row is near enough under another, and like enough, to be of one paragraph.

    `usual` is the page's distance between lines, in their heights.
    """
    lower, higher = sorted((above.height, below.height))
    distance = below.middle - above.middle
    are_long = min(len(above.text), len(below.text)) >= LONG_TEXT
    most = MAX_HEIGHT_RATIO_LONG if are_long else MAX_HEIGHT_RATIO
    overlap = min(above.box.right, below.box.right) - max(above.box.left, below.box.left)
    return (
        0 < distance <= MAX_DISTANCE * max(usual, 1.0) * (lower + higher) / 2
        and higher <= most * lower
        and overlap > 0
    )


def split_stretch(rows: Sequence[Row]) -> list[Paragraph]:
    """The paragraphs of rows that follow each other in one column."""
    stretch = _Stretch.of(rows)
    paragraphs = []
    first = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or stretch.begins(end, first):
            is_item = list_items.has_mark(rows[first].text)
            paragraphs.append(Paragraph(tuple(rows[first:end]), stretch.flows, is_item))
            first = end
    return paragraphs


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Rows under each other, and what they have in common.

    Attributes:
        ends_early: of each, whether the first word of the next would have fitted behind it.
        titles: numbers of those that are titles of sections.
        pitch: the usual distance from one row to the next, in pixels; of two, the smaller one.
        hangs: whether lines begin farther in than the first ones of their paragraphs.
    """

    rows: Sequence[Row]
    ends_early: list[bool]
    titles: frozenset[int]
    pitch: float
    flows: bool
    hangs: bool

    @staticmethod
    def of(rows: Sequence[Row]) -> _Stretch:
        early = [_ends_early(rows, number) for number in range(len(rows) - 1)]
        pitches = [below.middle - above.middle for above, below in pairwise(rows)]
        flows = sum(early) <= 0.5 * len(early) and _are_long(rows) and not _are_centred(rows)
        pitch = statistics.median_low(pitches) if pitches else 0.0
        return _Stretch(rows, early, _titles(rows, early), pitch, flows, _hangs(rows))

    def begins(self, number: int, first: int) -> bool:
        """Whether a row begins a paragraph, and does not belong to the one that `first` begins."""
        above, row = self.rows[number - 1], self.rows[number]
        is_early = self.ends_early[number - 1]
        if number in self.titles or number - 1 in self.titles:
            return True
        if list_items.has_bullet(row.text) or (is_early and list_items.has_mark(row.text)):
            return True
        if self._leaves_item(number, first):
            return True
        if row.text[:1].islower():
            return False
        if row.middle - above.middle > PARTING_DISTANCE * self.pitch:
            return True
        if self.hangs:
            return row.box.left < above.box.left - MIN_INDENT * row.height
        return self.flows and (is_early or self._is_indented(number))

    def _leaves_item(self, number: int, first: int) -> bool:
        """Whether a row begins farther out than the item before it: left of where that began.

        Or where it began, if its other lines begin farther in. An item may also begin farther in
        than its other lines; of one line that is full, this cannot be told.
        """
        item, above, row = self.rows[first], self.rows[number - 1], self.rows[number]
        if not list_items.has_mark(item.text):
            return False
        step = MIN_INDENT * row.height
        if above.box.left > item.box.left + step:
            return row.box.left < above.box.left - step
        is_told = self.ends_early[first] if number - 1 == first else above.box.left > row.box.left
        goes_on = row.text[:1].islower()
        return is_told and not goes_on and row.box.left < item.box.left - step

    def _is_indented(self, number: int) -> bool:
        row = self.rows[number]
        near = self.rows[max(0, number - NEAR_ROWS) : number + NEAR_ROWS + 1]
        indent = row.box.left - min(other.box.left for other in near)
        further = row.box.left - self.rows[number - 1].box.left
        least, most = MIN_INDENT * row.height, MAX_INDENT * row.height
        return least < indent < most and further > least


def _ends_early(rows: Sequence[Row], number: int) -> bool:
    row, following = rows[number], rows[number + 1]
    near = rows[max(0, number - NEAR_ROWS) : number + NEAR_ROWS + 1]
    room = max(other.box.right for other in near) - row.box.right
    return room > following.first_word_width + SLACK * row.height


def _titles(rows: Sequence[Row], ends_early: Sequence[bool]) -> frozenset[int]:
    """The numbers of rows that are the title of a section below them, and end before the column.

    Above another title they need not: titles alone show no column.
    """
    return frozenset(
        number
        for number, (row, below) in enumerate(pairwise(rows))
        if section_titles.heads(row.text, below.text)
        and (ends_early[number] or section_titles.is_title(below.text))
    )


def _are_long(rows: Sequence[Row]) -> bool:
    """Whether rows have several words each and no wide gaps, as running text has."""
    whole = sum(row.gap <= MAX_GAP * row.height for row in rows)
    words = statistics.mean(len(row.text.split()) for row in rows)
    return words >= MIN_WORDS and whole >= 0.7 * len(rows)


def _are_centred(rows: Sequence[Row]) -> bool:
    """Whether rows of unlike width stand with their middles under each other."""
    height = rows[0].height
    lefts = [row.box.left for row in rows]
    centres = [row.box.centre[0] for row in rows]
    return max(lefts) - min(lefts) > height and max(centres) - min(centres) < height


def _hangs(rows: Sequence[Row]) -> bool:
    """Whether most rows begin at one place farther in than the first."""
    edge = rows[0].box.left
    inner = [row.box.left for row in rows if row.box.left > edge + MIN_INDENT * row.height]
    if len(rows) < 3 or len(inner) <= 0.5 * len(rows):
        return False
    usual, height = statistics.median(inner), rows[0].height
    at_one_place = sum(abs(left - usual) <= MIN_INDENT * height for left in inner)
    none_farther_out = all(row.box.left > edge - MIN_INDENT * row.height for row in rows)
    return none_farther_out and at_one_place >= 0.8 * len(inner)
