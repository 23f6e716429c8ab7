from __future__ import annotations

import cv2
import numpy as np

from ocr_core.cleaning import see_through
from ocr_core.cleaning.looks import patches_of
from tests import degradations
from tests.ocr_core.cleaning.pages import page_of_text


def share_of(page: np.ndarray) -> float:
    return see_through.share_shown(patches_of(page))


def test_the_other_side_of_thin_paper_is_noticed():
    page = np.asarray(cv2.resize(page_of_text(), None, fx=2.5, fy=2.5), np.uint8)
    assert share_of(page) == 0
    assert share_of(degradations.see_through(page, np.random.default_rng(3))) > 0.4


def test_crisp_grey_text_among_black_text_is_text():
    page = page_of_text()
    grey = np.roll(page_of_text(ink=150), 15, axis=0)
    assert share_of(np.minimum(page, grey)) == 0


def test_blurred_text_is_of_this_side():
    assert share_of(np.asarray(cv2.GaussianBlur(page_of_text(), (0, 0), 2), np.uint8)) == 0


def test_pages_without_text_have_no_other_side():
    assert share_of(np.full((300, 300), 240, np.uint8)) == 0
    assert share_of(np.full((5, 4), 240, np.uint8)) == 0
    for shape in ((1, 9), (2, 60), (60, 2)):
        assert share_of(np.random.default_rng(0).integers(0, 256, shape, np.uint8)) == 0
