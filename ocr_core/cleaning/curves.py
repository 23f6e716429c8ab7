"""The curves along which the lines of a page run, from the map of a detector."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.boxes import THRESHOLD

Floats = NDArray[np.float64]

# Shorter lines, in thicknesses of what the map marks, which is half of a line's height, tell little
# of a bend.
LONG = 16.0
# Of so many lines, spread over the page, more would tell no more.
MOST = 48
# Columns of the map in which a line is this many times as thick as usual hold two lines that touch;
# a curve with more of them than this share is left out.
TOO_THICK, MOST_TOO_THICK = 1.6, 0.1
# Points of a curve that are kept, and how much of both its ends is not, in thicknesses: round ends
# tell nothing of where the line is.
POINTS, ENDS = 32, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The middle of a line of text, from left to right.

    Attributes:
        x, y: (M,) float64, in pixels of the map from its top left corner.
        thickness: of what the map marks, in pixels of the map: half the height of the line.
    """

    x: Floats
    y: Floats
    thickness: float

    def __len__(self) -> int:
        return len(self.x)


def trace_curves(probability_map: NDArray[np.float32]) -> list[Curve]:
    """The curves of long lines that run rather across the page than down, `MOST` of them at most.

    Shapes:
        probability_map: (h, w) float32, 0 to 1
    """
    marked = (probability_map > THRESHOLD).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(marked, connectivity=4)
    _, _, width, height, area = np.asarray(stats, np.int64).T
    is_long = (width * width >= LONG * area) & (width >= height)
    is_long[0] = False  # what is not marked
    long = np.flatnonzero(is_long)
    chosen = long[np.linspace(0, len(long) - 1, min(len(long), MOST)).round().astype(int)]
    found = []
    for number in chosen.tolist():
        left, top, wide, high, _ = stats[number].tolist()
        view = slice(top, top + high), slice(left, left + wide)
        weights = np.where(labels[view] == number, probability_map[view], 0)
        curve = _curve(weights, left, top)
        if curve is not None:
            found.append(curve)
    return found


def _curve(weights: NDArray[np.float32], left: int, top: int) -> Curve | None:
    """The curve of one line, or None if two lines touch.

    Args:
        weights: (h, w) of the pixels that are marked, and 0 elsewhere.
        left, top: of these on the map.
    """
    counts = np.count_nonzero(weights, axis=0)
    thickness = float(counts.mean())
    if (counts > TOO_THICK * np.median(counts)).mean() > MOST_TOO_THICK:
        return None
    ends = round(ENDS * thickness)
    inner = weights[:, ends : len(counts) - ends]
    rows = np.arange(len(weights), dtype=np.float32) + np.float32(top + 0.5)
    starts = np.linspace(0, inner.shape[1], min(POINTS, inner.shape[1]), endpoint=False).astype(int)
    x = np.add.reduceat(np.arange(inner.shape[1]) + (left + ends + 0.5), starts)
    y = np.add.reduceat((rows @ inner) / inner.sum(axis=0), starts)
    columns = np.diff([*starts, inner.shape[1]])
    return Curve(x / columns, y / columns, thickness)
