"""Where one column of a table ends and the next begins, told by white space and by rulings."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

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
    """White between two columns.

    Attributes:
        left, right: from where to where it is clear in most lines.
        clearest: the places within in which fewest lines run across, as heads may do.
    """

    left: float
    right: float
    clearest: tuple[tuple[float, float], ...]


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
        x
        for corridor, x in zip(corridors, _places(corridors, lines), strict=True)
        if not any(corridor.left - 0.6 * em <= at <= corridor.right + 0.6 * em for at in ruled)
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
    found = []
    for start, end in _runs(is_clear):
        if (end - start) * step >= 0.25 * em:
            best = _runs(share[start:end] >= share[start:end].max() - 1e-9)
            first = box.left + start * step
            clearest = tuple((first + a * step, first + b * step) for a, b in best)
            found.append(Corridor(first, box.left + end * step, clearest))
    return found


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """From where to where a mask holds."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True))


def _places(corridors: Sequence[Corridor], lines: Sequence[Line]) -> list[float]:
    """Where in each corridor columns meet: so that a text in it has its own column to itself.

    Over a column of numbers that ends flush the head begins further left than they do.
    """
    lefts = [-math.inf, *(corridor.right for corridor in corridors)]
    rights = [*(corridor.left for corridor in corridors), math.inf]
    spans = [[middle_of(chunk) for chunk in line] for line in lines if len(line) > 1]
    places = []
    for corridor, left, right in zip(corridors, lefts, rights[1:], strict=False):
        near = [[x for x in xs if left < x < right] for xs in spans]
        ranked = [
            (sum(_crowd(xs, (a + b) / 2) for xs in near), a - b, (a + b) / 2)
            for a, b in corridor.clearest
        ]
        places.append(min(ranked)[2])
    return places


def middle_of(chunk: Chunk) -> float:
    """The x half way across a chunk."""
    return (chunk.box.left + chunk.box.right) / 2


def _crowd(xs: Sequence[float], place: float) -> int:
    """How many texts of two columns share one, if these meet at a place."""
    n_left = sum(x < place for x in xs)
    return max(0, n_left - 1) + max(0, len(xs) - n_left - 1)


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
