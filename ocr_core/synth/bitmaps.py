"""Bitmap fonts of X11 and of consoles as outlines: faces of terminals, tills, early printers.

Each pixel becomes a square, so that the face can be set at any size as others are.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from numpy.typing import NDArray
from PIL import ImageFont

from ocr_core.charset import latin
from ocr_core.synth import consolefonts

SUFFIX = ".pcf.gz"
# Latin-1 and Unicode versions, of a size that is printed with, and the small ones of tills.
_USABLE = re.compile(
    r"^(ter-u(14|16|18|20|22|24|28|32)[nb]_unicode|(6x13|7x13|7x14|8x13|9x15|9x18|10x20|12x24)B?|"
    r"6x(9|10|12)|cl(R(5x10|6x(8|10|12|13)|7x(8|10|12|14))|[RB](8x(8|10|12|13|14|16)|9x15))|"
    r"(cour|helv|tim|ncen|lut|lub|lu)[RB]S?(14|18|24)-ISO8859-1)$"
)
_MONO = re.compile(r"^(ter|\d+x|cl|cour|lut)")
_UNITS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class _Glyph:
    """A character's pixels, their left and top from the pen on the baseline, and its width."""

    pixels: NDArray[np.bool_]
    left: int
    top: int
    advance: float


@dataclass(frozen=True, slots=True, eq=False)
class _Font:
    """A bitmap font: its characters, and how far lines reach from the baseline, in pixels."""

    glyphs: dict[str, _Glyph]
    ascent: int
    descent: int


def is_usable(path: Path) -> bool:
    """Whether a file is a bitmap font that text is set in, by its name."""
    if consolefonts.is_console_font(path):
        return True
    return path.name.endswith(SUFFIX) and bool(_USABLE.match(path.name.removesuffix(SUFFIX)))


def is_mono(path: Path) -> bool:
    """Whether all characters of the font are as wide as each other, by its name."""
    return consolefonts.is_console_font(path) or (is_usable(path) and bool(_MONO.match(path.name)))


def rows(path: Path) -> int:
    """Pixels to the em: set at this size, each pixel of the font is one of the ink.

    Raises:
        OSError: the file cannot be read.
    """
    font = _read(path)
    return font.ascent + font.descent


@lru_cache(maxsize=256)
def outline(path: Path) -> bytes:
    """The font as TrueType, with the characters that the charset has.

    Raises:
        OSError: the file cannot be read.
    """
    font = _read(path)
    unit = _UNITS / (font.ascent + font.descent)
    names = {character: f"u{ord(character):04X}" for character in font.glyphs}
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    widths = {".notdef": (_UNITS // 2, 0)}
    for character, name in names.items():
        glyphs[name] = _squares(font.glyphs[character], unit)
        widths[name] = (round(font.glyphs[character].advance * unit), 0)
    builder = FontBuilder(_UNITS, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(c): name for c, name in names.items()})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(widths)
    ascent, descent = round(font.ascent * unit), round(font.descent * unit)
    builder.setupHorizontalHeader(ascent=ascent, descent=-descent)
    builder.setupNameTable({"familyName": _family(path), "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    made = io.BytesIO()
    builder.save(made)
    return made.getvalue()


def _family(path: Path) -> str:
    if not consolefonts.is_console_font(path):
        return "bitmap " + re.split(r"(?<=[a-z])[-RB]|x", path.name)[0]
    kin = re.search(r"fixed|thin", path.name, re.IGNORECASE)
    return f"console {kin.group().lower() if kin else 'vga'}"


@lru_cache(maxsize=8)
def _read(path: Path) -> _Font:
    return _console(path) if consolefonts.is_console_font(path) else _x11(path)


def _console(path: Path) -> _Font:
    """A font of consoles, whose letters stand where its H does."""
    bitmaps = consolefonts.read(path)
    if "H" not in bitmaps:
        raise OSError(f"{path} has no letters")
    height, width = bitmaps["H"].shape
    ascent = int(np.flatnonzero(bitmaps["H"].any(axis=1)).max()) + 1
    glyphs = {" ": _Glyph(np.zeros((height, width), bool), 0, -ascent, width)}
    for character, pixels in bitmaps.items():
        if pixels.any():
            glyphs[character] = _Glyph(pixels, 0, -ascent, width)
    return _Font(glyphs, ascent, height - ascent)


def _x11(path: Path) -> _Font:
    font = _open(path)
    ascent, descent = font.getmetrics()
    missing = {b"", bytes(font.getmask("\uffff"))}  # which may well look like a question mark
    known = [c for c in latin().characters if c in " ?" or bytes(font.getmask(c)) not in missing]
    return _Font({character: _drawn(font, character) for character in known}, ascent, descent)


def _open(path: Path) -> ImageFont.FreeTypeFont:
    """The font at the one size that it has."""
    for size in range(8, 50):
        try:
            return ImageFont.truetype(str(path), size)
        except OSError as error:
            if "pixel size" not in str(error):
                raise
    raise OSError(f"{path} has no size that FreeType takes")


def _drawn(font: ImageFont.FreeTypeFont, character: str) -> _Glyph:
    mask, (left, top) = font.getmask2(character, mode="1", anchor="ls")
    width, height = mask.size
    pixels = np.array([mask.getpixel((x, y)) for y in range(height) for x in range(width)])
    ink = pixels.reshape(height, width) > 0
    return _Glyph(ink, int(left), int(top), font.getlength(character))


def _squares(glyph: _Glyph, unit: float) -> object:
    """Runs of pixels as rectangles, y upwards from the baseline."""
    pen = TTGlyphPen(None)
    for y, row in enumerate(glyph.pixels):
        for start, end in _runs(row):
            x0, x1 = round((glyph.left + start) * unit), round((glyph.left + end) * unit)
            y0, y1 = round(-(glyph.top + y + 1) * unit), round(-(glyph.top + y) * unit)
            pen.moveTo((x0, y0))
            pen.lineTo((x0, y1))
            pen.lineTo((x1, y1))
            pen.lineTo((x1, y0))
            pen.closePath()
    return pen.glyph()


def _runs(row: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(row, prepend=False, append=False))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
