import numpy as np
import pytest

from ocr_core.restoration.pages import restore_page, side_by_side
from schemas import Box, Quad
from tests.ocr_core.restoration.stand_ins import GREY, WHITE, Eraser, Half, Identity


def noisy_page():
    return np.random.default_rng(1).integers(0, 256, (120, 200)).astype(np.uint8)


def turned(quad, degrees):
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return Quad.from_corners((quad.corners - (100, 60)) @ turn + (100, 60))


LINE = Quad.from_box(Box(40, 50, 160, 70))


@pytest.mark.parametrize("quads", [[], [LINE], [LINE, turned(LINE, 30)]])
def test_a_page_whose_lines_are_not_changed_is_as_it_was(quads):
    page = noisy_page()
    np.testing.assert_array_equal(restore_page(page, quads, Identity()), page)


@pytest.mark.parametrize("degrees", [0, 12, 90])
def test_a_line_is_restored_where_it_is_and_nothing_else(degrees):
    page = np.full((120, 200), GREY, np.uint8)
    quad = turned(LINE, degrees)
    restored = restore_page(page, [quad], Eraser())
    ys, xs = np.mgrid[:120, :200]
    spots = np.stack([xs.ravel() + 0.5, ys.ravel() + 0.5], axis=1)
    angle = np.radians(-degrees)
    back = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    level = (spots - (100, 60)) @ back + (100, 60)
    inside = (abs(level - (100, 60)) < (59, 9)).all(axis=1).reshape(page.shape)
    outside = (abs(level - (100, 60)) > (64, 14)).any(axis=1).reshape(page.shape)
    assert np.all(restored[inside] >= WHITE - 1)
    assert np.all(restored[outside] == GREY)


def test_where_lines_overlap_their_changes_do_not_add_up():
    page = np.full((120, 200), GREY, np.uint8)
    assert restore_page(page, [LINE, LINE, LINE], Eraser())[60, 100] == WHITE
    assert GREY < restore_page(page, [LINE, LINE], Half())[60, 100] < WHITE - 10


def test_a_page_finer_than_its_crops_stays_as_fine():
    page = np.full((120, 200), GREY, np.uint8)
    page[:, ::2] -= 50
    quad = Quad.from_box(Box(-10, 10, 220, 110))  # 100 pixels high, and beyond the page
    changed = restore_page(page, [quad], Half()).astype(int)
    assert np.all(changed[30:90, 61:140:2] - changed[30:90, 60:140:2] >= 49)


def test_lines_off_the_page_are_passed_over():
    page = noisy_page()
    off = Quad.from_box(Box(-300, -90, -200, -70))
    np.testing.assert_array_equal(restore_page(page, [off], Eraser()), page)


def test_pictures_of_unlike_height_stand_side_by_side():
    both = side_by_side(np.full((10, 6), 1, np.uint8), np.full((8, 7), 2, np.uint8))
    assert both.shape == (10, 6 + 4 + 7)
    assert set(both[:, :6].ravel()) == {1}
    assert set(both[:8, -7:].ravel()) == {2}
    assert set(both[8:, -7:].ravel()) == {128}
