"""Pieces of lines to rows, and rows to the order in which they are read.

Two pieces on one baseline are read across, as in a receipt or a table, unless a gutter parts them:
white between two columns of prose, from top to bottom. Rows follow each other as in Breuel's
partial order (High performance document layout analysis, 2003): what is above comes before what
is below it, and what is left of a gutter before what is right of it.

Boxes are (N, 4) float64: left, top, right, bottom, on a page that has been turned level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]

# Lines on either side that make a gutter out of white space, and places across a page to look at.
MIN_COLUMN_LINES = 3
MAX_PLACES = 8
# In line heights: the narrowest column, the narrowest gutter, and the largest gap between lines
# over which a gutter goes on.
MIN_COLUMN_WIDTH = 6.0
MIN_GUTTER_WIDTH = 0.5
MAX_GUTTER_BREAK = 1.5
# Words in the middle line of a column of prose; cells of tables have fewer.
MIN_COLUMN_WORDS = 3
# Lines above and below with which a line is compared, and how much of their width is full.
NEAR_LINES = 3
FULL_WIDTH = 0.7


@dataclass(frozen=True, slots=True)
class Gutter:
    """White space between two columns of prose: a place across, and how far it reaches.

    What stands across it within its reach is an inset, such as a quotation that both columns
    run around.
    """

    x: float
    top: float
    bottom: float

    def parts(self, left: NDArray[np.float64], right: NDArray[np.float64]) -> bool:
        """Whether it runs between two boxes side by side, or one of them is an inset in it."""
        between = left[2] <= self.x <= right[0] or self._crosses(left) != self._crosses(right)
        return bool(between) and self._reaches(left) and self._reaches(right)

    def _crosses(self, box: NDArray[np.float64]) -> bool:
        return bool(box[0] < self.x < box[2])

    def _reaches(self, box: NDArray[np.float64]) -> bool:
        return bool(self.top <= (box[1] + box[3]) / 2 <= self.bottom)


def find_gutters(boxes: Boxes, word_counts: NDArray[np.int64]) -> list[Gutter]:
    """The gutters of a page, from the boxes of its pieces of lines and the words in each.

    White space between neighbours votes for places across the page; at the place with most votes,
    what lies across it divides the page into spans, each of which may have a gutter there.
    """
    if len(boxes) == 0:
        return []
    height = float(np.median(boxes[:, 3] - boxes[:, 1]))
    pairs = np.array(_neighbours(boxes, min_overlap=0.3), dtype=np.int64).reshape(-1, 2)
    gutters: list[Gutter] = []
    for _ in range(MAX_PLACES):
        room = MIN_GUTTER_WIDTH * height / 2
        starts, ends = boxes[pairs[:, 0], 2] + room, boxes[pairs[:, 1], 0] - room
        voting = (starts[:, None] <= starts) & (starts <= ends[:, None])
        votes = voting.sum(axis=0)
        if votes.max(initial=0) < MIN_COLUMN_LINES:
            break
        voters = voting[:, votes.argmax()]
        x = float(starts[voters].max() + ends[voters].min()) / 2
        columns = _Columns(boxes, word_counts, pairs[voters], x)
        gutters += columns.gutters(height)
        pairs = pairs[~voters]
    return gutters


def make_rows(boxes: Boxes, gutters: list[Gutter]) -> list[list[int]]:
    """What stands on one baseline with no gutter between, each row from left to right."""
    right_of = {
        i: j
        for i, j in _neighbours(boxes, min_overlap=0.5)
        if not any(gutter.parts(boxes[i], boxes[j]) for gutter in gutters)
    }
    rows = []
    for first in sorted(set(range(len(boxes))) - set(right_of.values())):
        row = [first]
        while row[-1] in right_of:
            row.append(right_of[row[-1]])
        rows.append(row)
    return rows


def order_rows(rows: Boxes, gutters: list[Gutter]) -> list[int]:
    """The order in which rows are read, given the box around each."""
    before = _before(rows, gutters)
    middles = (rows[:, 1] + rows[:, 3]) / 2
    blockers = before.sum(axis=0)
    left = set(range(len(rows)))
    order: list[int] = []
    while left:
        ready = [i for i in left if blockers[i] == 0] or list(left)
        following = [i for i in ready if order and _follows(rows[order[-1]], rows[i])]
        chosen = min(following or ready, key=lambda i: (middles[i], rows[i, 0]))
        order.append(chosen)
        left.remove(chosen)
        blockers -= before[chosen]
    return order


def shared(boxes: Boxes, low: int) -> NDArray[np.float64]:
    """By how much each pair of boxes overlaps, (N, N): across for `low` 0, downwards for 1."""
    start, stop = boxes[:, low], boxes[:, low + 2]
    return np.minimum(stop[:, None], stop) - np.maximum(start[:, None], start)


def _neighbours(boxes: Boxes, min_overlap: float) -> list[tuple[int, int]]:
    """Pairs of boxes side by side, each the other's nearest.

    `min_overlap` is how much of the lower one's height they share.
    """
    heights = boxes[:, 3] - boxes[:, 1]
    lower = np.minimum(heights[:, None], heights)
    beside = shared(boxes, low=1) >= min_overlap * lower
    gaps = boxes[None, :, 0] - boxes[:, None, 2]
    centres = boxes[:, 0] + boxes[:, 2]
    beside &= (gaps > -0.5 * lower) & (centres[None] > centres[:, None])
    np.fill_diagonal(beside, False)
    distance = np.where(beside, gaps, np.inf)
    nearest_right = distance.argmin(axis=1)
    nearest_left = distance.argmin(axis=0)
    return [
        (i, int(j))
        for i, j in enumerate(nearest_right)
        if np.isfinite(distance[i, j]) and nearest_left[j] == i
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """What may be columns on both sides of a place across the page.

    Attributes:
        pairs: (M, 2) neighbours with white space between them at `x`.
    """

    boxes: Boxes
    word_counts: NDArray[np.int64]
    pairs: NDArray[np.int64]
    x: float

    def gutters(self, height: float) -> list[Gutter]:
        middles = (self.boxes[:, 1] + self.boxes[:, 3]) / 2
        found = []
        for top, bottom in self._spans(height):
            inside = (middles >= top) & (middles <= bottom)
            left, right = self.pairs[inside[self.pairs].all(axis=1)].T
            prose = sorted((self._prose(side, height) for side in (left, right)), key=np.sum)
            few, many = (int(side.sum()) for side in prose)
            # One column is prose; in the other there may be more of tables or formulas.
            if few >= max(MIN_COLUMN_LINES, 0.15 * len(left)) and many >= 0.5 * len(left):
                found.append(Gutter(self.x, float(top), float(bottom)))
        return found

    def _spans(self, height: float) -> list[tuple[float, float]]:
        """Where the columns go on without a break and with nothing across `x`."""
        members = self.boxes[self.pairs.ravel()]
        outer_left, outer_right = members[:, 0].min(), members[:, 2].max()
        is_near = (self.boxes[:, 2] > outer_left) & (self.boxes[:, 0] < outer_right)
        near = self.boxes[is_near]
        prose = near[self.word_counts[is_near] >= MIN_COLUMN_WORDS]
        may_open = np.isin(np.arange(len(self.boxes)), self.pairs)[is_near]
        spans: list[tuple[float, float]] = []
        is_open = False
        for number in near[:, 1].argsort():
            left, top, right, bottom = near[number]
            if left < self.x < right:
                is_open &= _is_inset(near[number], prose)
            elif is_open and top - spans[-1][1] <= MAX_GUTTER_BREAK * height:
                spans[-1] = spans[-1][0], max(spans[-1][1], bottom)
            elif may_open[number]:
                spans.append((top, bottom))
                is_open = True
        return spans

    def _prose(self, members: NDArray[np.int64], height: float) -> NDArray[np.bool_]:
        """For each piece of a line, whether it looks like running text and not like a cell."""
        sides = self.boxes[members]
        widths = sides[:, 2] - sides[:, 0]
        # As wide as the lines about it: beside a picture a column is narrower than above it.
        order = sides[:, 1].argsort()
        full = np.zeros(len(members))
        for place, member in enumerate(order):
            about = order[max(0, place - NEAR_LINES) : place + NEAR_LINES + 1]
            full[member] = FULL_WIDTH * np.quantile(widths[about], 0.9)
        return np.asarray(
            (widths >= np.maximum(full, MIN_COLUMN_WIDTH * height))
            & (self.word_counts[members] >= MIN_COLUMN_WORDS)
        )


def _is_inset(box: NDArray[np.float64], prose: Boxes) -> bool:
    """Whether lines of prose stand beside a box on both sides, give or take a line."""
    height = box[3] - box[1]
    beside = np.minimum(prose[:, 3], box[3]) - np.maximum(prose[:, 1], box[1]) > -height
    wide = prose[:, 2] - prose[:, 0] >= MIN_COLUMN_WIDTH * height
    on_left, on_right = prose[:, 2] <= box[0], prose[:, 0] >= box[2]
    return bool((beside & wide & on_left).any() and (beside & wide & on_right).any())


def _before(rows: Boxes, gutters: list[Gutter]) -> NDArray[np.bool_]:
    """(M, M) bool: whether the first has to be read before the second."""
    middles = (rows[:, 1] + rows[:, 3]) / 2
    widths = rows[:, 2] - rows[:, 0]
    overlap = shared(rows, low=0) > 0.1 * np.minimum(widths[:, None], widths)
    before = overlap & (middles[:, None] < middles)
    for gutter in gutters:
        reached = (gutter.top <= middles) & (middles <= gutter.bottom)
        inset = (rows[:, 0] < gutter.x) & (gutter.x < rows[:, 2])
        left = reached & ~inset & (rows[:, 0] + rows[:, 2] < 2 * gutter.x)
        right = reached & ~left  # insets too: they do not break into the left column
        before |= left[:, None] & right
        before &= ~(right[:, None] & left)
    return np.asarray(before)


def _follows(last: NDArray[np.float64], row: NDArray[np.float64]) -> bool:
    """Whether a row is the next line under another in one column."""
    height = min(last[3] - last[1], row[3] - row[1])
    gap = row[1] - last[3]
    overlap = min(last[2], row[2]) - max(last[0], row[0])
    narrower = min(last[2] - last[0], row[2] - row[0])
    return bool(-0.5 * height < gap < 0.8 * height and overlap > 0.5 * narrower)
