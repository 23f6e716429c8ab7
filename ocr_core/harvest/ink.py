"""The ink of a PDF page: how tall its letters are."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np

from ocr_core.harvest.text import TextLayer, is_space
from ocr_core.text_layer.ink import SCALE, Pixels

_SAMPLES = 5  # of each character of a font are measured
_ASCENDERS, _DESCENDERS = "bdhklH", "gpqyj"
_TALL = "ABDEFIKLMNPRTUXZ0123456789"
_USUAL_ASCENT, _USUAL_DESCENT = 0.70, 0.3  # in ems; as a share of the ascent


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
        """Adds what a page shows; `pixels` is (H, W) uint8 at `ocr_core.text_layer.ink.DPI`."""
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
