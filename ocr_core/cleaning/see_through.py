"""The ink of the other side of the sheet, where it shows through."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.images import quantile

Pixels = NDArray[np.uint8]

# Ink that is so dark beside the darkest may be that of the other side: less is no matter, as the
# networks have learnt to overlook it. There is next to none between it and the ink of this side.
GHOST, GAP = (0.2, 0.5), (0.5, 0.65)
# It is softer than the ink of this side, and so much of all ink that it shows in a patch.
SOFTER, SHOWING, MOST_IN_GAP = 1.2, 0.1, 0.3
# Ink of so few grey levels has no parts, and so few strokes are no text.
LEAST_DEPTH, LEAST_STROKES, LEAST_PATCHES = 40, 3, 4
# Strokes are thinner than this, and their middles further apart, in pixels.
STROKE_PX, APART_PX = 15, 7


def share_shown(patches: Pixels) -> float:
    """The share of patches with text in which the ink of the other side shows, 0 to 1.

    That ink is fainter and softer, and its strokes lie among those of this side; grey text is as
    crisp as black text, and pictures stand apart.

    Shapes:
        patches: (N, h, w) uint8, of a page at full size
    """
    count, height, width = patches.shape
    stacked = np.ascontiguousarray(patches.reshape(count * height, width))
    down, darkness, softness = _strokes(stacked)
    if darkness.size == 0:
        return 0.0
    ghost = (darkness > GHOST[0]) & (darkness < GHOST[1])
    between, ink = (darkness > GAP[0]) & (darkness < GAP[1]), darkness >= GAP[1]
    if not ghost.any() or not ink.any() or between.sum() > MOST_IN_GAP * ghost.sum():
        return 0.0
    if np.median(softness[ghost]) < SOFTER * np.median(softness[ink]):
        return 0.0
    patch = down // height
    inked, ghostly = (np.bincount(patch[of], minlength=count) for of in (ink, ghost))
    has_text = inked >= LEAST_STROKES
    if has_text.sum() < LEAST_PATCHES:
        return 0.0
    return float((ghostly > SHOWING * inked)[has_text].mean())


def _strokes(
    pixels: Pixels,
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Of the middle of each stroke: its row, how dark it is, and how wide its edges are.

    Darkness is a share of that of the darkest strokes, edges are as wide as a step of the stroke's
    depth at the steepest slope nearby, in half pixels.
    """
    kernel = np.ones((STROKE_PX, STROKE_PX), np.uint8)
    depth = np.asarray(cv2.morphologyEx(pixels, cv2.MORPH_BLACKHAT, kernel), np.uint8)
    darkest = quantile(depth, 0.995)
    if darkest < LEAST_DEPTH or min(pixels.shape) < 3:  # of fewer pixels there is no slope
        nothing = np.zeros(0, np.float32)
        return np.zeros(0, np.int64), nothing, nothing
    near = np.ones((APART_PX, APART_PX), np.uint8)
    is_middle = (depth == cv2.dilate(depth, near)) & (depth > GHOST[0] / 2 * darkest)
    slope = np.zeros_like(pixels)
    slope[:, 1:-1] = cv2.absdiff(pixels[:, 2:], pixels[:, :-2])
    slope[1:-1] = cv2.max(slope[1:-1], cv2.absdiff(pixels[2:], pixels[:-2]))
    steepest = np.asarray(cv2.dilate(slope, near))[is_middle].astype(np.float32)
    depths = depth[is_middle].astype(np.float32)
    return np.nonzero(is_middle)[0], depths / darkest, depths / np.maximum(steepest, 1)
