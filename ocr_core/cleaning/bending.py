"""Where things on a flattened page are on the bent page that it was taken from."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas import PageImage, Quad
from schemas.document import Drawn
from schemas.geometry import Polyline

# Pixels of the flat page from one shift that is kept to the next.
STEP = 32
_EDGE = cv2.BORDER_REPLICATE
# Points along each side of a quad, and each stretch of a baseline, that are put back: lines on bent
# paper are not straight.
_POINTS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Bent(Drawn):
    """A picture of bent paper.

    A place on the flat page is shifted first, and then taken to the picture by `back`.

    Attributes:
        shifts: (rows, columns, 2) float32, by how much x and y are shifted, in pixels, at every
            `STEP` pixels of the flat page.
        first: x and y of the first of them.
    """

    shifts: NDArray[np.float32]
    first: tuple[float, float] = (0.0, 0.0)

    @staticmethod
    def of(page: PageImage, down: NDArray[np.float32]) -> Bent:
        """Of a page whose places are shifted down, (rows, columns), at every `STEP` pixels."""
        shifts = np.stack([np.zeros_like(down), down], axis=2)
        if page.drawn is not None:
            return Bent(page.drawn.height_px, page.drawn.width_px, page.drawn.back, shifts)
        height, width = page.pixels.shape
        return Bent(height, width, np.eye(3), shifts)

    def places(self, width: int, height: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Where the pixels of the flat page are before `back`: x and y, (height, width) each."""
        columns = (np.arange(width, dtype=np.float32) - np.float32(self.first[0])) / STEP
        rows = (np.arange(height, dtype=np.float32) - np.float32(self.first[1])) / STEP
        on_x, on_y = np.meshgrid(columns, rows)
        found = cv2.remap(self.shifts, on_x, on_y, cv2.INTER_LINEAR, borderMode=_EDGE)
        shifts = np.asarray(found, np.float32)
        x = shifts[:, :, 0] + np.arange(width, dtype=np.float32)
        y = shifts[:, :, 1] + np.arange(height, dtype=np.float32)[:, None]
        return np.asarray(x, np.float32), np.asarray(y, np.float32)

    def to_picture(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points of the flat page, (N, 2), on the picture."""
        on_grid = ((points - self.first) / STEP).astype(np.float32)[None]
        on_x, on_y = on_grid[:, :, 0], on_grid[:, :, 1]
        shifts = cv2.remap(self.shifts, on_x, on_y, cv2.INTER_LINEAR, borderMode=_EDGE)
        return np.asarray(cv2.perspectiveTransform((points + shifts[0])[None], self.back)[0])

    def turned(self, drawn: Drawn, degrees: int, shape: tuple[int, ...]) -> Bent:
        """This as `drawn`, once the flat page of this height and width is turned clockwise."""
        height, width = shape
        rows, columns = (STEP * (count - 1) for count in self.shifts.shape[:2])
        (x0, y0), (x1, y1) = self.first, (self.first[0] + columns, self.first[1] + rows)
        quarters = degrees // 90
        shifts = np.rot90(self.shifts, -quarters)
        for _ in range(quarters):  # what pointed right points down, and what pointed down, left
            shifts = np.stack([-shifts[:, :, 1], shifts[:, :, 0]], axis=2)
        first = {0: (x0, y0), 90: (height - y1, x0), 180: (width - x1, height - y1),
                 270: (y0, width - x1)}[degrees]  # fmt: skip
        kept = np.ascontiguousarray(shifts, np.float32)
        return Bent(drawn.height_px, drawn.width_px, drawn.back, kept, first)

    def polyline_back(self, points: Polyline) -> Polyline:
        """Where the lines between points of the flat page run on the picture."""
        known = np.arange(len(points))
        wanted = np.linspace(0, len(points) - 1, (len(points) - 1) * (_POINTS - 1) + 1)
        sides = (np.interp(wanted, known, side) for side in zip(*points, strict=True))
        placed = self.to_picture(np.stack(list(sides), axis=1))
        return tuple((x, y) for x, y in placed.tolist())

    def quad_back(self, quad: Quad) -> Quad:
        """The quad around what a quad of the flat page holds, along the line between its ends."""
        corners = quad.corners.astype(np.float64)
        shares = np.linspace(0, 1, _POINTS)[:, None]
        top, bottom = (a + shares * (b - a) for a, b in (corners[[0, 1]], corners[[3, 2]]))
        outline = self.to_picture(np.concatenate([top, bottom]))
        above, below = outline[:_POINTS], outline[_POINTS:]
        along = above[-1] + below[-1] - above[0] - below[0]
        along /= max(float(np.hypot(*along)), 1e-6)
        axes = np.array([along, (-along[1], along[0])])
        placed = outline @ axes.T
        (left, upper), (right, lower) = placed.min(axis=0), placed.max(axis=0)
        around = np.array([[left, upper], [right, upper], [right, lower], [left, lower]])
        return Quad.from_corners(around @ axes)
