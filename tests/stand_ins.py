"""Models that need no weights, and the script that they read.

Each letter is a solid block whose grey level says which letter it is; a gap as wide as a line is
high is a space. What these models say follows from the pixels alone, so a test can draw a page,
run the whole engine on it, and know the text and the place of every word.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.charset import Charset
from ocr_core.training.maps import draw_targets
from schemas import Box, PageImage, PageRef, Quad

CHARSET = Charset("abcde ")
GREY_OF = {"a": 0, "b": 30, "c": 60, "d": 90, "e": 120}
LIGHTEST_INK = 150
STRIDE = 4


def draw_text(
    pixels: NDArray[np.uint8], text: str, left: int, top: int, height: int = 20
) -> tuple[Box, list[Box]]:
    """Writes `text`, of the letters a to e and spaces, and tells where it and its words stand."""
    letter, gap = round(0.6 * height), round(0.25 * height)
    words: list[Box] = []
    x = left
    for word in text.split(" "):
        start = x
        for character in word:
            pixels[top : top + height, x : x + letter] = GREY_OF[character]
            x += letter + gap
        words.append(Box(start, top, x - gap, top + height))
        x += height - gap
    return Box.around(words), words


def blank_page(height: int = 600, width: int = 500) -> NDArray[np.uint8]:
    """White paper, (height, width) uint8."""
    return np.full((height, width), 255, np.uint8)


def page_image(pixels: NDArray[np.uint8], index: int = 0) -> PageImage:
    """A page image around pixels, of a source that does not exist."""
    return PageImage(PageRef("0" * 64, "memory://page", index), pixels, dpi=200)


class InkDetector:
    """Finds runs of ink, and says of each what a detector is taught to say.

    Attributes:
        gap: runs of ink in one line that stand closer than this, in detector pixels, are one.
        calls: number, height and width of the tiles that each call was given.
    """

    def __init__(self, gap: int = 56) -> None:
        self.gap = gap
        self.calls: list[tuple[int, ...]] = []

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.calls.append(tiles.shape)
        return np.stack([self._map(tile) for tile in tiles])

    def _map(self, tile: NDArray[np.uint8]) -> NDArray[np.float32]:
        ink = (tile < LIGHTEST_INK).astype(np.uint8)
        # White around it, or the closing would run along the tile's edge.
        room = np.pad(ink, ((0, 0), (self.gap, self.gap)))
        closed = cv2.morphologyEx(room, cv2.MORPH_CLOSE, np.ones((1, self.gap), np.uint8))
        count, _, stats, _ = cv2.connectedComponentsWithStats(closed[:, self.gap : -self.gap])
        runs = [
            Quad.from_box(Box(left / 2, top / 2, (left + width) / 2, (top + height) / 2))
            for left, top, width, height, _ in stats[1:count].tolist()
        ]
        shape = (len(tile) // 2, tile.shape[1] // 2)
        return draw_targets(runs, [], shape).kernel.astype(np.float32)


class GreyRecogniser:
    """Reads the grey level of the blocks that a crop shows, one step for four columns.

    A step that is white, between white steps, is a space; one that lies across the edge of a block
    is blank. What stands to the right of a crop's true width is never looked at.

    Attributes:
        confidence: probability that every step gives to what it says.
        calls: the shape of each batch.
    """

    height = 40
    charset = CHARSET

    def __init__(self, confidence: float = 0.95) -> None:
        self.confidence = confidence
        self.calls: list[tuple[int, ...]] = []

    def __call__(
        self, crops: NDArray[np.uint8], widths: NDArray[np.integer]
    ) -> list[NDArray[np.float32]]:
        self.calls.append(crops.shape)
        return [
            self._read(crop[:, :width]) for crop, width in zip(crops, widths.tolist(), strict=True)
        ]

    def _read(self, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
        middle = crop[self.height * 3 // 8 : self.height * 5 // 8].mean(axis=0)
        middle = np.pad(middle, (0, -len(middle) % STRIDE), mode="edge")
        steps = middle.reshape(-1, STRIDE)
        labels = _labels_of(steps.mean(axis=1), np.ptp(steps, axis=1))
        n_labels = 1 + len(CHARSET)
        rest = (1 - self.confidence) / (n_labels - 1)
        result = np.full((len(labels), n_labels), np.log(rest), np.float32)
        result[np.arange(len(labels)), labels] = np.log(self.confidence)
        return result


class DoubtfulRecogniser(GreyRecogniser):
    """Reads every c with the doubt that it may well be an e.

    Attributes:
        sureness: probability that it gives to a c; an e has what is left of .95.
    """

    def __init__(self, confidence: float = 0.95, sureness: float = 0.6) -> None:
        super().__init__(confidence)
        self.sureness = sureness

    def _read(self, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
        result = super()._read(crop)
        c, e = CHARSET.encode("ce")
        is_c = result.argmax(axis=1) == c
        result[is_c, c] = np.log(self.sureness)
        result[is_c, e] = np.log(0.95 - self.sureness)
        return result


class MirrorRecogniser(GreyRecogniser):
    """Reads with doubt what has more ink on the left."""

    def _read(self, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
        half = crop.shape[1] // 2
        has_more = crop[:, :half].mean() < crop[:, -half:].mean() - 5
        result = super()._read(crop)
        return result + np.float32(np.log(0.5)) if has_more else result


def _labels_of(levels: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.int64]:
    greys = np.array(list(GREY_OF.values()))
    white = levels > 250
    white_around = np.pad(white, 1, constant_values=True)
    is_space = white & white_around[:-2] & white_around[2:]
    is_letter = (spread < 8) & (levels < greys.max() + 15)
    letters = 1 + np.abs(levels[:, None] - greys).argmin(axis=1)
    return np.where(is_space, CHARSET.encode(" ")[0], np.where(is_letter, letters, 0))


class PoisonedDetector(InkDetector):
    """An `InkDetector` that cannot stand one grey level: a tile that holds it raises `error`."""

    def __init__(self, poison: int = 200, error: Exception | None = None) -> None:
        super().__init__()
        self.poison = poison
        self.error = error or RuntimeError("a poisoned tile")

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        if (tiles == self.poison).sum() > 1000:  # the edges of ink have every grey level
            raise self.error
        return super().__call__(tiles)


def poison(pixels: NDArray[np.uint8], level: int = 200) -> NDArray[np.uint8]:
    """The page with a patch that `PoisonedDetector` cannot stand."""
    result = pixels.copy()
    result[-120:-20, 20:120] = level
    return result


class OneWayRecogniser(GreyRecogniser):
    """Is sure only of letters whose upper half has a light notch."""

    def _read(self, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
        rows = crop.astype(int)
        upper, lower = rows[6:18].mean(), rows[22:34].mean()
        self.confidence = 0.95 if upper > lower + 5 else 0.6
        return super()._read(crop)


class Repainter:
    """A restorer that takes one letter for another, and draws that.

    Attributes:
        calls: the shapes of the crops that each call was given.
    """

    def __init__(self, old: str = "c", new: str = "e") -> None:
        self.calls: list[list[tuple[int, ...]]] = []
        self._old, self._new = GREY_OF[old], GREY_OF[new]

    def restore(self, crops: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
        self.calls.append([crop.shape for crop in crops])
        return [
            np.where(abs(crop - float(self._old)) < 12, self._new, crop).astype(np.uint8)
            for crop in crops
        ]
