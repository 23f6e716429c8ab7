"""What can be chosen about reading."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_core.profiles import STANDARD


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What can be chosen about reading.

    Attributes:
        long_side: of a sheet as the detector sees it, in pixels; a narrower strip, such as a
            receipt, is shown with as many pixels in all.
        long_side_fine: the same where the text is small.
        max_enlargement: a small page is enlarged by no more than this.
        min_line_height: in detector pixels; below, the text is small.
        longest_tile: a page with a longer side is looked at in several tiles, in pixels.
        max_tile_pixels: in one batch of the detector, unless a single tile has more.
        max_crop_pixels: in one batch of the recogniser.
        turns_pages: whether pages that lie on a side or upside down are turned.
        flattens_pages: whether pages whose lines are bent are made flat.
    """

    long_side: int = STANDARD.long_side
    long_side_fine: int = 1920
    max_enlargement: float = 2.0
    min_line_height: float = 10.0
    longest_tile: int = 1920
    max_tile_pixels: int = 1 << 22
    max_crop_pixels: int = 1 << 20
    turns_pages: bool = STANDARD.turns_pages
    flattens_pages: bool = True


DEFAULTS = EngineOptions()
