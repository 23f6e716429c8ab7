"""Quads that hold two lines of text parted between them.

Where lines all but touch, a detector may mark two of them as one. Such a quad is about twice as
high as the page's others, and between its lines the picture is lighter, which no large heading is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_core.cropping import MARGIN, crop_quad
from schemas import Detection, Quad

# A quad so many times as high as the middle one of the page may hold two lines, and up to so many
# more, if it is so many times as wide as high.
HIGH, HIGHEST = 1.5, 4.6
LONG = 2.5
# Rows of pixels for each line that a quad may hold.
ROWS = 24
# A valley between two lines lies so far at most from where it would be if they were alike, in
# lines, and holds at most so much of the ink that the lines' fullest rows do.
ASIDE = 0.3
VALLEY = 0.45


def part_lines(pixels: NDArray[np.uint8], found: Sequence[Detection]) -> list[Detection]:
    """The detections, those that hold several lines of text as one for each line.

    Shapes:
        pixels: (H, W) uint8, the page that the quads lie on.
    """
    long = [one.quad.height for one in found if one.quad.width >= LONG * one.quad.height]
    usual = float(np.median(long)) if long else 0.0
    parted: list[Detection] = []
    for one in found:
        shares = _cuts(pixels, one.quad, usual)
        parted += [Detection(_slice(one.quad, a, b), one.score) for a, b in shares]
    return parted


def _cuts(pixels: NDArray[np.uint8], quad: Quad, usual: float) -> list[tuple[float, float]]:
    """From which to which share of the quad's height each line reaches."""
    whole = [(0.0, 1.0)]
    if not HIGH * usual < quad.height < HIGHEST * usual or quad.width < LONG * quad.height:
        return whole
    likely = max(2, round(quad.height / usual))
    profile = _profile(pixels, quad, likely)
    for count in (likely, max(2, likely - 1), likely + 1):
        valleys = _valleys(profile, count)
        if valleys is not None:
            edges = [0.0, *(valley / len(profile) for valley in valleys), 1.0]
            return list(pairwise(edges))
    return whole


def _profile(pixels: NDArray[np.uint8], quad: Quad, count: int) -> NDArray[np.float64]:
    """Mean darkness of each row of the quad, its margins left out."""
    crop = crop_quad(pixels, quad, round(count * ROWS * (1 + 2 * MARGIN)))
    margin = round(len(crop) * MARGIN / (1 + 2 * MARGIN))
    inner = crop[margin : len(crop) - margin].astype(np.float64)
    return np.asarray((np.quantile(inner, 0.9) - inner).clip(0).mean(axis=1))


def _valleys(profile: NDArray[np.float64], count: int) -> list[int] | None:
    """The rows between `count` lines, or None if there are not so many lines."""
    pitch = len(profile) / count
    aside = max(1, round(ASIDE * pitch))
    valleys = []
    for number in range(1, count):
        start = round(number * pitch) - aside
        valleys.append(start + int(profile[start : start + 2 * aside + 1].argmin()))
    edges = [0, *valleys, len(profile)]
    peaks = [profile[a:b].max() for a, b in pairwise(edges)]
    deep = all(
        profile[valley] <= VALLEY * min(above, below)
        for valley, above, below in zip(valleys, peaks, peaks[1:], strict=False)
    )
    return valleys if deep else None


def _slice(quad: Quad, start: float, end: float) -> Quad:
    """The part of a quad between two shares of its height."""
    if (start, end) == (0.0, 1.0):
        return quad
    top_left, top_right, bottom_right, bottom_left = quad.corners
    left, right = bottom_left - top_left, bottom_right - top_right
    corners = [
        top_left + start * left,
        top_right + start * right,
        top_right + end * right,
        top_left + end * left,
    ]
    return Quad.from_corners(np.array(corners))
