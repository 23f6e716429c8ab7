"""Words of labelled lines dealt out anew, so that texts of a few lines are not learnt by heart.

A recogniser that sees the same few hundred lines again and again learns what follows what in them
beside how letters look. Where the gaps between words are plain, lines are cut there, and new lines
made of any words.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_core.synth.lines import LineSample
from ocr_core.training.recogniser import is_learnable

Rng = np.random.Generator

# Grey levels below it are ink.
_INK = 160
# Gaps between words are so many times as wide as the widest within one, at least.
_PLAIN = 1.3
# How often a line that can be cut is one of words dealt out.
_DEALT = 0.7
# Fewer words than these are no choice.
_LEAST = 20


class Words:
    """The words of lines whose gaps are plain."""

    def __init__(self, lines: Sequence[LineSample]) -> None:
        self._words = [cut_words(line) for line in lines]
        self._pool = [word for words in self._words if len(words) > 1 for word in words]

    def deal(self, line: LineSample, number: int, rng: Rng) -> LineSample:
        """As many words as a line has, from any lines; or the line itself.

        Args:
            number: of the line among those that were given.
        """
        count = len(self._words[number])
        if count < 2 or len(self._pool) < _LEAST or rng.random() >= _DEALT:
            return line
        words = [self._pool[n] for n in rng.integers(len(self._pool), size=count)]
        dealt = LineSample(
            np.concatenate([word.pixels for word in words], axis=1),
            " ".join(word.text for word in words),
        )
        return dealt if is_learnable(dealt) else line


def cut_words(line: LineSample) -> list[LineSample]:
    """The words of a line, with half a gap on either side; the line where gaps are not plain."""
    texts = line.text.split(" ")
    widths, middles = _gaps(line.pixels)
    spaces = len(texts) - 1
    order = np.argsort(-widths, kind="stable")
    if spaces == 0 or len(order) < spaces:
        return [line]
    narrowest = widths[order[spaces - 1]]
    if len(order) > spaces and narrowest < _PLAIN * widths[order[spaces]]:
        return [line]
    parts = np.split(line.pixels, np.sort(middles[order[:spaces]]), axis=1)
    return [LineSample(pixels, text) for pixels, text in zip(parts, texts, strict=True)]


def _gaps(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Width and middle of each run of columns without ink between two with some."""
    inked = np.flatnonzero((pixels < _INK).any(axis=0))
    left, right = inked[:-1], inked[1:]
    is_gap = right - left > 1
    return (right - left - 1)[is_gap], ((left + right + 1) // 2)[is_gap]
