from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_core.cleaning import sharpness
from tests.ocr_core.cleaning.pages import page_of_text


def test_edges_are_as_wide_as_their_blur():
    page = page_of_text()
    widths = [sharpness.edge_width(cv2.GaussianBlur(page, (0, 0), s)) for s in (0.1, 1.0, 2.5)]
    assert widths[0] == pytest.approx(2, abs=0.3)
    assert widths[0] < widths[1] < widths[2]


def test_sharpening_makes_edges_steeper():
    blurred = np.asarray(cv2.GaussianBlur(page_of_text(), (0, 0), 2), np.uint8)
    sharpened = sharpness.sharpen(blurred)
    assert sharpness.edge_width(sharpened) < 0.9 * sharpness.edge_width(blurred)


def test_even_pages_have_no_edges():
    assert sharpness.edge_width(np.full((9, 9), 80, np.uint8)) == 0
    assert sharpness.edge_width(np.zeros((2, 2), np.uint8)) == 0
    assert sharpness.sharpen(np.zeros((0, 4), np.uint8)).shape == (0, 4)
