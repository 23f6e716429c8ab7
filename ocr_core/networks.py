"""What the engine asks of its two networks, and how it feeds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ocr_core import batching, tiling
from ocr_core.charset import Charset
from ocr_core.tiling import MAP_STRIDE, Tiles


class TileDetector(Protocol):
    """Probabilities of text on tiles.

    Attributes:
        side: of the tiles that it takes, in pixels.

    Shapes:
        tiles:   (N, S, S) uint8, 0 for ink and 255 for paper
        returns: (N, S/2, S/2) float32, 0 to 1
    """

    @property
    def side(self) -> int: ...

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


def make_maps(
    detector: TileDetector, pages: Sequence[Tiles], max_tiles: int
) -> list[NDArray[np.float32]]:
    """The stitched probability map of each page; the tiles of all pages share batches.

    A tile of one colour holds no text, and is not looked at.
    """
    tiles = [tile for page in pages for tile in page.pixels]
    side = detector.side // MAP_STRIDE
    maps = np.zeros((len(tiles), side, side), dtype=np.float32)
    drawn_on = [number for number, tile in enumerate(tiles) if tile.min() != tile.max()]
    for members in batching.share_out(drawn_on, max_tiles):
        batch = batching.fill_up([tiles[number] for number in members])
        found = batching.run_halving(detector, batch)
        maps[list(members)] = found[: len(members)]
    stitched = []
    for page in pages:
        own, maps = maps[: len(page.origins)], maps[len(page.origins) :]
        stitched.append(tiling.stitch(own, page.origins, page.shape))
    return stitched


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
