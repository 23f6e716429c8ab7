"""Five digits on a small grey picture: the exercise that a reader of plates begins with."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.recipes.plates.glyphs import draw_line
from ocr_core.synth.fonts import Face

Pixels = NDArray[np.uint8]
Rng = np.random.Generator
SIZE = 64, 128  # rows, columns
_LENGTH = 5


def draw_digits(faces: Sequence[Face], sizes_px: tuple[int, int], rng: Rng) -> tuple[Pixels, str]:
    """A picture of five digits, and the digits.

    Args:
        sizes_px: the smallest and the largest size, in pixels to the em.

    Shapes:
        returns: (64, 128) uint8
    """
    text = "".join(rng.choice(list("0123456789"), _LENGTH))
    face = faces[int(rng.integers(len(faces)))]
    size_px = int(rng.integers(sizes_px[0], sizes_px[1] + 1))
    widest = draw_line(face, size_px, text, [0] * _LENGTH).shape[1]
    room = (SIZE[1] - 4 - widest) // (_LENGTH - 1)  # the widest faces fill the picture all but
    spacing = int(rng.integers(1, max(2, min(11, room))))
    gaps = np.clip(spacing + rng.integers(-1, 2, _LENGTH), 1, None)
    return _on_ground(draw_line(face, size_px, text, gaps.tolist()), rng), text


def _on_ground(ink: Pixels, rng: Rng) -> Pixels:
    """Ink anywhere on a ground of another grey, with light that falls off, blur and grain."""
    ink = ink[: SIZE[0], : SIZE[1]]
    top = int(rng.integers(0, SIZE[0] - ink.shape[0] + 1))
    left = int(rng.integers(0, SIZE[1] - ink.shape[1] + 1))
    cover = np.zeros(SIZE, np.float32)
    cover[top : top + ink.shape[0], left : left + ink.shape[1]] = ink / np.float32(255)
    if rng.random() < 0.5:
        cover = np.asarray(cv2.GaussianBlur(cover, (0, 0), rng.uniform(0.3, 0.9)), np.float32)
    dark, light = rng.uniform(0, 110), rng.uniform(160, 255)
    ground, letters = (light, dark) if rng.random() < 0.8 else (dark, light)
    corners = rng.uniform(0.85, 1.0, (2, 2)).astype(np.float32)
    shade = cv2.resize(corners, SIZE[::-1])
    grain = rng.standard_normal(SIZE, np.float32) * np.float32(rng.uniform(0, 10))
    pixels = (ground + cover * (letters - ground)) * shade + grain
    return np.clip(pixels, 0, 255).astype(np.uint8)
