"""Quads that run on from one column into the next, parted at the gutter between them.

Where a gutter is narrow, a detector now and then takes a line of one column and the line beside it
for one. The lines above and below it, which were found as two, tell where the gutter is; and the
picture has to have its widest gap there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr_core import gaps
from ocr_core.cropping import MARGIN, crop_quad
from ocr_core.gutters import Boxes, neighbours
from ocr_core.level import Frame
from schemas import Detection, Quad

# A quad so many times as wide as high may hold two lines; narrower ones tell no slant.
LONG, SLANT = 8.0, 2.5
# Lines no farther than this above or below tell of a gutter, in heights of the quad; so many pairs
# of them at least, and no more than this share of them may run across it, the quad among them.
NEAR, LEAST_PAIRS, MOST_ACROSS = 9.0, 3, 0.5
# Lines beside a gutter are no more than this many times as high as the quad, or as low.
LIKE_HEIGHT = 1.4
# Each of the two lines is so long at least, and those beside the gutter, in heights of the quad:
# what is shorter may be a label or a number.
LEAST_LENGTH = 4.0
# The gap is so wide, as a share of the height of a line, of the gutter, and of the next widest ...
GAP, OF_GUTTER, WIDER = 0.35, 0.5, 1.2
# ... and how much of it, and how many heights of a line, are left to each of the two lines, so that
# no stroke is cut off.
ROOM, MOST_ROOM = 0.25, 0.1
# Rows of the picture of a quad in which gaps are looked for.
ROWS = 32


def part_columns(pixels: NDArray[np.uint8], found: Sequence[Detection]) -> list[Detection]:
    """The detections, those that hold lines of several columns as one for each.

    Shapes:
        pixels: (H, W) uint8, the page that the quads lie on.
    """
    parted: list[Detection] = []
    for one, places in zip(found, _Lines.of(found).crossings(), strict=True):
        gutters = _gaps(pixels, one.quad, places) if places else []
        parted += _parts(one, gutters) if gutters else [one]
    return parted


@dataclass(frozen=True, slots=True)
class _Place:
    """Some way along a quad, in page pixels from its left end."""

    start: float
    end: float

    @property
    def width(self) -> float:
        return self.end - self.start

    def meets(self, other: _Place) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """What was found, on a page that has been turned level.

    Attributes:
        boxes: (N, 4).
        heights: (N,) of the quads, in pixels.
        pairs: (M, 2) which lines stand side by side.
    """

    boxes: Boxes
    heights: NDArray[np.float64]
    pairs: NDArray[np.int64]

    @classmethod
    def of(cls, found: Sequence[Detection]) -> _Lines:
        quads = [one.quad for one in found]
        angles = [quad.angle_deg for quad in quads if quad.width >= SLANT * quad.height]
        boxes = Frame(float(np.median(angles)) if angles else 0.0).level(quads)
        heights = np.array([quad.height for quad in quads])
        return cls(boxes, heights, neighbours(boxes, min_overlap=0.5))

    def crossings(self) -> list[list[_Place]]:
        """For each quad, where gutters may run through it."""
        wide = self.boxes[:, 2] - self.boxes[:, 0] >= LONG * self.heights
        return [
            list(self._gutters_in(at)) if is_wide and len(self.pairs) >= LEAST_PAIRS else []
            for at, is_wide in enumerate(wide.tolist())
        ]

    def _gutters_in(self, at: int) -> Iterator[_Place]:
        """Where pairs of lines above and below a quad leave room inside it."""
        box = self.boxes[at]
        starts, ends = self._rooms(at)
        while len(starts) >= LEAST_PAIRS:
            votes = (starts[:, None] <= starts) & (starts < ends[:, None])
            voters = votes[:, votes.sum(axis=0).argmax()]
            start, end = float(starts[voters].max()), float(ends[voters].min())
            count = int(voters.sum())
            if count >= LEAST_PAIRS and self._across(at, start, end) <= MOST_ACROSS * count:
                yield _Place(start - box[0], end - box[0])
            starts, ends = starts[~voters], ends[~voters]

    def _across(self, at: int, start: float, end: float) -> int:
        """How many lines near a quad run across some room, the quad among them."""
        slack = self.heights[at] / 2
        runs = (self.boxes[:, 0] + slack < start) & (end < self.boxes[:, 2] - slack)
        return int((self._is_near(at) & runs).sum())

    def _is_near(self, at: int) -> NDArray[np.bool_]:
        away = np.abs(self._middles - self._middles[at])
        return np.asarray(away <= NEAR * self.heights[at])

    def _rooms(self, at: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Left and right ends of the room between lines of the same size near a quad, (M,) each."""
        box, height = self.boxes[at], self.heights[at]
        left, right = self.pairs.T
        starts, ends = self.boxes[left, 2], self.boxes[right, 0]
        length = LEAST_LENGTH * height
        fits = (ends > starts) & (starts - box[0] >= length) & (box[2] - ends >= length)
        # What lies beside the quad shares none of its columns.
        fits &= (self.boxes[left, 0] < box[2]) & (self.boxes[right, 2] > box[0])
        like = self.heights / height
        like_it = self._is_near(at) & (like <= LIKE_HEIGHT) & (like >= 1 / LIKE_HEIGHT)
        like_it &= self.boxes[:, 2] - self.boxes[:, 0] >= length
        fits &= like_it[left] & like_it[right]
        return starts[fits], ends[fits]

    @property
    def _middles(self) -> NDArray[np.float64]:
        return np.asarray((self.boxes[:, 1] + self.boxes[:, 3]) / 2)


def _gaps(pixels: NDArray[np.uint8], quad: Quad, places: list[_Place]) -> list[_Place]:
    """The gaps of a quad that lie in gutters and are wider than all between words."""
    crop = crop_quad(pixels, quad, ROWS)
    scale = quad.height * (1 + 2 * MARGIN) / ROWS  # pixels of the page to one of the crop
    blanks = gaps.blanks(gaps.has_ink(crop))
    inner = [
        _Place(left * scale - MARGIN * quad.height, right * scale - MARGIN * quad.height)
        for left, right in blanks
        if left > 0 and right < crop.shape[1]
    ]
    in_gutters = [max((g for g in inner if g.meets(p)), key=_width, default=None) for p in places]
    between = max((gap.width for gap in inner if gap not in in_gutters), default=0.0)
    least = max(GAP * quad.height, WIDER * between)
    found = {
        gap
        for gap, place in zip(in_gutters, places, strict=True)
        if gap is not None and gap.width >= max(least, OF_GUTTER * place.width)
    }
    return sorted(found, key=lambda gap: gap.start)


def _width(place: _Place) -> float:
    return place.width


def _parts(one: Detection, places: Sequence[_Place]) -> list[Detection]:
    """The detection without these places along it."""
    top_left, top_right, bottom_right, bottom_left = one.quad.corners
    width = one.quad.width
    top, bottom = (top_right - top_left) / width, (bottom_right - bottom_left) / width
    room = [min(ROOM * place.width, MOST_ROOM * one.quad.height) for place in places]
    starts = [0.0, *(place.end - r for place, r in zip(places, room, strict=True))]
    ends = [*(place.start + r for place, r in zip(places, room, strict=True)), width]
    outlines = [
        (top_left + a * top, top_left + b * top, bottom_left + b * bottom, bottom_left + a * bottom)
        for a, b in zip(starts, ends, strict=True)
    ]
    return [Detection(Quad.from_corners(np.array(outline)), one.score) for outline in outlines]
