"""Lines to blocks, in the order in which they are read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_core import reading_order
from ocr_core.reading_order import Boxes, Gutter
from schemas import Block, Line, Page, Quad

# Lines this many times as long as high tell the skew of a page.
LONG = 2.5
# Rows belong to one block up to this multiple of the page's usual distance between lines, and up
# to this ratio of their heights.
MAX_DISTANCE = 1.35
MAX_HEIGHT_RATIO = 1.5


def lay_out_page(page: Page) -> Page:
    """The page with its lines in reading order and in blocks.

    What stands across the page's direction, such as the label of a chart's axis, comes last.
    """
    if not page.lines:
        return replace(page, lines=(), blocks=())
    angle = _reading_angle(page.lines)
    turns = [_turn(line, angle) for line in page.lines]
    level = [index for index, turn in enumerate(turns) if turn <= 45]
    across = [index for index, turn in enumerate(turns) if turn > 45]
    blocks = _blocks([page.lines[index] for index in level], angle)
    grouped = [[[level[index] for index in row] for row in block] for block in blocks]
    grouped += [[[index]] for index in across]
    lines: list[Line] = []
    made: list[Block] = []
    for block_id, block in enumerate(grouped):
        rows = [[page.lines[index] for index in row] for row in block]
        members = [replace(line, block_id=block_id) for row in rows for line in row]
        text = "\n".join(" ".join(line.text for line in row) for row in rows)
        made.append(Block(block_id, "text", _around(members, angle), text))
        lines.extend(members)
    skew = math.remainder(angle, 90) + 0.0  # no negative zero
    return replace(page, lines=tuple(lines), blocks=tuple(made), skew_deg=skew)


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """Pieces of lines on one baseline.

    Attributes:
        members: their numbers, from left to right.
        box: (4,) float64 around them, on the level page.
        height: of the middle one.
    """

    members: list[int]
    box: NDArray[np.float64]
    height: float

    @property
    def middle(self) -> float:
        return float(self.box[1] + self.box[3]) / 2


def _reading_angle(lines: Sequence[Line]) -> float:
    """The direction of the middle line in degrees anticlockwise, each weighing its length."""
    sized = [(line.quad.angle_deg, line.quad.width, line.quad.height) for line in lines]
    long = sorted((angle, width) for angle, width, height in sized if width >= LONG * height)
    if not long:
        return 0.0
    ends = np.cumsum([width for _, width in long])
    return long[int(np.searchsorted(ends, ends[-1] / 2))][0]


def _turn(line: Line, angle: float) -> float:
    """By how many degrees a line runs out of a direction; a square one never does."""
    turn = abs(math.remainder(line.quad.angle_deg - angle, 360))
    return turn if line.quad.width >= LONG * line.quad.height else 0.0


def _level(quads: Sequence[Quad], angle: float) -> Boxes:
    """The boxes of quads once the page has been turned so that its lines run level."""
    corners = np.array([quad.as_tuple() for quad in quads], dtype=np.float64).reshape(-1, 4, 2)
    turned = corners @ _rotation(angle)
    return np.concatenate([turned.min(axis=1), turned.max(axis=1)], axis=1)


def _rotation(angle: float) -> NDArray[np.float64]:
    """For points as rows, (2, 2): what turns a line that rises by `angle` degrees level."""
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return np.array([[cosine, sine], [-sine, cosine]])


def _blocks(lines: Sequence[Line], angle: float) -> list[list[list[int]]]:
    """Blocks of rows of line numbers, all in reading order."""
    if not lines:
        return []
    boxes = _level([line.quad for line in lines], angle)
    word_counts = np.array([len(line.words) for line in lines], dtype=np.int64)
    gutters = reading_order.find_gutters(boxes, word_counts)
    rows = [_row(boxes, members) for members in reading_order.make_rows(boxes, gutters)]
    around = np.array([row.box for row in rows])
    rows = [rows[index] for index in reading_order.order_rows(around, gutters)]
    usual = _usual_distance(rows)
    blocks = [[rows[0].members]]
    for above, below in pairwise(rows):
        if _belong_together(above, below, usual, gutters):
            blocks[-1].append(below.members)
        else:
            blocks.append([below.members])
    return blocks


def _row(boxes: Boxes, members: list[int]) -> _Row:
    own = boxes[members]
    box = np.concatenate([own[:, :2].min(axis=0), own[:, 2:].max(axis=0)])
    return _Row(members, box, float(np.median(own[:, 3] - own[:, 1])))


def _usual_distance(rows: Sequence[_Row]) -> float:
    """From one line to the next in a paragraph, in mean heights of both."""
    distances = [
        2 * (below.middle - above.middle) / (above.height + below.height)
        for above, below in pairwise(rows)
    ]
    close = [distance for distance in distances if 0.7 < distance < 3]
    return float(np.median(close)) if close else 1.2


def _belong_together(above: _Row, below: _Row, usual: float, gutters: Sequence[Gutter]) -> bool:
    lower, higher = sorted((above.height, below.height))
    distance = below.middle - above.middle
    overlap = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    return bool(
        0 < distance <= MAX_DISTANCE * max(usual, 1.0) * (lower + higher) / 2
        and higher <= MAX_HEIGHT_RATIO * lower
        and overlap > 0
        and not any(gutter.parts(above.box, below.box) for gutter in gutters)
    )


def _around(lines: Sequence[Line], angle: float) -> Quad:
    """The smallest quad with the page's slant that holds the lines."""
    boxes = _level([line.quad for line in lines], angle)
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    return Quad.from_corners(corners @ _rotation(angle).T)
