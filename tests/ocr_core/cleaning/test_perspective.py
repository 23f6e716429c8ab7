from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr_core.cleaning import perspective
from ocr_core.images import turn_upright
from schemas import Block, Box, Cell, Line, Page, PageImage, PageRef, Quad, Word
from schemas.document import Drawn
from tests.degradations import photographed
from tests.ocr_core.cleaning.pages import page_of_text

PAGE = page_of_text(size=(800, 600))
SHEET = np.array([[0, 0], [600, 0], [600, 800], [0, 800]], np.float64)


def mapped(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    return cv2.perspectiveTransform(points.astype(np.float64)[None], matrix)[0]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("taper", [0.2, 0.35])
def test_the_corners_of_a_sheet_on_a_table_are_found(seed, taper):
    photograph, matrix = photographed(PAGE, np.random.default_rng(seed), taper)
    corners = perspective.find_sheet(photograph)
    assert corners is not None
    np.testing.assert_allclose(corners, mapped(SHEET, matrix), atol=8)


def plain(taper: float) -> np.ndarray:
    return photographed(PAGE, np.random.default_rng(2), taper)[0]


@pytest.mark.parametrize(
    "pixels",
    [
        PAGE,
        plain(0.0),
        255 - plain(0.3),
        plain(0.3)[100:-100, 100:-100],
        np.full((500, 400), 255, np.uint8),
        np.zeros((500, 400), np.uint8),
        np.zeros((10, 4), np.uint8),
    ],
    ids=["page", "flat", "dark sheet", "cut off", "white", "black", "tiny"],
)
def test_what_is_no_sheet_at_an_angle_is_left_alone(pixels):
    assert perspective.find_sheet(pixels) is None


def test_a_straightened_sheet_is_the_page_again():
    photograph, matrix = photographed(PAGE, np.random.default_rng(1), 0.3)
    corners = mapped(SHEET, matrix).astype(np.float32)
    straight, back = perspective.straighten(photograph, corners)
    height, width = straight.shape
    ends = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    np.testing.assert_allclose(mapped(ends, back), corners, atol=0.01)
    again = cv2.resize(straight, (600, 800), interpolation=cv2.INTER_AREA)
    assert np.corrcoef(again.ravel(), PAGE.ravel())[0, 1] > 0.8


def read_page() -> tuple[Page, np.ndarray, np.ndarray]:
    """A page read from a straightened photograph 400 wide and 600 high, and what it is part of."""
    corners = np.array([[100, 50], [300, 60], [380, 640], [20, 650]], np.float32)
    _, back = perspective.straighten(np.zeros((700, 400), np.uint8), corners)
    box = Box(20, 30, 120, 50)
    foot = ((20.0, 50.0), (120.0, 50.0))
    line = Line("a", "a", 1.0, Quad.from_box(box), (Word("a", "a", box, 1.0),), baseline=foot)
    block = Block(0, "table", Quad.from_box(box), "a", (Cell(0, 0, 1, 1, box, "a"),))
    page = Page(PageRef("", "", 0), 360, 590, 100, (line,), (block,))
    return page, back, mapped(np.array([[20, 30], [120, 30], [120, 50], [20, 50]]), back)


def test_what_was_read_is_put_back_to_where_it_was_drawn():
    page, back, corners = read_page()
    drawn = perspective.put_back(replace(page, drawn=Drawn(700, 400, back)))
    assert drawn.drawn is None
    assert (drawn.width_px, drawn.height_px) == (400, 700)
    np.testing.assert_allclose(drawn.lines[0].quad.corners, corners, atol=0.01)
    np.testing.assert_allclose(drawn.lines[0].baseline, corners[[3, 2]], atol=0.01)
    np.testing.assert_allclose(drawn.blocks[0].quad.corners, corners, atol=0.01)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    for box in (drawn.lines[0].words[0].box, drawn.blocks[0].cells[0].box):
        edges = (box.left, box.top, box.right, box.bottom)
        assert edges == pytest.approx((left, top, right, bottom), abs=0.01)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_turning_both_pictures_turns_what_lies_between_them(degrees):
    corners = np.array([[100, 50], [300, 60], [380, 640], [20, 650]], np.float32)
    photograph = np.zeros((700, 400), np.uint8)
    photograph[300:304, 200:204] = 255
    straight, back = perspective.straighten(photograph, corners)
    page = PageImage(PageRef("", "", 0), straight, 100, drawn=Drawn(700, 400, back))
    after = perspective.turned(page, degrees)
    assert (after.height_px, after.width_px) == turn_upright(photograph, degrees).shape
    bright = [
        np.argwhere(turn_upright(pixels, degrees) > 100).mean(axis=0)[::-1]
        for pixels in (straight, photograph)
    ]
    np.testing.assert_allclose(mapped(bright[0][None], after.back)[0], bright[1], atol=1.5)


def test_a_photographed_page_is_straightened_and_knows_from_what():
    photograph, _ = photographed(PAGE, np.random.default_rng(1), 0.3)
    image = PageImage(PageRef("", "", 0), photograph, 100)
    straight = perspective.straighten_page(image)
    assert straight.pixels.shape != photograph.shape
    assert (straight.drawn.height_px, straight.drawn.width_px) == photograph.shape


def test_pages_that_lie_flat_or_have_a_text_layer_stay_as_they_are():
    flat = PageImage(PageRef("", "", 0), PAGE, 100)
    line = Line("a", "a", 1.0, Quad.from_box(Box(0, 0, 9, 9)), ())
    photograph, _ = photographed(PAGE, np.random.default_rng(1), 0.3)
    for image in (flat, replace(flat, pixels=photograph, layer=(line,))):
        assert perspective.straighten_page(image) is image
    page = read_page()[0]
    assert perspective.put_back(page) is page
    assert perspective.turned(flat, 90) is None
