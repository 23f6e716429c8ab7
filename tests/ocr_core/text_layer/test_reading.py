import cv2
import numpy as np
import pytest

from ocr_core.pdf import draw_with_mupdf
from ocr_core.text_layer.judging import Reason
from ocr_core.text_layer.reading import find_pictures, read_layer
from ocr_core.text_layer.words import read_words
from tests.ocr_core.harvest.conftest import draw_text

DPI = 150


def read(pdf, mode="auto"):
    return read_layer(pdf.page, DPI, mode)


def pictures_of(pdf):
    words = read_words(pdf.page.get_displaylist())
    return words, find_pictures(pdf.page, words, pdf.page.get_bboxlog())


@pytest.mark.parametrize("rotation", [0, 90])
def test_a_born_digital_page_needs_no_pixels(pdf, rotation):
    pdf.paragraph()
    pdf.page.set_rotation(rotation)
    layer = read(pdf)
    assert (layer.reason, layer.is_all, len(layer.lines)) == (Reason.AGREES, True, 8)
    assert layer.lines[0].text == draw_text(6, seed=0)
    pixels = draw_with_mupdf(pdf.document, 0, DPI, 40).pixels
    assert (layer.height_px, layer.width_px) == pixels.shape
    for line in layer.lines:
        box = line.quad.box
        inked = pixels[round(box.top) : round(box.bottom), round(box.left) : round(box.right)]
        assert inked.min() < 100


def test_sizes_are_those_of_drawings(pdf):
    pdf.new_page(width=333.3, height=217.9)
    pdf.write("a word", 40, 60)
    pixels = draw_with_mupdf(pdf.document, 1, DPI, 40).pixels
    layer = read(pdf)
    assert (layer.height_px, layer.width_px) == pixels.shape


@pytest.mark.parametrize("mode", ["auto", "use"])
def test_pictures_beside_the_text_are_figures(pdf, mode):
    pdf.write("the house of the paper and the letter", 40, 60)
    pdf.picture((60, 100, 340, 260))
    (figure,) = read(pdf, mode).figures
    edges = np.array([figure.left, figure.top, figure.right, figure.bottom]) * 72 / DPI
    assert np.abs(edges - (60, 100, 340, 260)).max() < 5  # points


def test_drawings_are_figures_and_rulings_are_not(pdf):
    pdf.paragraph()
    pdf.page.draw_line((40, 180), (360, 180))
    assert read(pdf).figures == ()
    pdf.page.draw_circle((200, 240), 45, color=0, width=2)
    assert len(read(pdf).figures) == 1


def test_a_page_with_more_on_it_than_its_layer_says_tells_no_figures(pdf):
    pdf.write("a caption", 40, 60)
    pdf.picture((0, 80, 400, 300))  # most of the page: there may be text on it
    layer = read(pdf)
    assert (layer.is_all, layer.figures) == (False, ())


def test_a_page_without_text_has_no_layer(pdf):
    pdf.picture((20, 20, 300, 200))
    for mode in ("auto", "use"):
        layer = read(pdf, mode)
        assert (layer.reason, layer.is_all, layer.lines) == (Reason.NO_LAYER, False, ())


def test_a_layer_can_be_used_whatever_it_is(pdf):
    pdf.picture((0, 0, 400, 300))
    pdf.write("an earlier reading", 40, 60, render_mode=3)
    assert read(pdf).reason == Reason.INVISIBLE
    layer = read(pdf, "use")
    assert (layer.reason, layer.is_all) == (Reason.ASKED, True)
    assert [line.text for line in layer.lines] == ["an earlier reading"]


def test_text_below_a_scan_is_not_used(pdf):
    pdf.paragraph()
    pdf.picture((0, 0, 400, 300))
    assert read(pdf).reason == Reason.INVISIBLE


def test_text_on_a_picture_is_seen(pdf):
    pdf.picture((0, 0, 400, 150))
    pdf.paragraph()
    assert len(read(pdf).lines) == 8


@pytest.mark.parametrize("rotation", [0, 270])
def test_words_under_a_picture_are_covered(pdf, rotation):
    pdf.write("below", 40, 60)
    pdf.write("beside", 300, 60)
    pdf.picture((20, 20, 200, 100))
    pdf.write("above", 120, 60)
    pdf.page.set_rotation(rotation)
    words, (pictures, is_covered) = pictures_of(pdf)
    assert len(pictures) == 1
    # What is printed on a picture may hide nothing; another word on it shows that its text shows.
    covered = dict(zip(words.texts, is_covered.tolist(), strict=True))
    assert covered == {"below": True, "beside": False, "above": False}


def test_words_under_a_shape_with_words_on_it_are_covered(pdf):
    pdf.write("hidden", 40, 60, fontsize=20)
    pdf.page.draw_rect((20, 20, 300, 100), fill=(0.8, 0.8, 0.9))
    pdf.write("printed", 44, 66, fontsize=20)
    words, (_, is_covered) = pictures_of(pdf)
    covered = dict(zip(words.texts, is_covered.tolist(), strict=True))
    assert covered == {"hidden": True, "printed": False}


def test_a_transparent_picture_covers_nothing(pdf):
    pdf.paragraph(lines=12)
    png = cv2.imencode(".png", np.zeros((50, 50, 4), np.uint8))[1].tobytes()
    pdf.page.insert_image(pdf.page.rect, stream=png, keep_proportion=False)
    _, (_, is_covered) = pictures_of(pdf)
    assert not is_covered.any()
    assert read(pdf).is_all


def test_bullets_are_no_pictures(pdf):
    pdf.picture((20, 20, 28, 28))
    _, (pictures, _) = pictures_of(pdf)
    assert len(pictures) == 0


def test_rulings_come_with_the_lines(pdf):
    pdf.paragraph()
    pdf.page.draw_line((40, 200), (360, 200), width=1)
    [ruling] = read(pdf).rulings
    assert ruling.is_level
    scale = DPI / 72
    np.testing.assert_allclose(ruling.start, (40 * scale, 200 * scale), atol=0.1)
    np.testing.assert_allclose(ruling.end, (360 * scale, 200 * scale), atol=0.1)


# MuPDF makes a box of the one, and does not draw the other.
@pytest.mark.parametrize("decoder", ["/FlateDecode", "/JPXDecode"])
def test_a_large_picture_that_is_lost_is_the_reason_told(pdf, decoder):
    pdf.paragraph(lines=3)
    pdf.picture((60, 100, 340, 260))
    assert read(pdf).reason == Reason.AGREES
    (picture,) = pdf.page.get_images()
    pdf.document.update_stream(picture[0], b"garbage", compress=False)
    pdf.document.xref_set_key(picture[0], "Filter", decoder)
    pdf.page = pdf.document.reload_page(pdf.page)
    layer = read(pdf)
    assert (layer.reason, len(layer.lines)) == (Reason.DAMAGED_PICTURE, 3)
