import numpy as np
import pytest

from ocr_core.drop_caps import find_drop_caps, goes_on

INITIAL = [50, 100, 100, 170]
BESIDE = [[110, 100, 400, 120], [110, 126, 400, 146], [110, 152, 400, 172]]
BELOW = [[50, 178, 400, 198], [50, 204, 400, 224]]


def found(*texts: str) -> dict[int, int]:
    return find_drop_caps(np.array([INITIAL, *BESIDE, *BELOW], float), texts)


def test_an_initial_goes_on_in_the_first_line_beside_it():
    assert found("T", "HE first", "second", "third", "fourth", "fifth") == {0: 1}
    assert found("“T", "HE first", "second", "third", "fourth", "fifth") == {0: 1}


def test_a_high_number_or_word_is_no_initial():
    assert found("5", "of them", "second", "third", "fourth", "fifth") == {}
    assert found("Th", "e first", "second", "third", "fourth", "fifth") == {}


def test_a_large_letter_beside_one_line_is_no_initial():
    boxes = np.array([[50, 100, 100, 170], [110, 120, 400, 140], *BELOW], float)
    assert find_drop_caps(boxes, ["T", "one", "two", "three"]) == {}


def test_nothing_has_no_initials():
    assert find_drop_caps(np.zeros((0, 4)), []) == {}


@pytest.mark.parametrize(
    ("initial", "line", "expected"),
    [("T", "HE war", True), ("T", "he war", True), ("A", "man", False), ("A", "FTER the", True)],
)
def test_letters_that_are_words_may_stand_alone(initial, line, expected):
    assert goes_on(initial, line) is expected
