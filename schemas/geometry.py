"""Where things are on a page: boxes and quads, in page pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]  # x and y
Polyline = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle on a page.

    Edges are in page pixels: x grows to the right and y downwards from the top-left corner.
    `right` and `bottom` are exclusive, like the end of a slice, so width = right - left.

    Raises:
        ValueError: the rectangle is inside out.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if self.right < self.left or self.bottom < self.top:
            raise ValueError(f"a box must not be inside out: {self}")

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def overlap(self, other: Box) -> float:
        """The area that both share, in square pixels."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)

    @staticmethod
    def around(boxes: Iterable[Box]) -> Box:
        """The smallest box that holds all of `boxes`, of which there is at least one."""
        first, *rest = boxes
        for box in rest:
            first = first.union(box)
        return first


@dataclass(frozen=True, slots=True)
class Quad:
    """Four corners in page pixels, clockwise from the top left of the text.

    The first corner is where the text's own top left is, so the edge from it to the second corner
    runs along the reading direction whatever the slant of the line.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    x2: float
    y2: float
    x3: float
    y3: float

    @staticmethod
    def from_box(box: Box) -> Quad:
        return Quad(
            box.left, box.top, box.right, box.top, box.right, box.bottom, box.left, box.bottom
        )

    @staticmethod
    def from_corners(corners: NDArray[np.floating]) -> Quad:
        """From corners: (4, 2), x and y."""
        return Quad(*(float(value) for value in np.asarray(corners).reshape(8)))

    @property
    def corners(self) -> NDArray[np.float32]:
        """(4, 2) float32, x and y."""
        return np.array(self.as_tuple(), dtype=np.float32).reshape(4, 2)

    def as_tuple(self) -> tuple[float, float, float, float, float, float, float, float]:
        return self.x0, self.y0, self.x1, self.y1, self.x2, self.y2, self.x3, self.y3

    @property
    def box(self) -> Box:
        """The smallest upright box that holds the quad."""
        xs = (self.x0, self.x1, self.x2, self.x3)
        ys = (self.y0, self.y1, self.y2, self.y3)
        return Box(min(xs), min(ys), max(xs), max(ys))

    @property
    def width(self) -> float:
        """Length along the text: the mean of the upper and the lower edge."""
        upper = math.hypot(self.x1 - self.x0, self.y1 - self.y0)
        lower = math.hypot(self.x2 - self.x3, self.y2 - self.y3)
        return (upper + lower) / 2

    @property
    def height(self) -> float:
        """Length across the text: the mean of the left and the right edge."""
        left = math.hypot(self.x3 - self.x0, self.y3 - self.y0)
        right = math.hypot(self.x2 - self.x1, self.y2 - self.y1)
        return (left + right) / 2

    @property
    def angle_deg(self) -> float:
        """How far the text runs from level, in degrees anticlockwise, -180 to 180."""
        run = self.x1 - self.x0 + self.x2 - self.x3
        fall = self.y1 - self.y0 + self.y2 - self.y3
        return math.degrees(math.atan2(-fall, run))
