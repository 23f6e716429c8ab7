import numpy as np
import pytest

from ocr_core.pdf import draw_with_mupdf
from ocr_core.text_layer.ink import DPI, FAINT, SCALE, PageInk


def pixels_of(pdf, dpi=DPI):
    return draw_with_mupdf(pdf.document, 0, dpi, 40).pixels


def paper(height=200, width=300):
    return np.full((height, width), 255, np.uint8)


def test_boxes_with_ink_show_it_and_others_do_not():
    pixels = paper()
    pixels[100:120, 50:80] = 0
    boxes = np.array([[45, 95, 85, 125], [150, 20, 200, 60]], np.float32) / SCALE
    assert PageInk(pixels).shows(boxes).tolist() == [True, False]


def test_pale_ink_shows_faintly():
    pixels = paper()
    pixels[100:120, 50:80] = 230
    boxes = np.array([[45, 95, 85, 125]], np.float32) / SCALE
    ink = PageInk(pixels)
    assert not ink.shows(boxes).any()
    assert ink.shows(boxes, FAINT).all()


def test_the_ends_of_a_line_are_its_inks():
    pixels = paper()
    pixels[100:120, 60:90] = 0
    left, right = PageInk(pixels).ends((55 / SCALE, 95 / SCALE, 97 / SCALE, 125 / SCALE), 2 / SCALE)
    assert left * SCALE == pytest.approx(60)
    assert right * SCALE == pytest.approx(90)


def test_where_there_is_no_ink_the_ends_stay():
    assert PageInk(paper()).ends((10, 10, 20, 20), 1) == (10, 20)


def test_shapes_like_letters_without_text_are_strange(pdf):
    pdf.write("these words are drawn", 40, 60)
    ink = PageInk(pixels_of(pdf))
    none = np.zeros((0, 4), np.float32)
    count, boxes = ink.strange_shapes(none, 12)
    assert count > 10
    assert len(boxes) >= 1
    assert boxes[:, 0].min() == pytest.approx(40 - 12 / 2, abs=8)
    assert (boxes[:, 1] < 60).all()
    known = np.array([[30, 40, 250, 70]], np.float32)
    assert ink.strange_shapes(known, 12)[0] == 0


def test_rules_and_frames_are_not_strange(pdf):
    pdf.page.draw_line((20, 50), (380, 50))
    pdf.page.draw_rect((40, 80, 300, 200))
    none = np.zeros((0, 4), np.float32)
    count, boxes = PageInk(pixels_of(pdf)).strange_shapes(none, 12)
    assert count == 0
    assert len(boxes) == 0


@pytest.mark.parametrize("dpi", [72, 100, 200])
def test_places_do_not_depend_on_the_resolution(pdf, dpi):
    pdf.write("these words are drawn", 40, 60)
    ink = PageInk(pixels_of(pdf, dpi), dpi)
    boxes = np.array([[40, 50, 140, 62], [40, 100, 140, 112]], np.float32)
    assert ink.shows(boxes).tolist() == [True, False]
    _, groups = ink.strange_shapes(np.zeros((0, 4), np.float32), 12)
    assert groups[:, 0].min() == pytest.approx(40 - 12 / 2, abs=8)
    assert (groups[:, 1] < 60).all()
    known = np.array([[30, 40, 250, 70]], np.float32)
    assert ink.strange_shapes(known, 12)[0] == 0
