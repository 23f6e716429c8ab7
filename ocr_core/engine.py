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
from ocr_core.correction import evidence
from ocr_core.correction.lexicons import Lexicon
from ocr_core.correction.lines import GATE
from ocr_core.correction.pages import correct_page
from ocr_core.ctc import Decoded
from ocr_core.errors import EmptySourceError
from ocr_core.isolation import alone, apart, failure_of
from ocr_core.language_model import LanguageModel
from ocr_core.networks import CropRecogniser, TileDetector
from ocr_core.profiles import STANDARD
from ocr_core.rulings import find_rulings
from ocr_core.text_layer import comparison
from ocr_core.text_layer.judging import Reason
from schemas import DetectedPage, Detection, Failure, Line, Page, PageImage, Ruling
from schemas.document import PageSource, Stage

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
        lexicon_of: Callable[[str], Lexicon] | None,
        options: EngineOptions = EngineOptions(),
        calibration: Calibration = RAW,
    ) -> None:
        self._detector = detector
        self._recogniser = recogniser
        self._lexicon_of = lexicon_of
        self._options = options
        self._calibration = calibration
        self._decode = rescoring.decoder(options.language_model, recogniser.charset)

    def read_pages(self, pages: Sequence[PageImage | Page]) -> list[Page | Failure]:
        """What is written on each page, or why the page was set aside; in order.

        Pages whose text is known already are only laid out.
        """
        found = iter(self.detect_pages([page for page in pages if isinstance(page, PageImage)]))
        known = [page if isinstance(page, Page) else next(found) for page in pages]
        detected = [page for page in known if isinstance(page, DetectedPage)]
        read = iter(self.recognise_pages(detected))
        results = [next(read) if isinstance(page, DetectedPage) else page for page in known]
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
        """The page with its language, and with words put right by a lexicon if there is one.

        What comes from a text layer was not read, and cannot have been misread: it stays as it is.
        """
        start = time.perf_counter()
        corrected = correct_page(page, self._lexicon_of)
        return replace(corrected, seconds=_took(page.seconds, "correct", _since(start)))

    def lay_out_page(self, page: Page) -> Page:
        """The page with its lines in blocks and in reading order."""
        start = time.perf_counter()
        laid_out = layout.lay_out_page(page)
        return replace(laid_out, seconds=_took(page.seconds, "layout", _since(start)))

    def _detect(self, pages: Sequence[PageImage]) -> list[DetectedPage]:
        start = time.perf_counter()
        pages = [self._compared(page) for page in pages]
        options = self._options
        coarse = self._find(pages, options.long_side)
        small = [number for number, found in enumerate(coarse) if self._is_small(found)]
        fine = self._find([pages[number] for number in small], options.long_side_fine)
        found = dict(enumerate(coarse)) | dict(zip(small, fine, strict=True))
        refined = [_refined(page, found[n].detections) for n, page in enumerate(pages)]
        rulings = [one.rulings() for one in coarse]
        shares = _shares(_since(start), [page.pixels.size for page in pages])
        return [
            DetectedPage(
                replace(page, seconds=_took(page.seconds, "detect", shares[number])),
                refined[number],
                rulings[number],
            )
            for number, page in enumerate(pages)
        ]

    def _compared(self, page: PageImage) -> PageImage:
        """The page without the lines of its text layer that its picture contradicts."""
        samples = comparison.choose_samples(page.layer, self._recogniser.charset)
        if not samples:
            return page
        height = self._recogniser.height
        crops = [cropping.crop_quad(page.pixels, page.layer[at].quad, height) for at in samples]
        readings = networks.read_crops(self._recogniser, crops, self._options.max_crop_pixels)
        lines = comparison.trusted(page.layer, samples, [self._decode(one) for one in readings])
        reason = page.source_reason if lines else str(Reason.DIFFERS)
        return replace(page, layer=lines, source_reason=reason)

    def _find(self, pages: Sequence[PageImage], long_side: int) -> list[_Found]:
        """The lines of each page, found in pictures with such a longer side."""
        resized = [self._resize(page.pixels, long_side) for page in pages]
        tiles = [tiling.cut(pixels, self._options.longest_tile) for pixels in resized]
        maps = networks.make_maps(self._detector, tiles, self._options.max_tile_pixels)
        results = []
        for page, pixels, probability_map in zip(pages, resized, maps, strict=True):
            scale = max(page.pixels.shape) / max(pixels.shape)
            detections = boxes.map_to_detections(probability_map, scale * tiling.MAP_STRIDE)
            results.append(_Found(detections, pixels, scale))
        return results

    def _resize(self, pixels: NDArray[np.uint8], long_side: int) -> NDArray[np.uint8]:
        if pixels.ndim != 2 or pixels.size == 0:
            raise EmptySourceError(f"a page needs height and width, not shape {pixels.shape}")
        factor = min(long_side / max(pixels.shape), self._options.max_enlargement)
        height, width = (max(1, round(length * factor)) for length in pixels.shape)
        return images.resize_quickly(pixels, width, height)

    def _is_small(self, found: _Found) -> bool:
        """Whether a page should be looked at again with more pixels."""
        options = self._options
        if not found.detections or found.scale * options.max_enlargement <= 1:
            return False
        return _usual_height(found.detections) / found.scale < options.min_line_height

    def _recognise(self, pages: Sequence[DetectedPage]) -> list[Page]:
        start = time.perf_counter()
        read = [
            self._stood_upright(one) if self._may_lie_wrong(one) else one
            for one in self._read(pages)
        ]
        shares = _shares(_since(start), [len(one.lines) for one in read])
        return [
            _page(
                one.page,
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
            read.append(_ReadPage(page, crops[:count], readings[:count], lines[:count]))
            crops, readings, lines = crops[count:], readings[count:], lines[count:]
        return read

    def _may_lie_wrong(self, read: _ReadPage) -> bool:
        if not self._options.turns_pages or not read.lines or read.page.image.layer:
            return False  # a text layer says which way is up
        return orientation.certainty(read.lines) < orientation.UNSURE

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
        lines = []
        for found, crop, reading, decoded in zip(
            read.page.detections, read.crops, read.readings, read.lines, strict=True
        ):
            if words.is_text(found, decoded, usual_height):
                line = words.make_line(found.quad, crop, decoded, size, self._calibration)
                if words.is_legible(line):
                    lines.append(self._with_evidence(line, reading, decoded))
        return lines

    def _with_evidence(self, line: Line, reading: NDArray[np.float32], decoded: Decoded) -> Line:
        """The line, with what corrections have to agree with if it may need some."""
        if self._lexicon_of is None or all(word.confidence >= GATE for word in line.words):
            return line
        return evidence.keep(reading, self._recogniser.charset, decoded, line)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What the detector found on a page.

    Attributes:
        pixels: as it looked at the page.
        scale: how many page pixels a pixel of these is.
    """

    detections: list[Detection]
    pixels: NDArray[np.uint8]
    scale: float

    def rulings(self) -> tuple[Ruling, ...]:
        """The lines drawn on the page, in page pixels."""
        return tuple(ruling.scaled(self.scale) for ruling in find_rulings(self.pixels))


@dataclass(frozen=True, slots=True, eq=False)
class _ReadPage:
    """A page, and of each of its detections, in their order, the crop and what was read there."""

    page: DetectedPage
    crops: list[NDArray[np.uint8]]
    readings: list[NDArray[np.float32]]
    lines: list[Decoded]


def _refined(page: PageImage, found: Sequence[Detection]) -> tuple[Detection, ...]:
    """What the detector's map was too coarse for, put right by the picture.

    What the page's text layer gives is left out.
    """
    snapped = snapping.snap_to_ink(page.pixels, parting.part_lines(page.pixels, found))
    height, width = page.pixels.shape
    return comparison.unexplained(tuple(snapped), page.layer, (height, width))


def _usual_height(detections: Sequence[Detection]) -> float:
    heights = [found.quad.height for found in detections]
    return float(np.median(heights)) if heights else 0.0


def _page(detected: DetectedPage, read: tuple[Line, ...], seconds: Mapping[str, float]) -> Page:
    """The page with what its text layer gives and what was read beside it."""
    image = detected.image
    height, width = image.pixels.shape
    of_both: PageSource = "mixed" if read else "text-layer"
    return Page(
        ref=image.ref,
        width_px=width,
        height_px=height,
        dpi=image.dpi,
        lines=(*image.layer, *read),
        orientation_deg=image.orientation_deg,
        source=of_both if image.layer else "ocr",
        source_reason=image.source_reason,
        seconds=seconds,
        rulings=detected.rulings,
    )


def _since(start: float) -> float:
    return time.perf_counter() - start


def _took(seconds: Mapping[str, float], stage: Stage, took: float) -> dict[str, float]:
    return {**seconds, stage: took}


def _shares(seconds: float, sizes: Sequence[int]) -> list[float]:
    """The time that a batch took, spread over its pages by their sizes."""
    total = sum(sizes)
    return [seconds * (size / total if total else 1 / len(sizes)) for size in sizes]
