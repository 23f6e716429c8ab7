"""A page image to a read page: detector, recogniser, lexicon and layout in order.

Works on a few pages at a time, whose tiles and crops go through the networks together. What is
read on a page depends neither on the other pages nor on how many there are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core import boxes, correction, cropping, ctc, layout, networks, tiling, words
from ocr_core.correction import Lexicon
from ocr_core.errors import EmptySourceError
from ocr_core.isolation import alone, apart, failure_of
from ocr_core.networks import CropRecogniser, TileDetector
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
        max_tiles: in one batch of the detector.
        max_crop_pixels: in one batch of the recogniser.
    """

    long_side: int = 1280
    long_side_fine: int = 1920
    max_enlargement: float = 2.0
    min_line_height: float = 10.0
    max_tiles: int = 8
    max_crop_pixels: int = 1 << 19


class Engine:
    """Reads pages. One engine serves a process; it keeps nothing between calls."""

    def __init__(
        self,
        detector: TileDetector,
        recogniser: CropRecogniser,
        lexicon: Lexicon | None,
        options: EngineOptions = EngineOptions(),
    ) -> None:
        self._detector = detector
        self._recogniser = recogniser
        self._lexicon = lexicon
        self._options = options

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
                tuple(found[number][0]),
            )
            for number, page in enumerate(pages)
        ]

    def _find(
        self, pages: Sequence[PageImage], long_side: int
    ) -> list[tuple[list[Detection], float]]:
        """The lines of each page, and how many page pixels a detector pixel was."""
        resized = [self._resize(page.pixels, long_side) for page in pages]
        tiles = [tiling.cut(pixels, self._detector.side) for pixels in resized]
        maps = networks.make_maps(self._detector, tiles, self._options.max_tiles)
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
        if (height, width) == pixels.shape:
            return pixels
        kind = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(pixels, (width, height), interpolation=kind), dtype=np.uint8)

    def _is_small(self, detections: Sequence[Detection], scale: float) -> bool:
        """Whether a page should be looked at again with more pixels."""
        options = self._options
        if not detections or scale * options.max_enlargement <= 1:
            return False
        return _usual_height(detections) / scale < options.min_line_height

    def _recognise(self, pages: Sequence[DetectedPage]) -> list[Page]:
        start = time.perf_counter()
        height = self._recogniser.height
        crops = [
            cropping.crop_quad(page.image.pixels, found.quad, height)
            for page in pages
            for found in page.detections
        ]
        readings = networks.read_crops(self._recogniser, crops, self._options.max_crop_pixels)
        results: list[tuple[Line, ...]] = []
        for page in pages:
            count = len(page.detections)
            results.append(tuple(self._lines(page, crops[:count], readings[:count])))
            crops, readings = crops[count:], readings[count:]
        shares = _shares(_since(start), [len(page.detections) for page in pages])
        return [
            _page(page.image, lines, _took(page.image.seconds, "recognise", share))
            for page, lines, share in zip(pages, results, shares, strict=True)
        ]

    def _lines(
        self,
        page: DetectedPage,
        crops: Sequence[NDArray[np.uint8]],
        readings: Sequence[NDArray[np.float32]],
    ) -> list[Line]:
        height, width = page.image.pixels.shape
        size = words.PageSize(width, height)
        usual_height = _usual_height(page.detections)
        lines = []
        for found, crop, reading in zip(page.detections, crops, readings, strict=True):
            decoded = ctc.decode_best_path(reading, self._recogniser.charset)
            if words.is_text(found, decoded, usual_height):
                lines.append(words.make_line(found.quad, crop, decoded, size))
        return lines


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
