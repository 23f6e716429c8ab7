"""Lines in faces of pixels, dot by dot, as needles and thermal elements lay them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.uint8]
_FULL = 127  # ink above it is a dot: strokes that are drawn into a glyph have soft edges


def strike(ink: Ink, pitch: tuple[float, float], diameter: float) -> Ink:
    """Every pixel of `ink` as a dot.

    Where dots would be far from round, as in faces of eight rows, they are struck twice.

    Args:
        pitch: of the pixels across and down, in pixels of what is made.
        diameter: of the dots, relative to their pitch: at 1 they touch, at 1.5 they fill the area.
    """
    across, down = pitch
    twice = (max(1, round(across / down)), max(1, round(down / across)))
    columns, distance_x = _grid(ink.shape[1], across, twice[0])
    rows, distance_y = _grid(ink.shape[0], down, twice[1])
    radius = diameter * (across * down / (twice[0] * twice[1])) ** 0.5 / 2
    inside = np.clip(radius - np.hypot(distance_y[:, None], distance_x[None, :]) + 0.5, 0, 1)
    struck = (ink > _FULL)[np.ix_(rows, columns)]
    return np.asarray(struck * inside * 255, np.uint8)


def _grid(n: int, pitch: float, times: int) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """For each pixel along `n` dots, its dot and how far from the dot's middle it is."""
    at = (np.arange(max(1, round(n * pitch))) + 0.5) / pitch
    dot = np.minimum(at.astype(int), n - 1)
    return dot, np.abs((at * times) % 1 - 0.5) * pitch / times


def shallow(ink: Ink, share: float) -> Ink:
    """An M whose middle dips to a share of its depth, as tills draw it; others are left as is."""
    struck = ink > _FULL
    if not struck.size:
        return ink
    stems = struck.mean(axis=0) > 0.8
    between = np.flatnonzero(~stems[: len(stems) - int(stems[::-1].argmax())])
    between = between[between > stems.argmax()]
    if not stems.any() or len(between) < 1 or struck[-1, between].any():
        return ink
    depth = int(np.flatnonzero(struck[:, between].any(axis=1)).max(initial=0)) + 1
    dip = max(2, round(depth * share))
    if dip >= depth:
        return ink
    middle = np.ascontiguousarray(ink[:depth, between[0] : between[-1] + 1])
    size = (middle.shape[1], dip)
    pressed = cv2.resize(middle, size, interpolation=cv2.INTER_AREA)
    made = ink.copy()
    made[:depth, between[0] : between[-1] + 1] = 0
    made[:dip, between[0] : between[-1] + 1] = np.where(pressed > 0.2 * 255, 255, 0)
    return made
