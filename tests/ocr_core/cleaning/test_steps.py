from __future__ import annotations

import numpy as np
import pytest

from ocr_core.cleaning import backgrounds, steps
from ocr_core.errors import ConfigError
from schemas import PageImage, PageRef
from tests import degradations
from tests.ocr_core.cleaning.pages import page_of_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("auto", ("auto",)),
        ("none", ()),
        ("sharpen", ("sharpen",)),
        ("otsu,perspective", ("perspective", "otsu")),
        ("sauvola, borders,borders", ("borders", "sauvola")),
    ],
)
def test_steps_are_parsed_into_the_order_in_which_they_are_taken(text, expected):
    assert steps.parse(text) == expected


@pytest.mark.parametrize("text", ["", "scrub", "auto,borders", "none,none,otsu"])
def test_steps_that_there_are_not_are_told(text):
    with pytest.raises(ConfigError, match="--clean is auto, none, or some of"):
        steps.parse(text)


@pytest.mark.parametrize("name", steps.STEPS)
def test_every_step_keeps_the_size_and_leaves_what_it_is_given(name):
    page = page_of_text(ground=220, ink=40)
    before = page.copy()
    cleaned = steps.STEPS[name](page)
    assert (cleaned.shape, cleaned.dtype) == (page.shape, np.uint8)
    assert np.array_equal(page, before)


@pytest.mark.parametrize("name", steps.STEPS)
@pytest.mark.parametrize("shape", [(0, 0), (0, 6), (1, 1), (3, 40)])
def test_every_step_takes_pages_of_any_size(name, shape):
    assert steps.STEPS[name](np.full(shape, 120, np.uint8)).shape == shape


@pytest.mark.parametrize(
    ("degradation", "expected"),
    [
        ("clean", ()),
        ("shadow", ("background",)),
        ("faded", ("contrast",)),
        ("grain", ("denoise",)),
        ("specks", ("despeckle",)),
        ("blur", ("sharpen",)),
        ("frame", ()),
    ],
)
def test_auto_takes_the_step_that_a_page_needs(degradation, expected):
    page = page_of_text(size=(1500, 500))
    worn = degradations.DEGRADATIONS[degradation](page, np.random.default_rng(1))
    assert steps.needed(steps.look_at(worn)) == expected


def test_auto_leaves_clean_pages_as_they_are():
    page = page_of_text()
    assert steps.clean(page) is page


def test_a_page_is_prepared_and_cleaned_in_the_time_that_it_says():
    pixels = page_of_text(ground=180, ink=20)
    page = PageImage(PageRef("", "", 0), pixels, 100, seconds={"render": 1.0})
    prepared = steps.prepare_page(page, ("contrast",))
    assert np.array_equal(prepared.pixels, backgrounds.stretch(pixels))
    assert set(prepared.seconds) == {"render", "prepare"}
    assert np.array_equal(steps.prepare_page(page, ()).pixels, pixels)


def test_a_negative_is_inverted_before_it_is_cleaned():
    page = PageImage(PageRef("", "", 0), 255 - page_of_text(), 100)
    assert np.array_equal(steps.prepare_page(page).pixels, page_of_text())


@pytest.mark.parametrize(
    ("names", "is_straight"), [((), False), (("perspective",), True), (("auto",), True)]
)
def test_a_photographed_page_is_straightened_by_auto_and_by_name(names, is_straight):
    photograph, _ = degradations.photographed(page_of_text(), np.random.default_rng(1), 0.3)
    prepared = steps.prepare_page(PageImage(PageRef("", "", 0), photograph, 100), names)
    assert (prepared.drawn is not None) == is_straight
