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
_LOW, _HIGH = 0.3, 0.7  # of the threshold map (DBNet, section 3.4)


@dataclass(frozen=True, slots=True, eq=False)
class TargetMaps:
    """What the detector should say, all (h, w).

    Attributes:
        kernel: uint8, 1 inside shrunken lines.
        known: uint8, 1 where the kernel counts, 0 over ignored text.
        threshold: float32, 0.3 to 0.7.
        border: uint8, 1 around lines, where the threshold counts.
    """

    kernel: NDArray[np.uint8]
    known: NDArray[np.uint8]
    threshold: NDArray[np.float32]
    border: NDArray[np.uint8]


def draw_targets(
    quads: Sequence[Quad], ignored: Sequence[Quad], shape: tuple[int, int]
) -> TargetMaps:
    """Targets on a map of `shape`; quads are in map pixels."""
    kernel = np.zeros(shape, np.uint8)
    known = np.ones(shape, np.uint8)
    reach = np.zeros(shape, np.float32)  # of the border at each pixel, in pixels
    edges = np.full(shape, 255, np.uint8)
    for quad in ignored:
        cv2.fillPoly(known, [_points(quad.corners)], 0, shift=4)
    # Taller lines first: where two overlap, the smaller one says how far its border reaches.
    for quad in sorted(quads, key=lambda quad: -quad.height):
        cv2.fillPoly(reach, [_points(grown(quad, SHRINK))], quad.height * SHRINK, shift=4)
        cv2.polylines(edges, [_points(quad.corners)], isClosed=True, color=0, shift=4)
    for quad in quads:
        cv2.fillPoly(kernel, [_points(grown(quad, -SHRINK))], 1, shift=4)
    distance = cv2.distanceTransform(edges, cv2.DIST_L2, 3)
    nearness = np.clip(1 - distance / np.maximum(reach, 1), 0, 1)
    border = ((reach > 0) & (known > 0) & (kernel == 0)).astype(np.uint8)
    threshold = (_LOW + (_HIGH - _LOW) * nearness).astype(np.float32)
    return TargetMaps(kernel, known, threshold, border)


def grown(quad: Quad, share: float) -> NDArray[np.float32]:
    """The corners of a quad grown by a share of its height on all four sides, (4, 2).

    A negative share shrinks; a quad narrower than it is high keeps a tenth of its width.
    """
    corners = quad.corners
    along = corners[1] - corners[0] + corners[2] - corners[3]
    along /= max(float(np.hypot(*along)), 1e-6)
    across = np.array([-along[1], along[0]], np.float32)
    by = share * quad.height
    sideways = max(by, -0.45 * quad.width)
    signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)
    return np.asarray(
        corners + signs[:, :1] * along * sideways + signs[:, 1:] * across * by, dtype=np.float32
    )


def _points(corners: NDArray[np.float32]) -> NDArray[np.int32]:
    """Corners for OpenCV with four binary digits after the point; it counts from pixel centres."""
    return np.round((corners - 0.5) * 16).astype(np.int32)
