"""The same line as another scan of it may look.

It keeps a few hundred lines from being learnt by heart.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.synth.degrade import scan

Pixels = NDArray[np.uint8]
Rng = np.random.Generator

# At a wear of 1, standard deviations: of the width, of the slant, of the slope as a share of the
# height, and of the shift up or down in heights.
_WIDTH, _SLANT, _SLOPE, _SHIFT = 0.08, 0.10, 0.05, 0.04
# How often ink is made thinner or fatter, and how often the line is scanned anew.
_THICKNESS, _SCANNED = 0.4, 0.6


def vary(pixels: Pixels, rng: Rng, wear: float) -> Pixels:
    """A line a little wider or narrower, slanted, moved, thinner or fatter, and scanned again.

    Shapes:
        pixels:  (H, W) uint8, 0 for ink and 255 for paper
        returns: (H, about W) uint8
    """
    if wear == 0:
        return pixels
    moved = _move(pixels, rng, wear)
    if rng.random() < _THICKNESS * wear:
        moved = _thicken(moved, rng)
    if rng.random() < _SCANNED * wear:
        moved = scan(np.asarray(cv2.bitwise_not(moved), np.uint8), rng, 0.6 * wear)
    return moved


def _move(pixels: Pixels, rng: Rng, wear: float) -> Pixels:
    height, width = pixels.shape
    stretch = float(np.clip(1 + wear * _WIDTH * rng.normal(), 0.8, 1.25))
    slant = wear * _SLANT * rng.normal()
    slope = wear * _SLOPE * rng.normal() * height / max(width, height)
    shift = wear * _SHIFT * rng.normal() * height
    wide = round(width * stretch)
    # About the middle, so that slant and slope move no more than they must.
    matrix = np.array(
        [
            [stretch, slant, -slant * height / 2],
            [slope, 1.0, shift - slope * wide / 2],
        ]
    )
    return np.asarray(
        cv2.warpAffine(pixels, matrix, (wide, height), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _thicken(pixels: Pixels, rng: Rng) -> Pixels:
    """Ink that is half a pixel fatter or thinner."""
    kernel = np.ones((2, 2), np.uint8)
    change = cv2.erode if rng.random() < 0.5 else cv2.dilate
    share = rng.uniform(0.2, 0.7)
    return np.asarray(
        cv2.addWeighted(change(pixels, kernel), share, pixels, 1 - share, 0), np.uint8
    )
