"""The maps that a detector is taught, drawn from the quads of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas import Quad

# Share of a line's height by which its quad is shrunk on all four sides; `boxes` undoes it. The
# popular shrinking by area would leave a sixth of the height of a long line (DBNet, section 3.4).
SHRINK = 0.25
# Pixels of the kernel of a line that counts as it is; of one with a quarter of them each counts
# twice.
_FULL_AREA = 100.0
_MOST_WEIGHT = 4.0
_LOW, _HIGH = 0.3, 0.7  # of the threshold map (DBNet, section 3.4)


@dataclass(frozen=True, slots=True, eq=False)
class TargetMaps:
    """What the detector should say, all (h, w).

    Attributes:
        kernel: uint8, 1 inside shrunken lines.
        weight: float32, how much the kernel counts: 0 over ignored text, 1 elsewhere, more inside
            lines of so few pixels that to miss them would cost nothing.
        threshold: float32, 0.3 to 0.7.
        border: uint8, 1 around lines, where the threshold counts.
    """

    kernel: NDArray[np.uint8]
    weight: NDArray[np.float32]
    threshold: NDArray[np.float32]
    border: NDArray[np.uint8]


def draw_targets(
    quads: Sequence[Quad], ignored: Sequence[Quad], shape: tuple[int, int]
) -> TargetMaps:
    """Targets on a map of `shape`; quads are in map pixels."""
    kernel = np.zeros(shape, np.uint8)
    weight = np.ones(shape, np.float32)
    reach = np.zeros(shape, np.float32)  # of the border at each pixel, in pixels
    edges = np.full(shape, 255, np.uint8)
    # Taller lines first: where two overlap, the smaller one says how far its border reaches.
    for quad in sorted(quads, key=lambda quad: -quad.height):
        cv2.fillPoly(reach, [_points(grown(quad, SHRINK))], quad.height * SHRINK, shift=4)
        cv2.polylines(edges, [_points(quad.corners)], isClosed=True, color=0, shift=4)
    for quad in quads:
        shrunken = [_points(grown(quad, -SHRINK))]
        cv2.fillPoly(kernel, shrunken, 1, shift=4)
        cv2.fillPoly(weight, shrunken, _weight(quad), shift=4)
    for quad in ignored:
        cv2.fillPoly(weight, [_points(quad.corners)], 0, shift=4)
    distance = cv2.distanceTransform(edges, cv2.DIST_L2, 3)
    nearness = np.clip(1 - distance / np.maximum(reach, 1), 0, 1)
    border = ((reach > 0) & (weight > 0) & (kernel == 0)).astype(np.uint8)
    threshold = (_LOW + (_HIGH - _LOW) * nearness).astype(np.float32)
    return TargetMaps(kernel, weight, threshold, border)


def grown(quad: Quad, share: float) -> NDArray[np.float32]:
    """The corners of a quad grown by a share of its height on all four sides, (4, 2).

    A negative share shrinks; a quad narrower than it is high keeps half of its width, or nobody
    could find a `1` that stands alone.
    """
    corners = quad.corners
    along = corners[1] - corners[0] + corners[2] - corners[3]
    along /= max(float(np.hypot(*along)), 1e-6)
    across = np.array([-along[1], along[0]], np.float32)
    by = share * quad.height
    sideways = max(by, -0.25 * quad.width)
    signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)
    return np.asarray(
        corners + signs[:, :1] * along * sideways + signs[:, 1:] * across * by, dtype=np.float32
    )


def _weight(quad: Quad) -> float:
    """Of each pixel of a line's kernel."""
    shrunken = (quad.width - 2 * SHRINK * min(quad.width, quad.height)) * quad.height / 2
    return float(np.clip((_FULL_AREA / max(shrunken, 1)) ** 0.5, 1, _MOST_WEIGHT))


def _points(corners: NDArray[np.float32]) -> NDArray[np.int32]:
    """Corners for OpenCV with four binary digits after the point; it counts from pixel centres."""
    return np.round((corners - 0.5) * 16).astype(np.int32)
