"""What the engine asks of its networks, and how it feeds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ocr_core import batching, tiling
from ocr_core.charset import Charset
from ocr_core.tiling import MAP_STRIDE, Tiles


class TileDetector(Protocol):
    """Probabilities of text on tiles; no tile has an influence on another.

    Shapes:
        tiles:   (N, H, W) uint8, 0 for ink and 255 for paper; H and W multiples of 64
        returns: (N, H/2, W/2) float32, 0 to 1
    """

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]: ...


class CropRecogniser(Protocol):
    """Log-probabilities of labels along crops; what is right of a crop's width has no influence.

    Attributes:
        height: of the crops that it takes, in pixels.

    Shapes:
        crops:   (N, H, W) uint8, 0 for ink and 255 for paper
        widths:  (N,) true width of each crop, in pixels
        returns: N × (T_i, C) float32, T_i = ceil(widths[i] / 4), C = 1 + len(charset)
    """

    @property
    def height(self) -> int: ...

    @property
    def charset(self) -> Charset: ...

    def __call__(
        self, crops: NDArray[np.uint8], widths: NDArray[np.integer]
    ) -> list[NDArray[np.float32]]: ...


class CropRestorer(Protocol):
    """Makes worn crops easier to read; the same crop always comes out the same.

    Attributes:
        height: of the crops that it takes, in pixels.

    Shapes:
        crops:   N × (H, W_i) uint8, 0 for ink and 255 for paper
        returns: N × (H, W_i) uint8
    """

    @property
    def height(self) -> int: ...

    def restore(self, crops: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]: ...


def make_maps(
    detector: TileDetector, pages: Sequence[Tiles], max_pixels: int
) -> list[NDArray[np.float32]]:
    """The stitched probability map of each page; tiles of one size share batches across pages.

    A tile of one colour holds no text, and is not looked at.
    """
    tiles = [tile for page in pages for tile in page.pixels]
    maps: list[NDArray[np.float32]] = [_nothing(tile) for tile in tiles]
    sizes: dict[tuple[int, ...], list[int]] = {}
    for number, tile in enumerate(tiles):
        if tile.min() != tile.max():
            sizes.setdefault(tile.shape, []).append(number)
    for (height, width), numbers in sizes.items():
        for members in batching.share_out(numbers, max_pixels // (height * width), least=1):
            found = batching.run_halving(detector, np.stack([tiles[n] for n in members]))
            for number, one in zip(members, found, strict=True):
                maps[number] = one
    stitched = []
    for page in pages:
        own, maps = maps[: len(page.origins)], maps[len(page.origins) :]
        stitched.append(tiling.stitch(np.stack(own), page.origins, page.shape))
    return stitched


def _nothing(tile: NDArray[np.uint8]) -> NDArray[np.float32]:
    height, width = tile.shape
    return np.zeros((height // MAP_STRIDE, width // MAP_STRIDE), np.float32)


def read_crops(
    recogniser: CropRecogniser, crops: Sequence[NDArray[np.uint8]], max_pixels: int
) -> list[NDArray[np.float32]]:
    """The log-probabilities of each crop, (T, C) float32; crops of like width share batches."""
    pieces = batching.cut_to_pieces(crops)
    found: dict[int, NDArray[np.float32]] = {}
    for batch in batching.make_batches(pieces, max_pixels):
        answers = batching.run_halving(recogniser, batch.crops, batch.widths)
        found.update(zip(batch.members, answers, strict=False))  # a batch may be filled up
    return batching.join(pieces, [found[n] for n in range(len(pieces))], recogniser.charset)
