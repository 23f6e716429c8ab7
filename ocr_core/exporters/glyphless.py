"""A font without ink, for text that is found and copied but not seen.

Its glyphs have widths and no outlines. Each character that a document has gets a glyph of its own,
so that any reader gets the characters back, and a file grows by what it uses.
"""

# PyMuPDF and fontTools say that they are typed, but most of their functions are not.
# mypy: allow-untyped-calls

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache

import pymupdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

# Of the em: where a line's box begins and ends, from its baseline.
ASCENT, DESCENT = 0.8, 0.2
_UNITS = 1000
_NAME, _STYLE = "Glyphless", "Regular"
# As PDFs have it.
FONT_NAME = f"{_NAME} {_STYLE}"


class GlyphlessFont:
    """A TrueType font of the characters of a document, none of which leaves a mark."""

    def __init__(self, characters: Iterable[str]) -> None:
        self._characters = sorted(set(characters) | {" "})
        self._glyphs = {character: place for place, character in enumerate(self._characters, 1)}

    def encode(self, text: str) -> str:
        """The text as PDF writes it in this font: two bytes a glyph, in hexadecimal.

        Raises:
            KeyError: a character is not in the font.
        """
        return "".join(f"{self._glyphs[character]:04x}" for character in text)

    def width(self, text: str) -> float:
        """How far the text runs, in ems."""
        return sum(map(_advance, text)) / _UNITS

    def file(self) -> bytes:
        """The font as a TrueType file."""
        names = [".notdef", *(f"g{place}" for place in self._glyphs.values())]
        blank = TTGlyphPen(None).glyph()
        builder = FontBuilder(_UNITS, isTTF=True)
        builder.setupGlyphOrder(names)
        builder.setupCharacterMap(
            {ord(character): f"g{place}" for character, place in self._glyphs.items()}
        )
        builder.setupGlyf(dict.fromkeys(names, blank))
        advances = [0, *map(_advance, self._characters)]
        builder.setupHorizontalMetrics(
            {name: (advance, 0) for name, advance in zip(names, advances, strict=True)}
        )
        ascent, descent = round(ASCENT * _UNITS), -round(DESCENT * _UNITS)
        builder.setupHorizontalHeader(ascent=ascent, descent=descent)
        builder.setupOS2(sTypoAscender=ascent, sTypoDescender=descent)
        builder.setupNameTable({"familyName": _NAME, "styleName": _STYLE, "psName": _NAME})
        builder.setupPost()
        builder.updateHead(created=0, modified=0)  # the same document gives the same file
        stream = io.BytesIO()
        builder.save(stream)
        return stream.getvalue()


@cache
def _advance(character: str) -> int:
    """As wide as in Helvetica, so that what is selected inside a word is what is meant."""
    advance: float = pymupdf.Font("helv").glyph_advance(ord(character))
    return max(round(_UNITS * advance), 100)
