"""Old-style figures, which rise and hang as small letters do: books are full of them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont, features

Ink = NDArray[np.uint8]
_SMALL, _HANGING = "012", "34579"
# The width of a figure that was made as high as small letters, relative to what it had.
_NARROWED = 0.92


def own_old_style(font: ImageFont.FreeTypeFont, digit: str) -> list[str]:
    """The OpenType features with which a font draws a digit in old style; none if it cannot."""
    if not features.check("raqm"):  # without which Pillow knows no features
        return []
    plain, old = font.getmask(digit), font.getmask(digit, features=["onum"])
    return ["onum"] if plain.size != old.size or bytes(plain) != bytes(old) else []


def drawn_old_style(digit: str, ink: Ink, top: int, x_height: int) -> tuple[Ink, int]:
    """A lining digit as old style has it: as high as small letters, or hanging below them.

    Args:
        top: of the ink, in pixels from the baseline; negative.
        x_height: of small letters, in pixels.

    Returns:
        its ink and the top of that.
    """
    height, width = ink.shape
    if digit in _SMALL and height > x_height > 0:
        size = (max(1, round(width * _NARROWED)), x_height)
        return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8), -x_height
    if digit in _HANGING:
        return ink, top + max(0, -top - x_height)
    return ink, top
