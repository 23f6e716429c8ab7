"""What light, lens, sensor and compression make of a small picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.recipes.chars.network import SIDE

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]
Rng = np.random.Generator


def see(colours: Plane, rng: Rng, strength: float) -> Pixels:
    """A painted surface as a picture of it: (28, 28, 3) uint8.

    Args:
        colours: (S, S, 3) float32, 0 to 255.
        strength: 0 changes only the size; 1 is how cameras see signs.
    """
    lit = _lit(colours, rng, strength)
    if rng.random() < 0.2 * strength:
        lit = _moved(lit, rng)
    sensed = _sensed(lit, rng, strength)
    noise = rng.exponential(4) * strength
    if noise > 1:
        grain = rng.normal(0, noise, sensed.shape)
        sensed = np.asarray(sensed + grain, np.float32)
    picture = np.clip(sensed, 0, 255).astype(np.uint8)
    if rng.random() < 0.4 * strength:
        picture = _compressed(picture, rng)
    way = cv2.INTER_AREA if picture.shape[0] > SIDE else cv2.INTER_CUBIC
    small = np.asarray(cv2.resize(picture, (SIDE, SIDE), interpolation=way), np.uint8)
    return _sharpened(small, rng) if rng.random() < 0.2 * strength else small


def _lit(colours: Plane, rng: Rng, strength: float) -> Plane:
    """Light that falls off to a side, an exposure, a tint, and at times an edge of shadow."""
    side = colours.shape[0]
    steps = np.linspace(-1, 1, side, dtype=np.float32)
    slope = rng.normal(0, 0.15 * strength, 2)
    light = 1 + slope[0] * steps[:, None] + slope[1] * steps[None, :]
    if rng.random() < 0.08 * strength:
        angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(-0.5, 0.5)
        away = steps[:, None] * np.sin(angle) + steps[None, :] * np.cos(angle)
        light *= 1 - rng.uniform(0.2, 0.6) / (1 + np.exp(-(away - reach) * 12))
    tint = np.exp(rng.normal(0, 0.08 * strength, 3)) * np.exp(rng.normal(-0.1, 0.2) * strength)
    flat = rng.uniform(0, 60) * strength if rng.random() < 0.25 else 0.0  # haze, glare
    return np.asarray(colours * light[:, :, None] * tint + flat, np.float32)


def _moved(colours: Plane, rng: Rng) -> Plane:
    """Blurred along a line, as by a hand that shakes."""
    length = int(rng.integers(3, 10))
    kernel = np.zeros((length, length), np.float32)
    middle, angle = (length - 1) / 2, rng.uniform(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * middle
    ends = np.round([middle - reach, middle + reach]).astype(int).tolist()
    cv2.line(kernel, ends[0], ends[1], 1.0)
    blurred = cv2.filter2D(colours, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred, np.float32)


def _sensed(colours: Plane, rng: Rng, strength: float) -> Plane:
    """At the resolution of some sensor: 10 pixels or more for the character's surroundings."""
    side = colours.shape[0]
    if rng.random() < 0.7:
        colours = np.asarray(cv2.GaussianBlur(colours, (0, 0), _blur(rng, strength)), np.float32)
    fewest = side ** (1 - strength) * 10**strength
    pixels = round(float(np.exp(rng.uniform(np.log(fewest), np.log(side * 1.6)))))
    if pixels >= side:
        return colours
    small = cv2.resize(colours, (pixels, pixels), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def _blur(rng: Rng, strength: float) -> float:
    return 0.3 + min(rng.exponential(1.0), 3.2) * strength


def _compressed(picture: Pixels, rng: Rng) -> Pixels:
    quality = int(rng.integers(25, 92))
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _sharpened(picture: Pixels, rng: Rng) -> Pixels:
    """Haloes around strokes, as cameras draw them."""
    soft = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.8, 2.0))
    amount = rng.uniform(0.3, 1.5)
    return np.asarray(cv2.addWeighted(picture, 1 + amount, soft, -amount, 0), np.uint8)
