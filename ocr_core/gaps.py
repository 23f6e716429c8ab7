"""Blank columns of a line crop: where one word ends and the next begins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# First column and end, exclusive.
Blank = tuple[int, int]

# The share of a crop's height left out above and below: descenders and accents of the
# neighbouring lines reach in there, and would fill the gaps.
OUTER = 0.15
# A column is blank when nothing in it stands out from the paper by this share of what the ink does.
FAINT = 0.35
# Grey levels; less contrast than this is paper.
MIN_CONTRAST = 24


def has_ink(crop: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether anything is written in each column; light text on dark paper counts as well.

    Shapes:
        crop:    (H, W) uint8
        returns: (W,) bool
    """
    outer = int(len(crop) * OUTER)
    inner = crop[outer : len(crop) - outer]
    edges = np.concatenate([crop[:2], crop[-2:]])
    paper = _quantiles(edges, 0.5)[0]
    darkest, lightest = _quantiles(inner, 0.02, 0.98)
    contrast = max(paper - darkest, lightest - paper)
    if contrast < MIN_CONTRAST:
        return np.zeros(crop.shape[1], dtype=np.bool_)
    if paper - darkest >= lightest - paper:
        return np.asarray(inner.min(axis=0) < paper - FAINT * contrast)
    return np.asarray(inner.max(axis=0) > paper + FAINT * contrast)


def blanks(ink: NDArray[np.bool_]) -> list[Blank]:
    """The runs of columns without ink, in order."""
    framed = np.ones(len(ink) + 2, dtype=np.bool_)
    framed[1:-1] = ink
    edges = np.flatnonzero(framed[1:] != framed[:-1]).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def widest(found: Sequence[Blank], start: int, stop: int) -> Blank | None:
    """The widest of some runs, as far as they lie in [start, stop); the last of several as wide."""
    best: Blank | None = None
    width = 0
    first = max(bisect_left(found, (start, start)) - 1, 0)
    for left, right in found[first:]:
        if left >= stop:
            break
        inside = max(left, start), min(right, stop)
        if inside[1] - inside[0] >= max(width, 1):
            best, width = inside, inside[1] - inside[0]
    return best


def _quantiles(levels: NDArray[np.uint8], *shares: float) -> list[int]:
    """Grey levels below which these shares of the pixels lie, by counting."""
    below = np.cumsum(np.bincount(levels.ravel(), minlength=256))
    return [int(np.searchsorted(below, levels.size * share)) for share in shares]
