import numpy as np
import pytest

from ocr_core.cleaning import binarising
from ocr_core.explaining import drawing, page_pictures
from ocr_core.explaining.page_pictures import detector_map, layout, quads, thresholds


@pytest.mark.parametrize("draw", [thresholds, detector_map, quads, layout])
def test_pictures_have_one_width_and_something_on_them(followed, line, draw):
    picture = draw(followed, line)
    assert picture.shape[1] == drawing.WIDTH
    assert len(np.unique(picture)) > 5


def test_otsus_level_parts_what_otsu_parts(followed):
    pixels = followed.image.pixels
    level = page_pictures.otsu_level(pixels)
    np.testing.assert_array_equal(pixels >= level, binarising.otsu(pixels) > 0)
    assert page_pictures.otsu_level(np.zeros((2, 2), np.uint8)) in range(256)


def has(picture, colour):
    return bool((abs(picture.astype(int) - colour) < 40).all(axis=2).any())


def test_the_line_is_red_among_the_quads(followed, line):
    picture = quads(followed, line)
    assert has(picture, drawing.RED)
    assert has(picture, drawing.BLUE)
    assert has(picture, drawing.ORANGE)


def test_the_line_is_marked_among_the_blocks(followed, line):
    assert has(layout(followed, line), drawing.ORANGE)
