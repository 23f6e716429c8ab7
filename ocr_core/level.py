"""A page turned so that its lines run level: where layout looks at it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas import Box, Line, Quad, Ruling, Word

# Lines this many times as long as high tell the skew of a page.
LONG = 2.5
# Rows are looked for within so many degrees of the direction of the middle line, in such steps, ...
REACH, STEP = 3.0, 0.1
# ... as heights at which many lines stand, told apart by this share of a line's height, ...
SLICE = 0.25
# ... and found where so many lines gather by so much more than in the middle line's own direction.
LEAST_LINES, CLEARER = 12, 1.08


def reading_angle(lines: Sequence[Line]) -> float:
    """The direction in which most text of a page runs, in degrees anticlockwise.

    That of the middle line, each weighing its length; but where short lines stand in rows, that of
    the rows: the quads of short lines slant less than the page, by as much as a fifth.
    """
    long = sorted((line.quad.angle_deg, line.quad.width) for line in lines if _is_long(line))
    if not long:
        return 0.0
    ends = np.cumsum([width for _, width in long])
    middle = long[int(np.searchsorted(ends, ends[-1] / 2))][0]
    along = [line for line in lines if turn_of(line, middle) <= 45]
    return _angle_of_rows(along, middle) if len(along) >= LEAST_LINES else middle


def _angle_of_rows(lines: Sequence[Line], near: float) -> float:
    """The direction near another in which lines gather most in rows (after Postl, 1986).

    Lines gather in a direction if few heights across it hold many ends of lines, as they do in a
    table of figures; over rows, these tell it more finely than the slant of each line does.
    """
    corners = np.array([line.quad.as_tuple() for line in lines]).reshape(-1, 4, 2)
    ends = np.concatenate([corners[:, [0, 3]].mean(axis=1), corners[:, [1, 2]].mean(axis=1)])
    widths = np.tile([line.quad.width for line in lines], 2)
    slice_px = max(SLICE * float(np.median([line.quad.height for line in lines])), 1.0)
    steps = round(REACH / STEP)
    angles = near + STEP * np.arange(-steps, steps + 1)
    gathered = [_gathering(ends, widths, math.radians(angle), slice_px) for angle in angles]
    best = int(np.argmax(gathered))
    return float(angles[best]) if gathered[best] > CLEARER * gathered[steps] else near


def _gathering(
    ends: NDArray[np.float64], weights: NDArray[np.float64], angle: float, slice_px: float
) -> float:
    """How much the weights of points gather in slices of the page along a direction."""
    heights = (ends[:, 0] * math.sin(angle) + ends[:, 1] * math.cos(angle)) / slice_px
    slices = np.floor(heights - heights.min()).astype(np.int64)
    filled = np.bincount(slices, weights)
    return float(np.square(filled[:-1] + filled[1:]).sum())


def turn_of(line: Line, angle_deg: float) -> float:
    """By how many degrees a line runs out of a direction, 0 to 180; a square one never does."""
    turn = abs(math.remainder(line.quad.angle_deg - angle_deg, 360))
    return turn if _is_long(line) else 0.0


def _is_long(line: Line) -> bool:
    return line.quad.width >= LONG * line.quad.height


@dataclass(frozen=True, slots=True)
class Frame:
    """A page turned about its top left corner until lines at an angle run level.

    Attributes:
        angle_deg: of its lines on the page as drawn, anticlockwise.
    """

    angle_deg: float

    def level(self, quads: Sequence[Quad]) -> NDArray[np.float64]:
        """The boxes around quads once the page is level: (N, 4) left, top, right, bottom."""
        corners = np.array([quad.as_tuple() for quad in quads], dtype=np.float64)
        turned = corners.reshape(-1, 4, 2) @ self._rotation()
        return np.concatenate([turned.min(axis=1), turned.max(axis=1)], axis=1)

    def level_words(self, words: Sequence[Word], height: float) -> list[Box]:
        """The boxes of the words of one line once the page is level.

        On the page as drawn a word has an upright box around it, which is wider than the word when
        the line slants. `height` is the line's, across its text.
        """
        cos, sin = math.cos(self._radians), math.sin(self._radians)
        cosine, sine = abs(cos), abs(sin)
        boxes = []
        for word in words:
            across, down = word.box.width, word.box.height
            if cosine >= sine:
                half = max((across - height * sine) / cosine, 1.0) / 2
            else:
                half = max((down - height * cosine) / sine, 1.0) / 2
            # As `_level_point` does it: calling that for each word is a fifth of laying out.
            on_x, on_y = word.box.centre
            x, y = cos * on_x - sin * on_y, sin * on_x + cos * on_y
            boxes.append(Box(x - half, y - height / 2, x + half, y + height / 2))
        return boxes

    def level_ruling(self, ruling: Ruling) -> Ruling:
        """A ruling once the page is level."""
        start, end = self._level_point(*ruling.start), self._level_point(*ruling.end)
        turned = Ruling(start, end, ruling.thickness)
        runs_back = end[0] < start[0] if turned.is_level else end[1] < start[1]
        return Ruling(end, start, ruling.thickness) if runs_back else turned

    def quad(self, box: Box) -> Quad:
        """A box of the level page on the page as drawn, with the slant of its lines."""
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        return Quad.from_corners(corners @ self._rotation().T)

    @property
    def _radians(self) -> float:
        return math.radians(self.angle_deg)

    def _level_point(self, x: float, y: float) -> tuple[float, float]:
        cosine, sine = math.cos(self._radians), math.sin(self._radians)
        return cosine * x - sine * y, sine * x + cosine * y

    def _rotation(self) -> NDArray[np.float64]:
        """For points as rows, (2, 2): what turns a line that rises by the angle level."""
        cosine, sine = math.cos(self._radians), math.sin(self._radians)
        return np.array([[cosine, sine], [-sine, cosine]])
