"""A PDF of one page, a scan, whose picture may end too early."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image

from tests import hostile

Pixels = NDArray[np.uint8]


def _jpeg(pixels: Pixels) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    return file.getvalue()


def _group4(pixels: Pixels) -> bytes:
    file = io.BytesIO()
    bilevel = Image.fromarray(pixels > 128)
    # One strip, black as 0.
    bilevel.save(file, "TIFF", compression="group4", tiffinfo={278: bilevel.height, 262: 1})
    tags = Image.open(file).tag_v2
    return file.getvalue()[tags[273][0] :][: tags[279][0]]


CODECS: dict[str, tuple[Callable[[Pixels], bytes], int, str]] = {
    "/DCTDecode": (_jpeg, 8, ""),
    "/FlateDecode": (lambda pixels: zlib.compress(pixels.tobytes()), 8, ""),
    "/CCITTFaxDecode": (_group4, 1, "/DecodeParms<</K -1/Columns {w}/Rows {h}>>"),
    "": (Pixels.tobytes, 8, ""),
}


def _scan() -> Pixels:
    """Lines on paper, to its lower edge."""
    pixels = np.full((842, 595), 240, np.uint8)
    for at in range(30, 842, 30):
        cv2.putText(pixels, f"the line at {at} of a scan", (40, at), 0, 0.7, 20.0, 1)
    return pixels


def encoded(codec: str) -> bytes:
    """The whole scan."""
    return CODECS[codec][0](_scan())


def write(path: Path, codec: str, samples: bytes, turned: int = 0) -> Path:
    """A page with nothing but the scan.

    Args:
        samples: what is left of it as `encoded`.
        turned: degrees clockwise, by the page's /Rotate.
    """
    _, bits, parameters = CODECS[codec]
    height, width = _scan().shape
    entries = (
        f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray"
        f"/BitsPerComponent {bits}{codec and '/Filter' + codec}"
        + parameters.format(w=width, h=height)
    )
    picture = hostile.stream(samples, entries.encode())
    content = hostile.stream(b"595 0 0 842 0 0 cm /F Do")
    hostile.write_pages(path, [content], hostile.ONE_FORM, [picture])
    if turned:
        with pymupdf.open(path) as document:
            document[0].set_rotation(turned)
            document.saveIncr()
    return path
