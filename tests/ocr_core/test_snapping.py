import cv2
import numpy as np
import pytest

from ocr_core.snapping import snap_to_ink
from schemas import Box, Detection, Quad


@pytest.fixture
def page():
    """A white page with one black figure from (100, 50) to (118, 90)."""
    pixels = np.full((200, 300), 255, np.uint8)
    pixels[50:90, 100:118] = 0
    pixels[58:82, 106:112] = 255
    return pixels


def snapped(pixels, box):
    (found,) = snap_to_ink(pixels, [Detection(Quad.from_box(Box(*box)), 0.9)])
    assert found.score == 0.9
    return found.quad.box


def test_a_quad_that_cuts_a_figure_grows_to_hold_it(page):
    box = snapped(page, (98, 62, 120, 95))
    assert box.top <= 50
    assert box.bottom == 95
    assert (box.left, box.right) == (98, 120)


def test_light_figures_on_dark_are_held_as_well(page):
    dark = cv2.bitwise_not(page)
    assert snapped(dark, (98, 62, 120, 95)).top <= 50


def test_a_quad_that_holds_its_figure_stays(page):
    box = (90, 40, 128, 100)
    assert snapped(page, box) == Box(*box)


def test_long_quads_stay(page):
    box = (20, 62, 220, 90)
    assert snapped(page, box) == Box(*box)


def test_rules_do_not_draw_a_quad_along(page):
    page[:, 130:133] = 0
    page[95:97, :] = 0
    box = snapped(page, (98, 62, 140, 94))
    assert box.bottom <= 94
    assert box.right <= 140


def test_turned_quads_stay(page):
    corners = np.array([[100, 70], [115, 55], [125, 75], [110, 90]], np.float32)
    found = Detection(Quad.from_corners(corners), 0.5)
    assert snap_to_ink(page, [found]) == [found]


def test_blank_paper_and_the_edge_of_the_page_change_nothing():
    blank = np.full((60, 60), 255, np.uint8)
    for box in [(0, 0, 12, 20), (50, 45, 60, 60)]:
        assert snapped(blank, box) == Box(*box)
