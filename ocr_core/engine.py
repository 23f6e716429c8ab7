"""A page image to a read page: detector, recogniser, lexicon and layout in order.

Works on a few pages at a time, whose tiles and crops go through the networks together. What is
read on a page depends neither on the other pages nor on how many there are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ocr_core import (
    boxes,
    correction,
    cropping,
    images,
    layout,
    networks,
    orientation,
    parting,
    rescoring,
    snapping,
    tiling,
    words,
)
from ocr_core.calibration import RAW, Calibration
from ocr_core.correction import Lexicon
from ocr_core.ctc import Decoded
from ocr_core.errors import EmptySourceError
from ocr_core.isolation import alone, apart, failure_of
from ocr_core.language_model import LanguageModel
from ocr_core.networks import CropRecogniser, TileDetector
from ocr_core.profiles import STANDARD
from schemas import DetectedPage, Detection, Failure, Line, Page, PageImage
from schemas.document import Stage

__all__ = ["CropRecogniser", "Engine", "EngineOptions", "TileDetector"]


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What can be chosen about reading.

    Attributes:
        long_side: of a page as the detector sees it, in pixels.
        long_side_fine: the same where the text is small.
        max_enlargement: a small page is enlarged by no more than this.
        min_line_height: in detector pixels; below, the text is small.
        longest_tile: a page with a longer side is looked at in several tiles, in pixels.
        max_tile_pixels: in one batch of the detector, unless a single tile has more.
        max_crop_pixels: in one batch of the recogniser.
        turns_pages: whether pages that lie on a side or upside down are turned.
        language_model: helps with what the recogniser is unsure of, if there is one.
    """

    long_side: int = STANDARD.long_side
    long_side_fine: int = 1920
    max_enlargement: float = 2.0
    min_line_height: float = 10.0
    longest_tile: int = 1920
    max_tile_pixels: int = 1 << 22
    max_crop_pixels: int = 1 << 20
    turns_pages: bool = STANDARD.turns_pages
    language_model: LanguageModel | None = None


class Engine:
    """Reads pages. One engine serves a process; it keeps nothing between calls."""

    def __init__(
        self,
        detector: TileDetector,
        recogniser: CropRecogniser,
        lexicon: Lexicon | None,
        options: EngineOptions = EngineOptions(),
        calibration: Calibration = RAW,
    ) -> None:
        self._detector = detector
        self._recogniser = recogniser
        self._lexicon = lexicon
        self._options = options
        self._calibration = calibration
        self._decode = rescoring.decoder(options.language_model, recogniser.charset)

    def read_pages(self, pages: Sequence[PageImage]) -> list[Page | Failure]:
        """What is written on each page, or why the page was set aside; in order."""
        found = self.detect_pages(pages)
        detected = [page for page in found if isinstance(page, DetectedPage)]
        read = iter(self.recognise_pages(detected))
        results = [page if isinstance(page, Failure) else next(read) for page in found]
        return [page if isinstance(page, Failure) else self.finish_page(page) for page in results]

    def detect_pages(self, pages: Sequence[PageImage]) -> list[DetectedPage | Failure]:
        """The lines found on each page, or why the page was set aside; in order."""
        return apart(pages, self._detect, lambda page, error: failure_of(page.ref, "detect", error))

    def recognise_pages(self, pages: Sequence[DetectedPage]) -> list[Page | Failure]:
        """The lines of each page with their text, or why the page was set aside; in order."""
        return apart(
            pages,
            self._recognise,
            lambda page, error: failure_of(page.image.ref, "recognise", error),
        )

    def finish_page(self, page: Page) -> Page | Failure:
        """The page corrected and laid out, or why it was set aside."""
        result: Page | Failure = page
        stages: tuple[tuple[Stage, Callable[[Page], Page]], ...] = (
            ("correct", self.correct_page),
            ("layout", self.lay_out_page),
        )
        for stage, work in stages:
            if isinstance(result, Page):
                result = alone(result, work, partial(failure_of, page.ref, stage))
        return result

    def correct_page(self, page: Page) -> Page:
        """The page with words put right by the lexicon, if there is one."""
        start = time.perf_counter()
        corrected = correction.correct_page(page, self._lexicon) if self._lexicon else page
        return replace(corrected, seconds=_took(page.seconds, "correct", _since(start)))

    def lay_out_page(self, page: Page) -> Page:
        """The page with its lines in blocks and in reading order."""
        start = time.perf_counter()
        laid_out = layout.lay_out_page(page)
        return replace(laid_out, seconds=_took(page.seconds, "layout", _since(start)))

    def _detect(self, pages: Sequence[PageImage]) -> list[DetectedPage]:
        start = time.perf_counter()
        options = self._options
        coarse = self._find(pages, options.long_side)
        small = [number for number, found in enumerate(coarse) if self._is_small(*found)]
        fine = self._find([pages[number] for number in small], options.long_side_fine)
        found = dict(enumerate(coarse)) | dict(zip(small, fine, strict=True))
        areas = [page.pixels.size for page in pages]
        shares = _shares(_since(start), areas)
        return [
            DetectedPage(
                replace(page, seconds=_took(page.seconds, "detect", shares[number])),
                _refined(page.pixels, found[number][0]),
            )
            for number, page in enumerate(pages)
        ]

    def _find(
        self, pages: Sequence[PageImage], long_side: int
    ) -> list[tuple[list[Detection], float]]:
        """The lines of each page, and how many page pixels a detector pixel was."""
        resized = [self._resize(page.pixels, long_side) for page in pages]
        tiles = [tiling.cut(pixels, self._options.longest_tile) for pixels in resized]
        maps = networks.make_maps(self._detector, tiles, self._options.max_tile_pixels)
        results = []
        for page, pixels, probability_map in zip(pages, resized, maps, strict=True):
            scale = max(page.pixels.shape) / max(pixels.shape)
            detections = boxes.map_to_detections(probability_map, scale * tiling.MAP_STRIDE)
            results.append((detections, scale))
        return results

    def _resize(self, pixels: NDArray[np.uint8], long_side: int) -> NDArray[np.uint8]:
        if pixels.ndim != 2 or pixels.size == 0:
            raise EmptySourceError(f"a page needs height and width, not shape {pixels.shape}")
        factor = min(long_side / max(pixels.shape), self._options.max_enlargement)
        height, width = (max(1, round(length * factor)) for length in pixels.shape)
        return images.resize_quickly(pixels, width, height)

    def _is_small(self, detections: Sequence[Detection], scale: float) -> bool:
        """Whether a page should be looked at again with more pixels."""
        options = self._options
        if not detections or scale * options.max_enlargement <= 1:
            return False
        return _usual_height(detections) / scale < options.min_line_height

    def _recognise(self, pages: Sequence[DetectedPage]) -> list[Page]:
        start = time.perf_counter()
        read = [
            self._stood_upright(one) if self._may_lie_wrong(one) else one
            for one in self._read(pages)
        ]
        shares = _shares(_since(start), [len(one.lines) for one in read])
        return [
            _page(
                one.page.image,
                tuple(self._lines(one)),
                _took(one.page.image.seconds, "recognise", share),
            )
            for one, share in zip(read, shares, strict=True)
        ]

    def _read(self, pages: Sequence[DetectedPage]) -> list[_ReadPage]:
        """What each detection of each page says."""
        crops = [
            cropping.crop_quad(page.image.pixels, found.quad, self._recogniser.height)
            for page in pages
            for found in page.detections
        ]
        readings = networks.read_crops(self._recogniser, crops, self._options.max_crop_pixels)
        lines = [self._decode(reading) for reading in readings]
        read = []
        for page in pages:
            count = len(page.detections)
            read.append(_ReadPage(page, crops[:count], lines[:count]))
            crops, lines = crops[count:], lines[count:]
        return read

    def _may_lie_wrong(self, read: _ReadPage) -> bool:
        unsure = orientation.certainty(read.lines) < orientation.UNSURE
        return self._options.turns_pages and bool(read.lines) and unsure

    def _stood_upright(self, read: _ReadPage) -> _ReadPage:
        """The page turned the way in which its text reads best, and read again if that is new."""
        (side,) = self._detect([orientation.turned(read.page.image, 90)])
        tries = {0: read.page, 90: side}
        tries |= {degrees + 180: orientation.upside_down(page) for degrees, page in tries.items()}
        best = orientation.best_turn({d: self._certainty(page) for d, page in tries.items()})
        if not best:
            return read
        return self._read(self._detect([orientation.turned(read.page.image, best)]))[0]

    def _certainty(self, page: DetectedPage) -> float:
        """How surely a few lines of a page read."""
        few = replace(page, detections=tuple(orientation.lines_to_try(page.detections)))
        return orientation.certainty(self._read([few])[0].lines)

    def _lines(self, read: _ReadPage) -> list[Line]:
        height, width = read.page.image.pixels.shape
        size = words.PageSize(width, height)
        usual_height = _usual_height(read.page.detections)
        lines = [
            words.make_line(found.quad, crop, decoded, size, self._calibration)
            for found, crop, decoded in zip(
                read.page.detections, read.crops, read.lines, strict=True
            )
            if words.is_text(found, decoded, usual_height)
        ]
        return [line for line in lines if words.is_legible(line)]


@dataclass(frozen=True, slots=True, eq=False)
class _ReadPage:
    """A page, and the crop and the text of each of its detections, in their order."""

    page: DetectedPage
    crops: list[NDArray[np.uint8]]
    lines: list[Decoded]


def _refined(pixels: NDArray[np.uint8], found: Sequence[Detection]) -> tuple[Detection, ...]:
    """What the detector's map was too coarse for, put right by the picture."""
    return tuple(snapping.snap_to_ink(pixels, parting.part_lines(pixels, found)))


def _usual_height(detections: Sequence[Detection]) -> float:
    heights = [found.quad.height for found in detections]
    return float(np.median(heights)) if heights else 0.0


def _page(image: PageImage, lines: tuple[Line, ...], seconds: Mapping[str, float]) -> Page:
    height, width = image.pixels.shape
    return Page(
        ref=image.ref,
        width_px=width,
        height_px=height,
        dpi=image.dpi,
        lines=lines,
        orientation_deg=image.orientation_deg,
        seconds=seconds,
    )


def _since(start: float) -> float:
    return time.perf_counter() - start


def _took(seconds: Mapping[str, float], stage: Stage, took: float) -> dict[str, float]:
    return {**seconds, stage: took}


def _shares(seconds: float, sizes: Sequence[int]) -> list[float]:
    """The time that a batch took, spread over its pages by their sizes."""
    total = sum(sizes)
    return [seconds * (size / total if total else 1 / len(sizes)) for size in sizes]
