import math

import numpy as np
import pytest

from ocr_core.charset import Charset
from ocr_core.recipes.plates.formats import (
    decode_plate,
    is_of_known_format,
    settle,
    shape_of,
)
from ocr_core.recipes.plates.settings import DIGITS, LETTERS

CHARSET = Charset(DIGITS + LETTERS)


def path_of(*steps):
    """Log-probabilities of steps, each a dict of characters; a blank after each."""
    path = np.full((2 * len(steps), 1 + len(CHARSET)), -20.0, np.float32)
    path[1::2, 0] = 0
    for row, step in zip(path[::2], steps, strict=True):
        for character, probability in step.items():
            row[CHARSET.encode(character)] = math.log(probability)
    return path


def sure(text):
    return [{character: 0.99} for character in text]


def test_a_look_alike_that_makes_a_plate_is_taken():
    path = path_of(*sure("HGX"), {"I": 0.6, "1": 0.35}, *sure("28"))
    text, confidences = decode_plate(path, CHARSET)
    assert text == "HGX128"
    assert confidences[3] == pytest.approx(0.95, abs=1e-3)


def test_what_the_network_is_sure_of_stays():
    path = path_of(*sure("HGX"), {"I": 0.98, "1": 0.01}, *sure("28"))
    assert decode_plate(path, CHARSET)[0] == "HGXI28"


def test_of_two_formats_the_likelier_reading_is_taken():
    path = path_of(*sure("AB"), {"O": 0.3, "0": 0.6}, *sure("123"))  # AAA999 and AA9999
    assert decode_plate(path, CHARSET)[0] == "AB0123"


def test_nothing_stays_nothing():
    assert decode_plate(path_of({}, {}), CHARSET) == ("", ())


def test_digits_alone_are_never_changed():
    digits = Charset(DIGITS)
    path = np.log(np.eye(11, dtype=np.float32)[[1, 0, 2, 0, 1]] * 0.9 + 0.005)
    assert decode_plate(path, digits)[0] == "010"


def test_a_text_longer_than_any_plate_stays_as_it_is():
    text = "A1B2C3D4E5F6"
    assert settle(text, [{character: 0.0} for character in text]) == text


def test_a_shape_tells_letters_from_digits():
    assert shape_of("7ABC123") == "9AAA999"


@pytest.mark.parametrize("text", ["ABC123", "7ABC123", "KC4Z3X", "HAPPY", "1B80338"])
def test_plates_and_words_are_of_a_known_format(text):
    assert is_of_known_format(text)


@pytest.mark.parametrize("text", ["", "A", "KC41Z3X", "AB12C34D", "123456789"])
def test_plates_with_a_character_too_many_are_not(text):
    assert not is_of_known_format(text)
