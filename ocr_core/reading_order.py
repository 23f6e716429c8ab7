"""Pieces of lines to rows, and rows to the order in which they are read.

Two pieces on one baseline are read across, as in a receipt or a table, unless a gutter parts them.
Rows follow each other as in Breuel's partial order (High performance document layout analysis,
2003): what is above comes before what is below it, and what is left of a gutter before what is
right of it. Of the rows that may come next, the one that goes on with the column is read, and else
the uppermost (Kahn, Topological sorting of large networks, 1962).

Boxes are (N, 4) float64: left, top, right, bottom, on a page that has been turned level.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_core.gutters import Boxes, Gutter, Pieces, neighbours, shared


def make_rows(pieces: Pieces, gutters: Sequence[Gutter]) -> list[list[int]]:
    """What stands on one baseline with no gutter between, each row from left to right.

    A table is a row of its own.
    """
    boxes, is_table = pieces.boxes, pieces.is_table
    right_of = {
        i: j
        for i, j in neighbours(boxes, min_overlap=0.5).tolist()
        if not (is_table[i] or is_table[j])
        and not any(gutter.parts(boxes[i], boxes[j]) for gutter in gutters)
    }
    rows = []
    for first in sorted(set(range(len(boxes))) - set(right_of.values())):
        row = [first]
        while row[-1] in right_of:
            row.append(right_of[row[-1]])
        rows.append(row)
    return rows


def order_rows(rows: Boxes, gutters: Sequence[Gutter]) -> list[int]:
    """The order in which rows are read, given the box around each."""
    before = _before(rows, gutters)
    middles, lefts = (rows[:, 1] + rows[:, 3]) / 2, rows[:, 0]
    by_place = np.lexsort((lefts, middles))
    blockers = before.sum(axis=0)
    is_left = np.ones(len(rows), dtype=bool)
    order: list[int] = []
    while len(order) < len(rows):
        left = by_place[is_left[by_place]]
        ready = left[blockers[left] == 0]
        ready = ready if len(ready) else left
        following = ready[_follow(rows[order[-1]], rows[ready])] if order else ready[:0]
        chosen = int(following[0] if len(following) else ready[0])
        order.append(chosen)
        is_left[chosen] = False
        blockers -= before[chosen]
    return order


def _before(rows: Boxes, gutters: Sequence[Gutter]) -> NDArray[np.bool_]:
    """(M, M) bool: whether the first has to be read before the second."""
    middles = (rows[:, 1] + rows[:, 3]) / 2
    widths = rows[:, 2] - rows[:, 0]
    overlap = shared(rows, low=0) > 0.1 * np.minimum(widths[:, None], widths)
    before = overlap & (middles[:, None] < middles)
    for gutter in gutters:
        reached = (gutter.top <= middles) & (middles <= gutter.bottom)
        inset = (rows[:, 0] + gutter.slack < gutter.x) & (gutter.x < rows[:, 2] - gutter.slack)
        left = reached & ~inset & (rows[:, 0] + rows[:, 2] < 2 * gutter.x)
        right = reached & ~left  # insets too: they do not break into the left column
        before |= left[:, None] & right
        before &= ~(right[:, None] & left)
    return np.asarray(before)


def _follow(last: NDArray[np.float64], rows: Boxes) -> NDArray[np.bool_]:
    """(N,) bool: which rows are the next line under another in one column."""
    heights = np.minimum(last[3] - last[1], rows[:, 3] - rows[:, 1])
    gaps = rows[:, 1] - last[3]
    overlaps = np.minimum(last[2], rows[:, 2]) - np.maximum(last[0], rows[:, 0])
    narrower = np.minimum(last[2] - last[0], rows[:, 2] - rows[:, 0])
    is_next = (gaps > -0.5 * heights) & (gaps < 0.8 * heights) & (overlaps > 0.5 * narrower)
    return np.asarray(is_next)
