"""Paper that is not white, or not everywhere: shadows, stains, yellowed sheets, weak ink."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.images import quantile, resize, shrink

Pixels = NDArray[np.uint8]

# The paper is looked at in a picture with a longer side of this many pixels, in which strokes are a
# pixel or two wide and vanish under a maximum over neighbours.
SMALL_PX = 400
# Paper is no darker than this share of the lightest: what is, such as a black panel with white
# letters, would lose them if it were made white.
DARKEST_PAPER = 0.15
# Of the darkest and of the lightest pixels, so many are off the scale after stretching.
OFF_SCALE = 0.005


def flatten(pixels: Pixels) -> Pixels:
    """The page as if its paper were white and evenly lit: shadows and stains are divided out."""
    if pixels.size == 0:
        return pixels
    height, width = pixels.shape
    paper = resize(paper_of(pixels), width, height)
    return np.asarray(cv2.divide(pixels, paper, scale=255), dtype=np.uint8)


def paper_of(pixels: Pixels) -> Pixels:
    """How light the paper is, as a small picture: the page without what is printed on it.

    A maximum over neighbours takes away strokes, a median what is left of larger print.

    Shapes:
        pixels:  (H, W) uint8, not empty
        returns: (h, w) uint8, at least 1, with a longer side of `SMALL_PX` at the most
    """
    lightest = cv2.dilate(shrink(pixels, SMALL_PX), np.ones((7, 7), np.uint8))
    middle = cv2.medianBlur(np.ascontiguousarray(lightest), 21)
    smooth = np.asarray(cv2.GaussianBlur(middle, (0, 0), 3), np.uint8)
    return np.maximum(smooth, np.uint8(max(1, round(DARKEST_PAPER * int(smooth.max())))))


def stretch(pixels: Pixels) -> Pixels:
    """The page with its darkest ink black and its lightest paper white."""
    if pixels.size == 0:
        return pixels
    low, high = quantile(pixels, OFF_SCALE), quantile(pixels, 1 - OFF_SCALE)
    if high == low:
        return pixels
    levels = (np.arange(256) - low) * (255 / (high - low))
    table = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(pixels, table), dtype=np.uint8)
