"""Cuts a page into overlapping tiles of one size, and stitches their probability maps together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A map is half as wide and half as high as what the detector was shown.
MAP_STRIDE = 2
MIN_OVERLAP = 96


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """A page cut into squares.

    Attributes:
        pixels: (N, S, S) uint8, white where a tile reaches over the page's edge.
        origins: left and top of each tile, in pixels of what was cut.
        shape: height and width of what was cut.
    """

    pixels: NDArray[np.uint8]
    origins: tuple[tuple[int, int], ...]
    shape: tuple[int, int]


def starts(length: int, tile: int, overlap: int) -> list[int]:
    """Where each tile begins, so that tiles of `tile` pixels cover `length` pixels.

    Neighbours share `overlap` pixels or more: the last tile is moved back to end at the edge, so
    that every tile is whole. A page shorter than a tile gets one tile.

    >>> starts(length=10, tile=4, overlap=1)
    [0, 3, 6]
    """
    last = max(length - tile, 0)
    return [*range(0, last, tile - overlap), last]


def cut(pixels: NDArray[np.uint8], side: int, overlap: int = MIN_OVERLAP) -> Tiles:
    """Tiles of `side` × `side` pixels that cover a page.

    Every tile begins at an even pixel, so that it falls on whole pixels of the map.

    Shapes:
        pixels: (H, W) uint8
    """
    if side % MAP_STRIDE or overlap % MAP_STRIDE or not 0 <= overlap < side:
        raise ValueError(f"tiles must have even sides and overlaps, not {side} and {overlap}")
    height, width = pixels.shape
    tops = starts(height + height % MAP_STRIDE, side, overlap)
    lefts = starts(width + width % MAP_STRIDE, side, overlap)
    origins = tuple((left, top) for top in tops for left in lefts)
    tiles = np.full((len(origins), side, side), 255, dtype=np.uint8)
    for tile, (left, top) in zip(tiles, origins, strict=True):
        part = pixels[top : top + side, left : left + side]
        tile[: part.shape[0], : part.shape[1]] = part
    return Tiles(tiles, origins, (height, width))


def stitch(
    maps: NDArray[np.float32], origins: Sequence[tuple[int, int]], shape: tuple[int, int]
) -> NDArray[np.float32]:
    """One map of the page, from the map of each tile.

    Where tiles overlap, each counts the more the nearer its own centre is: at its edge a detector
    sees half a line, its neighbour all of it.

    Shapes:
        maps:    (N, S/2, S/2) float32
        returns: (ceil(H/2), ceil(W/2)) float32, for the `shape` (H, W) that was cut
    """
    height, width = (-(-length // MAP_STRIDE) for length in shape)
    side = maps.shape[1]
    total = np.zeros((height, width), np.float32)
    weight = np.zeros((height, width), np.float32)
    ramp = np.minimum(np.arange(side), np.arange(side)[::-1]).astype(np.float32) + 1
    pyramid = np.outer(ramp, ramp)
    for one, (left, top) in zip(maps, origins, strict=True):
        rows = slice(top // MAP_STRIDE, min(top // MAP_STRIDE + side, height))
        columns = slice(left // MAP_STRIDE, min(left // MAP_STRIDE + side, width))
        share = pyramid[: rows.stop - rows.start, : columns.stop - columns.start]
        total[rows, columns] += one[: share.shape[0], : share.shape[1]] * share
        weight[rows, columns] += share
    return np.asarray(total / weight, dtype=np.float32)
