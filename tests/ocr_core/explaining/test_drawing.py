import io

import numpy as np
import pytest
from PIL import Image

from ocr_core.explaining import drawing
from schemas import Box, Quad


def test_words_have_umlauts_and_their_width():
    picture = drawing.blank(20, 100)
    drawing.words(picture, (0, 0), "Öl", drawing.RED)
    inked = np.flatnonzero((picture < 200).any(axis=(0, 2)))
    assert 0 < inked.max() <= drawing.words_width("Öl") + 1
    plain = drawing.blank(20, 100)
    drawing.words(plain, (0, 0), "Ol", drawing.RED)
    assert (plain != picture).any()


def test_words_may_reach_over_the_edge():
    drawing.words(drawing.blank(5, 5), (-3, -3), "words")


def test_heat_rises_from_dark_to_light():
    shown = drawing.heat(np.array([[0.0, 0.5, 1.0]])).sum(axis=2)[0]
    assert shown[0] < shown[1] < shown[2]


def test_pictures_stand_below_and_beside_each_other():
    black = np.zeros((2, 3, 3), np.uint8)
    assert drawing.below([black, drawing.blank(4, 5)], gap=1).shape == (7, 5, 3)
    both = drawing.beside([black, drawing.blank(4, 5)], gap=1)
    assert both.shape == (4, 9, 3)
    assert not both[:2, :3].any()
    assert both[2:].min() == 255


def test_a_title_has_room():
    assert drawing.titled(drawing.blank(3, 4), "a long title").shape[1] > 40


def test_enlarged_pixels_are_squares():
    grey = np.array([[0, 255]], np.uint8)
    wide = drawing.to_width(drawing.coloured(grey), 6)
    assert wide[:, :, 0].tolist() == [[0, 0, 0, 255, 255, 255]] * 3


def test_quads_follow_the_picture():
    quad = drawing.scaled(Quad.from_box(Box(10, 20, 30, 40)), 2, left=5, top=10)
    assert quad == Quad.from_box(Box(10, 20, 50, 60))
    picture = drawing.blank(70, 60)
    drawing.trace(picture, quad, drawing.RED)
    np.testing.assert_allclose(picture[20, 30], drawing.RED, atol=30)  # its edges are smooth


def test_a_frame_leaves_the_rest():
    framed = drawing.framed(drawing.blank(3, 3))
    assert framed[1, 1, 0] == 255 > framed[0, 0, 0]


@pytest.mark.parametrize("left", [0, 250, 480])
def test_close_looks_stay_on_the_page(left):
    quad = Quad.from_box(Box(left, 5, left + 20, 15))
    box = drawing.around(quad, (100, 500), 200)
    assert box.left >= 0
    assert box.right <= 500
    assert box.width == 200
    assert box.top == 0
    assert box.left <= left
    assert drawing.part(np.zeros((100, 500), np.uint8), box).shape == (27, 200)


def test_a_page_is_shown_at_a_width():
    picture, scale = drawing.shown_page(np.zeros((200, 100), np.uint8), 50)
    assert (picture.shape, scale) == ((100, 50, 3), 0.5)


def test_pictures_become_pngs():
    picture = drawing.blank(3, 4)
    picture[1, 1] = drawing.RED
    with Image.open(io.BytesIO(drawing.to_png(picture))) as opened:
        np.testing.assert_array_equal(np.asarray(opened.convert("RGB")), picture)
