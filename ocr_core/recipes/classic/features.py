"""A character's pixels -> numbers that say where its edges run: HOG."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.recipes.classic.segmentation import Part

Pixels = NDArray[np.uint8]
Features = NDArray[np.float32]

SIDE = 24
_CELL = 4
_BINS = 9
# Blocks of 2 × 2 cells, at every cell: 5 × 5 of them.
HOG_LENGTH = (SIDE // _CELL - 1) ** 2 * 4 * _BINS
PLACE_LENGTH = 4


def cut_out(ink: Pixels, part: Part) -> Pixels:
    """A character in the middle of a square, its proportions kept: (24, 24) uint8, 255 for ink."""
    glyph = ink[part.top : part.bottom, part.left : part.right] * np.uint8(255)
    scale = (SIDE - 4) / max(glyph.shape)
    size = (max(1, round(glyph.shape[1] * scale)), max(1, round(glyph.shape[0] * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(glyph, size, interpolation=way)
    square = np.zeros((SIDE, SIDE), np.uint8)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = small
    return square


def hog(squares: Pixels) -> Features:
    """Histograms of oriented gradients (Dalal and Triggs, CVPR 2005), written out.

    Edges are counted by direction, in 9 bins from 0 to 180 degrees, in each cell of 4 × 4 pixels.
    Blocks of 2 × 2 cells are brought to the same length, clipped at 0.2, and brought to it again.

    Args:
        squares: (N, 24, 24) uint8.

    Returns:
        (N, 900) float32.
    """
    values = squares.astype(np.float32) / 255
    across, down = np.zeros_like(values), np.zeros_like(values)
    across[:, :, 1:-1] = values[:, :, 2:] - values[:, :, :-2]
    down[:, 1:-1] = values[:, 2:] - values[:, :-2]
    strength = np.hypot(across, down)
    place = (np.arctan2(down, across) % np.pi) / np.pi * _BINS
    # An edge between the middles of two bins counts in both, by how near it is; the last bin and
    # the first are neighbours.
    away = np.abs(place[..., None] - (np.arange(_BINS) + 0.5))
    near = np.clip(1 - np.minimum(away, _BINS - away), 0, 1)
    return _blocks(_cells(np.asarray(strength[..., None] * near, np.float32)))


def _cells(counts: Features) -> Features:
    n, side = len(counts), SIDE // _CELL
    cells = counts.reshape(n, side, _CELL, side, _CELL, _BINS).sum((2, 4))
    return np.asarray(cells, np.float32)  # (N, 6, 6, 9)


def _blocks(cells: Features) -> Features:
    corners = [cells[:, y : y - 1 or None, x : x - 1 or None] for y in (0, 1) for x in (0, 1)]
    blocks = np.concatenate(corners, axis=3)
    for limit in (0.2, np.inf):
        length = np.linalg.norm(blocks, axis=3, keepdims=True) + 1e-2
        blocks = np.minimum(blocks / length, limit)
    return np.asarray(blocks.reshape(len(cells), -1), np.float32)


def places(parts: Sequence[Part]) -> Features:
    """Where characters stand in their line, which tells `c` from `C` and a comma from a quote.

    Args:
        parts: all characters of one line.

    Returns:
        (N, 4) float32: top above the baseline, bottom below it, height and width, in heights of
        the line's tall characters.
    """
    bottoms = np.array([part.bottom for part in parts], np.float32)
    tops = np.array([part.top for part in parts], np.float32)
    widths = np.array([part.width for part in parts], np.float32)
    baseline = np.median(bottoms)
    unit = max(float(np.percentile(baseline - tops, 85)), 1.0)
    columns = [baseline - tops, bottoms - baseline, bottoms - tops, widths]
    return np.asarray(np.stack(columns, axis=1) / unit, np.float32)
