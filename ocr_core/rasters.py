"""Image files: how many pages, and the grey pixels of each.

A TIFF has as many pages as it has frames that are neither thumbnails nor masks. Of everything
else the first frame is the page: an animation shows one thing after another, not page after page.
"""

from __future__ import annotations

import re
import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import pi_heif
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

from ocr_core import images, jpeg2000
from ocr_core.errors import (
    CorruptSourceError,
    EmptySourceError,
    InputError,
    OutOfMemoryError,
    PageTooLargeError,
)
from ocr_core.tiff import Tiff

# Media type -> the one of Pillow's readers that may open it; TIFF has a reader of its own.
READERS = {
    "image/avif": "AVIF",
    "image/bmp": "BMP",
    "image/gif": "GIF",
    "image/heic": "HEIF",
    "image/j2c": "JPEG2000",
    "image/jp2": "JPEG2000",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/x-portable-bitmap": "PPM",
    "image/x-portable-graymap": "PPM",
    "image/x-portable-pixmap": "PPM",
}

pi_heif.register_heif_opener()

# A stated resolution is believed where the finer of its two is in this range, the coarser not far
# below, and the long side of the page then this long. Cameras and screens state 72 or 96 dpi
# whatever they show, and some scanners 1.
PLAUSIBLE_DPI = (100.0, 2400.0)
MOST_OBLONG = 3.0
PLAUSIBLE_INCHES = (1.0, 30.0)

# Where none is believed, the long side is taken for that of A4, within these bounds.
A4_INCHES = 11.69
ESTIMATED_DPI = (72, 600)

# Pixels are square when their sides differ by less than this factor: "fine" faxes have 204 by 196.
SQUARE_WITHIN = 1.1

# A tag of TIFF and Exif.
ORIENTATION = 274

# Pillow warns of what it mends. Which warnings show, and which images it takes for bombs, are
# settings of the whole process, so one thread at a time changes them.
_PILLOW = threading.Lock()


def count_pages(path: Path, media_type: str, at_most: int) -> int:
    """How many pages an image file has; counting ends when there are more than `at_most`.

    Raises:
        InputError: it is no such image, has no area, or its only page cannot be read. Of several
            pages each fails when it is drawn.
    """
    with _pillow(), _opened(path, media_type) as image:
        faults = list(islice(_pages(image), at_most + 1))
        if len(faults) == 1 and faults[0] is not None:
            raise faults[0]
        return len(faults)


def draw_page(
    path: Path, media_type: str, page_index: int, dpi: int, max_megapixels: float
) -> tuple[NDArray[np.uint8], int]:
    """A page's pixels, upright as its EXIF says and with square pixels; and their dpi.

    A scan that states two or more times `dpi` is shrunk by the greatest whole number that leaves it
    `dpi` or more; none is enlarged. Without a plausible statement the size stays, and the dpi that
    is returned is an estimate.

    Shapes:
        returns: (H, W) uint8, 0 black to 255 white

    Raises:
        InputError: the image is damaged, or larger than `max_megapixels` before it is shrunk.
    """
    with _pillow(), _opened(path, media_type) as image:
        _seek_page(image, page_index)
        _check_area(image, max_megapixels)
        target = _target(image, dpi)
        orientation = image.getexif().get(ORIENTATION, 1)
        is_tiff = isinstance(image, Tiff)
        is_negative = _is_deep_negative(image)
        _shrink_decoded(image, target)
        samples = _samples(image)
    grey = images.to_grey(samples)
    if is_negative:
        grey = np.bitwise_not(grey)
    grey = images.resize(grey, target.width, target.height)
    # Pillow has turned a TIFF by itself.
    upright = grey if is_tiff else images.apply_exif_orientation(grey, orientation)
    return upright, target.dpi


@contextmanager
def input_errors(what: str) -> Iterator[None]:
    """Errors of ours for whatever damaged bytes make Pillow and those that use it stumble over.

    Raises:
        InputError: something failed; `what` says what that means.
    """
    try:
        yield
    except InputError:
        raise
    except MemoryError as error:
        raise OutOfMemoryError("the image needs too much memory") from error
    except Exception as error:
        raise CorruptSourceError(f"{what}: {error}") from error


@contextmanager
def _pillow() -> Iterator[None]:
    """One thread's turn with Pillow, silently and with errors of ours.

    Raises:
        InputError: Pillow failed.
    """
    with _PILLOW, warnings.catch_warnings(), input_errors("the image is damaged"):
        warnings.simplefilter("ignore")
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None  # `_check_area` is ours
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = limit


@contextmanager
def _opened(path: Path, media_type: str) -> Iterator[Image.Image]:
    with path.open("rb") as file:
        if 0 in _declared_size(file.read(256), media_type):  # which Pillow calls unidentified
            raise EmptySourceError("the image has no area: its width or height is 0")
        file.seek(0)
        try:
            image = _open(file, media_type)
        except (UnidentifiedImageError, SyntaxError) as error:  # the latter of `Tiff`
            raise CorruptSourceError(f"the image is damaged: no {media_type} inside") from error
        with image:
            yield image


def _declared_size(head: bytes, media_type: str) -> tuple[int, ...]:
    """Width and height, where the first bytes of a file of this type tell them simply."""
    if media_type == "image/png" and len(head) >= 24:
        return struct.unpack(">II", head[16:24])
    if media_type == "image/gif" and len(head) >= 10:
        return struct.unpack("<HH", head[6:10])
    if media_type == "image/bmp" and len(head) >= 26:
        is_os2 = struct.unpack("<I", head[14:18]) == (12,)
        return struct.unpack("<HH", head[18:22]) if is_os2 else struct.unpack("<ii", head[18:26])
    numbers = re.match(rb"P[1-6](?:\s|#[^\n]*\n)+(\d+)(?:\s|#[^\n]*\n)+(\d+)", head)
    return tuple(map(int, numbers.groups())) if numbers else ()


def _open(file: BinaryIO, media_type: str) -> Image.Image:
    if media_type == "image/tiff":
        return Tiff(file)
    return Image.open(file, formats=[READERS[media_type]])


def _pages(image: Image.Image) -> Iterator[InputError | None]:
    """Moves to one page after the other, and gives what makes it unreadable, if anything."""
    return image.pages() if isinstance(image, Tiff) else iter([None])


def _seek_page(image: Image.Image, page_index: int) -> None:
    no_page = CorruptSourceError(f"the image has no page {page_index + 1}")
    fault = next(islice(_pages(image), page_index, None), no_page)
    if fault is not None:
        raise fault


def _check_area(image: Image.Image, max_megapixels: float) -> None:
    width, height = image.size
    if width * height / 1e6 > max_megapixels:
        raise PageTooLargeError(
            f"the image is {width} by {height} pixels; at most {max_megapixels:g} megapixels are "
            "read: shrink it or raise the limit"
        )


class _Target(NamedTuple):
    """Size, before EXIF turns it, and resolution of a page."""

    width: int
    height: int
    dpi: int


def _target(image: Image.Image, dpi: int) -> _Target:
    width, height = image.size
    stated = _stated_dpi(image)
    if stated is None:
        estimate = round(max(width, height) / A4_INCHES)
        return _Target(width, height, min(max(estimate, ESTIMATED_DPI[0]), ESTIMATED_DPI[1]))
    finest = max(stated)
    reached = finest / max(int(finest / dpi + 0.01), 1)  # PNG states 400 as 399.9992
    # Faxes have 204 by 98 dpi: the coarse side is stretched.
    width_px, height_px = (
        max(round(side * reached / resolution), 1)
        for side, resolution in zip((width, height), stated, strict=True)
    )
    return _Target(width_px, height_px, round(reached))


def _shrink_decoded(image: Image.Image, target: _Target) -> None:
    """Has no more pixels decoded than are needed, where the format can do with fewer."""
    image.draft("L", (target.width, target.height))  # JPEG only: to grey as well
    if isinstance(image, Jpeg2KImageFile) and image.fp is not None:
        image.fp.seek(0)
        times = min(image.width / target.width, image.height / target.height)
        image.reduce = jpeg2000.useful_halvings(image.fp.read(jpeg2000.HEAD_BYTES), times)


def _stated_dpi(image: Image.Image) -> tuple[float, float] | None:
    """The resolution along x and y that the image states, where it is plausible."""
    try:
        x_dpi, y_dpi = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
    if isinstance(image, Tiff) and image.getexif().get(ORIENTATION, 1) >= 5:
        x_dpi, y_dpi = y_dpi, x_dpi  # Pillow has swapped the size, but not this
    finest, coarsest = max(x_dpi, y_dpi), min(x_dpi, y_dpi)
    long_side = max(image.width / x_dpi, image.height / y_dpi) if coarsest > 0 else 0.0
    # Comparisons with what is not a number are false.
    plausible = (
        PLAUSIBLE_DPI[0] <= finest <= PLAUSIBLE_DPI[1]
        and finest <= MOST_OBLONG * coarsest
        and PLAUSIBLE_INCHES[0] <= long_side <= PLAUSIBLE_INCHES[1]
    )
    if not plausible:
        return None
    return (x_dpi, y_dpi) if finest > SQUARE_WITHIN * coarsest else (finest, finest)


def _is_deep_negative(image: Image.Image) -> bool:
    """Whether 0 is white in a TIFF of more than 8 bits, which Pillow leaves as it is."""
    return isinstance(image, Tiff) and image.mode[0] in "IF" and image.is_negative


def _samples(image: Image.Image) -> NDArray[np.generic]:
    """Pixels in a form that `images.to_grey` takes; grey at once where nothing shines through.

    Pillow's own grey (ITU-R BT.601, as OpenCV's) saves copies of three or four times as many bytes.
    """
    if image.mode in {"1", "L"} and not image.has_transparency_data:
        return np.asarray(image)
    if (image.mode == "RGB" and not image.has_transparency_data) or _is_opaque(image):
        return np.asarray(image.convert("L"))
    if image.mode == "I" and isinstance(image, Tiff) and image.is_unsigned:
        return np.asarray(image).view(np.uint32)  # Pillow has signed integers only
    if image.mode[0] in "IF" or image.mode in {"LA", "RGBA"}:
        return np.asarray(image)
    if image.mode == "LAB":
        return np.asarray(image.getchannel("L"))
    return np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))


def _is_opaque(image: Image.Image) -> bool:
    """Whether there is an alpha channel that says nothing."""
    return image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255)
