"""Edges that a lens or a copier has blurred."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.images import quantile

Pixels = NDArray[np.uint8]

# How wide a blur `sharpen` undoes, in pixels, and how strongly.
BLUR_PX, AMOUNT = 1.5, 1.0


def sharpen(pixels: Pixels) -> Pixels:
    """The page with steeper edges: what a blurred copy lacks is added once more (unsharp mask)."""
    if pixels.size == 0:
        return pixels
    blurred = cv2.GaussianBlur(pixels, (0, 0), BLUR_PX)
    return np.asarray(cv2.addWeighted(pixels, 1 + AMOUNT, blurred, -AMOUNT, 0), dtype=np.uint8)


def edge_width(pixels: Pixels) -> float:
    """How wide the edges of print are, in pixels: about 2 where it is crisp, 0 without print.

    The height of the step from paper to ink, by the steepest slopes.
    """
    if min(pixels.shape) < 3:
        return 0.0
    slopes = np.asarray(cv2.absdiff(pixels[:, 2:], pixels[:, :-2]), np.uint8)
    steepest = quantile(slopes, 0.995)
    step = quantile(pixels, 0.75) - quantile(pixels, 0.01)
    return 2 * step / steepest if steepest else 0.0
