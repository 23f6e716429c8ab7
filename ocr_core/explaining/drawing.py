"""Brushes: words, heat, frames, and pictures put beside and below each other.

A picture is (H, W, 3) uint8, red, green, blue. Everything is drawn by OpenCV but words, which are
set in the Helvetica that comes with MuPDF, since OpenCV's strokes have no umlauts.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr_core import images
from schemas import Box, Quad

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

WIDTH = 920
BLACK, GREY, WHITE = (32, 32, 32), (128, 128, 128), (255, 255, 255)
RED, BLUE, GREEN, ORANGE = (208, 48, 48), (40, 96, 190), (24, 136, 72), (224, 136, 16)
PALE, PURPLE, TEAL = (226, 230, 236), (128, 64, 160), (0, 136, 144)
# Colours in the palette of a PNG.
_COLOURS = 256


def blank(height: int, width: int = WIDTH) -> Picture:
    """Nothing yet, in white."""
    return np.full((height, width, 3), 255, np.uint8)


def coloured(grey: NDArray[np.uint8]) -> Picture:
    """Grey levels, (H, W), as a picture."""
    return np.repeat(grey[:, :, None], 3, axis=2)


def heat(values: NDArray[np.number]) -> Picture:
    """Values from 0 to 1, (H, W), from near black by violet and orange to pale yellow."""
    levels = (np.clip(values, 0, 1) * 255).astype(np.uint8)
    return np.asarray(
        cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB), np.uint8
    )


def words(picture: Picture, at: tuple[float, float], text: str, colour: Colour = BLACK) -> None:
    """Writes 14 pixels high from a point, left and top, that may lie in the picture's margins."""
    image = Image.fromarray(picture)
    ImageDraw.Draw(image).text(at, text, font=_font(), fill=colour)
    picture[:] = np.asarray(image)


def words_width(text: str) -> int:
    """How many pixels wide `words` writes a text."""
    return round(_font().getlength(text))


@functools.cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(pymupdf.Font("helv").buffer), 14)


def to_width(picture: Picture, width: int) -> Picture:
    """Shrunk by areas, or enlarged with every pixel kept as a square."""
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    is_larger = width > picture.shape[1]
    how = cv2.INTER_NEAREST if is_larger else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, (width, height), interpolation=how), np.uint8)


def below(pictures: Sequence[Picture], gap: int = 8) -> Picture:
    """One below the other, from the left, on white."""
    width = max(one.shape[1] for one in pictures)
    total = sum(len(one) for one in pictures) + gap * (len(pictures) - 1)
    sheet, top = blank(total, width), 0
    for one in pictures:
        sheet[top : top + len(one), : one.shape[1]] = one
        top += len(one) + gap
    return sheet


def beside(pictures: Sequence[Picture], gap: int = 12) -> Picture:
    """One beside the other, from the top, on white."""
    turned = [np.ascontiguousarray(one.transpose(1, 0, 2)) for one in pictures]
    return np.ascontiguousarray(below(turned, gap).transpose(1, 0, 2))


def titled(picture: Picture, text: str) -> Picture:
    """A picture below a line that says what it is."""
    head = blank(20, max(picture.shape[1], words_width(text)))
    words(head, (0, 1), text, GREY)
    return below([head, picture], gap=0)


def framed(picture: Picture) -> Picture:
    """With a thin frame of its own pixels."""
    result = picture.copy()
    cv2.rectangle(result, (0, 0), (result.shape[1] - 1, len(result) - 1), (190, 190, 190), 1)
    return result


def trace(picture: Picture, quad: Quad, colour: Colour, thickness: int = 1) -> None:
    """Draws a quad, whose places are those of the picture."""
    corners = np.rint(quad.corners).astype(np.int32)
    cv2.polylines(picture, [corners], True, colour, thickness, cv2.LINE_AA)


def scaled(quad: Quad, factor: float, left: float = 0, top: float = 0) -> Quad:
    """A quad in a picture so many times as large, that begins at a place of the old one."""
    return Quad.from_corners((quad.corners - (left, top)) * factor)


def part(grey: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """What lies in a box as far as it is on the page; at least a pixel."""
    top, bottom = max(int(box.top), 0), max(round(box.bottom), int(box.top) + 1)
    left, right = max(int(box.left), 0), max(round(box.right), int(box.left) + 1)
    return grey[top:bottom, left:right]


def around(quad: Quad, shape: tuple[int, ...], least_width: float) -> Box:
    """A box on a page around a quad's beginning, with a line's height of room; for close looks.

    Args:
        shape: height and width of the page.
        least_width: of the box, in pixels; a longer line is shown as far as this.
    """
    box, room = quad.box, 1.2 * quad.height
    left = min(max(box.left - room / 2, 0.0), max(shape[1] - least_width, 0.0))
    right = min(left + least_width, float(shape[1]))
    return Box(left, max(box.top - room, 0.0), right, min(box.bottom + room, float(shape[0])))


def shown_page(grey: NDArray[np.uint8], width: int) -> tuple[Picture, float]:
    """A page so many pixels wide, and how many of these a pixel of it has become."""
    height = round(grey.shape[0] * width / grey.shape[1])
    return coloured(images.resize(grey, width, height)), width / grey.shape[1]


def to_png(picture: Picture) -> bytes:
    """A small PNG of few colours; the same picture gives the same bytes."""
    few = Image.fromarray(picture).quantize(_COLOURS, dither=Image.Dither.NONE)
    file = io.BytesIO()
    few.save(file, "png", optimize=True)
    return file.getvalue()
