import pytest

from ocr_core.harvest.ink import Extents
from ocr_core.harvest.text import read_layer
from ocr_core.pdf import draw_with_mupdf
from ocr_core.text_layer.ink import DPI


def pixels_of(pdf):
    return draw_with_mupdf(pdf.document, 0, DPI, 40).pixels


def test_letters_are_as_tall_as_their_ink(pdf):
    for row in range(6):
        pdf.write("HH bdhkl gpqy xxx", 40, 60 + 30 * row, fontsize=20)
    extents = Extents()
    layer = read_layer(pdf.page)
    extents.measure(layer, pixels_of(pdf))
    (font,) = layer.font_names
    of_font = extents.of_font(font)
    assert of_font.top == pytest.approx(0.68, abs=0.03)  # of Nimbus Roman
    assert of_font.bottom == pytest.approx(0.217, abs=0.03)
    small = extents.of_character(font, "x")
    assert small.top == pytest.approx(0.45, abs=0.03)
    assert small.bottom == pytest.approx(0, abs=0.03)


def test_lines_close_to_each_other_do_not_mislead(pdf):
    for row in range(8):
        pdf.write("bdhkl gpqyj bdhkl gpqyj", 40, 60 + 11.5 * row, fontsize=12)
    extents = Extents()
    layer = read_layer(pdf.page)
    extents.measure(layer, pixels_of(pdf))
    assert extents.of_font(layer.font_names[0]).top == pytest.approx(0.68, abs=0.05)


def test_fonts_that_were_not_seen_get_the_usual_extent():
    extents = Extents()
    usual = extents.of_font("unseen")
    assert 0.6 < usual.top < 0.8
    assert 0.15 < usual.bottom < 0.3
    assert extents.of_character("unseen", "Ä").top > usual.top
    assert extents.of_character("unseen", "ä") == usual
