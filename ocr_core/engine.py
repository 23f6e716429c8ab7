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
    snapping,
    tiling,
    words,
)
from ocr_core.cleaning import perspective
from ocr_core.correction import evidence
from ocr_core.correction.lexicons import Lexicon
from ocr_core.correction.lines import GATE
from ocr_core.correction.pages import correct_lines, lexicon_for, tell_language
from ocr_core.ctc import Decoded
from ocr_core.errors import EmptySourceError
from ocr_core.figures import find_figures
from ocr_core.isolation import alone, apart, failure_of
from ocr_core.networks import TileDetector
from ocr_core.profiles import STANDARD
from ocr_core.reading import LineReader, Reading
from ocr_core.rulings import find_rulings
from ocr_core.text_layer import comparison
from ocr_core.text_layer.judging import Reason
from schemas import DetectedPage, Detection, Failure, Line, Page, PageImage, Quad, Ruling
from schemas.document import PageSource, Stage

# Sheets of paper are so much longer than wide.
SHEET = 2**0.5


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
    """

    long_side: int = STANDARD.long_side
    long_side_fine: int = 1920
    max_enlargement: float = 2.0
    min_line_height: float = 10.0
    longest_tile: int = 1920
    max_tile_pixels: int = 1 << 22
    max_crop_pixels: int = 1 << 20
    turns_pages: bool = STANDARD.turns_pages


class Engine:
    """Reads pages. One engine serves a process; it keeps nothing between calls.

    Attributes:
        reader: of the lines that the detector finds.
    """

    def __init__(
        self,
        detector: TileDetector,
        reader: LineReader,
        lexicon_of: Callable[[str], Lexicon] | None,
        options: EngineOptions = EngineOptions(),
    ) -> None:
        self._detector = detector
        self.reader = reader
        self._lexicon_of = lexicon_of
        self._options = options

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
        told = tell_language(page)
        took = _since(start)
        lexicon = lexicon_for(told, self._lexicon_of)  # which the first that needs it loads
        start = time.perf_counter()
        corrected = correct_lines(told, lexicon)
        return replace(corrected, seconds=_took(page.seconds, "correct", took + _since(start)))

    def lay_out_page(self, page: Page) -> Page:
        """The page with its lines in blocks and in reading order."""
        start = time.perf_counter()
        laid_out = perspective.put_back(layout.lay_out_page(page))
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
        figures = [
            find_figures(one.pixels, _texts(page, own), drawn, one.scale)
            for page, one, own, drawn in zip(pages, coarse, refined, rulings, strict=True)
        ]
        shares = _shares(_since(start), [page.pixels.size for page in pages])
        return [
            DetectedPage(
                replace(page, seconds=_took(page.seconds, "detect", shares[number])),
                refined[number],
                rulings[number],
                figures[number],
            )
            for number, page in enumerate(pages)
        ]

    def _compared(self, page: PageImage) -> PageImage:
        """The page without the lines of its text layer that its picture contradicts."""
        samples = comparison.choose_samples(page.layer, self.reader.charset)
        if not samples:
            return page
        height = self.reader.height
        crops = [cropping.crop_quad(page.pixels, page.layer[at].quad, height) for at in samples]
        readings = self.reader.read(crops, self._options.max_crop_pixels)
        lines = comparison.trusted(page.layer, samples, [one.decoded for one in readings])
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
        longer, shorter = max(pixels.shape), min(pixels.shape)
        longest = long_side * max(1.0, longer / shorter / SHEET) ** 0.5
        factor = min(longest / longer, self._options.max_enlargement)
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
        upright = [
            self._stood_upright(one) if self._may_lie_wrong(one) else one
            for one in self._read(pages)
        ]
        read = self._read_again(upright)
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
        """What each detection of each page says at first sight."""
        crops = [
            cropping.crop_quad(page.image.pixels, found.quad, self.reader.height)
            for page in pages
            for found in page.detections
        ]
        readings = self.reader.read(crops, self._options.max_crop_pixels)
        return _by_page(pages, crops, readings)

    def _read_again(self, read: Sequence[_ReadPage]) -> list[_ReadPage]:
        """The pages with what was in doubt read by the second reader."""
        crops = [crop for one in read for crop in one.crops]
        readings = [reading for one in read for reading in one.readings]
        better = self.reader.read_again(crops, readings, self._options.max_crop_pixels)
        return _by_page([one.page for one in read], crops, better)

    def _may_lie_wrong(self, read: _ReadPage) -> bool:
        if not self._options.turns_pages or not read.lines or read.page.image.layer:
            return False  # a text layer says which way is up
        return orientation.may_lie_wrong(read.page.detections, read.lines)

    def _stood_upright(self, read: _ReadPage) -> _ReadPage:
        """The page turned the way in which its text reads best, and read again if that is new."""
        trials = self._certainties(read.page)
        if not orientation.is_level(read.page.detections, trials):
            (side,) = self._detect([orientation.turned(read.page.image, 90)])
            trials |= {90 + degrees: trial for degrees, trial in self._certainties(side).items()}
        best = orientation.best_turn(trials)
        if not best:
            return read
        return self._read(self._detect([orientation.turned(read.page.image, best)]))[0]

    def _certainties(self, page: DetectedPage) -> dict[int, orientation.Trial]:
        """How surely a few lines of a page read as it lies, and turned by 180 degrees."""
        few = replace(page, detections=tuple(orientation.lines_to_try(page.detections)))
        read = self._read([few, orientation.upside_down(few)])
        return {0: orientation.Trial.of(read[0].lines), 180: orientation.Trial.of(read[1].lines)}

    def _lines(self, read: _ReadPage) -> list[Line]:
        height, width = read.page.image.pixels.shape
        size = words.PageSize(width, height)
        usual_height = _usual_height(read.page.detections)
        lines = []
        for found, crop, reading in zip(
            read.page.detections, read.crops, read.readings, strict=True
        ):
            if words.is_text(found, reading.decoded, usual_height):
                line = words.make_line(
                    found.quad, crop, reading.decoded, size, self.reader.calibration
                )
                if words.is_legible(line):
                    lines.append(self._with_evidence(line, reading))
        return lines

    def _with_evidence(self, line: Line, reading: Reading) -> Line:
        """The line, with what corrections have to agree with if it may need some."""
        if self._lexicon_of is None or all(word.confidence >= GATE for word in line.words):
            return line
        return evidence.keep(reading.log_probabilities, self.reader.charset, reading.decoded, line)


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
    readings: list[Reading]

    @property
    def lines(self) -> list[Decoded]:
        return [reading.decoded for reading in self.readings]


def _by_page(
    pages: Sequence[DetectedPage], crops: list[NDArray[np.uint8]], readings: list[Reading]
) -> list[_ReadPage]:
    """The crops and readings of all pages, in order, given back to their pages."""
    read, first = [], 0
    for page in pages:
        end = first + len(page.detections)
        read.append(_ReadPage(page, crops[first:end], readings[first:end]))
        first = end
    return read


def _refined(page: PageImage, found: Sequence[Detection]) -> tuple[Detection, ...]:
    """What the detector's map was too coarse for, put right by the picture.

    What the page's text layer gives is left out.
    """
    snapped = snapping.snap_to_ink(page.pixels, parting.part_lines(page.pixels, found))
    height, width = page.pixels.shape
    return comparison.unexplained(tuple(snapped), page.layer, (height, width))


def _texts(page: PageImage, found: Sequence[Detection]) -> list[Quad]:
    """Where a page has text, by its text layer or by the detector."""
    return [*(line.quad for line in page.layer), *(detection.quad for detection in found)]


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
        drawn=image.drawn,
        figures=detected.figures,
    )


def _since(start: float) -> float:
    return time.perf_counter() - start


def _took(seconds: Mapping[str, float], stage: Stage, took: float) -> dict[str, float]:
    return {**seconds, stage: took}


def _shares(seconds: float, sizes: Sequence[int]) -> list[float]:
    """The time that a batch took, spread over its pages by their sizes."""
    total = sum(sizes)
    return [seconds * (size / total if total else 1 / len(sizes)) for size in sizes]
