import io

import pymupdf
import pytest
from fontTools.ttLib import TTFont

from ocr_core.exporters.glyphless import ASCENT, DESCENT, GlyphlessFont


def test_its_glyphs_leave_no_mark():
    font = TTFont(io.BytesIO(GlyphlessFont("Straße €").file()))
    assert {font["glyf"][name].numberOfContours for name in font.getGlyphOrder()} == {0}


def test_every_character_has_a_glyph_and_the_space_always():
    font = GlyphlessFont("ſaſ")
    characters = TTFont(io.BytesIO(font.file())).getBestCmap()
    assert set(map(chr, characters)) == {"ſ", "a", " "}
    assert font.encode("a ſ") == "000200010003"
    with pytest.raises(KeyError):
        font.encode("b")


def test_widths_are_those_of_helvetica_in_text_and_file():
    font = GlyphlessFont("iW")
    drawn = pymupdf.Font(fontbuffer=font.file())
    assert font.width("iW") == pytest.approx(pymupdf.Font("helv").text_length("iW", 1), abs=0.002)
    assert drawn.text_length("iW", 1) == pytest.approx(font.width("iW"), abs=0.002)


def test_a_line_is_as_high_as_the_font():
    drawn = pymupdf.Font(fontbuffer=GlyphlessFont("a").file())
    assert (drawn.ascender, -drawn.descender) == pytest.approx((ASCENT, DESCENT))
    assert ASCENT + DESCENT == 1


def test_the_same_characters_make_the_same_file():
    assert GlyphlessFont("ab").file() == GlyphlessFont("bab").file()
