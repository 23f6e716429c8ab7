"""Glyphs as none of the faces at hand has them: dotted, fatter, thinner, wavering, wide or slanted.

What is learnt from a thousand faces is read less well in others, and least in those that differ in
their strokes: of the errors in faces never learnt from, a quarter were in one that is made of dots.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Rng = np.random.Generator

# Share of glyphs that are restyled; and of these, how often in each way.
SHARE = 0.5
_DOTTED, _WEIGHT, _WAVERING = 0.2, 0.3, 0.25
# A cell that is inked to this share holds a dot.
_INKED = 0.45


def restyle(ink: Pixels, em_px: int, rng: Rng) -> Pixels:
    """The ink of glyphs, some of them in other strokes or proportions.

    Shapes:
        ink: (H, W) uint8, 255 for ink
    """
    if rng.random() >= SHARE:
        return ink
    way = rng.random()
    ways: list[tuple[float, Callable[[Pixels, int, Rng], Pixels]]]
    ways = [
        (_DOTTED, _dotted),
        (_DOTTED + _WEIGHT, _of_other_weight),
        (_DOTTED + _WEIGHT + _WAVERING, _wavering),
        (1.0, _of_other_proportions),
    ]
    return next(change for upto, change in ways if way < upto)(ink, em_px, rng)


def _dotted(ink: Pixels, em_px: int, rng: Rng) -> Pixels:
    """Dots, bars or squares on a grid, as of needles, lamps and screens."""
    pitch = max(2, round(em_px / rng.uniform(11, 20)))
    height, width = (side // pitch for side in ink.shape)
    cells = cv2.resize(
        ink[: height * pitch, : width * pitch], (width, height), interpolation=cv2.INTER_AREA
    )
    # Strokes thinner than a cell, too, are to be seen.
    is_inked = cells > _INKED * max(float(cells.max()), 1.0)
    dotted = np.zeros_like(ink)
    dotted[: height * pitch, : width * pitch] = np.kron(is_inked, _dot(pitch, rng))
    return dotted


def _dot(pitch: int, rng: Rng) -> Pixels:
    """What is seen of a cell: (pitch, pitch)."""
    rows, columns = np.abs(np.mgrid[0:pitch, 0:pitch] - (pitch - 1) / 2) * 2 / pitch
    size, shape = rng.uniform(0.55, 1.05), rng.random()
    if shape < 0.5:
        far = np.hypot(rows, columns)
    elif shape < 0.75:
        far = rows  # bars that run on from cell to cell
    else:
        far = np.maximum(rows, columns)
    return np.asarray(np.where(far <= size, 255, 0), np.uint8)


def _of_other_weight(ink: Pixels, em_px: int, rng: Rng) -> Pixels:
    """Fatter or thinner, more so upright or level, as by a broad pen."""
    most = em_px * 0.06
    across, down = (1 + 2 * round(rng.uniform(0, most) / 2) for _ in range(2))
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, down))
    change = cv2.dilate if rng.random() < 0.6 else cv2.erode
    changed = np.asarray(change(ink, pen), np.uint8)
    # What was thin already would be gone.
    return changed if changed.sum() > 0.5 * ink.sum() else ink


def _wavering(ink: Pixels, em_px: int, rng: Rng) -> Pixels:
    """Outlines moved to and fro, as written by a hand."""
    height, width = ink.shape
    cells = int(rng.integers(8, 20)), int(rng.integers(8, 20))
    reach = em_px * rng.uniform(0.02, 0.07)
    fields = rng.uniform(-reach, reach, (2, *cells)).astype(np.float32)
    right, down = (
        cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC) for field in fields
    )
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.asarray(cv2.remap(ink, columns + right, rows + down, cv2.INTER_LINEAR), np.uint8)


def _of_other_proportions(ink: Pixels, em_px: int, rng: Rng) -> Pixels:
    """Narrower, wider, slanted, most of these to the right; the middle stays where it is."""
    height, width = ink.shape
    wide, slant = np.exp(rng.uniform(-0.4, 0.2)), rng.uniform(-0.12, 0.3)
    # Where a pixel comes from: letters lean to the right as rows are further up.
    middle = np.array([width / 2, np.flatnonzero(ink.any(axis=1)).mean() if ink.any() else 0.0])
    matrix = np.array([[1 / wide, slant / wide, 0.0], [0.0, 1.0, 0.0]])
    matrix[:, 2] = middle - matrix[:, :2] @ middle
    way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(ink, matrix, (width, height), flags=way), np.uint8)
