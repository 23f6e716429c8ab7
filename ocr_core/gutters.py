"""Where columns meet: white space from top to bottom that text is not read across.

White space alone does not tell columns from the cells of a table or the prices of a receipt. What
stands on its two sides does: running text on both; or running text on one and, on the other, lines
that keep their own distances and not its baselines, as in a side bar; or short lines on both that
now and then have nothing beside them, as in an index. The numbers that count the lines of a page
stand in a column, too.

Boxes are (N, 4) float64: left, top, right, bottom, on a page that has been turned level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]
Mask = NDArray[np.bool_]
# One box: left, top, right, bottom.
Edges = NDArray[np.float64] | tuple[float, float, float, float]

# Lines on either side that make a gutter out of white space, and places across a page to look at.
MIN_COLUMN_LINES = 3
MIN_SIDE_BAR_LINES = 4
MIN_INDEX_LINES = 8
MAX_GROUP_LINES = 5
MAX_PLACES = 8
# In line heights: the narrowest column, the narrowest gutter, the largest gap between lines over
# which a gutter goes on, and between columns of prose, and how far edges of one column may lie
# apart.
MIN_COLUMN_WIDTH = 6.0
MIN_GUTTER_WIDTH = 0.3
MAX_GUTTER_BREAK = 1.5
MAX_COLUMN_BREAK = 3.5
MAX_EDGE_SHIFT = 1.5
MIN_GROUP_GAP = 2.0
SLACK = 0.4
# Words in the middle line of a column of prose; cells of tables have fewer.
MIN_COLUMN_WORDS = 3
# Lines above and below with which a line is compared, and how much of their width is full.
NEAR_LINES = 3
FULL_WIDTH = 0.7
# In line heights: how far from their usual offset lines on two sides may lie and still share
# baselines; and which share of lines may lie farther in a table on paper that is not flat.
MAX_OFFSET = 0.2
MAX_WANDERING = 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """What was detected as one line each, or a table as a whole.

    Attributes:
        boxes: (N, 4) float64.
        word_counts: (N,) int64; 0 for a table.
        has_letter: (N,) bool: whether the text begins with a letter.
        is_label: (N,) bool: whether it ends in a colon.
        numbers: (N,) int64: the number that is all of the text, or -1.
        is_table: (N,) bool.
    """

    boxes: Boxes
    word_counts: NDArray[np.int64]
    has_letter: Mask
    is_label: Mask
    numbers: NDArray[np.int64]
    is_table: Mask

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def middles(self) -> NDArray[np.float64]:
        """(N,) float64, halfway down each."""
        return np.asarray((self.boxes[:, 1] + self.boxes[:, 3]) / 2)

    @property
    def height(self) -> float:
        """Of the middle line."""
        heights = (self.boxes[:, 3] - self.boxes[:, 1])[~self.is_table]
        return float(np.median(heights)) if len(heights) else 1.0


@dataclass(frozen=True, slots=True)
class Gutter:
    """White space between two columns: a place across, and how far it reaches.

    What stands across it within its reach is an inset, such as a quotation that both columns
    run around.

    Attributes:
        slack: by how much text may reach into it: columns on paper that is not flat are not quite
            upright.
    """

    x: float
    top: float
    bottom: float
    slack: float = 0.0

    def parts(self, left: Edges, right: Edges) -> bool:
        """Whether it runs between two boxes side by side, or one of them is an inset in it."""
        between = left[2] - self.slack <= self.x <= right[0] + self.slack
        between = between or self._crosses(left) != self._crosses(right)
        return bool(between) and self._reaches(left) and self._reaches(right)

    def _crosses(self, box: Edges) -> bool:
        return bool(box[0] + self.slack < self.x < box[2] - self.slack)

    def _reaches(self, box: Edges) -> bool:
        return bool(self.top <= (box[1] + box[3]) / 2 <= self.bottom)


def find_gutters(pieces: Pieces) -> list[Gutter]:
    """The gutters of a page.

    White space between neighbours votes for places across the page; at the place with most votes,
    what lies across it divides the page into spans, each of which may have a gutter there.
    """
    if len(pieces) == 0:
        return []
    boxes, height = pieces.boxes, pieces.height
    pairs = neighbours(boxes, min_overlap=0.3)
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
        gutters += _Place(pieces, pairs[voters], x, height).gutters()
        pairs = pairs[~voters]
    return gutters


def neighbours(boxes: Boxes, min_overlap: float) -> NDArray[np.int64]:
    """Pairs of boxes side by side, each the other's nearest: (M, 2), left and right.

    Near means across, and of those as near the one that is most level with the other.
    `min_overlap` is how much of the lower one's height they share.
    """
    left, top, right, bottom = boxes.T
    lefts, rights = np.nonzero((top[:, None] < bottom) & (top < bottom[:, None]))
    lower = np.minimum((bottom - top)[lefts], (bottom - top)[rights])
    overlaps = np.minimum(bottom[lefts], bottom[rights]) - np.maximum(top[lefts], top[rights])
    gaps, middles = left[rights] - right[lefts], (top + bottom) / 2
    beside = (overlaps >= min_overlap * lower) & (gaps > -0.5 * lower)
    beside &= (left + right)[rights] > (left + right)[lefts]
    lefts, rights, gaps = lefts[beside], rights[beside], gaps[beside]
    distances = gaps + np.abs(middles[lefts] - middles[rights])
    mutual = _is_least(distances, lefts) & _is_least(distances, rights)
    return np.asarray(np.stack([lefts[mutual], rights[mutual]], axis=1), dtype=np.int64)


def _is_least(distances: NDArray[np.float64], groups: NDArray[np.int64]) -> Mask:
    """Which distance is the first of the least in its group."""
    order = np.lexsort((distances, groups))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = groups[order][1:] != groups[order][:-1]
    least = np.zeros(len(order), dtype=bool)
    least[order[is_first]] = True
    return least


def shared(boxes: Boxes, low: int) -> NDArray[np.float64]:
    """By how much each pair of boxes overlaps, (N, N): across for `low` 0, downwards for 1."""
    start, stop = boxes[:, low], boxes[:, low + 2]
    return np.minimum(stop[:, None], stop) - np.maximum(start[:, None], start)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A place across the page on both sides of which there may be columns.

    Attributes:
        pairs: (M, 2) neighbours with white space between them at `x`.
        height: of the page's middle line.
    """

    pieces: Pieces
    pairs: NDArray[np.int64]
    x: float
    height: float

    def gutters(self) -> list[Gutter]:
        spans = self._spans()
        inside = [self._pairs_within(top, bottom) for top, bottom in spans]
        sure = [self._are_columns(pairs) for pairs in inside]
        edges = [self._edges(pairs) for pairs, is_sure in zip(inside, sure, strict=True) if is_sure]
        found: list[Gutter] = []
        above: NDArray[np.int64] | None = None  # the pairs of the gutter above
        for (top, bottom), pairs, is_sure in zip(spans, inside, sure, strict=True):
            if not (is_sure or self._go_on(pairs, edges)):
                above = None
                continue
            if above is not None and self._is_same(above, pairs):
                top = found.pop().top
            found.append(Gutter(self.x, top, bottom, SLACK * self.height))
            above = pairs
        return found

    def _is_same(self, above: NDArray[np.int64], below: NDArray[np.int64]) -> bool:
        """Whether columns of prose go on over a gap, as beside a picture and its caption.

        Nothing lies across, for that would be read between the parts above and below it.
        """
        if min(self._prose_counts(above)[0], self._prose_counts(below)[0]) < MIN_COLUMN_LINES:
            return False
        boxes, middles = self.pieces.boxes, self.pieces.middles
        bottom, top = boxes[above.ravel(), 3].max(), boxes[below.ravel(), 1].min()
        if top - bottom > MAX_COLUMN_BREAK * self.height:
            return False
        slack = SLACK * self.height
        across = (boxes[:, 0] + slack < self.x) & (self.x < boxes[:, 2] - slack)
        return not (across & (middles > bottom) & (middles < top)).any()

    def _pairs_within(self, top: float, bottom: float) -> NDArray[np.int64]:
        middles = self.pieces.middles[self.pairs]
        return self.pairs[((middles >= top) & (middles <= bottom)).all(axis=1)]

    def _are_columns(self, pairs: NDArray[np.int64]) -> bool:
        """Whether what stands on both sides tells by itself that it is read column by column."""
        if len(pairs) < MIN_COLUMN_LINES:
            return False
        few, many = self._prose_counts(pairs)
        # One column is prose; in the other there may be more of tables or formulas.
        if few >= max(MIN_COLUMN_LINES, 0.15 * len(pairs)) and many >= 0.5 * len(pairs):
            return True
        has_prose = many >= max(MIN_SIDE_BAR_LINES, 0.4 * len(pairs))
        return (
            (has_prose and self._wanders(pairs)) or self._is_index(pairs) or self._is_group(pairs)
        )

    def _go_on(self, pairs: NDArray[np.int64], edges: list[tuple[float, float]]) -> bool:
        """Whether columns from elsewhere on the page go on here, whatever stands in them."""
        if not edges or len(pairs) < MIN_COLUMN_LINES:
            return False
        _, many = self._prose_counts(pairs)
        if many < 0.5 * len(pairs) and not self._wanders(pairs):
            return False
        own, most = self._edges(pairs), MAX_EDGE_SHIFT * self.height
        return any(max(abs(a - b) for a, b in zip(own, one, strict=True)) <= most for one in edges)

    def _prose_counts(self, pairs: NDArray[np.int64]) -> tuple[int, int]:
        """How many lines look like running text: on the side with fewer, and on the other."""
        few, many = sorted(int(self._prose(side).sum()) for side in pairs.T)
        return few, many

    def _edges(self, pairs: NDArray[np.int64]) -> tuple[float, float]:
        """Where the left column ends and the right one begins."""
        boxes = self.pieces.boxes
        return float(boxes[pairs[:, 0], 2].max()), float(boxes[pairs[:, 1], 0].min())

    def _wanders(self, pairs: NDArray[np.int64]) -> bool:
        """Whether the lines of both sides do not share their baselines."""
        offsets = np.diff(self.pieces.middles[pairs], axis=1)[:, 0]
        away = np.abs(offsets - np.median(offsets)) > MAX_OFFSET * self.height
        return bool(away.mean() > MAX_WANDERING)

    def _is_index(self, pairs: NDArray[np.int64]) -> bool:
        """Whether short lines of text on both sides stand there independently."""
        if len(pairs) < MIN_INDEX_LINES or not self.pieces.has_letter[pairs].mean() > 0.8:
            return False
        if self.pieces.word_counts[pairs].mean(axis=0).min() < 1.5:
            return False
        return self._wanders(pairs) or min(self._alone(pairs)) >= 0.1 * len(pairs)

    def _is_group(self, pairs: NDArray[np.int64]) -> bool:
        """Whether a few lines on both sides stand together like two addresses.

        They are words, most of them several, with a wide gap between; other rows are far off, for
        else the span would hold them, too.
        """
        if len(pairs) > MAX_GROUP_LINES or self.pieces.is_label[pairs[:, 0]].any():
            return False
        boxes = self.pieces.boxes
        gaps = boxes[pairs[:, 1], 0] - boxes[pairs[:, 0], 2]
        are_words = (self.pieces.word_counts[pairs] >= 2) & self.pieces.has_letter[pairs]
        return bool(
            gaps.min() >= MIN_GROUP_GAP * self.height and are_words.all(axis=1).mean() > 0.6
        )

    def _alone(self, pairs: NDArray[np.int64]) -> tuple[int, int]:
        """How many lines on the left and on the right have nothing on the other side."""
        boxes, middles = self.pieces.boxes, self.pieces.middles
        around = boxes[pairs.ravel()]
        inside = (middles >= around[:, 1].min()) & (middles <= around[:, 3].max())
        inside[pairs.ravel()] = False
        left = inside & (np.abs(boxes[:, 0] - np.median(boxes[pairs[:, 0], 0])) < self.height)
        right = inside & (np.abs(boxes[:, 0] - np.median(boxes[pairs[:, 1], 0])) < self.height)
        return int(left.sum()), int(right.sum())

    def _spans(self) -> list[tuple[float, float]]:
        """Where the columns go on without a break and with nothing across `x`."""
        boxes = self.pieces.boxes
        members = boxes[self.pairs.ravel()]
        outer_left, outer_right = members[:, 0].min(), members[:, 2].max()
        is_near = (boxes[:, 2] > outer_left) & (boxes[:, 0] < outer_right)
        near = boxes[is_near]
        prose = near[self.pieces.word_counts[is_near] >= MIN_COLUMN_WORDS]
        may_open = np.isin(np.arange(len(boxes)), self.pairs)[is_near]
        spans: list[tuple[float, float]] = []
        is_open = False
        slack = SLACK * self.height
        for number in near[:, 1].argsort().tolist():
            left, top, right, bottom = near[number].tolist()
            if left + slack < self.x < right - slack:
                is_open = is_open and _is_inset(near[number], prose)
            elif is_open and top - spans[-1][1] <= MAX_GUTTER_BREAK * self.height:
                spans[-1] = spans[-1][0], max(spans[-1][1], bottom)
            elif may_open[number]:
                spans.append((top, bottom))
                is_open = True
        return spans

    def _prose(self, members: NDArray[np.int64]) -> Mask:
        """For each piece of a line, whether it looks like running text and not like a cell."""
        sides = self.pieces.boxes[members]
        widths = sides[:, 2] - sides[:, 0]
        is_long = widths >= MIN_COLUMN_WIDTH * self.height
        is_long &= self.pieces.word_counts[members] >= MIN_COLUMN_WORDS
        if is_long.any():
            order = sides[:, 1].argsort()
            is_long[order] &= widths[order] >= FULL_WIDTH * _wide_near(widths[order])
        return np.asarray(is_long)


def _wide_near(widths: NDArray[np.float64]) -> NDArray[np.float64]:
    """How wide the wide ones are among the lines about each, down a column.

    Beside a picture a column is narrower than above it. The widest alone may be a mistake.
    """
    padded = np.pad(widths, NEAR_LINES, constant_values=np.nan)
    about = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEAR_LINES + 1)
    counts = (~np.isnan(about)).sum(axis=1)
    ranked = np.sort(about, axis=1)  # what is not there comes last
    places = 0.9 * (counts - 1)
    below = places.astype(np.int64)
    above = np.minimum(below + 1, counts - 1)
    rows = np.arange(len(widths))
    share = places - below
    return np.asarray(ranked[rows, below] * (1 - share) + ranked[rows, above] * share)


def _is_inset(box: NDArray[np.float64], prose: Boxes) -> bool:
    """Whether lines of prose stand beside a box on both sides, give or take a line."""
    height = box[3] - box[1]
    beside = np.minimum(prose[:, 3], box[3]) - np.maximum(prose[:, 1], box[1]) > -height
    wide = prose[:, 2] - prose[:, 0] >= MIN_COLUMN_WIDTH * height
    on_left, on_right = prose[:, 2] <= box[0], prose[:, 0] >= box[2]
    return bool((beside & wide & on_left).any() and (beside & wide & on_right).any())
