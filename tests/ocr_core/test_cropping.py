import math

import cv2
import numpy as np
import pytest

from ocr_core.charset import latin
from ocr_core.cropping import MARGIN, MIN_WIDTH, crop_quad, crop_to_page, crop_width
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.typeset import LineStyle, set_line
from schemas import Box, Quad


def noise(height=60, width=120):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (height, width), dtype=np.uint8)


def turned(quad, degrees, centre):
    """The quad turned clockwise about a point."""
    turn = math.radians(degrees)
    matrix = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    return Quad.from_corners((quad.corners - centre) @ matrix + centre)


def page_with_text(size_px=40):
    """White paper with a line of text, and the quad of the line."""
    face = find_faces(latin(), folders=[])[0]
    line = set_line("Slanted text reads", LineStyle(face, size_px), np.random.default_rng(0))
    page = np.full((400, 600), 255, np.uint8)
    left, baseline = 100, 210
    top = baseline + line.ink_top
    height, width = line.ink.shape
    page[top : top + height, left + line.ink_left : left + line.ink_left + width] -= line.ink
    box = Box(left, baseline - line.ascent, left + line.width, baseline + line.descent)
    return page, Quad.from_box(box)


def correlation(one, other):
    return np.corrcoef(one.ravel(), other.ravel())[0, 1]


def test_an_upright_crop_at_its_own_size_is_a_slice_of_the_page():
    page = noise()
    crop = crop_quad(page, Quad.from_box(Box(30, 20, 90, 40)), height=24)
    np.testing.assert_array_equal(crop, page[18:42, 28:92])


def test_a_crop_of_twice_the_size_is_the_slice_enlarged():
    page = cv2.GaussianBlur(noise(), (0, 0), 3)
    crop = crop_quad(page, Quad.from_box(Box(30, 20, 90, 40)), height=48)
    expected = cv2.resize(page[18:42, 28:92], (128, 48), interpolation=cv2.INTER_LINEAR)
    difference = np.abs(crop.astype(int) - expected)
    assert difference[2:-2, 2:-2].max() <= 2


def test_thin_strokes_survive_when_a_crop_is_much_smaller():
    page = np.full((240, 600), 255, np.uint8)
    page[:, 100:500:20] = 0  # one pixel wide: a crop at a quarter would step over most
    crop = crop_quad(page, Quad.from_box(Box(100, 50, 500, 150)), height=30)
    dips = crop[15] < 230
    assert np.diff(dips.astype(int)).clip(0).sum() >= 19


@pytest.mark.parametrize("degrees", [10, -10, 3, 45])
def test_a_slanted_line_comes_out_level(degrees):
    page, quad = page_with_text()
    level = crop_quad(page, quad, height=40)
    about = (300, 200)
    matrix = cv2.getRotationMatrix2D((about[0] - 0.5, about[1] - 0.5), -degrees, 1)
    slanted_page = cv2.warpAffine(page, matrix, (600, 400), borderValue=255)
    slanted = crop_quad(slanted_page, turned(quad, degrees, about), height=40)
    assert slanted.shape == level.shape
    assert correlation(slanted, level) > 0.97
    assert correlation(slanted[:, 6:], level[:, :-6]) < 0.7  # it would tell


def test_text_that_runs_downwards_is_turned():
    page, quad = page_with_text()
    level = crop_quad(page, quad, height=40)
    upwards = np.ascontiguousarray(np.rot90(page, k=-1))  # clockwise: text runs down
    box = quad.box
    left, right = page.shape[0] - box.bottom, page.shape[0] - box.top
    corners = [right, box.left, right, box.right, left, box.right, left, box.left]
    assert correlation(crop_quad(upwards, Quad(*corners), height=40), level) > 0.99


def test_what_lies_outside_the_page_is_white():
    page = np.zeros((50, 50), np.uint8)
    crop = crop_quad(page, Quad.from_box(Box(-40, 10, 10, 30)), height=24)
    assert crop[:, :40].min() == 255
    assert crop[:, 44:].max() == 0
    nowhere = crop_quad(page, Quad.from_box(Box(500, 500, 560, 520)), height=24)
    assert nowhere.min() == 255


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (0.2, 30), (300, 0.1)])
def test_the_smallest_quads_give_crops_too(size):
    quad = Quad.from_box(Box(5, 5, 5 + size[0], 5 + size[1]))
    crop = crop_quad(noise(), quad, height=40)
    assert crop.shape == (40, crop_width(quad, 40))
    assert crop.shape[1] >= MIN_WIDTH


def test_the_width_follows_the_aspect():
    quad = Quad.from_box(Box(0, 0, 100, 20))
    assert crop_width(quad, 24) == 104
    assert crop_width(quad, 48) == 208


@pytest.mark.parametrize("degrees", [0, 7, -25, 90])
def test_the_corners_of_a_crop_lie_where_its_quad_is_on_the_page(degrees):
    height = 40
    quad = turned(Quad.from_box(Box(100, 100, 300, 130)), degrees, (200, 115))
    width = crop_width(quad, height)
    to_page = crop_to_page(quad, height)
    edges = np.array([[0, 0], [width, 0], [width, height], [0, height]]) - 0.5
    found = edges @ to_page[:, :2].T + to_page[:, 2] + 0.5
    grown = Quad.from_box(Box(100, 100, 300, 130))
    margin = MARGIN * 30
    grown = Quad.from_box(Box(100 - margin, 100 - margin, 300 + margin, 130 + margin))
    np.testing.assert_allclose(found, turned(grown, degrees, (200, 115)).corners, atol=0.6)
