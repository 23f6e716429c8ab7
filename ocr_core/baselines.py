"""Where the letters of a line stand: its baseline, from its crop and from what was read there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr_core.cropping import MARGIN, crop_to_page
from ocr_core.ctc import Decoded
from ocr_core.recogniser import STRIDE
from schemas import Quad
from schemas.geometry import Polyline

Pixels = NDArray[np.uint8]
Floats = NDArray[np.floating]
Strips = NDArray[np.int64]

# Characters whose lower end is not on the baseline: they hang below it, or float above it.
_HANGING = "gjpqyQJçÇşŞţŢģķļņŗąęįųĄĘĮŲþµſßƒ,;„‚()[]{}|/\\_$@§¶"
_FLOATING = "'\"`´^~*°ºª¹²³-–—=+·•<>«»‘’“”"
_NOT_STANDING = frozenset(_HANGING + _FLOATING)

# All lengths are in heights of the crop. A crop is looked at in pieces so wide, and of it what
# reaches no further from the peak of a character:
_PIECE, _REACH = 2.0, 0.4
# Ink ends between these heights, and is looked for over so much above and below its end.
_HIGHEST, _LOWEST = 0.50, 0.90
_ABOVE, _BELOW = 0.20, 0.10
# Where letters have ink, and neither underlines nor rules have any.
_WITHIN = 0.35, 0.60
# Grey levels: paper is even to this, and ink that ends more faintly tells nothing.
_PAPER, _FAINT = 24, 6.0
# How steep a baseline may be against its quad, and how far a piece may lie off it to be heeded.
_STEEPEST, _OFF = 0.05, 0.04
# Heights of pieces are about this wrong, and quads so steep: a few pieces are not to turn a line.
_UNSURE, _USUAL = 0.01, 0.01


def find_baseline(crop: Pixels, decoded: Decoded, quad: Quad) -> Polyline | None:
    """Both ends of a line's baseline, in page pixels; None where nothing is seen to stand on one.

    It is the straight line that most pieces of the crop agree on, each of which tells where the ink
    of its letters ends.

    Shapes:
        crop: (H, W) uint8, of `quad`, as `cropping.crop_quad` gives it
    """
    height, width = crop.shape
    strips = _standing(decoded, crop.shape)
    feet = _feet(crop, strips) if len(strips) else None
    if feet is None or not len(feet.heights):
        return None
    slope, level = _line_through(feet, height)
    margin = height * MARGIN / (1 + 2 * MARGIN)
    along = np.array([margin, width - margin])
    # The map is between centres of pixels; edges are half a pixel before them.
    points = np.stack([along, level + slope * along, np.ones(2)]) - [[0.5], [0.5], [0]]
    (x0, x1), (y0, y1) = (crop_to_page(quad, height) @ points + 0.5).tolist()
    return (x0, y0), (x1, y1)


@dataclass(frozen=True, slots=True, eq=False)
class _Feet:
    """Where letters end in N pieces of a crop.

    Attributes:
        places: (N,) columns, the middle of what tells of a piece.
        heights: (N,) edges of rows, from the top.
        weights: (N,) how clearly, and for how many letters.
    """

    places: Floats
    heights: Floats
    weights: Floats


def _standing(decoded: Decoded, shape: tuple[int, ...]) -> Strips:
    """First column and end of each character that stands on the baseline: (N, 2)."""
    height, width = shape
    peaks = (np.array(decoded.starts) + np.array(decoded.ends)) * (STRIDE / 2)
    between, reach = (peaks[1:] + peaks[:-1]) / 2, _REACH * height
    starts = np.maximum(np.append(0, between), peaks - reach).astype(int)
    ends = np.minimum(np.append(between, width), peaks + reach).astype(int)
    stands = [c not in _NOT_STANDING and not c.isspace() for c in decoded.text]
    strips = np.stack([starts, ends], axis=1)
    return np.asarray(strips[np.array(stands, bool) & (starts < ends)], np.int64)


def _feet(crop: Pixels, strips: Strips) -> _Feet:
    height = len(crop)
    darkness = np.abs(crop - np.float32(np.median(crop)))  # or lightness, on dark paper
    # A character has ink where any of its columns has: of a V only the point is on the baseline.
    framed = np.pad(darkness, ((0, 0), (0, 1)))
    letters = np.maximum.reduceat(framed, strips.ravel(), axis=1)[:, ::2]
    middles = strips.mean(axis=1)
    numbers = (middles / (_PIECE * height)).astype(int)
    firsts = np.flatnonzero(np.diff(numbers, prepend=-1))
    counts = np.diff(firsts, append=len(numbers))
    profiles = np.add.reduceat(letters, firsts, axis=1) / counts
    profiles -= _between_letters(darkness, numbers[firsts])
    heights, clearness = _ends_of(profiles)
    places = np.add.reduceat(middles, firsts) / counts
    kept = clearness >= _FAINT
    return _Feet(places[kept], heights[kept], (clearness * counts)[kept])


def _between_letters(darkness: Floats, numbers: NDArray[np.int64]) -> Floats:
    """How dark each row is where there are no letters, (H, N): an underline or a rule goes on."""
    height = len(darkness)
    inside = slice(*(round(share * height) for share in _WITHIN))
    blank = (darkness[inside].max(axis=0) <= _PAPER).astype(np.float32)
    starts = (np.arange(numbers[-1] + 1) * _PIECE * height).astype(int)
    columns = np.maximum(np.add.reduceat(blank, starts), 1)
    return (np.add.reduceat(darkness * blank, starts, axis=1) / columns)[:, numbers]


def _ends_of(profiles: Floats) -> tuple[Floats, Floats]:
    """Where the ink of each piece ends, and by how much it is darker above than below: (N,) each.

    Shapes:
        profiles: (H, N)
    """
    height, count = profiles.shape
    above, below = round(_ABOVE * height), round(_BELOW * height)
    rows = np.arange(round(_HIGHEST * height), round(_LOWEST * height))
    sums = np.concatenate([np.zeros((1, count), np.float32), np.cumsum(profiles, axis=0)])
    ink = (sums[rows] - sums[rows - above]) / above
    contrast = ink - (sums[rows + below] - sums[rows]) / below
    best, pieces = contrast.argmax(axis=0), np.arange(count)
    first_without = rows[best]
    # Within a row: where the profile, as drawn between the middles of rows, is down to the half.
    half = ink[best, pieces] / 2
    row = first_without - (profiles[first_without - 1, pieces] < half)
    upper, lower = profiles[row - 1, pieces], profiles[row, pieces]
    share = (upper - half) / np.maximum(upper - lower, 1e-3)
    ends = row - 0.5 + np.clip(share, 0, 1)
    return ends, contrast[best, pieces]


def _line_through(feet: _Feet, height: int) -> tuple[float, float]:
    """Slope, and height at the left end, of the line that most pieces agree on.

    The medians of slopes and of levels (Theil 1950, Sen 1968) tell which pieces; a mean square fit
    to these, whose slope is drawn towards that of the quad, tells the line.
    """
    x, y, weights = feet.places, feet.heights, feet.weights
    one, other = np.triu_indices(len(x), 1)
    slope = 0.0
    if len(one):
        run = x[other] - x[one]
        steepness = np.sqrt(weights[one] * weights[other]) * run
        slope = _weighted_median((y[other] - y[one]) / run, steepness)
        slope = min(max(slope, -_STEEPEST), _STEEPEST)
    off = y - slope * x
    kept = np.abs(off - _weighted_median(off, weights)) <= _OFF * height
    x, y, weights = x[kept], y[kept], weights[kept] / weights[kept].mean()
    middle_x, middle_y = np.average(x, weights=weights), np.average(y, weights=weights)
    spread = float((weights * (x - middle_x) ** 2).sum()) + (_UNSURE * height / _USUAL) ** 2
    slope = float((weights * (x - middle_x) * (y - middle_y)).sum()) / spread
    return slope, float(middle_y - slope * middle_x)


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    return float(values[order[int(np.searchsorted(below, below[-1] / 2))]])
