from __future__ import annotations

import numpy as np
import pytest

from ocr_core.cleaning import noise
from tests.ocr_core.cleaning.pages import page_of_text


def grainy(deviation: float) -> np.ndarray:
    page = page_of_text(ground=180, ink=60, size=(300, 500))
    drawn = np.random.default_rng(0).normal(0, deviation, page.shape)
    return np.clip(np.rint(page + drawn), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("deviation", [0, 5, 20])
def test_grain_is_the_deviation_of_the_noise(deviation):
    assert noise.grain(grainy(deviation)) == pytest.approx(deviation, abs=1.5)


def test_a_page_without_greys_has_no_grain():
    assert noise.grain(page_of_text()) == 0
    assert noise.grain(np.zeros((2, 9), np.uint8)) == 0


def test_grain_goes_and_text_stays():
    clean = page_of_text(ground=180, ink=60, size=(300, 500)).astype(float)
    before, after = grainy(30), noise.denoise(grainy(30))
    assert np.abs(after - clean).mean() < 0.4 * np.abs(before - clean).mean()


def test_lone_specks_go_and_strokes_stay():
    page = page_of_text(size=(300, 500))
    specked = page.copy()
    specked[5:300:10, 5:500:10] = 255 - page[5:300:10, 5:500:10]
    specked[20, 20:22] = 0  # two that touch
    changed = page != specked
    cleaned = noise.despeckle(specked)
    assert np.abs(cleaned[changed].astype(int) - page[changed]).mean() < 10
    assert (cleaned[~changed] != page[~changed]).mean() < 0.005


def test_specks_are_lone():
    page = np.full((7, 9), 200, np.uint8)
    page[2, 2] = 20
    page[4, 4:8] = 20  # a stroke, whose ends have one neighbour each
    assert np.argwhere(noise.specks_of(page)).tolist() == [[2, 2], [4, 4], [4, 7]]


@pytest.mark.parametrize("step", [noise.denoise, noise.despeckle], ids=["denoise", "despeckle"])
@pytest.mark.parametrize("shape", [(0, 5), (1, 1), (2, 3)])
def test_tiny_pages_stay(step, shape):
    assert step(np.full(shape, 9, np.uint8)).tolist() == np.full(shape, 9).tolist()
