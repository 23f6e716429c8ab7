"""A page with its lines restored: each is cut out, restored, and what changed is put back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.cropping import MARGIN, crop_quad, crop_to_page
from schemas import Quad

if TYPE_CHECKING:
    from ocr_core.networks import CropRestorer

Pixels = NDArray[np.uint8]
_GREY = 128


def restore_page(pixels: Pixels, quads: Sequence[Quad], restorer: CropRestorer) -> Pixels:
    """The page with the lines inside some quads restored, and all else as it was.

    What is put back is the difference that restoring made, so that a page of finer resolution than
    the crops stays as sharp as it is. Where crops overlap, their differences are averaged.

    Shapes:
        pixels:  (H, W) uint8, 0 black ink, 255 white paper
        returns: (H, W) uint8
    """
    crops = [crop_quad(pixels, quad, restorer.height) for quad in quads]
    changes = np.zeros(pixels.shape, np.float32)
    weights = np.zeros(pixels.shape, np.float32)
    for quad, crop, restored in zip(quads, crops, restorer.restore(crops), strict=True):
        weight = _fading(crop.shape)
        change = (restored.astype(np.float32) - crop) * weight
        _add(changes, change, quad)
        _add(weights, weight, quad)
    changed = pixels + changes / np.maximum(weights, 1)
    return np.clip(np.rint(changed), 0, 255).astype(np.uint8)


def side_by_side(before: Pixels, after: Pixels) -> Pixels:
    """Two pictures beside each other, with a grey strip between them.

    Shapes:
        before, after: (H, W) and (H', W') uint8
        returns:       (max(H, H'), W + W' + strip) uint8, the lower one made up with grey
    """
    height = max(len(before), len(after))
    strip = np.full((height, max(4, before.shape[1] // 100)), _GREY, np.uint8)
    both = [
        np.pad(pixels, ((0, height - len(pixels)), (0, 0)), constant_values=_GREY)
        for pixels in (before, after)
    ]
    return np.hstack([both[0], strip, both[1]])


def _fading(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """1 inside a crop, falling to its edges over the margin that crops have around their quads."""
    height, width = shape
    margin = MARGIN / (1 + 2 * MARGIN) * height
    rows, columns = (
        np.clip((np.minimum(np.arange(n), n - 1 - np.arange(n)) + 0.5) / margin, 0, 1)
        for n in (height, width)
    )
    return np.outer(rows, columns).astype(np.float32)


def _add(page: NDArray[np.float32], part: NDArray[np.float32], quad: Quad) -> None:
    """Adds what a crop holds to the page where it was cut out, in place."""
    to_page = crop_to_page(quad, len(part))
    height, width = part.shape
    outline = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    corners = cv2.transform(outline, to_page)[0]
    left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 1, 0)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 2
    there = page[top : max(bottom, 0), left : max(right, 0)]
    if there.size:
        to_page[:, 2] -= (left, top)
        there += cv2.warpAffine(part, to_page, (there.shape[1], there.shape[0]))
