"""Several sources of training samples as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

import numpy as np

from ocr_core.synth.lines import LineSample, LineSource
from ocr_core.synth.pages import PageSource, SynthPage

Source = TypeVar("Source")


class _Mixed(Generic[Source]):
    """Several sources, each of which has a share of the seeds.

    Args:
        shares: each source with its share, 0 to 1.
        rest: what all other seeds belong to.
    """

    def __init__(self, shares: Sequence[tuple[float, Source]], rest: Source) -> None:
        self._edges = np.cumsum([share for share, _ in shares])
        self._sources: list[Source] = [*(source for _, source in shares), rest]

    def _of(self, seed: int) -> Source:
        drawn = np.random.default_rng((seed, 5)).random()
        return self._sources[int(np.searchsorted(self._edges, drawn, side="right"))]


class MixedLines(_Mixed[LineSource]):
    """Takes a share of its blocks of lines from each of several sources."""

    def make(self, seed: int, strength: float = 1.0) -> list[LineSample]:
        """The block of a seed."""
        return self._of(seed).make(seed, strength)


class MixedPages(_Mixed[PageSource]):
    """Takes a share of its pages from each of several sources."""

    def make(self, seed: int) -> SynthPage:
        """The page of a seed."""
        return self._of(seed).make(seed)
