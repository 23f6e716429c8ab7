from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from ocr_core.errors import CorruptSourceError
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


def test_places_of_lines_are_scaled_to_the_picture_of_their_page(tmp_path):
    Image.fromarray(picture()).save(tmp_path / "a.png")
    half = Quad.from_box(Box(50, 20, 240, 40))
    line = LabelledLine(tmp_path / "a.png", "a", half, (300, 60))
    assert read_picture(line).shape == (48, 388)
    assert read_picture(replace(line, page=(300, 0))).shape == (48, 388)


def test_pictures_are_looked_at_as_their_exif_says(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    lying = Image.fromarray(np.rot90(picture()))
    lying.save(tmp_path / "a.jpg", exif=exif)
    half = Quad.from_box(Box(50, 20, 240, 40))
    part = read_picture(LabelledLine(tmp_path / "a.jpg", "a", half, (300, 60)))
    assert part.shape == (48, 388)
    assert abs(int(part[24, 10]) - 30) < 9


@pytest.mark.parametrize("turned_deg", [90, 180, 270])
def test_pictures_are_turned_as_they_were_when_they_were_read(tmp_path, turned_deg):
    Image.fromarray(np.rot90(picture(), turned_deg // 90)).save(tmp_path / "a.png")
    quad = Quad.from_box(Box(100, 40, 480, 80))
    line = LabelledLine(tmp_path / "a.png", "a", quad, (600, 120), turned_deg)
    assert read_picture(line).shape == (48, 388)
    assert read_picture(line)[24, 10] == 30


@pytest.mark.parametrize(
    ("box", "page", "message"),
    [
        (Box(0, 0, 50, 20), (120, 600), "of a page of 120 x 600: that was turned, or is another"),
        (Box(500, 0, 900, 20), (600, 120), "is no picture of 'a': that lies outside"),
        (Box(0, 0, 1e7, 1e7), (0, 0), "lies outside"),
    ],
)
def test_a_picture_of_another_page_is_told(tmp_path, box, page, message):
    Image.fromarray(picture()).save(tmp_path / "a.png")
    with pytest.raises(CorruptSourceError, match=message):
        read_picture(LabelledLine(tmp_path / "a.png", "a", Quad.from_box(box), page))


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


@pytest.mark.parametrize("shape", [(1, 1), (2, 60), (60, 2)])
def test_dots_are_left_as_they_are(shape):
    pixels = np.full(shape, 200, np.uint8)
    pixels[0, 0] = 20
    assert make_strip(pixels, "processed", 40).shape[0] == 40


@pytest.mark.parametrize("level", [0, 128, 255])
def test_pictures_without_a_line_are_left_whole(level):
    strip = make_strip(np.full((20, 60), level, np.uint8), "processed", 40)
    assert strip.shape == (40, 120)


def test_narrow_pictures_are_wide_enough_to_be_read():
    assert make_strip(np.full((100, 1), 255, np.uint8), "raw", 40).shape == (40, 8)
