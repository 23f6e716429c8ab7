from __future__ import annotations

import numpy as np
import pytest

from ocr_core.cleaning import looks
from tests import degradations
from tests.ocr_core.cleaning.pages import page_of_text


def look_after(degradation: str) -> looks.Look:
    page = page_of_text(size=(1000, 700))
    drawn = np.random.default_rng(1)
    return looks.look_at(degradations.DEGRADATIONS[degradation](page, drawn))


@pytest.mark.parametrize(
    ("degradation", "measure", "least"),
    [
        ("shadow", "unevenness", 0.4),
        ("stains", "unevenness", 0.3),
        ("grain", "grain", 30),
        ("specks", "specks", 0.04),
        ("blur", "edge_width", 2.7),
    ],
)
def test_each_measure_answers_to_its_own_degradation(degradation, measure, least):
    assert getattr(look_after(degradation), measure) > least
    assert getattr(look_after("clean"), measure) < 0.75 * least


def test_faded_ink_has_little_contrast():
    assert look_after("faded").contrast < 0.15
    assert look_after("clean").contrast > 0.9


def test_a_dark_picture_is_no_shadow():
    page = page_of_text(size=(1000, 700))
    page[500:] = 30
    assert looks.look_at(page).unevenness < 0.1


def test_a_dark_frame_is_no_shadow():
    assert look_after("frame").unevenness < 0.1


def test_patches_are_spread_over_the_page():
    page = np.arange(500 * 300, dtype=np.uint32).reshape(500, 300)
    patches = looks.patches_of((page % 251).astype(np.uint8))
    assert patches.shape == (20, 80, 80)
    assert patches[0, 0, 0] == page[42, 27] % 251
    assert patches[-1, -1, -1] == page[378 + 79, 192 + 79] % 251


@pytest.mark.parametrize("shape", [(1, 1), (79, 2000), (84, 80)])
def test_pages_of_any_size_can_be_looked_at(shape):
    look = looks.look_at(np.full(shape, 200, np.uint8))
    assert (look.unevenness, look.contrast, look.specks, look.see_through) == (0, 0, 0, 0)
