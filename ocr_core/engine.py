"""A page image to a read page: detector, recogniser, lexicon and layout in order.

Works on a few pages at a time, whose tiles and crops go through the networks together. What is
read on a page depends neither on the other pages nor on how many there are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from ocr_core import layout
from ocr_core.cleaning import perspective
from ocr_core.clearing import PageClearer
from ocr_core.correction.lexicons import Lexicon
from ocr_core.correction.pages import correct_lines, lexicon_for, tell_language
from ocr_core.documents import read_document
from ocr_core.engine_options import DEFAULTS, EngineOptions
from ocr_core.figures import find_figures
from ocr_core.finding import LineFinder
from ocr_core.isolation import alone, apart, failure_of
from ocr_core.networks import TileDetector
from ocr_core.page_reading import PageReader
from ocr_core.reading import LineReader
from ocr_core.restored_lines import LineRestorer
from ocr_core.timing import shares, since, took
from ocr_core.turning import PageTurner
from schemas import DetectedPage, Document, Failure, Line, Page, PageImage
from schemas.document import PageSource, Stage

__all__ = ["Engine", "EngineOptions"]


class Engine:
    """Reads pages. One engine serves a process; it keeps nothing between calls.

    Attributes:
        detector: finds the lines of pages.
        reader: reads the lines that the detector finds.
        restorer: reads the least certain ones of them again, restored; None if that is not wanted.
    """

    def __init__(
        self,
        detector: TileDetector,
        reader: LineReader,
        lexicon_of: Callable[[str], Lexicon] | None,
        options: EngineOptions = DEFAULTS,
        restorer: LineRestorer | None = None,
    ) -> None:
        self.detector = detector
        self.reader = reader
        self._lexicon_of = lexicon_of
        self._finder = LineFinder(detector, options)
        self._pages = PageReader(reader, options.max_crop_pixels, lexicon_of is not None)
        self._clearer = PageClearer(self._finder, self._pages)
        self._turner = PageTurner(self._finder, self._pages) if options.turns_pages else None
        self.restorer = restorer

    def read(self, path: str | Path, pages: str = "") -> Document:
        """What a PDF or an image file says; see `ocr_core.documents.read_document`.

        Raises:
            InputError: it cannot be opened.
            ConfigError: `pages` is not of its form, such as `1-3,7`.
        """
        return read_document(path, self.read_pages, pages)

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
        telling = since(start)
        lexicon = lexicon_for(told, self._lexicon_of)  # which the first that needs it loads
        start = time.perf_counter()
        corrected = correct_lines(told, lexicon)
        return replace(corrected, seconds=took(page.seconds, "correct", telling + since(start)))

    def lay_out_page(self, page: Page) -> Page:
        """The page with its lines in blocks and in reading order."""
        start = time.perf_counter()
        laid_out = perspective.put_back(layout.lay_out_page(page))
        return replace(laid_out, seconds=took(page.seconds, "layout", since(start)))

    def _detect(self, pages: Sequence[PageImage]) -> list[DetectedPage]:
        start = time.perf_counter()
        found = self._finder.find([self._pages.check_layer(page) for page in pages])
        spread = shares(since(start), [page.pixels.size for page in pages])
        return [
            replace(one, image=replace(one.image, seconds=took(one.image.seconds, "detect", share)))
            for one, share in zip(found, spread, strict=True)
        ]

    def _recognise(self, pages: Sequence[DetectedPage]) -> list[Page]:
        start = time.perf_counter()
        read = self._pages.read(pages)
        if self._turner:
            read = [self._turner.stand_upright(one) for one in read]
        read = self._pages.read_again(self._clearer.clear(read))
        if self.restorer:
            read = self.restorer.read(read)
        made = [_page(one.page, self._pages.make_lines(one)) for one in read]
        spread = shares(since(start), [len(one.lines) for one in read])
        return [
            replace(page, seconds=took(page.seconds, "recognise", share))
            for page, share in zip(made, spread, strict=True)
        ]


def _page(detected: DetectedPage, read: tuple[Line, ...]) -> Page:
    """The page with what its text layer gives and what was read beside it.

    Figures are looked for now: what a detector takes for text in a photo, and nobody can read, is
    a part of the photo.
    """
    image = detected.image
    height, width = image.pixels.shape
    lines = (*image.layer, *read)
    of_both: PageSource = "mixed" if read else "text-layer"
    return Page(
        ref=image.ref,
        width_px=width,
        height_px=height,
        dpi=image.dpi,
        lines=lines,
        orientation_deg=image.orientation_deg,
        source=of_both if image.layer else "ocr",
        source_reason=image.source_reason,
        seconds=image.seconds,
        rulings=detected.rulings,
        drawn=image.drawn,
        figures=find_figures(image.pixels, [line.quad for line in lines], detected.rulings),
    )
