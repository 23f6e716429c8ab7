"""Black and white: what is ink and what is paper."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

# How much the contrast of a window counts, and the side of a window as a share of the page's longer
# side: about the height of a line of print and of the gap below it.
WEIGHT, WINDOW = 0.2, 1 / 60
LEAST_WINDOW_PX = 15


def otsu(pixels: Pixels) -> Pixels:
    """0 and 255, by the one threshold that parts the page's grey levels best (Otsu 1979)."""
    if pixels.size == 0:
        return pixels
    _, result = cv2.threshold(pixels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return np.asarray(result, dtype=np.uint8)


def sauvola(pixels: Pixels) -> Pixels:
    """0 and 255, by a threshold for each pixel: from mean and spread around it (Sauvola 2000).

    The greatest spread of the page stands in for that of black on white, as proposed by Wolf and
    Jolion (2004): else all ink that is faint throughout would be lost.
    """
    if pixels.size == 0:
        return pixels
    side = max(LEAST_WINDOW_PX, round(WINDOW * max(pixels.shape))) | 1
    values = pixels.astype(np.float32)
    mean = cv2.boxFilter(values, -1, (side, side), borderType=cv2.BORDER_REPLICATE)
    squares = cv2.sqrBoxFilter(values, -1, (side, side), borderType=cv2.BORDER_REPLICATE)
    spread = np.sqrt(np.maximum(squares - mean**2, 0))
    greatest = max(float(spread.max()), 1.0)
    threshold = mean * (1 + WEIGHT * (spread / greatest - 1))
    return np.where(values > threshold, 255, 0).astype(np.uint8)
