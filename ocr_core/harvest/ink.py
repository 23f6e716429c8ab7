"""The ink of a PDF page: whether it stands where the text layer says, and how tall letters are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.harvest.text import Floats, TextLayer, is_space

Pixels = NDArray[np.uint8]
# At which pages are looked at: a letter of 10 points is 28 pixels to the em.
DPI = 200
SCALE = DPI / 72  # pixels to the point
# Grey levels between neighbouring pixels: a clear edge, and one that can just be seen.
CLEAR, FAINT = 40, 10
_SAMPLES = 5  # of each character of a font are measured
_ASCENDERS, _DESCENDERS = "bdhklH", "gpqyj"
_TALL = "ABDEFIKLMNPRTUXZ0123456789"
_USUAL_ASCENT, _USUAL_DESCENT = 0.70, 0.3  # in ems; as a share of the ascent
# Widths of words and of letters in ems, for what looks like them.
_SHORT_WORD, _LONGEST_WORD, _LETTER = 1.2, 20.0, 0.55


class PageInk:
    """A page as it looks.

    Attributes:
        pixels: (H, W) uint8, 0 black to 255 white, at `DPI`.
    """

    def __init__(self, pixels: Pixels) -> None:
        self.pixels = pixels
        self._steps = cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        # Where there are edges can be seen at half the resolution, in a quarter of the time.
        pairs = self._steps[: len(pixels) // 2 * 2, : pixels.shape[1] // 2 * 2]
        rows = np.maximum(pairs[::2], pairs[1::2])
        self._half = np.maximum(rows[:, ::2], rows[:, 1::2])

    def shows(self, boxes: Floats, level: int = CLEAR) -> NDArray[np.bool_]:
        """Whether there are edges within each box, (N, 4) in points."""
        height, width = self._half.shape
        left, top, right, bottom = (boxes * (SCALE / 2)).T
        x0, x1 = _bounds(left, right, width)
        y0, y1 = _bounds(top, bottom, height)
        sums = cv2.integral((self._half > level).view(np.uint8))
        found = sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]
        return np.asarray(found > 0)

    def ends(self, box: tuple[float, float, float, float], reach: float) -> tuple[float, float]:
        """Where ink starts and ends in an upright box, or up to `reach` beside it, in points."""
        left, top, right, bottom = (edge * SCALE for edge in box)
        margin = reach * SCALE
        rows = slice(max(0, round(top)), max(1, round(bottom)))
        first = max(0, int(left - margin))
        part = self._steps[rows, first : int(right + margin) + 1]
        inked = np.flatnonzero((part > CLEAR).any(axis=0))
        if inked.size == 0:
            return box[0], box[2]
        # The edge of a stroke is seen one pixel outside of it too.
        return (first + inked[0] + 1) / SCALE, (first + inked[-1]) / SCALE

    def strange_shapes(self, known: Floats, em: float) -> tuple[int, Floats]:
        """What looks like letters and has no text.

        Args:
            known: (N, 4), text and pictures, in points.
            em: of most text of the page, in points.

        Returns:
            How many shapes, and (M, 4) boxes in points around those that stand together.
        """
        edges = (self._half > CLEAR).view(np.uint8).copy()
        for left, top, right, bottom in np.rint(known * (SCALE / 2)).astype(int).tolist():
            edges[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1] = 0
        em_px = em * SCALE / 2
        _, labels, stats, _ = cv2.connectedComponentsWithStats(edges)
        wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
        # Letters of a word touch each other, for an edge is broader than the gap between them.
        looks = (high > 0.3 * em_px) & (high < 1.6 * em_px) & (wide < _LONGEST_WORD * em_px)
        looks &= (wide > 2) & (high < 6 * wide)
        looks[0] = False
        letters = np.maximum(wide[looks] / (_LETTER * em_px), 1).sum()
        boxes = list(_clusters(looks[labels].astype(np.uint8), em_px)) if letters else []
        return round(float(letters)), np.array(boxes, np.float32).reshape(-1, 4) * 2 / SCALE


def _bounds(low: Floats, high: Floats, limit: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last pixels, at least one, within 0 and `limit`."""
    first = np.clip(np.floor(low), 0, limit - 1).astype(np.int64)
    return first, np.clip(np.maximum(np.ceil(high).astype(np.int64), first + 1), 1, limit)


def _clusters(shapes: NDArray[np.uint8], em_px: float) -> Iterator[tuple[float, ...]]:
    """Boxes around shapes that stand together on a line and are as long as a short word."""
    reach = max(round(em_px), 1)
    joined = cv2.dilate(shapes, np.ones((1, 2 * reach + 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    for left, top, wide, high, _ in stats[1:].tolist():
        length = wide - 2 * reach
        if length >= _SHORT_WORD * em_px:
            yield left + reach / 2, top, left + wide - reach / 2, top + high


@dataclass(frozen=True, slots=True)
class Extent:
    """How far ink reaches from the baseline, in ems: `top` above it, `bottom` below it."""

    top: float
    bottom: float


class Extents:
    """How tall the characters of a document's fonts are, measured by their ink.

    What a font says about itself is often its line height, or nothing.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], list[Extent]] = {}
        self._fonts: dict[str, Extent] = {}
        self._characters: dict[tuple[str, str], Extent] = {}

    def measure(self, layer: TextLayer, pixels: Pixels) -> None:
        """Adds what a page shows; `pixels` is (H, W) uint8 at `DPI`."""
        self._fonts, self._characters = {}, {}
        upright = layer.turns[layer.lines] == 0
        for at in np.flatnonzero(upright):
            character = layer.characters[at]
            samples = self._seen.setdefault((layer.font_names[layer.fonts[at]], character), [])
            if len(samples) < _SAMPLES and not is_space(character):
                extent = _measured(layer, pixels, int(at))
                if extent:
                    samples.append(extent)

    def of_font(self, font: str) -> Extent:
        """From tall letters' tops to hanging letters' bottoms, as the synthesis measures it."""
        if font not in self._fonts:
            tops = self._tops(font, _ASCENDERS) or self._tops(font, _TALL) or [_USUAL_ASCENT]
            top = float(np.median(tops))
            bottoms = [one.bottom for c in _DESCENDERS for one in self._seen.get((font, c), ())]
            bottom = float(np.median(bottoms)) if bottoms else _USUAL_DESCENT * top
            self._fonts[font] = Extent(top, max(bottom, 0.1))
        return self._fonts[font]

    def of_character(self, font: str, character: str) -> Extent:
        """Of one character; of the font where it was not seen, and more for accented capitals."""
        key = font, character
        if key not in self._characters:
            self._characters[key] = self._middle(key) or self._guess(key)
        return self._characters[key]

    def _middle(self, key: tuple[str, str]) -> Extent | None:
        samples = self._seen.get(key)
        if not samples:
            return None
        tops, bottoms = [one.top for one in samples], [one.bottom for one in samples]
        return Extent(float(np.median(tops)), float(np.median(bottoms)))

    def _guess(self, key: tuple[str, str]) -> Extent:
        usual = self.of_font(key[0])
        parts = unicodedata.normalize("NFD", key[1])
        return Extent(usual.top + 0.2, usual.bottom) if parts[0].isupper() and parts[1:] else usual

    def _tops(self, font: str, characters: str) -> list[float]:
        return [one.top for c in characters for one in self._seen.get((font, c), ())]


def _measured(layer: TextLayer, pixels: Pixels, at: int) -> Extent | None:
    """The extent of one character, unless its neighbours' ink cannot be told from its own."""
    em = float(layer.sizes[at]) * SCALE
    baseline = float(layer.origins[at, 1]) * SCALE
    left, right = layer.boxes[at, 0] * SCALE, layer.boxes[at, 2] * SCALE
    inset = 0.08 * (right - left)
    top, bottom = int(baseline - 1.05 * em), int(baseline + 0.42 * em)
    columns = slice(max(0, round(left + inset)), max(1, round(right - inset)))
    if em < 8 or top < 0 or bottom > len(pixels) or columns.stop <= columns.start:
        return None
    inked = np.asarray((pixels[top:bottom, columns] < 190).any(axis=1))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inked.view(np.int8), [0]])))
    runs = edges.reshape(-1, 2)
    if not len(runs):
        return None
    own = runs[int(np.argmax(runs[:, 1] - runs[:, 0]))]
    first, last = int(own[0]), int(own[1])
    for start, end in runs:  # dots and accents
        is_neighbours = start == 0 or end == len(inked)
        if not is_neighbours and (0 < first - end < 0.3 * em or 0 < start - last < 0.3 * em):
            first, last = min(first, int(start)), max(last, int(end))
    if first == 0 or last == len(inked):
        return None
    return Extent((baseline - top - first) / em, (top + last - baseline) / em)
