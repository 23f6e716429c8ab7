"""Several sources of training samples as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_core.synth.lines import LineSample, LineSource
from ocr_core.synth.pages import PageSource, SynthPage


class MixedLines:
    """Takes a share of its blocks of lines from each of several sources.

    Args:
        shares: each source with its share, 0 to 1.
        rest: what all other blocks come from.
    """

    def __init__(self, shares: Sequence[tuple[float, LineSource]], rest: LineSource) -> None:
        self._edges = np.cumsum([share for share, _ in shares])
        self._sources = [*(source for _, source in shares), rest]

    def make(self, seed: int, strength: float = 1.0) -> list[LineSample]:
        """The block of a seed."""
        return self._sources[_drawn(seed, self._edges)].make(seed, strength)


class MixedPages:
    """Takes a share of its pages from each of several sources.

    Args:
        shares: each source with its share, 0 to 1.
        rest: what all other pages come from.
    """

    def __init__(self, shares: Sequence[tuple[float, PageSource]], rest: PageSource) -> None:
        self._edges = np.cumsum([share for share, _ in shares])
        self._sources = [*(source for _, source in shares), rest]

    def make(self, seed: int) -> SynthPage:
        """The page of a seed."""
        return self._sources[_drawn(seed, self._edges)].make(seed)


def _drawn(seed: int, edges: NDArray[np.float64]) -> int:
    """The number of the source of a seed."""
    return int(np.searchsorted(edges, np.random.default_rng((seed, 5)).random(), side="right"))
