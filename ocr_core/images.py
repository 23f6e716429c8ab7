"""Pixels to pixels: grey, upright, dark on light."""

from __future__ import annotations

import time
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas import PageImage

# What white may be in samples of more than 8 bits: cameras and scanners store 12-bit samples as
# they are in 16-bit files.
WHITE_LEVELS = (0xFF, 0xFFF, 0xFFFF)

# EXIF orientation -> whether the rows are mirrored, then the degrees to turn clockwise (Exif 2.32,
# table 6).
EXIF_TURNS = {
    2: (True, 0),
    3: (False, 180),
    4: (True, 180),
    5: (True, 270),
    6: (False, 90),
    7: (True, 90),
    8: (False, 270),
}


def prepare(page: PageImage) -> PageImage:
    """The page as the detector wants it: dark text on a light ground.

    Only a page that is a negative throughout is changed (see `is_negative`); the networks know
    inverted panels on ordinary pages and read them as they are.
    """
    started = time.perf_counter()
    pixels = cv2.bitwise_not(page.pixels) if is_negative(page.pixels) else page.pixels
    seconds = {**page.seconds, "prepare": time.perf_counter() - started}
    return replace(page, pixels=np.asarray(pixels, dtype=np.uint8), seconds=seconds)


def is_negative(pixels: NDArray[np.uint8]) -> bool:
    """Whether this is light text on a dark page, as on microfilm, and not merely a dark picture.

    The ground must be dark and even over most of the page, and what is lighter must be strokes: a
    bright sheet in a dark scan is broad, and so are the lights of a dark photograph.

    Shapes:
        pixels: (H, W) uint8
    """
    if pixels.size == 0 or (ground := int(np.median(pixels[::4, ::4]))) >= 96:
        return False
    small = shrink(pixels, 800)  # makes the strokes of print 1 to 3 pixels wide
    is_even = np.mean(np.abs(small.astype(np.int16) - ground) <= 32) >= 0.6
    lighter = np.maximum(small, ground) - np.uint8(ground)
    strokes = cv2.morphologyEx(lighter, cv2.MORPH_TOPHAT, np.ones((15, 15), np.uint8)).mean()
    has_text = strokes > 1  # of 255: less than two lines of text make
    return bool(is_even and has_text and strokes > 0.6 * lighter.mean())


def to_grey(pixels: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Grey, 0 to 255, from samples of any depth; what is transparent shows white paper.

    White is 255, 4095 or 65535, the least that no sample exceeds, or 1 for fractions; samples
    beyond that are scaled by the greatest of them.

    Shapes:
        pixels:  (H, W) or (H, W, C) bool, integers or floats from 0; C is 1 for grey, 2 for grey
                 and alpha, 3 for RGB, 4 for RGBA
        returns: (H, W) uint8

    Raises:
        ValueError: the shape is another.
    """
    samples = _to_bytes(pixels)
    if samples.ndim == 2:
        return samples
    channels = samples.shape[2] if samples.ndim == 3 else 0
    if channels not in (1, 2, 3, 4):
        raise ValueError(f"pixels must be (H, W) or (H, W, 1 to 4), not {pixels.shape}")
    if channels < 3:
        grey = np.ascontiguousarray(samples[:, :, 0])
    else:
        grey = np.asarray(cv2.cvtColor(samples[:, :, :3], cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return grey if channels in (1, 3) else _over_white(grey, samples[:, :, -1])


def turn_upright(pixels: NDArray[np.uint8], degrees: int) -> NDArray[np.uint8]:
    """Turned clockwise by 0, 90, 180 or 270 degrees.

    Raises:
        ValueError: the angle is another.
    """
    if degrees == 0:
        return pixels
    codes = {
        90: cv2.ROTATE_90_CLOCKWISE,
        180: cv2.ROTATE_180,
        270: cv2.ROTATE_90_COUNTERCLOCKWISE,
    }
    if degrees not in codes:
        raise ValueError(f"a page is turned by 0, 90, 180 or 270 degrees, not by {degrees}")
    return np.asarray(cv2.rotate(pixels, codes[degrees]), dtype=np.uint8)


def apply_exif_orientation(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Mirrored and turned as EXIF orientation 1 to 8 asks; any other number changes nothing."""
    mirrored, degrees = EXIF_TURNS.get(orientation, (False, 0))
    return turn_upright(np.asarray(cv2.flip(pixels, 1)) if mirrored else pixels, degrees)


def resize(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Of another size, in pixels; averaged over areas where it shrinks."""
    if pixels.shape == (height, width):
        return pixels
    shrinks = width <= pixels.shape[1] and height <= pixels.shape[0]
    interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=interpolation), np.uint8)


def resize_quickly(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """As `resize`, but first by halves where it shrinks so far: by whole numbers OpenCV is fast.

    An odd row or column at the end falls off: places shift by less than a pixel.
    """
    while pixels.shape[0] >= 2 * height and pixels.shape[1] >= 2 * width:
        even = pixels[: pixels.shape[0] // 2 * 2, : pixels.shape[1] // 2 * 2]
        pixels = resize(even, even.shape[1] // 2, even.shape[0] // 2)
    return resize(pixels, width, height)


def shrink(pixels: NDArray[np.uint8], long_side: int) -> NDArray[np.uint8]:
    """With a longer side of `long_side` pixels; what is no larger than that stays as it is."""
    scale = min(long_side / max(pixels.shape), 1.0)
    height, width = (max(round(side * scale), 1) for side in pixels.shape)
    return resize_quickly(pixels, width, height)


def quantile(pixels: NDArray[np.uint8], share: float) -> int:
    """The least grey level that such a share of the pixels does not exceed."""
    # A fifth of the time of `np.bincount`, which makes integers of eight bytes first.
    row = np.ascontiguousarray(pixels).reshape(1, -1)
    counts = cv2.calcHist([row], [0], None, [256], [0, 256]).ravel().astype(np.int64).cumsum()
    return int(np.searchsorted(counts, share * pixels.size))


def _to_bytes(pixels: NDArray[np.generic]) -> NDArray[np.uint8]:
    if pixels.dtype == np.uint8:
        return np.ascontiguousarray(pixels, dtype=np.uint8)
    if pixels.dtype == np.bool_:
        return pixels.astype(np.uint8) * np.uint8(255)
    levels: tuple[float, ...] = WHITE_LEVELS
    if pixels.dtype == np.uint16:
        samples = np.ascontiguousarray(pixels, dtype=np.uint16)  # in this machine's byte order
    else:
        samples = np.nan_to_num(pixels.astype(np.float32), posinf=0.0, neginf=0.0).clip(min=0.0)
        levels = (1.0, *levels) if pixels.dtype.kind == "f" else levels
    greatest = float(samples.max(initial=0))
    white = next((level for level in levels if greatest <= level), greatest)
    return np.asarray(cv2.convertScaleAbs(samples, alpha=255 / white), dtype=np.uint8)


def _over_white(grey: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if alpha.min(initial=255) == 255:
        return grey
    ink = cv2.multiply(cv2.bitwise_not(grey), np.ascontiguousarray(alpha), scale=1 / 255)
    return np.asarray(cv2.bitwise_not(ink), dtype=np.uint8)
