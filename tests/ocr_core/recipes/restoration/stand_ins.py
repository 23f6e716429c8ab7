"""Worn lines that need no fonts, and settings that need no time."""

from __future__ import annotations

import numpy as np

from ocr_core.recipes.restoration.pairs import WornLine
from ocr_core.recipes.restoration.settings import RestorationSettings
from ocr_core.restoration.network import RestorerConfig
from ocr_core.synth.lines import LineSample
from tests.stand_ins import blank_page, draw_text

NETWORK = RestorerConfig(height=16, channels=(4, 4, 8), depth=1, embedding=8, steps=20)
SMALL = RestorationSettings(NETWORK, max_width=64, columns=256, pool=12, held_out_blocks=2)


class FadedLines:
    """Lines of a and b whose ink has faded to a third of its darkness; every third is empty."""

    def make(self, seed: int, strength: float = 1.0) -> list[LineSample]:
        rng = np.random.default_rng(seed)
        return [_line(rng) for _ in range(4)] + [LineSample(blank_page(16, 40), "a")]


def _line(rng: np.random.Generator) -> WornLine:
    text = "".join(rng.choice(list("ab"), int(rng.integers(2, 5))))
    clean = blank_page(16, 10 + 12 * len(text))
    draw_text(clean, text, left=4, top=0)
    faded = 255 - (255 - clean) // 3
    return WornLine(pixels=faded.astype(np.uint8), text=text, clean=clean)
