"""A page taken through the stages of the engine, one by one, with what each of them made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr_core import layout
from ocr_core.clearing import PageClearer
from ocr_core.engine import Engine
from ocr_core.engine_options import DEFAULTS, EngineOptions
from ocr_core.errors import ConfigError, EmptySourceError, InputError
from ocr_core.finding import Found, LineFinder
from ocr_core.networks import TileDetector
from ocr_core.page_reading import PageReader, ReadPage
from ocr_core.reading import Reading
from ocr_core.restored_lines import RestoredLine
from ocr_core.turning import PageTurner
from schemas import DetectedPage, Failure, Line, Page, PageImage

# A line of fewer words, such as a number in a margin, has little to tell.
MIN_WORDS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How the detector saw a page.

    Attributes:
        pixels: (h, w) uint8, the page as large as the detector was shown it.
        scale: how many page pixels one of these is.
        probability_map: (h/2, w/2) float32, 0 to 1, rounded up.
    """

    pixels: NDArray[np.uint8]
    scale: float
    probability_map: NDArray[np.float32]


class WatchedFinder(LineFinder):
    """Finds lines as the engine does, and remembers how the detector saw each page."""

    def __init__(self, detector: TileDetector, options: EngineOptions) -> None:
        super().__init__(detector, options)
        self._looks: list[tuple[PageImage, Look]] = []

    def look_at(self, page: PageImage) -> Look:
        """The last look at a page, which is the closest one."""
        return next(look for seen, look in reversed(self._looks) if seen is page)

    def _look(self, pages: Sequence[PageImage], long_side: int) -> list[Found]:
        found = super()._look(pages, long_side)
        looks = [Look(one.pixels, one.scale, one.probability_map) for one in found]
        self._looks += zip(pages, looks, strict=True)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """A page after each stage. Coordinates are those of `image`.

    Attributes:
        image: upright, flat and cleaned: as its lines were cropped from it.
        first, second: what the first recogniser read, and that with what the second one changed.
        restored: the least certain lines as a restorer makes them, by their numbers; none without
            one.
        read: the page with the evidence that corrections have to agree with.
        corrected: the same lines in the same order, corrected.
        page: the same lines in reading order, and in blocks.
    """

    look: Look
    detected: DetectedPage
    first: ReadPage
    second: ReadPage
    restored: Mapping[int, RestoredLine]
    read: Page
    corrected: Page
    page: Page

    @property
    def image(self) -> PageImage:
        return self.detected.image


@dataclass(frozen=True, slots=True, eq=False)
class FollowedLine:
    """One line of a page after each stage.

    Attributes:
        number: its place in reading order, from 0.
        crop: (40, W) uint8, what the recognisers were shown.
        restored: the same as a restorer makes it, where one was asked.
        read: with its evidence, if it needed any; not corrected.
        line: as it came out.
    """

    number: int
    crop: NDArray[np.uint8]
    first: Reading
    second: Reading
    restored: RestoredLine | None
    read: Line
    line: Line

    @property
    def steps(self) -> int:
        """Of the recogniser along the line."""
        return len(self.second.log_probabilities)


def follow(engine: Engine, image: PageImage, options: EngineOptions = DEFAULTS) -> Followed:
    """What the stages of an engine make of a page, in the order in which it takes them.

    Raises:
        EmptySourceError: no text was found on the page.
        InputError: the page cannot be read.
    """
    finder = WatchedFinder(engine.detector, options)
    reader = PageReader(engine.reader, options.max_crop_pixels, keeps_evidence=True)
    turner, clearer = PageTurner(finder, reader), PageClearer(finder, reader)
    [seen] = reader.read(finder.find([image]))
    [first] = clearer.clear([turner.stand_upright(seen)])
    [second] = reader.read_again([first])
    [restored] = engine.restorer.restore([second]) if engine.restorer else [{}]
    detected = first.page
    [read] = engine.recognise_pages([detected])
    if isinstance(read, Failure):
        raise InputError(read.message, read.code)
    if not read.lines:
        raise EmptySourceError("no text was found on the page")
    corrected = engine.correct_page(read)
    page = layout.lay_out_page(corrected)  # as it lies in the picture: nothing is put back
    look = finder.look_at(detected.image)
    return Followed(look, detected, first, second, restored, read, corrected, page)


def choose_line(followed: Followed, number: int | None = None, words: str = "") -> FollowedLine:
    """A line of a page: the one asked for, or the one that has most to tell.

    That is one that was corrected or restored, or else one of several words that was read with
    doubt.

    Args:
        number: in reading order, from 1.
        words: that stand in it.

    Raises:
        ConfigError: there is no such line.
    """
    lines = followed.page.lines
    if number is not None:
        if not 1 <= number <= len(lines):
            raise ConfigError(f"the page has the lines 1 to {len(lines)}, and no line {number}")
        return _followed(followed, number - 1)
    fitting = [at for at, line in enumerate(lines) if words in line.text or words in line.raw_text]
    if not fitting:
        raise ConfigError(f"no line of the page says {words!r}")
    return _followed(followed, max(fitting, key=lambda at: _has_to_tell(lines[at])))


def _has_to_tell(line: Line) -> tuple[int, bool, float]:
    doubt = 1 - min(word.confidence for word in line.words)
    return bool(line.edits) + line.restored, len(line.words) >= MIN_WORDS, doubt


def _followed(followed: Followed, number: int) -> FollowedLine:
    line = followed.page.lines[number]
    at = [one.quad for one in followed.corrected.lines].index(line.quad)
    read = followed.read.lines[at]
    place = [found.quad for found in followed.detected.detections].index(read.quad)
    return FollowedLine(
        number=number,
        crop=followed.first.crops[place],
        first=followed.first.readings[place],
        second=followed.second.readings[place],
        restored=followed.restored.get(place),
        read=read,
        line=line,
    )
