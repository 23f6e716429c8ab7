"""Footnotes: small print with a mark before it that nothing but small print stands below.

How large print is, is told by the height of its lines and by how wide their characters are: either
alone depends on which letters there are. A rule above notes tells them, too, where they are no
smaller than the text.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_core.paragraphs import Row
from schemas import Box
from schemas.document import BlockKind

# Notes are smaller than the text by this factor; what goes on below one, by the second; and below
# a rule they are no larger than by the third.
MAX_SIZE = 0.92
MAX_SIZE_BELOW = 0.96
MAX_SIZE_RULED = 1.2
# They begin in this lower part of the page.
MIN_DEPTH = 0.4
# A rule above them is this near, in sizes of their print, and no longer than this share of the
# sheet's width: longer ones part other things, too.
MAX_RULE_GAP = 5.0
MAX_RULE = 0.45
# A line with fewer characters does not tell how large print is.
MIN_CHARACTERS = 8
# What stands below the notes of a page without being one of them.
APART = frozenset({"header", "footer", "page-number", "figure"})
KINDS = frozenset({"text", "paragraph", "list", "heading"})

# The mark may be raised, and is then read as if it were not: `1 See`, `12See`, `* See`. Numbers
# with a point may be items of a list as well.
_MARK = re.compile(r"(?:\(\d{1,3}\)|\d{1,3}|[*†‡§¶#]{1,4})\s?(?=[^\W\d]|[\"“„«‘(])")
_ANY_MARK = re.compile(r"(?:\(?(?:\d{1,3}|[a-z])[).:]?|[*†‡§¶#’'°]{1,4})\s?(?=[^\W\d]|[\"“„«‘(])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a page, as far as it matters here.

    Attributes:
        box: on the level page.
        size: of its print; see `size_of`.
    """

    box: Box
    text: str
    size: float
    kind: BlockKind


def size_of(rows: Sequence[Row]) -> float:
    """How large print is, in pixels between its height and the width of a character.

    0 where no row is long enough to tell.
    """
    sizes = [
        math.sqrt(row.height * row.box.width / len(row.text))
        for row in rows
        if len(row.text) >= MIN_CHARACTERS
    ]
    return statistics.median(sizes) if sizes else 0.0


def pitch_of(rows: Sequence[Row]) -> float:
    """How wide a character is, in pixels; 0 where no row is long enough to tell."""
    pitches = [row.box.width / len(row.text) for row in rows if len(row.text) >= MIN_CHARACTERS]
    return statistics.median(pitches) if pitches else 0.0


def split_notes(texts: Sequence[str]) -> list[list[str]]:
    """The lines of footnotes, those of each note together; notes are told by their marks.

    A number is one if it follows the mark before it.

    >>> split_notes(["1 See above,", "12 May.", "2 Ibid."])
    [['1 See above,', '12 May.'], ['2 Ibid.']]
    """
    notes: list[list[str]] = []
    last = 0
    for text in texts:
        digits = re.match(r"\(?(\d{1,3})", text)
        number = int(digits[1]) if digits else last
        begins = bool(_MARK.match(text)) and (digits is None or number == last + 1)
        if begins or not notes:
            notes.append([])
            last = number
        notes[-1].append(text)
    return notes


def find_footnotes(
    passages: Sequence[Passage], sheet: Box, size: float, rules: Sequence[Box]
) -> set[int]:
    """The numbers of the passages that are footnotes.

    Args:
        sheet: the whole page, level.
        size: of the text's print.
        rules: the level lines drawn on the page.
    """
    short = [rule for rule in rules if rule.width <= MAX_RULE * sheet.width]
    found: set[int] = set()
    for number, passage in enumerate(passages):
        if number in found or passage.kind not in KINDS:
            continue
        if passage.box.top < sheet.top + MIN_DEPTH * sheet.height:
            continue
        below = [n for n, other in enumerate(passages) if _is_below(passage, other)]
        is_ruled = bool(_ANY_MARK.match(passage.text)) and any(
            _is_over(rule, passage) and not _underlines(rule, passages) for rule in short
        )
        begins = is_ruled or (
            bool(_MARK.match(passage.text)) and _is_small(passage, size, MAX_SIZE)
        )
        most = MAX_SIZE_RULED if is_ruled else MAX_SIZE_BELOW
        if begins and all(_is_small(passages[n], size, most) for n in (number, *below)):
            found |= {number, *below}
    return found


def _is_small(passage: Passage, size: float, most: float) -> bool:
    return passage.kind in KINDS and passage.size <= most * size


def _is_below(passage: Passage, other: Passage) -> bool:
    """Whether something else stands below a passage, but at the foot of the page."""
    beside = min(passage.box.right, other.box.right) - max(passage.box.left, other.box.left)
    is_lower = other.box.centre[1] > passage.box.centre[1]
    return other.kind not in APART and beside > 0 and is_lower


def _is_over(rule: Box, passage: Passage) -> bool:
    """Whether a rule stands over the beginning of a passage."""
    gap = passage.box.top - rule.bottom
    is_near = -0.5 * passage.size < gap < MAX_RULE_GAP * passage.size
    return is_near and abs(rule.left - passage.box.left) < 2 * passage.size


def _underlines(rule: Box, passages: Sequence[Passage]) -> bool:
    return any(
        abs(rule.top - other.box.bottom) < 0.5 * other.size
        and min(other.box.right, rule.right) > max(other.box.left, rule.left)
        for other in passages
    )
