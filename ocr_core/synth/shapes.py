"""Bullets, boxes and ticks as forms and lists print them, for faces that lack them."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.uint8]


def draw_shape(character: str, size_px: int) -> Ink:
    """The ink of one of `SHAPES`, cut to its edges.

    Args:
        size_px: pixels to the em.
    """
    side, draw = SHAPES[character]
    pixels = max(3, round(side * size_px))
    ink = np.zeros((pixels, pixels), np.uint8)
    draw(ink, pixels, max(1, round(size_px * 0.06)))
    return ink


def _disc(ink: Ink, side: int, thick: int) -> None:
    cv2.circle(ink, (side // 2, side // 2), (side - 1) // 2, 255, -1, cv2.LINE_AA)


def _ring(ink: Ink, side: int, thick: int) -> None:
    cv2.circle(ink, (side // 2, side // 2), (side - 1 - thick) // 2, 255, thick, cv2.LINE_AA)


def _square(ink: Ink, side: int, thick: int) -> None:
    ink[:] = 255


def _box(ink: Ink, side: int, thick: int) -> None:
    ink[:] = 255
    ink[thick:-thick, thick:-thick] = 0


def _tick(ink: Ink, side: int, thick: int) -> None:
    points = np.array([[0.05, 0.55], [0.38, 0.92], [0.95, 0.05]]) * (side - 1)
    cv2.polylines(ink, [points.round().astype(np.int32)], False, 255, thick + 1, cv2.LINE_AA)


def _ticked(ink: Ink, side: int, thick: int) -> None:
    _box(ink, side, thick)
    _tick(ink, side, thick)


def _crossed(ink: Ink, side: int, thick: int) -> None:
    _box(ink, side, thick)
    cv2.line(ink, (0, 0), (side - 1, side - 1), 255, thick, cv2.LINE_AA)
    cv2.line(ink, (0, side - 1), (side - 1, 0), 255, thick, cv2.LINE_AA)


# Each with its side in ems and how it is drawn.
SHAPES: dict[str, tuple[float, Callable[[Ink, int, int], None]]] = {
    "•": (0.30, _disc),
    "●": (0.50, _disc),
    "○": (0.50, _ring),
    "■": (0.52, _square),
    "□": (0.55, _box),
    "▪": (0.30, _square),
    "☐": (0.72, _box),
    "☑": (0.72, _ticked),
    "☒": (0.72, _crossed),
    "✓": (0.62, _tick),
}
