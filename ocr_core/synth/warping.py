"""Where things on a sheet come to lie on its picture: skew, perspective, the curl of a book."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.synth.typeset import Ink

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """From a flat sheet to its picture.

    Attributes:
        size: width and height of the picture, in pixels.
        matrix: (3, 3) homography, applied after the curl.
        curl: (W,) how far down each column of the sheet moves, in pixels; None if it lies flat.
    """

    size: tuple[int, int]
    matrix: NDArray[np.float64]
    curl: NDArray[np.float32] | None = None

    def points(self, points: Points) -> Points:
        """Points on the sheet, (..., 2), as points on the picture."""
        flat = points.reshape(-1, 2).astype(np.float64)
        if self.curl is not None:
            columns = np.clip(flat[:, 0], 0, len(self.curl) - 1)
            flat[:, 1] += np.interp(columns, np.arange(len(self.curl)), self.curl)
        mapped = flat @ self.matrix[:, :2].T + self.matrix[:, 2]
        return (mapped[:, :2] / mapped[:, 2:]).reshape(points.shape).astype(np.float32)

    def ink(self, ink: Ink, outside: int = 0) -> Ink:
        """The picture of a sheet; `outside` is how dark it is where the sheet does not reach."""
        if self.curl is None:
            if outside == 0 and self._is_identity(ink):
                return ink
            picture = cv2.warpPerspective(ink, self.matrix, self.size, borderValue=outside)
        else:
            across, down = self._origins()
            picture = cv2.remap(ink, across, down, cv2.INTER_LINEAR, borderValue=outside)
        return np.asarray(picture, np.uint8)

    def _is_identity(self, ink: Ink) -> bool:
        same_size = ink.shape == (self.size[1], self.size[0])
        return same_size and bool(np.allclose(self.matrix, np.eye(3)))

    def _origins(self) -> tuple[Points, Points]:
        """For each pixel of the picture, where on the sheet it comes from."""
        assert self.curl is not None
        width, height = self.size
        x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        back = np.linalg.inv(self.matrix).astype(np.float32)
        depth = back[2, 0] * x + back[2, 1] * y + back[2, 2]
        across = (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / depth
        down = (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / depth
        columns = np.clip(across, 0, len(self.curl) - 1).astype(np.int32)
        return across, down - self.curl[columns]


def lay_flat(width: int, height: int) -> Warp:
    """The picture is the sheet."""
    return Warp((width, height), np.eye(3))


def draw_warp(
    sheet: tuple[int, int], picture: tuple[int, int], skew_deg: float, rng: np.random.Generator
) -> Warp:
    """A sheet in the middle of a picture, turned anticlockwise by `skew_deg`, at times not flat."""
    (width, height), (wide, high) = sheet, picture
    turn = np.eye(3)
    turn[:2] = cv2.getRotationMatrix2D((width / 2, height / 2), skew_deg, 1.0)
    turn[:2, 2] += (wide - width) / 2, (high - height) / 2
    matrix = turn
    if rng.random() < 0.25:
        corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
        reach = rng.exponential(0.008) + 0.002
        moved = corners + rng.normal(0, min(reach, 0.03), (4, 2)).astype(np.float32) * (wide, high)
        matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32)) @ turn
    curl = _draw_curl(width, rng) if rng.random() < 0.12 else None
    return Warp(picture, matrix, curl)


def _draw_curl(width: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """A gentle wave, or the bend of a page into its spine."""
    x = np.linspace(0, 1, width, dtype=np.float32)
    if rng.random() < 0.5:
        wave = np.sin((x * rng.uniform(0.4, 1.3) + rng.random()) * 2 * np.pi)
        return np.asarray(wave * width * rng.uniform(0.001, 0.006), np.float32)
    bend = np.exp(-(x if rng.random() < 0.5 else 1 - x) / rng.uniform(0.05, 0.15))
    return np.asarray(bend * width * rng.uniform(-0.015, 0.015), np.float32)
