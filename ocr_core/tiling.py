"""Cuts a page into overlapping tiles of one size, and stitches their probability maps together.

Most pages are one tile. How large their tiles are follows from the size of the page alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A map is half as wide and half as high as what the detector was shown.
MAP_STRIDE = 2
MIN_OVERLAP = 96
# Sides of tiles are multiples of this. The detector asks for 32; every other size costs kernels of
# its own, and pages of one book are seldom of quite the same size.
GRID = 64


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """A page cut into tiles.

    Attributes:
        pixels: (N, h, w) uint8, white where a tile reaches over the page's edge.
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


def side(length: int, longest: int, overlap: int) -> int:
    """Of the shortest tiles of which the fewest cover `length` pixels, in pixels.

    >>> side(length=1280, longest=1920, overlap=96), side(length=2000, longest=1920, overlap=96)
    (1280, 1088)
    """
    count = max(1, -(-(length - overlap) // (longest - overlap)))
    covered = length + (count - 1) * overlap
    return -(-covered // (count * GRID)) * GRID


def cut(pixels: NDArray[np.uint8], longest: int, overlap: int = MIN_OVERLAP) -> Tiles:
    """Tiles of one size, with sides of `longest` pixels at most, that cover a page.

    Every tile begins at an even pixel, so that it falls on whole pixels of the map.

    Shapes:
        pixels: (H, W) uint8
    """
    if longest % GRID or overlap % MAP_STRIDE or not 0 <= overlap < longest:
        raise ValueError(f"no tiles of up to {longest} pixels can overlap by {overlap}")
    even = [length + length % MAP_STRIDE for length in pixels.shape]
    height, width = (side(length, longest, overlap) for length in even)
    tops = starts(even[0], height, overlap)
    lefts = starts(even[1], width, overlap)
    origins = tuple((left, top) for top in tops for left in lefts)
    tiles = np.full((len(origins), height, width), 255, dtype=np.uint8)
    for tile, (left, top) in zip(tiles, origins, strict=True):
        part = pixels[top : top + height, left : left + width]
        tile[: part.shape[0], : part.shape[1]] = part
    return Tiles(tiles, origins, (pixels.shape[0], pixels.shape[1]))


def stitch(
    maps: NDArray[np.float32], origins: Sequence[tuple[int, int]], shape: tuple[int, int]
) -> NDArray[np.float32]:
    """One map of the page, from the map of each tile.

    Where tiles overlap, each counts the more the nearer its own centre is: at its edge a detector
    sees half a line, its neighbour all of it.

    Shapes:
        maps:    (N, h/2, w/2) float32
        returns: (ceil(H/2), ceil(W/2)) float32, for the `shape` (H, W) that was cut
    """
    height, width = (-(-length // MAP_STRIDE) for length in shape)
    if len(maps) == 1:
        return maps[0, :height, :width]
    total = np.zeros((height, width), np.float32)
    weight = np.zeros((height, width), np.float32)
    pyramid = np.outer(*(_ramp(length) for length in maps.shape[1:]))
    for one, (left, top) in zip(maps, origins, strict=True):
        rows = slice(top // MAP_STRIDE, min(top // MAP_STRIDE + len(one), height))
        columns = slice(left // MAP_STRIDE, min(left // MAP_STRIDE + one.shape[1], width))
        share = pyramid[: rows.stop - rows.start, : columns.stop - columns.start]
        total[rows, columns] += one[: share.shape[0], : share.shape[1]] * share
        weight[rows, columns] += share
    return np.asarray(total / weight, dtype=np.float32)


def _ramp(length: int) -> NDArray[np.float32]:
    """1 at both ends, rising by 1 to the middle."""
    steps = np.arange(length, dtype=np.float32)
    return np.minimum(steps, steps[::-1]) + 1
