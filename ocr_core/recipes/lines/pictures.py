"""A picture of a line -> the strip that a recogniser reads."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from ocr_core.cleaning import steps
from ocr_core.cropping import MARGIN, MIN_WIDTH, crop_quad
from ocr_core.errors import CorruptSourceError
from ocr_core.recipes.lines.labelled import LabelledLine
from ocr_core.recipes.lines.settings import Data
from ocr_core.recipes.picture_files import read_grey
from schemas import Box, Quad

Pixels = NDArray[np.uint8]

# Rows with less of the ink than this, above and below, are another line's.
_TAIL = 0.002
# Ink of less than this share of the square of the line's height is dirt; the full stop with which a
# line ends is not, though it may be less than a hundredth of the line's ink.
_SPECK = 0.003
# The least share of a line that is on the picture of its page, and by how much the picture may be
# wider than the page, as a share, for units that are rounded.
_WITHIN, _SHAPE = 0.5, 0.05


def read_picture(line: LabelledLine) -> Pixels:
    """The picture of a line, cut out of that of its page where it is a part of one: (H, W) uint8.

    Raises:
        CorruptSourceError: the picture is none, or not that of the line.
        InputError: it cannot be read for another reason; see `picture_files.read_grey`.
    """
    if line.quad is None:
        return read_grey(line.path)
    pixels = _read_page(line.path, line.turned_deg)
    quad = Quad.from_corners(line.quad.corners * _scale(line, pixels))
    height, width = pixels.shape
    if Box(0, 0, width, height).overlap(quad.box) < _WITHIN * quad.box.area:
        raise CorruptSourceError(f"{line.path} is no picture of {line.text!r}: that lies outside")
    # No smaller than on the page.
    return crop_quad(pixels, quad, height=max(1, round(quad.height * (1 + 2 * MARGIN))))


def _scale(line: LabelledLine, pixels: Pixels) -> float:
    """Pixels of the picture, turned as its EXIF says, for each unit of a line's place."""
    (height, width), (page_width, page_height) = pixels.shape, line.page
    if page_width and page_height and abs(width / height * page_height / page_width - 1) > _SHAPE:
        raise CorruptSourceError(
            f"{line.path} has {width} x {height} pixels, but the XML is of a page of"
            f" {page_width:g} x {page_height:g}: that was turned, or is another"
        )
    return width / page_width if page_width else 1.0


@lru_cache(maxsize=1)
def _read_page(path: Path, turned_deg: int) -> Pixels:
    """The page of one line after the other."""
    return np.ascontiguousarray(np.rot90(read_grey(path), -turned_deg // 90))


def make_strip(pixels: Pixels, data: Data, height: int) -> Pixels:
    """A line as the recogniser sees it: dark on light, brought to a height.

    Processed ones are cleaned as pages are, and cut out along their ink with as much paper around
    it as lines of pages have; see `ocr_core.cropping`.

    Shapes:
        pixels:  (h, w) uint8
        returns: (height, W) uint8, 0 for ink and 255 for paper
    """
    if _is_negative(pixels):
        pixels = np.asarray(cv2.bitwise_not(pixels), np.uint8)
    if data == "processed":
        pixels = _cut_out(steps.clean(pixels))
    width = max(MIN_WIDTH, round(pixels.shape[1] * height / pixels.shape[0]))
    way = cv2.INTER_AREA if pixels.shape[0] > height else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=way), np.uint8)


def _is_negative(pixels: Pixels) -> bool:
    """Whether most of a line is nearer to its darkest than to its lightest: paper is more."""
    dark, middle, light = np.percentile(pixels, (2, 50, 98))
    return bool(middle - dark < light - middle)


def _cut_out(pixels: Pixels) -> Pixels:
    """The part of a picture that holds the ink, and a margin, white where there is none."""
    _, ink = cv2.threshold(pixels, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    total = int(np.count_nonzero(ink))
    if total == 0 or total > 0.5 * ink.size:  # nothing, or no dark text on light paper
        return pixels
    top, bottom = _ends(ink.sum(axis=1))
    left, right = _sides(ink[top:bottom])
    room = max(1, round(MARGIN * (bottom - top)))
    around = cv2.copyMakeBorder(pixels, room, room, room, room, cv2.BORDER_REPLICATE)
    return np.asarray(around[top : bottom + 2 * room, left : right + 2 * room], np.uint8)


def _sides(ink: MatLike) -> tuple[int, int]:
    """Where the ink of a line begins and ends, but for specks; the end is exclusive."""
    count, _, found, _ = cv2.connectedComponentsWithStats(np.asarray(ink, np.uint8))
    letters = found[1:count]
    letters = letters[letters[:, cv2.CC_STAT_AREA] >= _SPECK * len(ink) ** 2]
    if not len(letters):
        return 0, ink.shape[1]
    lefts, widths = letters[:, cv2.CC_STAT_LEFT], letters[:, cv2.CC_STAT_WIDTH]
    return int(lefts.min()), int((lefts + widths).max())


def _ends(counts: NDArray[np.integer]) -> tuple[int, int]:
    """Where all but the tails of a distribution lie; the end is exclusive."""
    tail = _TAIL * counts.sum()
    first, last = (int(np.searchsorted(part.cumsum(), tail)) for part in (counts, counts[::-1]))
    return first, len(counts) - last
