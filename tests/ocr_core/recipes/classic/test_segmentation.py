import numpy as np
import pytest

from ocr_core.recipes.classic.segmentation import (
    Part,
    find_characters,
    find_lines,
    spaces_before,
    threshold,
)


def ink_of(*parts, shape=(100, 200)):
    ink = np.zeros(shape, np.uint8)
    for part in parts:
        ink[part.top : part.bottom, part.left : part.right] = 1
    return ink


def row(top, *lefts):
    return [Part(left, top, left + 8, top + 12) for left in lefts]


@pytest.mark.parametrize(("ground", "ink"), [(230, 40), (10, 90)])
def test_ink_is_what_there_is_less_of(ground, ink):
    pixels = np.where(ink_of(Part(5, 5, 20, 20)) == 1, ink, ground).astype(np.uint8)
    np.testing.assert_array_equal(threshold(pixels), ink_of(Part(5, 5, 20, 20)))


def test_lines_are_found_from_top_to_bottom():
    ink = ink_of(*row(50, 10, 22, 34, 52), *row(20, 10, 22, 40))
    assert find_lines(ink) == [Part(10, 20, 48, 32), Part(10, 50, 60, 62)]


def test_columns_come_out_apart():
    ink = ink_of(*row(20, 10, 22), *row(20, 120, 132))
    assert find_lines(ink) == [Part(10, 20, 30, 32), Part(120, 20, 140, 32)]


def test_rules_and_pictures_are_no_lines():
    ink = ink_of(*row(20, 10, 22), Part(0, 40, 199, 42), Part(100, 45, 190, 99))
    assert find_lines(ink) == [Part(10, 20, 30, 32)]


def test_there_are_no_lines_without_ink():
    assert find_lines(np.zeros((20, 20), np.uint8)) == []


def test_characters_come_from_left_to_right_with_their_dots():
    dot, stem, other = Part(22, 2, 25, 5), Part(22, 8, 25, 20), Part(5, 2, 15, 20)
    assert find_characters(ink_of(dot, stem, other)) == [other, Part(22, 2, 25, 20)]


def test_specks_are_no_characters():
    letter, speck, stop = Part(5, 2, 25, 62), Part(40, 30, 42, 32), Part(50, 55, 57, 62)
    assert find_characters(ink_of(letter, speck, stop)) == [letter, stop]


def test_spaces_are_gaps_wider_than_usual():
    assert spaces_before(row(0, 10, 20, 30, 46, 56)) == [False, False, False, True, False]
    assert spaces_before([]) == []


def test_a_part_knows_its_size_and_union():
    one = Part(1, 2, 4, 9).union(Part(3, 1, 6, 5))
    assert one == Part(1, 1, 6, 9)
    assert (one.width, one.height) == (5, 8)
