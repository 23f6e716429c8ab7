"""What is wrong with a page, told by measures that cost a few milliseconds.

Two things are looked at: a small picture of the whole page, and patches of it at full size. Only
what has text on it counts: pictures and dark panels are neither shadows nor noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.cleaning import backgrounds, borders, noise, see_through, sharpness
from ocr_core.images import quantile, shrink

Pixels = NDArray[np.uint8]

# The small picture is divided into cells of so many pixels, and strokes in it are no wider than so
# many. A cell has text if strokes are, on average, so much darker than its paper.
CELL_PX, STROKE_PX, TEXT = 20, 7, 0.04
# How many patches there are down and across, and how many pixels each has down and across.
PATCHES, PATCH_PX = (5, 4), 80
# Ink is darker than this share of the paper, and so much of a patch with print is ink.
INK, INKED = 0.85, 0.05


@dataclass(frozen=True, slots=True)
class Look:
    """What a page looks like.

    Attributes:
        unevenness: by how much the paper under its text differs in lightness, 0 to 1.
        contrast: between its lightest and its darkest parts, 0 to 1.
        grain: deviation of the noise on its paper, in grey levels.
        specks: share of the pixels of its paper that are lone and far darker or lighter than those
            about them.
        edge_width: of its print, in pixels; about 2 where it is crisp, 0 where there is none.
        see_through: share of its text among which the ink of the other side shows, 0 to 1.
    """

    unevenness: float
    contrast: float
    grain: float
    specks: float
    edge_width: float
    see_through: float


def look_at(pixels: Pixels) -> Look:
    """What a page looks like; it must not be empty."""
    # Every other pixel of a large page tells as much of its paper, at a quarter of the cost.
    thinned = pixels[::2, ::2] if max(pixels.shape) >= 4 * backgrounds.SMALL_PX else pixels
    small = borders.whiten(shrink(thinned, backgrounds.SMALL_PX))
    patches = patches_of(pixels)
    paper = quantile(patches, 0.75)
    is_paper = (patches > 0.5 * paper).mean(axis=(1, 2)) > 0.5
    is_inked = (patches < INK * paper).mean(axis=(1, 2)) > INKED
    on_paper = _stacked(patches[is_paper] if is_paper.any() else patches)
    print_on_paper = _stacked(patches[is_paper & is_inked])
    return Look(
        unevenness=unevenness(small),
        contrast=(quantile(patches, 0.995) - quantile(patches, 0.005)) / 255,
        grain=noise.grain(on_paper),
        specks=float(noise.specks_of(on_paper).mean()),
        edge_width=sharpness.edge_width(print_on_paper),
        see_through=see_through.share_shown(patches),
    )


def _stacked(patches: Pixels) -> Pixels:
    """One below the other: (N * h, w)."""
    return np.ascontiguousarray(patches.reshape(-1, patches.shape[2]))


def patches_of(pixels: Pixels) -> Pixels:
    """Patches of a page, evenly spread but for its margins; all of a page smaller than one.

    Shapes:
        returns: (N, h, w) uint8
    """
    if min(pixels.shape) < PATCH_PX:
        return pixels[None]
    down, across = (
        ((np.arange(count) + 0.5) / count * (side - PATCH_PX)).astype(int)
        for side, count in zip(pixels.shape, PATCHES, strict=True)
    )
    return np.stack(
        [pixels[top : top + PATCH_PX, left : left + PATCH_PX] for top in down for left in across]
    )


def unevenness(small: Pixels) -> float:
    """By how much the paper under text differs in lightness, 0 to 1, on a small picture."""
    height, width = (max(1, side // CELL_PX) for side in small.shape)
    kernel = np.ones((STROKE_PX, STROKE_PX), np.uint8)
    paper = np.asarray(cv2.dilate(small, kernel), np.uint8)
    without_strokes = np.asarray(cv2.erode(paper, kernel), np.uint8)
    inked = cv2.divide(cv2.subtract(without_strokes, small), np.maximum(paper, 1), scale=255)
    has_text = cv2.resize(inked, (width, height), interpolation=cv2.INTER_AREA) > TEXT * 255
    lightness = np.asarray(cv2.resize(paper, (width, height), interpolation=cv2.INTER_AREA))
    under_text = lightness[has_text]
    if under_text.size < 4:
        return 0.0
    low, high = np.percentile(under_text, (10, 90))
    return float(high - low) / 255
