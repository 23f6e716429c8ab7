"""Bitmap fonts of X11 as outline fonts: what terminals, tills and early printers draw with.

Each pixel becomes a square, so that the face can be set at any size as others are.
"""

from __future__ import annotations

import io
import re
from functools import lru_cache
from pathlib import Path

import numpy as np
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from numpy.typing import NDArray
from PIL import ImageFont

from ocr_core.charset import latin

SUFFIX = ".pcf.gz"
# Latin-1 and Unicode versions, of a size that is printed with.
_USABLE = re.compile(
    r"^(ter-u(14|16|18|20|22|24|28|32)[nb]_unicode|(6x13|7x13|7x14|8x13|9x15|9x18|10x20|12x24)B?|"
    r"(cour|helv|tim|ncen|lut|lub|lu)[RB]S?(14|18|24)-ISO8859-1)$"
)
_MONO = re.compile(r"^(ter|\d+x|cour|lut)")
_UNITS = 1000


def is_usable(path: Path) -> bool:
    """Whether a file is a bitmap font that text is set in, by its name."""
    return path.name.endswith(SUFFIX) and bool(_USABLE.match(path.name.removesuffix(SUFFIX)))


def is_mono(path: Path) -> bool:
    """Whether all characters of the font are as wide as each other, by its name."""
    return is_usable(path) and bool(_MONO.match(path.name))


@lru_cache(maxsize=256)
def outline(path: Path) -> bytes:
    """The font as TrueType, with the characters that the charset has.

    Raises:
        OSError: FreeType cannot read the file.
    """
    font = _open(path)
    ascent, descent = font.getmetrics()
    unit = _UNITS / (ascent + descent)
    missing = {b"", bytes(font.getmask("\uffff"))}  # which may well look like a question mark
    known = [c for c in latin().characters if c in " ?" or bytes(font.getmask(c)) not in missing]
    names = {c: f"u{ord(c):04X}" for c in known}
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    widths = {".notdef": (_UNITS // 2, 0)}
    for character, name in names.items():
        glyphs[name] = _glyph(font, character, unit)
        widths[name] = (round(font.getlength(character) * unit), 0)
    builder = FontBuilder(_UNITS, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(c): name for c, name in names.items()})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(widths)
    builder.setupHorizontalHeader(ascent=round(ascent * unit), descent=-round(descent * unit))
    family = re.split(r"(?<=[a-z])[-RB]|x", path.name)[0]
    builder.setupNameTable({"familyName": f"bitmap {family}", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    made = io.BytesIO()
    builder.save(made)
    return made.getvalue()


def _open(path: Path) -> ImageFont.FreeTypeFont:
    """The font at the one size that it has."""
    for size in range(8, 50):
        try:
            return ImageFont.truetype(str(path), size)
        except OSError as error:
            if "pixel size" not in str(error):
                raise
    raise OSError(f"{path} has no size that FreeType takes")


def _glyph(font: ImageFont.FreeTypeFont, character: str, unit: float) -> object:
    """Runs of pixels as rectangles, y upwards from the baseline."""
    mask, (left, top) = font.getmask2(character, mode="1", anchor="ls")
    width, height = mask.size
    pixels = np.array([mask.getpixel((x, y)) for y in range(height) for x in range(width)])
    pen = TTGlyphPen(None)
    for y, row in enumerate(pixels.reshape(height, width) > 0):
        for start, end in _runs(row):
            x0, x1 = round((left + start) * unit), round((left + end) * unit)
            y0, y1 = round(-(top + y + 1) * unit), round(-(top + y) * unit)
            pen.moveTo((x0, y0))
            pen.lineTo((x0, y1))
            pen.lineTo((x1, y1))
            pen.lineTo((x1, y0))
            pen.closePath()
    return pen.glyph()


def _runs(row: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(row, prepend=False, append=False))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
