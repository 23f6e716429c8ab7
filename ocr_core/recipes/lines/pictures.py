"""A picture of a line -> the strip that a recogniser reads."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.cleaning import steps
from ocr_core.cropping import MARGIN, MIN_WIDTH
from ocr_core.recipes.lines.settings import Data

Pixels = NDArray[np.uint8]

# Rows and columns with less of the ink than this, at either end, are dirt or another line's.
_TAIL = 0.005


def make_strip(pixels: Pixels, data: Data, height: int) -> Pixels:
    """A line as the recogniser sees it: dark on light, brought to a height.

    Processed ones are cleaned as pages are, and cut out along their ink with as much paper around
    it as lines of pages have; see `ocr_core.cropping`.

    Shapes:
        pixels:  (h, w) uint8
        returns: (height, W) uint8, 0 for ink and 255 for paper
    """
    if _is_negative(pixels):
        pixels = np.asarray(cv2.bitwise_not(pixels), np.uint8)
    if data == "processed":
        pixels = _cut_out(steps.clean(pixels))
    width = max(MIN_WIDTH, round(pixels.shape[1] * height / pixels.shape[0]))
    way = cv2.INTER_AREA if pixels.shape[0] > height else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=way), np.uint8)


def _is_negative(pixels: Pixels) -> bool:
    """Whether most of a line is nearer to its darkest than to its lightest: paper is more."""
    dark, middle, light = np.percentile(pixels, (2, 50, 98))
    return bool(middle - dark < light - middle)


def _cut_out(pixels: Pixels) -> Pixels:
    """The part of a picture that holds the ink, and a margin, white where there is none."""
    _, ink = cv2.threshold(pixels, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    total = int(np.count_nonzero(ink))
    if total == 0 or total > 0.5 * ink.size:  # nothing, or no dark text on light paper
        return pixels
    top, bottom = _ends(ink.sum(axis=1))
    left, right = _ends(ink.sum(axis=0))
    room = max(1, round(MARGIN * (bottom - top)))
    around = cv2.copyMakeBorder(pixels, room, room, room, room, cv2.BORDER_REPLICATE)
    return np.asarray(around[top : bottom + 2 * room, left : right + 2 * room], np.uint8)


def _ends(counts: NDArray[np.integer]) -> tuple[int, int]:
    """Where all but the tails of a distribution lie; the end is exclusive."""
    tail = _TAIL * counts.sum()
    first, last = (int(np.searchsorted(part.cumsum(), tail)) for part in (counts, counts[::-1]))
    return first, len(counts) - last
