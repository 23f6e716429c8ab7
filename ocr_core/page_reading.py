"""What the lines of pages say: crops to readings, and readings to lines with their places."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ocr_core import cropping, other_side, words
from ocr_core.baselines import ReadLine, find_baselines
from ocr_core.correction import evidence
from ocr_core.correction.lines import GATE
from ocr_core.ctc import Decoded
from ocr_core.finding import usual_height
from ocr_core.reading import LineReader, Reading
from ocr_core.text_layer import comparison
from ocr_core.text_layer.judging import Reason
from schemas import DetectedPage, Line, PageImage


@dataclass(frozen=True, slots=True, eq=False)
class ReadPage:
    """A page, and of each of its detections, in their order, the crop and what was read there.

    Attributes:
        restored: numbers of the detections of which words were read once they were restored.
    """

    page: DetectedPage
    crops: list[NDArray[np.uint8]]
    readings: list[Reading]
    restored: frozenset[int] = frozenset()

    @property
    def lines(self) -> list[Decoded]:
        """What was read, without the log-probabilities."""
        return [reading.decoded for reading in self.readings]

    def without(self, numbers: Set[int]) -> ReadPage:
        """The page without some of its detections."""
        if not numbers:
            return self
        kept = [n for n in range(len(self.readings)) if n not in numbers]
        detections = tuple(self.page.detections[n] for n in kept)
        return ReadPage(
            replace(self.page, detections=detections),
            [self.crops[n] for n in kept],
            [self.readings[n] for n in kept],
            frozenset(place for place, n in enumerate(kept) if n in self.restored),
        )


class PageReader:
    """Reads the lines of pages, the crops of all pages together.

    Args:
        max_crop_pixels: in one batch of the recogniser.
        keeps_evidence: whether lines with words in doubt keep what corrections have to agree with.
    """

    def __init__(self, reader: LineReader, max_crop_pixels: int, keeps_evidence: bool) -> None:
        self._reader = reader
        self._max_crop_pixels = max_crop_pixels
        self._keeps_evidence = keeps_evidence

    def check_layer(self, page: PageImage) -> PageImage:
        """The page without the lines of its text layer that its picture contradicts."""
        samples = comparison.choose_samples(page.layer, self._reader.charset)
        if not samples:
            return page
        height = self._reader.height
        crops = [cropping.crop_quad(page.pixels, page.layer[at].quad, height) for at in samples]
        readings = self._reader.read(crops, self._max_crop_pixels)
        lines = comparison.trusted(page.layer, samples, [one.decoded for one in readings])
        reason = page.source_reason if lines else str(Reason.DIFFERS)
        return replace(page, layer=lines, source_reason=reason)

    def read(self, pages: Sequence[DetectedPage]) -> list[ReadPage]:
        """What each detection of each page says at first sight."""
        crops = [
            cropping.crop_quad(page.image.pixels, found.quad, self._reader.height)
            for page in pages
            for found in page.detections
        ]
        readings = self._reader.read(crops, self._max_crop_pixels)
        return _by_page(pages, crops, readings)

    def read_again(self, read: Sequence[ReadPage]) -> list[ReadPage]:
        """The pages with what was in doubt read by the second reader."""
        crops = [crop for one in read for crop in one.crops]
        readings = [reading for one in read for reading in one.readings]
        better = self._reader.read_again(crops, readings, self._max_crop_pixels)
        return _by_page([one.page for one in read], crops, better)

    def of_other_side(self, read: Sequence[ReadPage]) -> list[set[int]]:
        """The numbers of the lines of each page that are of the other side of the sheet."""
        suspects = [list(other_side.suspects(one.crops, one.lines)) for one in read]
        crops = [
            other_side.mirrored(one.crops[number])
            for one, own in zip(read, suspects, strict=True)
            for number in own
        ]
        mirrored = iter(self._reader.read(crops, self._max_crop_pixels))
        found = []
        for one, own in zip(read, suspects, strict=True):
            surer = {n for n in own if other_side.is_surer(next(mirrored).decoded, one.lines[n])}
            found.append(surer if other_side.is_proof(one.lines[n] for n in surer) else set())
        return found

    def make_lines(self, read: ReadPage) -> tuple[Line, ...]:
        """The lines that were read on a page, without what is no text or past reading."""
        page = read.page
        height, width = page.image.pixels.shape
        size, usual = words.PageSize(width, height), usual_height(page.detections)
        lines, stand = [], []
        for number, (found, crop, reading) in enumerate(
            zip(page.detections, read.crops, read.readings, strict=True)
        ):
            if not words.is_text(found, reading.decoded, usual):
                continue
            calibration = self._reader.calibration
            line = words.make_line(found.quad, crop, reading.decoded, size, calibration)
            if words.is_legible(line) and (not page.image.layer or comparison.adds_text(line)):
                line = replace(line, restored=number in read.restored)
                lines.append(self._with_evidence(line, reading))
                stand.append(ReadLine(crop, reading.decoded, found.quad))
        found_on = zip(lines, find_baselines(stand), strict=True)
        return tuple(replace(line, baseline=baseline) for line, baseline in found_on)

    def _with_evidence(self, line: Line, reading: Reading) -> Line:
        """The line, with what corrections have to agree with if it may need some."""
        if not self._keeps_evidence or all(word.confidence >= GATE for word in line.words):
            return line
        charset = self._reader.charset
        return evidence.keep(reading.log_probabilities, charset, reading.decoded, line)


def _by_page(
    pages: Sequence[DetectedPage], crops: list[NDArray[np.uint8]], readings: list[Reading]
) -> list[ReadPage]:
    """The crops and readings of all pages, in order, given back to their pages."""
    read, first = [], 0
    for page in pages:
        end = first + len(page.detections)
        read.append(ReadPage(page, crops[first:end], readings[first:end]))
        first = end
    return read
