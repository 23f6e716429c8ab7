import cv2
import numpy as np
import pytest

from ocr_core.figures import find_figures
from schemas import Box, Quad, Ruling

PHOTO = Box(200, 300, 600, 640)


@pytest.fixture
def pixels():
    """A white page of 960 by 1280 pixels."""
    return np.full((1280, 960), 255, np.uint8)


def draw_photo(pixels, box=PHOTO, darkest=0):
    """Grey values at random, as of a photo."""
    left, top, right, bottom = (round(v) for v in (box.left, box.top, box.right, box.bottom))
    size = (bottom - top, right - left)
    pixels[top:bottom, left:right] = np.random.default_rng(1).integers(darkest, darkest + 90, size)


def is_near(found: Box, box: Box) -> bool:
    edges = ("left", "top", "right", "bottom")
    return all(abs(getattr(found, edge) - getattr(box, edge)) <= 12 for edge in edges)


def test_a_photo_is_a_figure(pixels):
    draw_photo(pixels)
    [figure] = find_figures(pixels, [], [])
    assert is_near(figure, PHOTO)


def test_boxes_are_those_of_the_page_of_which_the_picture_is_a_smaller_one(pixels):
    draw_photo(pixels)
    draw_photo(pixels, Box(100, 900, 800, 960))
    line = Quad.from_box(Box(300, 2700, 2400, 2880))
    [figure] = find_figures(pixels, [line], [], scale=3.0)
    left, top, right, bottom = (3 * v for v in (200, 300, 600, 640))
    assert figure.overlap(Box(left, top, right, bottom)) > 0.9 * figure.area > 0


def test_a_drawing_of_thin_strokes_is_one_figure(pixels):
    for radius in (40, 60, 80, 100):
        cv2.circle(pixels, (480, 500), radius, 0, 2)
    [figure] = find_figures(pixels, [], [])
    assert is_near(figure, Box(380, 400, 580, 600))


def test_text_and_rulings_are_none(pixels):
    lines = [Box(100, 100 + 40 * n, 800, 124 + 40 * n) for n in range(20)]
    for line in lines:
        draw_photo(pixels, line)
    cv2.line(pixels, (100, 1000), (800, 1000), 0, 3)
    ruling = Ruling((100, 1000), (800, 1000), 3)
    assert find_figures(pixels, [Quad.from_box(line) for line in lines], [ruling]) == ()


def test_a_panel_full_of_text_is_none(pixels):
    draw_photo(pixels, Box(100, 100, 800, 700), darkest=120)
    lines = [Quad.from_box(Box(120, 110 + 40 * n, 780, 138 + 40 * n)) for n in range(14)]
    assert find_figures(pixels, lines, []) == ()


def test_the_axes_of_a_chart_belong_to_it_and_the_frame_of_the_page_does_not(pixels):
    axes = [Ruling((300, 600), (620, 600), 2), Ruling((300, 400), (300, 600), 2)]
    frame = [Ruling((40, 380), (920, 380), 2), Ruling((320, 40), (320, 1240), 2)]
    for ruling in (*axes, *frame):
        start, end = ([round(v) for v in point] for point in (ruling.start, ruling.end))
        cv2.line(pixels, start, end, 0, 2)
    for x in range(320, 600, 30):
        cv2.rectangle(pixels, (x, 620 - x // 3), (x + 14, 596), 0, -1)
    [figure] = find_figures(pixels, [], [*axes, *frame])
    assert is_near(figure, Box(298, 398, 622, 602))


def test_the_dark_corner_of_a_scan_and_a_faint_stain_are_none(pixels):
    pixels[1000:, :400] = 60
    pixels[200:500, 300:600] = 215
    assert find_figures(pixels, [], []) == ()


def test_what_is_small_is_none(pixels):
    draw_photo(pixels, Box(200, 300, 600, 330))
    assert find_figures(pixels, [], []) == ()
    assert find_figures(pixels[:20], [], []) == ()
