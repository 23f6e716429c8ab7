"""Pictures of the stages that look at the whole page: thresholds, map, quads, layout."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.boxes import THRESHOLD
from ocr_core.cleaning import binarising
from ocr_core.explaining import drawing
from ocr_core.explaining.drawing import Picture
from ocr_core.explaining.following import Followed, FollowedLine
from ocr_core.tiling import MAP_STRIDE
from schemas import Box
from schemas.document import BlockKind

# Of the whole page, and of the close look beside it.
PAGE_PX = 340
CLOSE_PX = drawing.WIDTH - PAGE_PX - 12
# Page pixels that a close look shows for each pixel of the line's height.
HEIGHTS = 13

_KIND_COLOURS: dict[BlockKind, drawing.Colour] = {
    "paragraph": drawing.BLUE,
    "heading": drawing.RED,
    "list": drawing.TEAL,
    "caption": drawing.PURPLE,
    "table": drawing.GREEN,
    "figure": drawing.ORANGE,
}


def otsu_level(pixels: NDArray[np.uint8]) -> int:
    """The darkest grey level of the page that Otsu's threshold makes white."""
    kept = pixels[binarising.otsu(pixels) > 0]
    return int(kept.min()) if kept.size else 255


def thresholds(followed: Followed, line: FollowedLine) -> Picture:
    """The page as it came, by one threshold, and by one for each pixel; and how many of each grey.

    The line is shown beside each of them.
    """
    pixels = followed.image.pixels
    third = (drawing.WIDTH - 24) // 3
    close = drawing.around(line.read.quad, pixels.shape, HEIGHTS * line.read.quad.height)
    columns = []
    for name, version in (
        ("as it came", pixels),
        ("Otsu: one threshold for all", binarising.otsu(pixels)),
        ("Sauvola: one for each pixel", binarising.sauvola(pixels)),
    ):
        whole, _ = drawing.shown_page(version, third)
        detail = drawing.to_width(drawing.coloured(drawing.part(version, close)), third)
        # The upper half of the page is enough to see what becomes of paper and ink.
        upper = whole[: min(len(whole), third * 2 // 3)]
        columns.append(drawing.titled(drawing.below([*map(drawing.framed, (upper, detail))]), name))
    return drawing.below([drawing.beside(columns), _histogram(pixels)])


def _histogram(pixels: NDArray[np.uint8]) -> Picture:
    counts = np.bincount(pixels.ravel(), minlength=256)
    heights = np.log1p(counts) / np.log1p(counts.max())
    chart, scale = drawing.blank(108), 3
    left, level = 76, otsu_level(pixels)
    for grey, share in enumerate(heights.tolist()):
        x = left + scale * grey
        colour = drawing.BLACK if grey < level else (180, 180, 180)
        top = 88 - round(70 * share)
        cv2.rectangle(chart, (x, top), (x + scale - 1, 88), colour, -1)
    x = left + scale * level
    cv2.line(chart, (x, 4), (x, 89), drawing.RED, 2)
    drawing.words(chart, (0, 60), "pixels (log)", drawing.GREY)
    drawing.words(chart, (left, 91), "0: ink", drawing.GREY)
    drawing.words(chart, (left + scale * 256 - 70, 91), "255: paper", drawing.GREY)
    drawing.words(chart, (x - 190, 2), f"Otsu parts them at grey {level}", drawing.RED)
    return chart


def detector_map(followed: Followed, line: FollowedLine) -> Picture:
    """The probability map over the page, and closely around the line."""
    pixels, look = followed.image.pixels, followed.look
    height, width = pixels.shape
    scale = look.scale * MAP_STRIDE
    to_page = np.array([[scale, 0, (scale - 1) / 2], [0, scale, (scale - 1) / 2]])
    spread = np.asarray(cv2.warpAffine(look.probability_map, to_page, (width, height)))
    whole, _ = drawing.shown_page(pixels, PAGE_PX)
    page_map = cv2.resize(spread, (whole.shape[1], len(whole)), interpolation=cv2.INTER_AREA)
    overlaid = _overlaid(whole, np.asarray(page_map))
    box = drawing.around(line.read.quad, pixels.shape, HEIGHTS * line.read.quad.height)
    top, left = int(box.top), int(box.left)
    close = spread[top : round(box.bottom), left : round(box.right)]
    paper = drawing.to_width(drawing.coloured(drawing.part(pixels, box)), CLOSE_PX)
    size = (paper.shape[1], len(paper))
    fine = np.asarray(cv2.resize(close, size, interpolation=cv2.INTER_LINEAR))
    isoline, _ = cv2.findContours(
        (fine > THRESHOLD).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    marked = paper.copy()
    cv2.drawContours(marked, isoline, -1, drawing.RED, 2)
    shown = [
        ("the page around the line", paper),
        ("probability that a pixel is of a line's core: black 0, pale 1", drawing.heat(fine)),
        (f"where it exceeds {THRESHOLD}", marked),
    ]
    closely = drawing.below([drawing.titled(drawing.framed(one), name) for name, one in shown], 14)
    return drawing.beside([drawing.titled(drawing.framed(overlaid), "the whole page"), closely])


def _overlaid(page: Picture, probability_map: NDArray[np.floating]) -> Picture:
    share = 0.8 * np.clip(probability_map, 0, 1)[:, :, None]
    mixed = (1 - share) * page + share * drawing.heat(0.35 + 0.5 * probability_map)
    return np.asarray(mixed, np.uint8)


def quads(followed: Followed, line: FollowedLine) -> Picture:
    """The quads of all lines on the page, and closely how the line's grew from its core."""
    pixels, quad = followed.image.pixels, line.read.quad
    whole, scale = drawing.shown_page(pixels, PAGE_PX)
    for found in followed.detected.detections:
        drawing.trace(whole, drawing.scaled(found.quad, scale), drawing.BLUE)
    drawing.trace(whole, drawing.scaled(quad, scale), drawing.RED, 2)
    shown = (
        (
            "orange: the core above the threshold; red: the quad grown from it",
            HEIGHTS * quad.height,
        ),
        ("the whole line", max(quad.width + quad.height, HEIGHTS * quad.height)),
    )
    closely = drawing.below(
        [
            drawing.titled(drawing.framed(_grown(followed, line, room)), name)
            for name, room in shown
        ],
        gap=20,
    )
    return drawing.beside([drawing.titled(drawing.framed(whole), "all lines"), closely])


def _grown(followed: Followed, line: FollowedLine, width: float) -> Picture:
    """So many pixels of the page from where the line begins, with cores and quads."""
    pixels = followed.image.pixels
    box = drawing.around(line.read.quad, pixels.shape, width)
    close = drawing.to_width(drawing.coloured(drawing.part(pixels, box)), CLOSE_PX)
    factor = CLOSE_PX / (round(box.right) - int(box.left))
    for found in followed.detected.detections:
        colour = drawing.RED if found.quad == line.read.quad else drawing.BLUE
        placed = drawing.scaled(found.quad, factor, int(box.left), int(box.top))
        drawing.trace(close, placed, colour, 2)
    cv2.drawContours(close, _core(followed, box, close.shape), -1, drawing.ORANGE, 2)
    return close


def _core(followed: Followed, box: Box, shape: tuple[int, ...]) -> list[NDArray[np.int32]]:
    """Outlines of what exceeds the threshold, in pixels of a close look of some shape."""
    scale = followed.look.scale * MAP_STRIDE
    factor = shape[1] / (round(box.right) - int(box.left))
    above = (followed.look.probability_map > THRESHOLD).astype(np.uint8)
    outlines, _ = cv2.findContours(above, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    corner = np.array([int(box.left), int(box.top)])
    return [
        np.rint(((np.asarray(outline) + 0.5) * scale - corner) * factor).astype(np.int32)
        for outline in outlines
    ]


def layout(followed: Followed, line: FollowedLine) -> Picture:
    """The blocks of the page, numbered and joined in the order in which they are read."""
    width = 600
    page, scale = drawing.shown_page(followed.image.pixels, width)
    faded = np.asarray(255 - (255 - page.astype(np.int16)) * 0.6, np.uint8)
    blocks = [(drawing.scaled(block.quad, scale), block.kind) for block in followed.page.blocks]
    for quad, kind in blocks:
        drawing.trace(faded, quad, _KIND_COLOURS.get(kind, drawing.GREY), 2)
    drawing.trace(faded, drawing.scaled(line.line.quad, scale), drawing.ORANGE, 2)
    # Beside the first letter, not on it.
    starts = [(round(quad.x0) - 11, round(quad.y0) + 9) for quad, _ in blocks]
    for start, end in pairwise(starts):
        cv2.line(faded, start, end, drawing.BLACK, 1, cv2.LINE_AA)
    for number, ((x, y), (_, kind)) in enumerate(zip(starts, blocks, strict=True), start=1):
        cv2.circle(faded, (x, y), 9, _KIND_COLOURS.get(kind, drawing.GREY), -1, cv2.LINE_AA)
        drawing.words(faded, (x - 4 * len(str(number)), y - 9), str(number), drawing.WHITE)
    lowest = max((round(quad.box.bottom) for quad, _ in blocks), default=0) + 24
    faded = faded[: max(lowest, 24)]
    names = drawing.blank(20 * len(blocks), drawing.WIDTH - width - 12)
    for number, (_, kind) in enumerate(blocks, start=1):
        colour = _KIND_COLOURS.get(kind, drawing.GREY)
        drawing.words(names, (0, 20 * (number - 1)), f"{number}  {kind}", colour)
    return drawing.beside([drawing.framed(faded), names])
