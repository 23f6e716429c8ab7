import numpy as np
import pytest

from ocr_core.recipes.plates import patterns
from ocr_core.recipes.plates.settings import DIGITS, LETTERS

KINDS = (patterns.american, patterns.european, patterns.brazilian)


@pytest.mark.parametrize("kind", KINDS)
def test_plates_have_two_to_eight_characters_that_can_be_written(kind):
    rng = np.random.default_rng(1)
    for _ in range(300):
        text = "".join(kind(rng))
        assert 2 <= len(text) <= 8
        assert set(text) <= set(DIGITS + LETTERS)


def test_brazilian_plates_are_three_letters_and_four_more():
    rng = np.random.default_rng(1)
    for _ in range(50):
        text = "".join(patterns.brazilian(rng))
        assert text[:3].isalpha()
        assert text[3].isdigit()
        assert text[5:].isdigit()


def test_some_americans_have_a_wish():
    rng = np.random.default_rng(1)
    wishes = [patterns.american(rng) for _ in range(200)]
    assert any("".join(groups).isalpha() and len(groups) > 1 for groups in wishes)


def test_words_around_are_never_empty():
    rng = np.random.default_rng(1)
    for word in (patterns.name, patterns.legend, patterns.sticker):
        assert all(word(rng).strip() for _ in range(100))
