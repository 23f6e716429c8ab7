"""The dark frame that scanners and copiers leave around a sheet."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.images import quantile, shrink

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

# The frame is looked for in a picture with a longer side of this many pixels.
SMALL_PX = 400
# It is darker than this share of the paper's lightness, and ends at once: just inside it is paper
# of more than that share. Shadows end slowly.
DARK, LIGHT, EDGE_PX = 0.4, 0.65, 6
# It goes no further into the page than this share of a side ...
DEEPEST = 0.2
# ... and is there along this share of one: text and pictures seldom are, and not at the very edge.
LONG = 0.25
# What is thinner than this, in small pixels, is a ruling or a stroke that reaches the edge.
BROAD_PX = 5


def whiten(pixels: Pixels) -> Pixels:
    """The page with its dark frame as light as its paper; the page itself if it has none."""
    mask = frame_of(pixels)
    if not mask.any():
        return pixels
    height, width = pixels.shape
    large = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    is_frame = np.asarray(large, np.uint8) > 0
    whitened = pixels.copy()
    whitened[is_frame] = np.uint8(np.median(pixels[~is_frame][::16]))
    return whitened


def frame_of(pixels: Pixels) -> Mask:
    """Which parts of the page belong to a dark frame: dark, broad, and reaching in from an edge.

    Shapes:
        pixels:  (H, W) uint8
        returns: (h, w) bool, a smaller picture of the page
    """
    if min(pixels.shape) < BROAD_PX:
        return np.zeros(pixels.shape, np.bool_)
    small = shrink(pixels, SMALL_PX)
    paper = quantile(small, 0.75)
    edges = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    if (edges < DARK * paper).mean() < LONG / 4:  # as on most pages
        return np.zeros(small.shape, np.bool_)
    # Beyond the edge all is as dark as at the edge, so that a narrow frame is broad as well.
    reach = BROAD_PX // 2 + 1
    dark = np.pad((small < DARK * paper).astype(np.uint8), reach, mode="edge")
    kernel = np.ones((BROAD_PX, BROAD_PX), np.uint8)
    broad = np.asarray(cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel), np.uint8)
    is_light = small > LIGHT * paper
    frame = _reaching_in(broad[reach:-reach, reach:-reach] > 0, is_light)
    # Its soft edge, too.
    return np.asarray(cv2.dilate(frame.astype(np.uint8), kernel), np.bool_)


def _reaching_in(dark: Mask, light: Mask) -> Mask:
    """The dark parts that hang from an edge, along much of it, and end in light."""
    frame = np.zeros(dark.shape, np.bool_)
    for turn in range(4):  # each edge in turn is the top
        part = np.rot90(frame, turn)
        part |= _below_top(np.rot90(dark, turn), np.rot90(light, turn))
    return frame


def _below_top(dark: Mask, light: Mask) -> Mask:
    """What hangs from the top edge, if it does so in enough columns."""
    height, width = dark.shape
    deepest = round(DEEPEST * height)
    depth = (~dark[: deepest + 1]).argmax(axis=0)  # 0 where all are dark as well
    columns = np.arange(width)
    below = np.minimum(depth[None] + np.arange(EDGE_PX)[:, None], height - 1)
    is_frame = (depth > 0) & light[below, columns].any(axis=0)
    if is_frame.mean() < LONG:
        return np.zeros(dark.shape, np.bool_)
    # In corners, and where the frame meets ink, it is as deep as beside them.
    depth = np.interp(columns, columns[is_frame], depth[is_frame])
    return np.asarray(dark & (np.arange(height)[:, None] < depth))
