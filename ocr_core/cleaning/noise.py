"""Grain and specks."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

# A pixel that much darker or lighter than all of its neighbours but one is a speck.
SPECK = 40
# Where grain is, so much of a page at least is neither black nor white.
LEAST_GREY = 0.35
# OpenCV does not come back from smaller pictures.
LEAST_PX = 8
# The difference of two Laplacians.
_LAPLACIANS = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


def denoise(pixels: Pixels) -> Pixels:
    """The page without grain: each pixel is the mean of those in like surroundings.

    Non-local means (Buades, Coll, Morel 2005), as strong as the grain that is there.
    """
    if min(pixels.shape) < LEAST_PX:
        return pixels
    strength = float(min(max(1.2 * grain(pixels), 3.0), 40.0))
    return np.asarray(cv2.fastNlMeansDenoising(pixels, None, strength, 5, 11), dtype=np.uint8)


def grain(pixels: Pixels) -> float:
    """The standard deviation of the noise, in grey levels.

    By a filter that answers neither to flat parts nor to slopes (Immerkær 1996), and its median,
    so that strokes do not count.
    """
    if min(pixels.shape) < 3:
        return 0.0
    inner = pixels[1:-1, 1:-1]
    is_grey = (inner > 0) & (inner < 255)  # what is cut off at black or white has no noise
    if is_grey.mean() < LEAST_GREY:  # the soft edges of print
        return 0.0
    answer = np.abs(cv2.filter2D(pixels, cv2.CV_32F, _LAPLACIANS)[1:-1, 1:-1])
    # To noise of deviation 1 the filter's answer has deviation 6, and its middle is 0.6745 of that.
    return float(np.median(answer[is_grey])) / (6 * 0.6745)


def despeckle(pixels: Pixels) -> Pixels:
    """The page without lone black and white pixels, as of salt and pepper."""
    if min(pixels.shape) < LEAST_PX:
        return pixels
    for _ in range(2):  # specks that touch take two turns
        is_speck = specks_of(pixels)
        pixels = np.where(is_speck, cv2.medianBlur(pixels, 3), pixels).astype(np.uint8)
    return pixels


def specks_of(pixels: Pixels) -> NDArray[np.bool_]:
    """Which pixels are far darker, or far lighter, than all that surround them but one.

    Shapes:
        pixels:  (H, W) uint8
        returns: (H, W) bool
    """
    dark = cv2.subtract(_second_darkest_around(pixels), pixels)
    paper = np.asarray(cv2.bitwise_not(pixels), np.uint8)
    light = cv2.subtract(_second_darkest_around(paper), paper)
    return np.asarray(cv2.max(dark, light) >= SPECK)


def _second_darkest_around(pixels: Pixels) -> Pixels:
    """Of the eight neighbours of each pixel."""
    height, width = pixels.shape
    around = np.asarray(cv2.copyMakeBorder(pixels, 1, 1, 1, 1, cv2.BORDER_REFLECT_101), np.uint8)
    darkest = second = np.full_like(pixels, 255)
    for down, across in ((0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (2, 2)):
        neighbour = around[down : down + height, across : across + width]
        second = np.asarray(cv2.min(second, cv2.max(darkest, neighbour)), np.uint8)
        darkest = np.asarray(cv2.min(darkest, neighbour), np.uint8)
    return second
