"""Short quads put right by the ink that they cut through.

A single figure in a table leaves a detector two or three pixels of its map: too few to tell where
it begins and ends. The picture tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas import Detection, Quad

# A quad at most so many times as wide as high is short: three figures or fewer.
SHORT = 2.2
# So far beyond the quad ink is looked for, in heights of the quad.
REACH_ACROSS, REACH_ALONG = 0.6, 0.35
# Ink belongs to the quad if so much of it lies inside, and is no rule if it is no higher than this.
INSIDE, HIGHEST = 0.3, 1.9
# Room left around the ink, in heights.
ROOM = 0.06
# Corners may differ so much from an upright box, in heights, and the quad still counts as upright.
UPRIGHT = 0.15


def snap_to_ink(pixels: NDArray[np.uint8], found: Sequence[Detection]) -> list[Detection]:
    """The detections, short upright ones grown to hold the letters that they cut through.

    Shapes:
        pixels: (H, W) uint8, the page that the quads lie on.
    """
    return [replace(one, quad=_snapped(pixels, one.quad)) for one in found]


def _snapped(pixels: NDArray[np.uint8], quad: Quad) -> Quad:
    height = quad.height
    if quad.width > SHORT * height or not _is_upright(quad):
        return quad
    x0, y0 = quad.corners.min(axis=0)
    x1, y1 = quad.corners.max(axis=0)
    left, right = max(0, int(x0 - REACH_ALONG * height)), int(x1 + REACH_ALONG * height) + 1
    top, bottom = max(0, int(y0 - REACH_ACROSS * height)), int(y1 + REACH_ACROSS * height) + 1
    around = pixels[top:bottom, left:right]
    if min(around.shape) < 4:
        return quad
    ink = _letters(around, (x0 - left, y0 - top, x1 - left, y1 - top), height)
    if ink is None:
        return quad
    room = ROOM * height
    x0, y0 = min(x0, left + ink[0] - room), min(y0, top + ink[1] - room)
    x1, y1 = max(x1, left + ink[2] + room), max(y1, top + ink[3] + room)
    return Quad(*map(float, (x0, y0, x1, y0, x1, y1, x0, y1)))


def _is_upright(quad: Quad) -> bool:
    corners = quad.corners
    slant = max(abs(corners[1, 1] - corners[0, 1]), abs(corners[3, 0] - corners[0, 0]))
    return bool(slant <= UPRIGHT * quad.height and corners[1, 0] > corners[0, 0])


def _letters(
    around: NDArray[np.uint8], box: tuple[float, float, float, float], height: float
) -> tuple[int, int, int, int] | None:
    """The box of the pieces of ink that lie in `box` to a good part, or None if there is none."""
    _, dark = cv2.threshold(around, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    if np.count_nonzero(dark) > dark.size / 2:  # light text on dark
        dark = cv2.bitwise_not(dark)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.asarray(dark, np.uint8))
    x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
    inside = np.bincount(labels[y0:y1, x0:x1].ravel(), minlength=count)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    fits = (inside >= INSIDE * stats[:, cv2.CC_STAT_AREA]) & (sides <= HIGHEST * height).all(axis=1)
    fits[0] = False  # the paper
    kept = stats[fits & (stats[:, cv2.CC_STAT_AREA] >= 4)]
    if not len(kept):
        return None
    ends = kept[:, :2] + kept[:, 2:4]
    return (
        int(kept[:, 0].min()),
        int(kept[:, 1].min()),
        int(ends[:, 0].max()),
        int(ends[:, 1].max()),
    )
