"""What is on pages: lines of text by the detector, put right by the picture, and rulings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr_core import boxes, column_parting, images, networks, parting, snapping, tiling
from ocr_core.cleaning import curl
from ocr_core.engine_options import EngineOptions
from ocr_core.errors import EmptySourceError
from ocr_core.networks import TileDetector
from ocr_core.rulings import find_rulings
from ocr_core.text_layer import comparison
from schemas import DetectedPage, Detection, PageImage, Ruling

# Sheets of paper are so much longer than wide.
SHEET = 2**0.5


class LineFinder:
    """Finds what is on pages, a few at a time."""

    def __init__(self, detector: TileDetector, options: EngineOptions) -> None:
        self._detector = detector
        self._options = options

    def find(self, pages: Sequence[PageImage]) -> list[DetectedPage]:
        """The lines on each page that its text layer does not give, and its rulings.

        Raises:
            EmptySourceError: a page has no area.
        """
        pages, coarse = self._flattened(pages, self._look(pages, self._options.long_side))
        small = [number for number, found in enumerate(coarse) if self._is_small(found)]
        fine = self._look([pages[number] for number in small], self._options.long_side_fine)
        closer = dict(zip(small, fine, strict=True))
        return [
            DetectedPage(
                page, _refined(page, closer.get(number, found).detections), found.rulings()
            )
            for number, (page, found) in enumerate(zip(pages, coarse, strict=True))
        ]

    def _flattened(
        self, pages: Sequence[PageImage], found: Sequence[Found]
    ) -> tuple[list[PageImage], list[Found]]:
        """The pages, those flattened whose lines are bent, and what is found on each now."""
        now = dict(enumerate(pages))
        if self._options.flattens_pages:
            flat = {number: _flat(pages[number], one) for number, one in enumerate(found)}
            now |= {number: page for number, page in flat.items() if page is not None}
        bent = [number for number, page in now.items() if page is not pages[number]]
        again = self._look([now[number] for number in bent], self._options.long_side)
        seen = dict(enumerate(found)) | dict(zip(bent, again, strict=True))
        return list(now.values()), list(seen.values())

    def _look(self, pages: Sequence[PageImage], long_side: int) -> list[Found]:
        """The lines of each page, found in pictures with such a longer side."""
        resized = [self._resize(page.pixels, long_side) for page in pages]
        tiles = [tiling.cut(pixels, self._options.longest_tile) for pixels in resized]
        maps = networks.make_maps(self._detector, tiles, self._options.max_tile_pixels)
        results = []
        for page, pixels, probability_map in zip(pages, resized, maps, strict=True):
            scale = max(page.pixels.shape) / max(pixels.shape)
            detections = boxes.map_to_detections(probability_map, scale * tiling.MAP_STRIDE)
            results.append(Found(detections, pixels, scale, probability_map))
        return results

    def _resize(self, pixels: NDArray[np.uint8], long_side: int) -> NDArray[np.uint8]:
        if pixels.ndim != 2 or pixels.size == 0:
            raise EmptySourceError(f"a page needs height and width, not shape {pixels.shape}")
        longer, shorter = max(pixels.shape), min(pixels.shape)
        longest = long_side * max(1.0, longer / shorter / SHEET) ** 0.5
        factor = min(longest / longer, self._options.max_enlargement)
        height, width = (max(1, round(length * factor)) for length in pixels.shape)
        return images.resize_quickly(pixels, width, height)

    def _is_small(self, found: Found) -> bool:
        """Whether a page should be looked at again with more pixels."""
        options = self._options
        if not found.detections or found.scale * options.max_enlargement <= 1:
            return False
        return usual_height(found.detections) / found.scale < options.min_line_height


def usual_height(detections: Sequence[Detection]) -> float:
    """The height of the middle one, in pixels; 0 if there are none."""
    heights = [found.quad.height for found in detections]
    return float(np.median(heights)) if heights else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What the detector found on a page.

    Attributes:
        pixels: as it looked at the page.
        scale: how many page pixels a pixel of these is.
        probability_map: (h, w) float32, 0 to 1, of which one pixel is `tiling.MAP_STRIDE` of these.
    """

    detections: list[Detection]
    pixels: NDArray[np.uint8]
    scale: float
    probability_map: NDArray[np.float32]

    def rulings(self) -> tuple[Ruling, ...]:
        """The lines drawn on the page, in page pixels."""
        return tuple(ruling.scaled(self.scale) for ruling in find_rulings(self.pixels))


def _flat(page: PageImage, found: Found) -> PageImage | None:
    return curl.flatten_page(page, found.probability_map, found.scale * tiling.MAP_STRIDE)


def _refined(page: PageImage, found: Sequence[Detection]) -> tuple[Detection, ...]:
    """What the detector's map was too coarse for, put right by the picture.

    What the page's text layer gives is left out.
    """
    lines = parting.part_lines(page.pixels, found)
    pieces = column_parting.part_columns(page.pixels, lines)
    snapped = snapping.snap_to_ink(page.pixels, pieces)
    return comparison.unexplained(snapped, page.layer, page.pixels)
