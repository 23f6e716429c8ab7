import numpy as np
import pytest

from ocr_core.gutters import Pieces
from ocr_core.line_numbers import find_number_gutters

PITCH = 30


def page(numbers: list[int], left: float, words: int = 6) -> Pieces:
    """Ten lines of text, and a number beside some of them."""
    text = [[100, 50 + PITCH * n, 600, 70 + PITCH * n] for n in range(10)]
    rows = [n for n in range(10) if numbers[n] >= 0]
    margin = [[left, 50 + PITCH * n, left + 20, 70 + PITCH * n] for n in rows]
    count = len(text) + len(margin)
    return Pieces(
        boxes=np.array(text + margin, float),
        word_counts=np.array([words] * 10 + [1] * len(margin)),
        has_letter=np.ones(count, bool),
        is_label=np.zeros(count, bool),
        numbers=np.array([-1] * 10 + [numbers[n] for n in rows]),
        is_table=np.zeros(count, bool),
    )


@pytest.mark.parametrize(("left", "x"), [(40, 80), (650, 625)])
def test_numbers_of_lines_stand_apart_in_either_margin(left, x):
    (gutter,) = find_number_gutters(page(list(range(1, 11)), left))
    assert (gutter.x, gutter.top, gutter.bottom) == (x, 50, 70 + 9 * PITCH)


def test_one_may_be_missing_or_misread():
    assert find_number_gutters(page([1, 2, 3, 4, -1, 6, 7, 8, 9, 10], 40))
    assert find_number_gutters(page([1, 2, 3, 4, 5, 6, 7, 8, 9, 70], 40))


def test_other_numbers_count_nothing():
    assert find_number_gutters(page([12, 7, 30, 4, 9, 9, 2, 51, 8, 3], 40)) == []
    assert find_number_gutters(page([-1] * 10, 40)) == []


def test_numbers_of_the_rows_of_a_table_stay_in_their_rows():
    assert find_number_gutters(page(list(range(1, 11)), 40, words=2)) == []
