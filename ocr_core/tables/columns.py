"""Where one column of a table ends and the next begins, told by white space and by rulings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ocr_core.tables.chunks import Chunk, Line
from schemas import Box

# A column ends where this share of the lines that reach across leaves a gap, and so many lines,
# and this share of those with several
# chunks, do so.
MIN_CLEAR = 0.75
MIN_GAPS = 2
MIN_GAP_SHARE = 0.2
# What a line of one chunk weighs that runs across: it may be a heading over several columns.
LONE_WEIGHT = 0.35
# Of the lines of a table, how many have something in a column.
MIN_FILLED = 0.08
# Signs that belong to the number after or before them, though they may stand apart.
BEFORE, AFTER = set("$€£¥") | {"EUR", "USD", "CHF", "GBP"}, set("%)*°")


@dataclass(frozen=True, slots=True)
class Corridor:
    """White between two columns, from x to x, and at how many lines there is a gap."""

    left: float
    right: float
    gaps: int

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def find_separators(
    lines: Sequence[Line], box: Box, ruled: Sequence[float], em: float
) -> list[float]:
    """The x between columns of a table, from left to right.

    Args:
        box: around the table.
        ruled: the x of upright rulings inside.
        em: the usual height of a line.
    """
    corridors = _corridors(lines, box, em)
    free = [
        corridor.middle
        for corridor in corridors
        if not any(corridor.left - 0.6 * em <= x <= corridor.right + 0.6 * em for x in ruled)
    ]
    edges = [(x, True) for x in ruled] + [(x, False) for x in free]
    return _without_empty(sorted(edges), lines, box)


def _corridors(lines: Sequence[Line], box: Box, em: float) -> list[Corridor]:
    """What is white in most of the lines that reach across it."""
    step = max(1.0, em / 10)
    n_bins = int(box.width / step) + 1
    gaps, crossed = np.zeros(n_bins), np.zeros(n_bins)

    def bins(left: float, right: float) -> slice:
        return slice(
            max(0, int((left - box.left) / step + 0.5)),
            max(0, int((right - box.left) / step + 0.5)),
        )

    for line in lines:
        for chunk in line:
            weight = 1.0 if len(line) > 1 else LONE_WEIGHT
            crossed[bins(chunk.box.left, chunk.box.right)] += weight
        for left, right in pairwise(line):
            gaps[bins(left.box.right, right.box.left)] += 1
    least = max(MIN_GAPS, MIN_GAP_SHARE * sum(len(line) > 1 for line in lines))
    share = gaps / np.maximum(gaps + crossed, 1)
    is_clear = (gaps >= least) & (share >= MIN_CLEAR)
    ends = np.flatnonzero(np.diff(np.concatenate([[0], is_clear.astype(np.int8), [0]])))
    found = []
    for start, end in zip(ends[::2], ends[1::2], strict=True):
        best = start + np.flatnonzero(share[start:end] >= share[start:end].max() - 1e-9)
        if (end - start) * step >= 0.25 * em:
            left, right = best[0] * step + box.left, (best[-1] + 1) * step + box.left
            found.append(Corridor(float(left), float(right), int(gaps[start:end].max())))
    return found


def _without_empty(edges: list[tuple[float, bool]], lines: Sequence[Line], box: Box) -> list[float]:
    """The separators without those that leave a column all but empty; rulings stay."""
    chunks = [chunk for line in lines for chunk in line]
    least = max(1.0 if len(lines) < 4 else 2.0, MIN_FILLED * len(lines))
    kept = list(edges)
    number = 0
    while number <= len(kept) and kept:
        left = kept[number - 1][0] if number else box.left - 1e9
        right = kept[number][0] if number < len(kept) else box.right + 1e9
        inside = [c for c in chunks if left <= (c.box.left + c.box.right) / 2 < right]
        # A sign before its number goes with the column to the right, one behind it to the left.
        sides = (number, number - 1) if _are_all(inside, BEFORE) else (number - 1, number)
        soft = [side for side in sides if 0 <= side < len(kept) and not kept[side][1]]
        is_sign = _are_all(inside, BEFORE) or _are_all(inside, AFTER)
        if soft and (len(inside) < least or is_sign):
            del kept[soft[0]]
            number = max(0, number - 1)
        else:
            number += 1
    return [x for x, _ in kept]


def _are_all(chunks: Sequence[Chunk], signs: set[str]) -> bool:
    return bool(chunks) and all(chunk.text in signs for chunk in chunks)


def column_of(x: float, separators: Sequence[float]) -> int:
    """The number of the column in which an x lies."""
    return bisect_left(separators, x)


def columns_of(chunk: Chunk, separators: Sequence[float]) -> range:
    """The columns that a chunk reaches into, by more than a fifth of its height."""
    room = 0.2 * chunk.box.height
    first = column_of(chunk.box.left + room, separators)
    last = column_of(chunk.box.right - room, separators)
    middle = column_of((chunk.box.left + chunk.box.right) / 2, separators)
    return range(min(first, middle), max(last, middle) + 1)
