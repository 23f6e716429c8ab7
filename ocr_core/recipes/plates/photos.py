"""Finds the plates on a photo of cars and reads them.

The detector of documents finds the characters of plates as well as other text; what is cut out
around each of its lines goes to the reader of plates, which has learnt to say nothing where it
sees none. Plates that are cut out already are read in several cuts as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.engine import Engine
from ocr_core.recipes.plates.network import PlateReader, Reading
from schemas import Box, DetectedPage, PageImage, PageRef, Quad

Pixels = NDArray[np.uint8]
FindLines = Callable[[Pixels], list[Quad]]
# What is cut out around a line, as shares of its width and of its height: from the detector's line
# itself to about the whole of an American plate. What most of them say counts; of four instead of
# two half as many plates again were read right.
_GROWTHS = ((0.0, 0.1), (0.06, 0.15), (0.03, 0.3), (0.12, 0.5))
# The same for a picture that somebody cut out of a photo: the whole of it, less of it, and more.
_CUTS = ((0.0, 0.0), (-0.03, -0.06), (0.0, -0.12), (0.04, 0.04), (-0.02, -0.2))
_DPI = 150  # of no meaning on photos


@dataclass(frozen=True, slots=True)
class FoundPlate:
    """A plate on a photo.

    Attributes:
        confidence: probability, 0 to 1, that its least certain character was read right.
        quad: what was cut out and read, in pixels of the photo.
    """

    text: str
    confidence: float
    quad: Quad


class PhotoReader:
    """Finds and reads plates.

    Attributes:
        min_confidence: plates of less are left out.
        min_length: texts of fewer characters are not taken for plates.
    """

    def __init__(
        self,
        find_lines: FindLines,
        reader: PlateReader,
        min_confidence: float = 0.3,
        min_length: int = 4,
    ) -> None:
        self._find_lines = find_lines
        self._reader = reader
        self.min_confidence = min_confidence
        self.min_length = min_length

    def read(self, photo: Pixels) -> list[FoundPlate]:
        """The plates of a photo, the surest first; no two at one place.

        Shapes:
            photo: (H, W) uint8, grey
        """
        quads = list(_frames(self._find_lines(photo)))
        readings = self._reader.read([cut_out(photo, quad) for quad in quads])
        return self._apart([(r, q) for r, q in zip(readings, quads, strict=True) if self._is(r)])

    def _is(self, reading: Reading) -> bool:
        """Whether it may be a plate: long enough, and read with some certainty."""
        is_long = len(reading.text) >= self.min_length
        return is_long and reading.confidence >= self.min_confidence

    def _apart(self, found: Sequence[tuple[Reading, Quad]]) -> list[FoundPlate]:
        """Of all that share a place the text with most confidence together, at its surest."""

        def votes(reading: Reading, quad: Quad) -> tuple[float, float]:
            here = [other for other, there in found if _share_a_place(quad, there)]
            return _agreement(reading, here), reading.confidence

        kept: list[FoundPlate] = []
        for reading, quad in sorted(found, key=lambda one: votes(*one), reverse=True):
            if not any(_share_a_place(quad, other.quad) for other in kept):
                kept.append(FoundPlate(reading.text, reading.confidence, quad))
        return sorted(kept, key=lambda plate: -plate.confidence)


def read_cut(picture: Pixels, reader: PlateReader) -> Reading:
    """What the picture of one plate says: what most cuts of it, larger and smaller, say together.

    People cut plates out with more or less around them, and what one cut hides another shows.

    Shapes:
        picture: (H, W) uint8, grey
    """
    whole = Quad.from_box(Box(0, 0, picture.shape[1], picture.shape[0]))
    readings = reader.read([cut_out(picture, grow(whole, *cut)) for cut in _CUTS])
    return max(readings, key=lambda one: (_agreement(one, readings), one.confidence))


def line_finder(engine: Engine) -> FindLines:
    """The lines that an engine's detector finds on a photo."""

    def find(photo: Pixels) -> list[Quad]:
        page = PageImage(PageRef("photo", "photo", 0), photo, _DPI)
        (result,) = engine.detect_pages([page])
        if not isinstance(result, DetectedPage):
            return []
        return [detection.quad for detection in result.detections]

    return find


def grow(quad: Quad, along: float, across: float) -> Quad:
    """A quad with so much more on each side, as shares of its width and of its height."""
    corners = quad.corners
    right = (corners[1] - corners[0] + corners[2] - corners[3]) / 2 * along
    down = (corners[3] - corners[0] + corners[2] - corners[1]) / 2 * across
    return Quad.from_corners(
        corners + np.stack([-right - down, right - down, right + down, down - right])
    )


def cut_out(photo: Pixels, quad: Quad) -> Pixels:
    """The inside of a quad, upright, at about its own size; the photo's edge goes on beyond it.

    Shapes:
        photo:   (H, W) uint8
        returns: (H', W') uint8
    """
    width, height = max(4, round(quad.width)), max(4, round(quad.height))
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    to_picture = cv2.getPerspectiveTransform(quad.corners, corners)
    picture = cv2.warpPerspective(
        photo, to_picture, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(picture, dtype=np.uint8)


def _frames(lines: Sequence[Quad]) -> Iterator[Quad]:
    """What may hold a plate: lines of its shape and size, each with more or less around it."""
    for line in lines:
        is_seen = line.width >= 24 and line.height >= 7  # of less nobody could read five characters
        if is_seen and 1.2 <= line.width / line.height <= 9:
            yield from (grow(line, along, across) for along, across in _GROWTHS)


def _agreement(reading: Reading, readings: Sequence[Reading]) -> float:
    """The confidence of all readings together that say the same."""
    return sum(other.confidence for other in readings if other.text == reading.text)


def _share_a_place(one: Quad, other: Quad) -> bool:
    """Whether the middle of either lies in the box of the other."""
    first, second = one.box, other.box
    return any(
        a.left <= b.centre[0] <= a.right and a.top <= b.centre[1] <= a.bottom
        for a, b in ((first, second), (second, first))
    )
