"""Pictures, photos, drawings and charts: what is printed on a page and is neither text nor ruled.

What is darker than the paper, and neither in a line of text nor a ruling, is joined with what lies
near it; what is then large both ways is a figure. All of this is done on a picture so small that a
letter is a pixel or two, which costs a millisecond, and finds drawings of thin strokes as well as
photos: of these the middle may be as bright as paper, but not the edge all around.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.images import resize_quickly
from schemas import Box, Quad, Ruling

Pixels = NDArray[np.uint8]

# The longer side of the picture that is looked at, in its pixels; all lengths below are of these.
LONG_SIDE = 320
# By how much ink is darker than the paper about it, of 255, and how far away that may be; and how
# dark, and in which share of it at least, a figure is where it is darkest: a stain is not.
MIN_DARKNESS = 24
MIN_BLACK = 60
MIN_BLACK_SHARE = 0.1
PAPER_REACH = 64
# Ink this near to each other is of one figure.
REACH = 7
# The least sides of a figure: half an inch on a page of 11, and more of what goes on at the edge of
# the sheet, where shadows and the borders of scans are.
MIN_SIDE = 13
MIN_SIDE_AT_EDGE = 48
# How much of the box around a figure is ink, at least, and how much text: a tinted panel has more.
MIN_INK = 0.03
MAX_TEXT = 0.35
# A longer ruling, as a share of the page's longer side, frames or parts what is on the page; a
# shorter one may be the axis of a chart.
LONG_RULING = 0.4
# What is larger than this share of the sheet is the sheet.
MAX_SHARE = 0.8


def find_figures(
    pixels: Pixels, texts: Sequence[Quad], rulings: Sequence[Ruling], scale: float = 1.0
) -> tuple[Box, ...]:
    """The boxes around the figures of a page, the larger ones first; they do not overlap.

    Args:
        pixels: (H, W) uint8, 0 for ink and 255 for paper.
        texts: the lines of text on the page; text in a figure stays in it.
        rulings: the lines that are drawn on the page.
        scale: how many pixels of the page, in which all but `pixels` is, one of these is.
    """
    shrinkage = max(pixels.shape) / LONG_SIDE
    height, width = (max(1, round(side / shrinkage)) for side in pixels.shape)
    scale *= shrinkage
    if min(height, width) < 2 * MIN_SIDE:
        return ()
    small = resize_quickly(pixels, width, height)
    darkness = _darkness(small)
    text = _filled((quad.corners / scale for quad in texts), small.shape)
    darkness[text] = 0
    long = [ruling for ruling in rulings if _length(ruling) > LONG_RULING * LONG_SIDE * scale]
    near = (darkness > MIN_DARKNESS) & ~_drawn(long, scale, small.shape)
    darkness[_drawn(rulings, scale, small.shape)] = 0
    boxes = _joined(_boxes(darkness, near, text))
    return tuple(_scaled(box, scale) for box in boxes)


def _filled(polygons: Iterable[NDArray[np.floating]], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Where lines of text are, with a pixel about them."""
    mask = np.zeros(shape, np.uint8)
    for corners in polygons:
        cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 1)
    return np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0)


def _drawn(rulings: Iterable[Ruling], scale: float, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Where rulings are, with a pixel about them."""
    mask = np.zeros(shape, np.uint8)
    for ruling in rulings:
        (x0, y0), (x1, y1) = (
            tuple(round(v / scale) for v in end) for end in (ruling.start, ruling.end)
        )
        cv2.line(mask, (x0, y0), (x1, y1), 1, 3 + round(ruling.thickness / scale))
    return mask > 0


def _length(ruling: Ruling) -> float:
    (x0, y0), (x1, y1) = ruling.start, ruling.end
    return max(abs(x1 - x0), abs(y1 - y0))


def _darkness(small: Pixels) -> Pixels:
    """By how much a picture is darker than the lightest about it, its paper."""
    quarter = cv2.resize(small, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = PAPER_REACH // 4
    lightest = cv2.blur(cv2.dilate(quarter, np.ones((reach, reach), np.uint8)), (reach, reach))
    paper = cv2.resize(lightest, small.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.subtract(paper, small), np.uint8)


def _boxes(darkness: Pixels, near: NDArray[np.bool_], text: NDArray[np.bool_]) -> Iterator[Box]:
    """The boxes around ink that goes on in both directions and is not text.

    Args:
        darkness: of what is neither text nor a ruling.
        near: ink, and that of rulings which may be part of a figure.
    """
    reach = np.ones((REACH, REACH), np.uint8)
    joined = cv2.morphologyEx(near.astype(np.uint8), cv2.MORPH_CLOSE, reach)
    height, width = darkness.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for number, (left, top, wide, high, _) in enumerate(stats[1:].tolist(), start=1):
        at_edges = sum([left == 0, top == 0, left + wide == width, top + high == height])
        least = MIN_SIDE_AT_EDGE if at_edges else MIN_SIDE
        is_sheet = wide * high > MAX_SHARE * width * height or at_edges > 1
        if min(wide, high) < least or is_sheet:
            continue
        view = slice(top, top + high), slice(left, left + wide)
        own = np.where(labels[view] == number, darkness[view], 0)
        ink, black = (own > MIN_DARKNESS).mean(), (own > MIN_BLACK).mean()
        if ink >= MIN_INK and black >= MIN_BLACK_SHARE * ink and text[view].mean() <= MAX_TEXT:
            yield Box(left, top, left + wide, top + high)


def _joined(boxes: Iterable[Box]) -> list[Box]:
    """The boxes with those made one that overlap, the larger ones first."""
    joined: list[Box] = []
    for box in boxes:
        while overlapping := [other for other in joined if box.overlap(other) > 0]:
            joined = [other for other in joined if other not in overlapping]
            box = Box.around([box, *overlapping])
        joined.append(box)
    return sorted(joined, key=lambda box: -box.area)


def _scaled(box: Box, scale: float) -> Box:
    return Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)
