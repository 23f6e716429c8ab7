"""Where the letters of lines stand: baselines, from crops and from what was read there.

All lines of a page are looked at together: most steps are so short that it takes longer to call
NumPy than to do them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, combinations, groupby, pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.cropping import MARGIN, crop_to_page
from ocr_core.ctc import Decoded
from ocr_core.recogniser import STRIDE
from schemas import Quad
from schemas.geometry import Polyline

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Floats = NDArray[np.floating]

# Characters whose lower end is not on the baseline: they hang below it, or float above it.
_HANGING = "gjpqyQJçÇşŞţŢģķļņŗąęįųĄĘĮŲþµſßƒ,;„‚()[]{}|/\\_$@§¶"
_FLOATING = "'\"`´^~*°ºª¹²³-–—=+·•<>«»‘’“”"
_NOT_STANDING = frozenset(_HANGING + _FLOATING + " ")

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


class ReadLine(NamedTuple):
    """A line that was read.

    Shapes:
        crop: (H, W) uint8, of `quad`, as `cropping.crop_quad` gives it
    """

    crop: Pixels
    decoded: Decoded
    quad: Quad


class _Foot(NamedTuple):
    """Where the letters of a piece of a crop end.

    Attributes:
        line: number of the line.
        x: column, the middle of the letters that tell.
        y: edge of a row, from the top.
        weight: how clearly, and for how many letters.
    """

    line: int
    x: float
    y: float
    weight: float


def find_baselines(lines: Sequence[ReadLine]) -> list[Polyline | None]:
    """Both ends of each line's baseline, in page pixels; None where nothing is seen to stand on it.

    It is the straight line that most pieces of the crop agree on, each of which tells where the ink
    of its letters ends.

    Args:
        lines: with crops of one height.
    """
    found: list[Polyline | None] = [None] * len(lines)
    for number, feet in groupby(_feet(lines), lambda foot: foot.line):
        found[number] = _on_page(lines[number], *_line_through(list(feet), len(lines[0].crop)))
    return found


def _on_page(line: ReadLine, slope: float, level: float) -> Polyline:
    height, width = line.crop.shape
    (xx, xy, x0), (yx, yy, y0) = crop_to_page(line.quad, height).tolist()
    margin = height * MARGIN / (1 + 2 * MARGIN)
    # The map is between centres of pixels; edges are half a pixel before them.
    ends = [(x - 0.5, level + slope * x - 0.5) for x in (margin, width - margin)]
    start, end = ((xx * x + xy * y + x0 + 0.5, yx * x + yy * y + y0 + 0.5) for x, y in ends)
    return start, end


def _feet(lines: Sequence[ReadLine]) -> list[_Foot]:
    """What tells of baselines, line by line and from left to right."""
    offsets = [0, *accumulate(line.crop.shape[1] for line in lines)]
    strips = [strip for n, line in enumerate(lines) for strip in _standing(n, line, offsets[n])]
    if not strips:
        return []
    height = len(lines[0].crop)
    nothing = np.zeros((1, height), np.uint8)
    darkness = np.concatenate([*(_darkness(line.crop) for line in lines), nothing])
    of_line, piece, start, end = np.array(strips, np.int64).T
    firsts = np.flatnonzero(np.diff(of_line, prepend=-1) | np.diff(piece, prepend=-1))
    counts = np.diff(firsts, append=len(strips))
    # A character has ink where any of its columns has: of a V only the point is on the baseline.
    letters = np.maximum.reduceat(darkness, _edges(start, end))[::2]
    profiles = np.add.reduceat(letters, firsts, dtype=np.float32) / counts[:, None]
    numbers = of_line[firsts]
    left, right = (np.array(side)[numbers] for side in (offsets[:-1], offsets[1:]))
    begins, ends = (left + _PIECE * height * (piece[firsts] + more) for more in (0, 1))
    profiles -= _between_letters(darkness, begins, np.minimum(ends, right))
    heights, clearness = _ends_of(profiles)
    middles = np.add.reduceat((start + end) / 2, firsts) / counts - left
    told = np.stack([middles, heights, clearness * counts], axis=1).tolist()
    is_clear = (clearness >= _FAINT).tolist()
    return [
        _Foot(number, *foot)
        for number, foot, is_kept in zip(numbers.tolist(), told, is_clear, strict=True)
        if is_kept
    ]


def _standing(number: int, line: ReadLine, offset: int) -> list[tuple[int, int, int, int]]:
    """Of each character that stands on the baseline: the line, the piece of it, first column, end.

    Columns are those of all crops side by side. Tuples are plain, as a page has thousands of them.
    """
    height, width = line.crop.shape
    read, reach, piece = line.decoded, int(_REACH * height), 2 * _PIECE * height
    peaks = [(a + b) * STRIDE // 2 for a, b in zip(read.starts, read.ends, strict=True)]
    between = [0, *((a + b) // 2 for a, b in pairwise(peaks)), width]
    strips = []
    for at, (character, peak) in enumerate(zip(read.text, peaks, strict=True)):
        # What is read at the very end may peak in the padding behind the crop.
        start, end = max(between[at], peak - reach), min(between[at + 1], peak + reach, width)
        if character not in _NOT_STANDING and start < end:
            part = int((start + end) / piece)
            strips.append((number, part, offset + start, offset + end))
    return strips


def _darkness(crop: Pixels) -> Pixels:
    """(W, H) how much darker than paper each pixel is, or lighter on dark paper."""
    some = np.sort(crop[::6, ::5], axis=None)
    paper = np.full_like(crop, some[len(some) // 2])
    return np.asarray(cv2.transpose(cv2.absdiff(crop, paper)), np.uint8)


def _edges(starts: Floats | Numbers, ends: Floats | Numbers) -> Numbers:
    """Indices for `reduceat`, of whose results every second is of one of these ranges."""
    return np.stack([starts, ends], axis=1).astype(np.int64).ravel()


def _between_letters(darkness: Pixels, starts: Floats, ends: Floats) -> Floats:
    """How dark each row is where there are no letters, (N, H): an underline or a rule goes on.

    Shapes:
        darkness: (W, H)
        starts, ends: (N,) columns of pieces
    """
    first, last = (round(share * darkness.shape[1]) for share in _WITHIN)
    blank = (darkness[:, first:last].max(axis=1) <= _PAPER).astype(np.uint8)
    edges = _edges(starts, ends)
    columns = np.add.reduceat(blank, edges, dtype=np.float32)[::2]
    sums = np.add.reduceat(darkness * blank[:, None], edges, dtype=np.float32)[::2]
    return np.asarray(sums / np.maximum(columns, 1)[:, None], np.float32)


def _ends_of(profiles: Floats) -> tuple[Floats, Floats]:
    """Where the ink of each piece ends, and by how much it is darker above than below: (N,) each.

    Shapes:
        profiles: (N, H)
    """
    count, height = profiles.shape
    above, below = round(_ABOVE * height), round(_BELOW * height)
    first, last = round(_HIGHEST * height), round(_LOWEST * height)
    sums = np.zeros((count, height + 1))
    np.cumsum(profiles, axis=1, out=sums[:, 1:])
    here = sums[:, first:last]
    ink = (here - sums[:, first - above : last - above]) / above
    contrast = ink - (sums[:, first + below : last + below] - here) / below
    pieces, best = np.arange(count), contrast.argmax(axis=1)
    # Within a row: where the profile, as drawn between the middles of rows, is down to the half.
    half, row = ink[pieces, best] / 2, first + best
    row -= profiles[pieces, row - 1] < half
    upper, lower = profiles[pieces, row - 1], profiles[pieces, row]
    share = (upper - half) / np.maximum(upper - lower, 1e-3)
    return row - 0.5 + np.clip(share, 0, 1), contrast[pieces, best]


def _line_through(feet: Sequence[_Foot], height: int) -> tuple[float, float]:
    """Slope, and height at the left end, of the line that most pieces agree on.

    The medians of slopes and of levels tell which pieces (Theil 1950, Sen 1968); a mean square fit
    to these, whose slope is drawn towards that of the quad, tells the line.
    """
    if len(feet) == 1:
        return 0.0, feet[0].y
    slopes = [
        ((b.y - a.y) / (b.x - a.x), (b.x - a.x) * min(a.weight, b.weight))
        for a, b in combinations(feet, 2)
    ]
    slope = min(max(_weighted_median(slopes), -_STEEPEST), _STEEPEST)
    level = _weighted_median([(foot.y - slope * foot.x, foot.weight) for foot in feet])
    kept = [foot for foot in feet if abs(foot.y - slope * foot.x - level) <= _OFF * height]
    total = sum(foot.weight for foot in kept)
    x, y = (sum(foot[side] * foot.weight for foot in kept) / total for side in (1, 2))
    spread = sum(foot.weight * (foot.x - x) ** 2 for foot in kept) * len(kept) / total
    shared = sum(foot.weight * (foot.x - x) * (foot.y - y) for foot in kept) * len(kept) / total
    slope = shared / (spread + (_UNSURE * height / _USUAL) ** 2)
    return slope, y - slope * x


def _weighted_median(values: Sequence[tuple[float, float]]) -> float:
    """Of values with their weights."""
    ordered = sorted(values)
    sums = list(accumulate(weight for _, weight in ordered))
    return next(
        value for (value, _), below in zip(ordered, sums, strict=True) if below >= sums[-1] / 2
    )
