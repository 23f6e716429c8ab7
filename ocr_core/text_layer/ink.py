"""The ink of a PDF page: whether it stands where the text layer says."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.text_layer.words import Floats

Pixels = NDArray[np.uint8]
# At which pages are looked at with care: a letter of 10 points is 28 pixels to the em.
DPI = 200
SCALE = DPI / 72  # pixels to the point
# Grey levels between neighbouring pixels: a clear edge, and one that can just be seen.
CLEAR, FAINT = 40, 10
_FINE = 150  # pixels per inch
# Widths of words and of letters in ems, for what looks like them.
_SHORT_WORD, _LONGEST_WORD, _LETTER = 1.2, 20.0, 0.55


class PageInk:
    """A page as it looks.

    Attributes:
        pixels: (H, W) uint8, 0 black to 255 white, at `dpi`.
    """

    def __init__(self, pixels: Pixels, dpi: float = DPI) -> None:
        self.pixels = pixels
        self._scale = dpi / 72
        self._steps = cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        # Where there are edges can be seen at half of a fine resolution, in a quarter of the time.
        shrink = 2 if dpi >= _FINE else 1
        self._edge_scale = self._scale / shrink
        steps = np.asarray(self._steps, np.uint8)
        self._edges = _halved(steps) if shrink == 2 else steps

    def shows(self, boxes: Floats, level: int = CLEAR) -> NDArray[np.bool_]:
        """Whether there are edges within each box, (N, 4) in points."""
        height, width = self._edges.shape
        left, top, right, bottom = (boxes * self._edge_scale).T
        x0, x1 = _bounds(left, right, width)
        y0, y1 = _bounds(top, bottom, height)
        sums = cv2.integral((self._edges > level).view(np.uint8))
        found = sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]
        return np.asarray(found > 0)

    def ends(self, box: tuple[float, float, float, float], reach: float) -> tuple[float, float]:
        """Where ink starts and ends in an upright box, or up to `reach` beside it, in points."""
        left, top, right, bottom = (edge * self._scale for edge in box)
        margin = reach * self._scale
        rows = slice(max(0, round(top)), max(1, round(bottom)))
        first = max(0, int(left - margin))
        part = self._steps[rows, first : int(right + margin) + 1]
        inked = np.flatnonzero((part > CLEAR).any(axis=0))
        if inked.size == 0:
            return box[0], box[2]
        # The edge of a stroke is seen one pixel outside of it too.
        return (first + inked[0] + 1) / self._scale, (first + inked[-1]) / self._scale

    def strange_shapes(self, known: Floats, em: float) -> tuple[int, Floats]:
        """What looks like letters and has no text.

        Args:
            known: (N, 4), text and pictures, in points.
            em: of most text of the page, in points.

        Returns:
            How many shapes, and (M, 4) boxes in points around those that stand together.
        """
        edges = (self._edges > CLEAR).view(np.uint8).copy()
        for left, top, right, bottom in np.rint(known * self._edge_scale).astype(int).tolist():
            edges[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1] = 0
        em_px = em * self._edge_scale
        left, top, part = _inked_part(edges, room=_reach(em_px))
        if part.size == 0:
            return 0, np.zeros((0, 4), np.float32)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(part)
        wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
        # Letters of a word touch each other, for an edge is broader than the gap between them.
        looks = (high > 0.3 * em_px) & (high < 1.6 * em_px) & (wide < _LONGEST_WORD * em_px)
        looks &= (wide > 2) & (high < 6 * wide)
        looks[0] = False
        letters = np.maximum(wide[looks] / (_LETTER * em_px), 1).sum()
        found = list(_clusters(looks[labels].astype(np.uint8), em_px)) if letters else []
        boxes = np.array(found, np.float32).reshape(-1, 4) + np.array((left, top) * 2, np.float32)
        return round(float(letters)), boxes / np.float32(self._edge_scale)


def _inked_part(edges: Pixels, room: int) -> tuple[int, int, Pixels]:
    """What of a page has edges, with room to its sides, and the place of its corner."""
    left, top, width, height = cv2.boundingRect(edges)
    if not width:
        return 0, 0, edges[:0]
    first = max(left - room, 0)
    return first, top, edges[top : top + height, first : left + width + room]


def _reach(em_px: float) -> int:
    """How far apart shapes of one word may stand, in pixels."""
    return max(round(em_px), 1)


def _halved(steps: Pixels) -> Pixels:
    """At half the resolution, the greatest of each four."""
    pairs = steps[: len(steps) // 2 * 2, : steps.shape[1] // 2 * 2]
    rows = np.maximum(pairs[::2], pairs[1::2])
    return np.maximum(rows[:, ::2], rows[:, 1::2])


def _bounds(low: Floats, high: Floats, limit: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last pixels, at least one, within 0 and `limit`."""
    first = np.clip(np.floor(low), 0, limit - 1).astype(np.int64)
    return first, np.clip(np.maximum(np.ceil(high).astype(np.int64), first + 1), 1, limit)


def _clusters(shapes: NDArray[np.uint8], em_px: float) -> Iterator[tuple[float, ...]]:
    """Boxes around shapes that stand together on a line and are as long as a short word."""
    reach = _reach(em_px)
    joined = cv2.dilate(shapes, np.ones((1, 2 * reach + 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    for left, top, wide, high, _ in stats[1:].tolist():
        length = wide - 2 * reach
        if length >= _SHORT_WORD * em_px:
            yield left + reach / 2, top, left + wide - reach / 2, top + high
