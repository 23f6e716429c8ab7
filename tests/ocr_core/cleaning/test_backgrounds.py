from __future__ import annotations

import numpy as np
import pytest

from ocr_core.cleaning import backgrounds
from tests.ocr_core.cleaning.pages import page_of_text


def test_a_shadow_is_divided_out():
    page = page_of_text()
    shade = np.linspace(0.3, 1, page.shape[1])
    flat = backgrounds.flatten((page * shade).astype(np.uint8))
    paper = page == 255
    assert flat[paper].min() > 225
    assert flat[page < 20].max() < 80


def test_white_letters_on_a_black_panel_stay():
    page = page_of_text()
    page[:150] = 20  # broader than what a median leaves out
    page[60:64, 50:200] = 255
    flat = backgrounds.flatten(page)
    assert flat[61, 100] == 255
    assert flat[100, 100] < 160


def test_a_white_page_stays_as_it_is():
    page = page_of_text()
    assert np.array_equal(backgrounds.flatten(page), page)


def test_paper_is_the_page_without_its_ink():
    paper = backgrounds.paper_of(page_of_text(ground=180))
    assert max(paper.shape) <= backgrounds.SMALL_PX
    assert (paper.min(), paper.max()) == pytest.approx((180, 180), abs=2)


def test_weak_ink_is_black_and_grey_paper_white_after_stretching():
    stretched = backgrounds.stretch(page_of_text(ground=200, ink=170))
    assert np.unique(stretched[[0, -1]]).tolist() == [255]
    assert stretched.min() == 0


@pytest.mark.parametrize("step", [backgrounds.flatten, backgrounds.stretch])
def test_pages_without_anything_on_them_stay(step):
    assert step(np.zeros((0, 5), np.uint8)).shape == (0, 5)
    assert np.array_equal(backgrounds.stretch(np.full((9, 7), 90, np.uint8)), np.full((9, 7), 90))
