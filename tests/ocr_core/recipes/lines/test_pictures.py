import numpy as np
import pytest
from PIL import Image

from ocr_core.recipes.lines.labelled import LabelledLine
from ocr_core.recipes.lines.pictures import make_strip, read_picture
from schemas import Box, Quad


def picture(ink=30, paper=230):
    """A line of letters 40 pixels high, on paper of 120."""
    pixels = np.full((120, 600), paper, np.uint8)
    for left in range(100, 500, 40):
        pixels[40:80, left : left + 20] = ink
    return pixels


def test_a_line_is_its_picture_or_cut_out_of_that_of_its_page(tmp_path):
    Image.fromarray(picture()).save(tmp_path / "a.png")
    whole = read_picture(LabelledLine(tmp_path / "a.png", "a"))
    assert np.array_equal(whole, picture())
    quad = Quad.from_box(Box(100, 40, 480, 80))
    part = read_picture(LabelledLine(tmp_path / "a.png", "a", quad))
    assert part.shape == (48, 388)  # with a margin
    assert (part[24, 2], part[24, 10]) == (230, 30)


def test_raw_lines_are_only_brought_to_a_height():
    strip = make_strip(picture(), "raw", 40)
    assert strip.shape == (40, 200)
    assert strip.dtype == np.uint8
    assert abs(int(strip[20, 36]) - 30) < 3
    assert strip[2, 2] == 230


def test_processed_lines_are_cut_out_along_their_ink():
    strip = make_strip(picture(), "processed", 40)
    height, width = strip.shape
    assert height == 40
    assert abs(width - 40 * (380 + 8) / 48) < 6
    rows = (strip < 128).any(axis=1)
    assert 2 <= rows.argmax() <= 6
    assert 2 <= rows[::-1].argmax() <= 6


def test_the_full_stop_of_a_long_line_is_ink():
    pixels = np.full((60, 3000), 230, np.uint8)
    for left in range(100, 2800, 40):
        pixels[10:50, left : left + 20] = 30
    without = make_strip(pixels, "processed", 40)
    pixels[45:50, 2810:2815] = 30  # a two thousandth of the ink
    assert make_strip(pixels, "processed", 40).shape[1] > without.shape[1] + 10


def test_a_few_specks_are_no_ink():
    pixels = picture()
    pixels[3:5, 10:12] = 0
    pixels[110:112, 580:582] = 0
    with_specks, without = (make_strip(one, "processed", 40) for one in (pixels, picture()))
    assert abs(with_specks.shape[1] - without.shape[1]) <= 1


def test_negatives_are_turned_dark_on_light():
    strip = make_strip(picture(ink=230, paper=20), "processed", 40)
    assert np.median(strip) > 150


@pytest.mark.parametrize("level", [0, 128, 255])
def test_pictures_without_a_line_are_left_whole(level):
    strip = make_strip(np.full((20, 60), level, np.uint8), "processed", 40)
    assert strip.shape == (40, 120)


def test_narrow_pictures_are_wide_enough_to_be_read():
    assert make_strip(np.full((100, 1), 255, np.uint8), "raw", 40).shape == (40, 8)
