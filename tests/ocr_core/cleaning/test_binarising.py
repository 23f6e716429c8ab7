from __future__ import annotations

import numpy as np
import pytest

from ocr_core.cleaning import binarising
from tests.ocr_core.cleaning.pages import page_of_text


@pytest.mark.parametrize("step", [binarising.otsu, binarising.sauvola])
def test_ink_is_black_and_paper_white(step):
    page = page_of_text(ground=190, ink=60)
    result = step(page)
    assert set(np.unique(result)) == {0, 255}
    assert (result[page > 180] == 255).all()
    assert (result[page < 70] == 0).all()


def test_a_shadow_is_no_ink_to_a_threshold_for_each_pixel():
    page = page_of_text()
    shaded = (page * np.linspace(0.25, 1, page.shape[1])).astype(np.uint8)
    assert (binarising.sauvola(shaded)[page == 255] == 255).mean() > 0.99
    assert (binarising.otsu(shaded)[page == 255] == 255).mean() < 0.9


def test_ink_that_is_faint_throughout_is_ink():
    page = page_of_text(ground=200, ink=176)
    assert (binarising.sauvola(page)[page < 180] == 0).all()


@pytest.mark.parametrize("step", [binarising.otsu, binarising.sauvola])
def test_a_page_without_area_stays(step):
    assert step(np.zeros((0, 5), np.uint8)).shape == (0, 5)
