"""Finds the plates on a photo of cars and reads them.

The detector of documents finds the characters of plates as well as other text, where they are about
as large as print and as dark: so it is shown each photo larger, smaller and brighter as well. What
is cut out around each of its lines goes to the reader of plates, which has learnt to say nothing
where it sees none, and what several cuts of a place agree on counts. Plates that are cut out
already are read in several cuts as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.engine import Engine
from ocr_core.recipes.plates.formats import is_of_known_format
from ocr_core.recipes.plates.network import PlateReader, Reading
from schemas import Box, DetectedPage, PageImage, PageRef, Quad

Pixels = NDArray[np.uint8]
FindLines = Callable[[Pixels], list[Quad]]
# What is cut out around a line, as shares of its width and of its height: from the detector's line
# itself to about the whole of an American plate. What most of them say counts; of four instead of
# two half as many plates again were read right.
_GROWTHS = ((0.0, 0.1), (0.06, 0.15), (0.03, 0.3), (0.12, 0.5))
# The same for a picture that somebody cut out of a photo: the whole of it, less of it, and more.
_CUTS = (
    (0.0, 0.0), (-0.03, -0.06), (0.0, -0.12), (0.04, 0.04), (-0.02, -0.2),
    (-0.04, -0.04), (0.0, -0.06), (-0.02, -0.12), (0.02, -0.1),
)  # fmt: skip
# What a text of no known format counts on photos: most are plates with something beside them, read
# as a character, and words on cars.
_OF_NO_FORMAT = 0.3
# The power of each pixel, of 0 to 1, that lights up what is in shade without burning the rest.
_BRIGHTER = 0.5
_LARGE_PX = 2048  # photos with a longer side show nothing more when they are larger still
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
        min_confidence: readings of less are left out.
        min_length: texts of fewer characters are not taken for plates.
        min_agreement: the least that the confidences of all cuts of a place which say the same come
            to, those of texts of no known format counted less: at 0.9 it takes two of them at
            least, for the most part.
    """

    def __init__(
        self,
        find_lines: FindLines,
        reader: PlateReader,
        *,
        min_confidence: float = 0.4,
        min_length: int = 4,
        min_agreement: float = 0.9,
    ) -> None:
        self._find_lines = find_lines
        self._reader = reader
        self.min_confidence = min_confidence
        self.min_length = min_length
        self.min_agreement = min_agreement

    def read(self, photo: Pixels) -> list[FoundPlate]:
        """The plates of a photo, the surest first; no two at one place.

        Shapes:
            photo: (H, W) uint8, grey
        """
        quads = list(_frames(self._find_lines(photo)))
        readings = self._reader.read([cut_out(photo, quad) for quad in quads])
        read = zip(readings, quads, strict=True)
        found = [FoundPlate(r.text, r.confidence, q) for r, q in read if self._is_plate(r)]
        return sorted(self._apart(found), key=lambda plate: -plate.confidence)

    def _is_plate(self, reading: Reading) -> bool:
        """Whether it may be a plate: long enough, and read with some certainty."""
        is_long = len(reading.text) >= self.min_length
        return is_long and reading.confidence >= self.min_confidence

    def _apart(self, found: Sequence[FoundPlate]) -> Iterator[FoundPlate]:
        """Of all that share a place the text with most confidence together, at its surest."""
        if not found:
            return
        shared = _shared_places([plate.quad.box for plate in found])
        texts = np.array([plate.text for plate in found])
        confidences = np.array([plate.confidence for plate in found])
        weights = np.array([1.0 if is_of_known_format(text) else _OF_NO_FORMAT for text in texts])
        agreements = (shared & (texts[:, None] == texts)) @ (confidences * weights)
        is_taken = agreements < self.min_agreement
        for index in np.lexsort((-confidences, -agreements)):
            if not is_taken[index]:
                yield found[index]
                is_taken |= shared[index]


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
    """The lines that an engine's detector finds on a photo, at several sizes, and brightened.

    A line that is found several times is there several times, each time with other edges. Of 34
    photos one look found 18 plates that were then read right, and four looks 23.
    """

    def find(photo: Pixels) -> list[Quad]:
        looks = list(_looks(photo))
        pages = [
            PageImage(PageRef("photo", "photo", index), pixels, _DPI)
            for index, (pixels, _) in enumerate(looks)
        ]
        return [
            Quad.from_corners(detection.quad.corners / scale)
            for result, (_, scale) in zip(engine.detect_pages(pages), looks, strict=True)
            if isinstance(result, DetectedPage)
            for detection in result.detections
        ]

    return find


def _looks(photo: Pixels) -> Iterator[tuple[Pixels, float]]:
    """A photo as it is, brighter, and at two other sizes, each with its scale.

    Plates are 20 to 300 pixels wide on photos of one size, and the detector knows print.
    """
    yield photo, 1.0
    levels = np.round(255 * (np.arange(256) / 255) ** _BRIGHTER).astype(np.uint8)
    yield levels[photo], 1.0
    for scale in (0.5, 0.25 if max(photo.shape) > _LARGE_PX else 2.0):
        size = tuple(max(1, round(side * scale)) for side in photo.shape[::-1])
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        yield np.asarray(cv2.resize(photo, size, interpolation=method), dtype=np.uint8), scale


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


def _shared_places(boxes: Sequence[Box]) -> NDArray[np.bool_]:
    """Of each two boxes, whether the middle of either lies in the other.

    Shapes:
        returns: (N, N) bool, N = len(boxes)
    """
    left, top, right, bottom = np.array(
        [(box.left, box.top, box.right, box.bottom) for box in boxes]
    ).T[..., None]
    x, y = ((left + right) / 2).T, ((top + bottom) / 2).T
    holds = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
    return np.asarray(holds | holds.T)
