"""Screens: the grids of dots by which presses, printers and faxes make grey of black."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Ink = NDArray[np.uint8]


def dot_screen(shape: tuple[int, int], pitch_px: float, cover: float, is_turned: bool) -> Ink:
    """Ink of a grid of dots.

    Args:
        shape: rows and columns of the ink.
        pitch_px: from dot to dot, in pixels.
        cover: share of the area that is ink, 0 to about 0.7.
        is_turned: whether the grid stands on its corner, as those of presses do.
    """
    rows, columns = (np.arange(length, dtype=np.float32)[:, None] for length in shape)
    down, across = rows, columns.T
    if is_turned:
        down, across = (down + across) * math.sqrt(0.5), (down - across) * math.sqrt(0.5)
    to_dot = np.hypot(_from_middle(down / pitch_px), _from_middle(across / pitch_px)) * pitch_px
    radius_px = pitch_px * math.sqrt(cover / math.pi)
    return np.asarray(np.clip(radius_px - to_dot + 0.5, 0, 1) * 255, np.uint8)


def draw_screen(shape: tuple[int, int], em_px: float, rng: Rng) -> Ink:
    """A screen as it lies behind shaded text of some size."""
    pitch_px = max(2.0, em_px * rng.uniform(0.07, 0.22))
    return dot_screen(shape, pitch_px, rng.uniform(0.04, 0.28), bool(rng.random() < 0.4))


def _from_middle(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cells % 1 - 0.5, np.float32)
