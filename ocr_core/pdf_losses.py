"""What is lost of a damaged PDF: pages and pictures of which MuPDF can draw nothing, or not all.

MuPDF draws on over what it cannot decode. Of a picture it makes an even box, mostly black, or
nothing at all; of one that ends too early the rest is even, black or grey. That it did so stands
among its warnings only.
"""

# PyMuPDF says that it is typed, but most of its functions are not.
# mypy: allow-untyped-calls

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import pymupdf
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

_SIGNS = re.compile(
    r" error: |^unknown filter name|^padding truncated image|^premature end of file in jpeg"
)
# What it says of a picture that ends too early. Most lack no more than the mark of their end.
_CUT_OFF = re.compile(r"^padding truncated image|^premature end of file in jpeg")
# What it says of a picture that it does not even try to draw.
_UNDRAWN = re.compile(r"JPX|XObject|color space")
# Smaller shares of a page may be letters, bullets and backgrounds of a word.
_LEAST_SHARE = 0.05
_EDGE = 2  # pixels, which a box may share with what is beside it
# What is filled in at the end of a picture: at least this share of its height, and at most this
# light; decoders take black or middle grey, and paper may be even, too.
_LEAST_END, _LIGHTEST_END = 0.02, 140
_COARSE_DPI = 36  # at which everything is decoded all the same


def said() -> list[str]:
    """What MuPDF complained of since it was last asked."""
    # Not `reset_mupdf_warnings`, after which the same words would come as "repeated 2 times".
    return [str(line) for line in pymupdf.TOOLS.mupdf_warnings().splitlines()]


def signs(lines: Sequence[str]) -> list[str]:
    """Those complaints that tell of a loss; most of them have done no harm that can be seen."""
    return [line for line in lines if _SIGNS.search(line)]


def tell_of_undrawn_pictures(lines: Sequence[str]) -> bool:
    """Whether complaints about a page's content name a picture."""
    return any(map(_UNDRAWN.search, signs(lines)))


def signs_on(page: pymupdf.Page) -> list[str]:
    """Signs of loss in all that a page has, whatever of it was decoded before.

    What MuPDF keeps of pictures is thrown away for it: of them it complains only once.
    """
    pymupdf.TOOLS.store_shrink(100)
    said()
    page.get_pixmap(dpi=_COARSE_DPI, colorspace=pymupdf.csGRAY, alpha=False)
    return signs(said())


def shows_nothing(pixels: Pixels) -> bool:
    """Whether a page has nothing to be read: it is even, or white around one even large box."""
    rows = np.flatnonzero(pixels.min(axis=1) < 255)
    columns = np.flatnonzero(pixels.min(axis=0) < 255)
    if not len(rows):
        return True
    box = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return box.size >= _LEAST_SHARE * pixels.size and _is_even(box[_EDGE:-_EDGE, _EDGE:-_EDGE])


def loses_picture(
    shown: pymupdf.DisplayList, pixels: Pixels, scale: float, pictures: Floats, words: Floats
) -> bool:
    """Whether one of a page's large pictures is but an even box, as it could not be decoded.

    Args:
        pixels: of the page, `scale` to the point.
        pictures, words: (P, 4) and (N, 4) in points; what is below words is not looked at.
    """
    is_free = np.ones(pixels.shape, bool)
    for left, top, right, bottom in _within(words * scale, pixels, margin=_EDGE):
        is_free[top:bottom, left:right] = False
    for picture, (left, top, right, bottom) in zip(
        pictures, _within(pictures * scale, pixels, margin=-_EDGE), strict=True
    ):
        part = np.s_[top:bottom, left:right]
        is_large = (bottom - top) * (right - left) >= _LEAST_SHARE * pixels.size
        if is_large and _is_even(pixels[part][is_free[part]]) and _signs_in(shown, picture):
            return True
    return False


def tell_of_early_end(lines: Sequence[str]) -> bool:
    """Whether complaints while a page was drawn are of a picture that ends too early."""
    return any(map(_CUT_OFF.search, lines))


def cuts_off_picture(pixels: Pixels, pictures: NDArray[np.floating]) -> bool:
    """Whether the end of a large picture may be missing: something even stands there instead.

    Progressive JPEG is but coarse where it is cut off, and not found.

    Args:
        pixels: of the page.
        pictures: (P, 4) in these pixels.
    """
    for left, top, right, bottom in _within(pictures, pixels, margin=-_EDGE):
        part = pixels[top:bottom, left:right]
        is_large = part.size >= _LEAST_SHARE * pixels.size
        # The page may be turned: each side may be the end.
        if is_large and any(_has_even_end(np.rot90(part, turns)) for turns in range(4)):
            return True
    return False


def _has_even_end(pixels: Pixels) -> bool:
    end = pixels[-math.ceil(_LEAST_END * len(pixels)) :]
    return _is_even(end) and int(end[0, 0]) <= _LIGHTEST_END


def _signs_in(shown: pymupdf.DisplayList, box: Floats) -> list[str]:
    """Signs of loss in a part of a page, in points."""
    pymupdf.TOOLS.store_shrink(100)
    said()
    clip = pymupdf.Rect(*box.tolist())
    shown.get_pixmap(matrix=pymupdf.Identity, colorspace=pymupdf.csGRAY, alpha=0, clip=clip)
    return signs(said())


def _is_even(pixels: Pixels) -> bool:
    return bool(pixels.size and pixels.min() == pixels.max())


def _within(
    boxes: NDArray[np.floating], pixels: Pixels, margin: int
) -> list[tuple[int, int, int, int]]:
    """Boxes grown by a margin, as far as they lie on the page."""
    height, width = pixels.shape
    grown = np.rint(boxes).astype(int) + margin * np.array([-1, -1, 1, 1])
    edges = np.clip(grown, 0, [width, height, width, height])
    edges[:, 2:] = np.maximum(edges[:, 2:], edges[:, :2])
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in edges.tolist()]
