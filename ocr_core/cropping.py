"""Quad to upright line crop, at the height that the recogniser reads."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas import Quad

# Paper above and below the ink, as a share of the quad's height, so that accents and descenders
# that a quad clips are still seen.
MARGIN = 0.10
MIN_WIDTH = 8


def crop_quad(pixels: NDArray[np.uint8], quad: Quad, height: int) -> NDArray[np.uint8]:
    """The text inside a quad as an upright strip.

    The quad is grown by `MARGIN` of its height on every side; what lies outside the page is white.

    Shapes:
        pixels:  (H, W) uint8 page
        returns: (height, W') uint8, W' by the quad's aspect, at least `MIN_WIDTH`
    """
    width = crop_width(quad, height)
    to_page = crop_to_page(quad, height)
    source, to_page = _shrunk(pixels, quad, to_page, height)
    return np.asarray(
        cv2.warpAffine(
            source,
            to_page,
            (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=255,
        ),
        dtype=np.uint8,
    )


def crop_width(quad: Quad, height: int) -> int:
    """Width of the crop of a quad, in crop pixels."""
    scale = height / _grown_height(quad)
    return max(MIN_WIDTH, round((quad.width + 2 * MARGIN * quad.height) * scale))


def crop_to_page(quad: Quad, height: int) -> NDArray[np.float64]:
    """The affine map from crop pixels to page pixels, (2, 3) float64.

    The crop's axes follow the quad's reading direction and its perpendicular, so a slanted line
    comes out level; a quad that is no rectangle is read along its middle.
    """
    # In plain numbers: arrays of two take twenty times as long.
    x0, y0, x1, y1, x2, y2, x3, y3 = quad.as_tuple()
    along_x, along_y = x1 - x0 + x2 - x3, y1 - y0 + y2 - y3
    length = max(math.hypot(along_x, along_y), 1e-6)
    along_x, along_y = along_x / length, along_y / length
    pixel = _grown_height(quad) / height  # page pixels for one crop pixel
    # A crop pixel's value stands at its centre, half a pixel in.
    back = quad.width / 2 + MARGIN * quad.height - pixel / 2
    up = quad.height / 2 + MARGIN * quad.height - pixel / 2
    origin_x = (x0 + x1 + x2 + x3) / 4 - along_x * back + along_y * up - 0.5
    origin_y = (y0 + y1 + y2 + y3) / 4 - along_y * back - along_x * up - 0.5
    return np.array(
        [
            [along_x * pixel, -along_y * pixel, origin_x],
            [along_y * pixel, along_x * pixel, origin_y],
        ]
    )


def _grown_height(quad: Quad) -> float:
    return max(quad.height * (1 + 2 * MARGIN), 1.0)


def _shrunk(
    pixels: NDArray[np.uint8], quad: Quad, to_page: NDArray[np.float64], height: int
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The part of the page around the quad, shrunk by area when the crop is much smaller.

    Sampling a page at every third pixel would drop thin strokes; averaging first keeps them.
    """
    pad = _grown_height(quad) * 0.25 + 2
    box = quad.box
    left = max(int(box.left - pad), 0)
    top = max(int(box.top - pad), 0)
    part = pixels[top : int(box.bottom + pad) + 1, left : int(box.right + pad) + 1]
    shift = to_page.copy()
    shift[:, 2] -= (left, top)
    factor = _grown_height(quad) / height
    if factor <= 1.5 or part.size == 0:
        return (part if part.size else np.full((1, 1), 255, np.uint8)), shift
    part_height = max(1, round(part.shape[0] / factor))
    part_width = max(1, round(part.shape[1] / factor))
    scale_x, scale_y = part_width / part.shape[1], part_height / part.shape[0]
    small = cv2.resize(part, (part_width, part_height), interpolation=cv2.INTER_AREA)
    shift[0] *= scale_x
    shift[1] *= scale_y
    shift[0, 2] += (scale_x - 1) / 2
    shift[1, 2] += (scale_y - 1) / 2
    return np.asarray(small, dtype=np.uint8), shift
