"""Picture files of samples -> pixels."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.errors import CorruptSourceError, MissingSourceError, UnsupportedFormatError

Pixels = NDArray[np.uint8]

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"})
_PDF = b"%PDF-"


def is_picture(path: Path) -> bool:
    """Whether a file has the name of a picture."""
    return path.suffix.lower() in SUFFIXES


def read_grey(path: Path) -> Pixels:
    """A picture as (H, W) uint8.

    Raises:
        MissingSourceError: there is none, or it may not be read.
        UnsupportedFormatError: it is a PDF.
        CorruptSourceError: it is no picture.
    """
    return _read(path, cv2.IMREAD_GRAYSCALE)


def read_colours(path: Path) -> Pixels:
    """A picture as (H, W, 3) uint8, RGB.

    Raises:
        InputError: as `read_grey` does.
    """
    return _read(path, cv2.IMREAD_COLOR_RGB)


def _read(path: Path, how: int) -> Pixels:
    try:
        content = np.fromfile(path, np.uint8)  # OpenCV itself does not say why it cannot
    except OSError as error:
        raise MissingSourceError(f"{path} cannot be read: {error.strerror}") from error
    if content[: len(_PDF)].tobytes() == _PDF:
        raise UnsupportedFormatError(
            f"{path} is a PDF, and only pictures are read here: save its page as one, or read it"
            " with `beam-ocr run`"
        )
    pixels = cv2.imdecode(content, how) if content.size else None
    if pixels is None:
        raise CorruptSourceError(f"{path} is no picture that can be read")
    return np.asarray(pixels, np.uint8)
