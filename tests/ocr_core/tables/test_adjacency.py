import pytest

from ocr_core.tables.adjacency import (
    AdjacencyCounts,
    WordedCell,
    count_adjacencies,
    neighbours,
    text_overlap,
)
from ocr_core.tables.model import PlacedWord
from schemas import Box


def word(x: float, y: float, text: str = "word", width: float = 40) -> PlacedWord:
    return PlacedWord(Box(x, y, x + width, y + 20), text)


def cell(row: int, column: int, text: str = "word", spans: tuple[int, int] = (1, 1)) -> WordedCell:
    words = (word(100 * column, 30 * row, text),) if text else ()
    return WordedCell(row, column, *spans, words)


def square(rows: int, columns: int) -> list[WordedCell]:
    return [cell(row, column) for row in range(rows) for column in range(columns)]


def test_neighbours_stand_side_by_side_or_one_below_the_other() -> None:
    assert neighbours(square(2, 2)) == {
        (0, 1, "right"),
        (2, 3, "right"),
        (0, 2, "below"),
        (1, 3, "below"),
    }


def test_empty_cells_are_passed_over() -> None:
    assert neighbours([cell(0, 0), cell(0, 1, ""), cell(0, 2)]) == {(0, 2, "right")}


def test_a_cell_that_spans_others_is_a_neighbour_of_each() -> None:
    cells = [cell(0, 0, spans=(1, 2)), cell(1, 0), cell(1, 1)]
    assert neighbours(cells) == {(0, 1, "below"), (0, 2, "below"), (1, 2, "right")}


def test_what_is_found_exactly_has_an_f1_of_1() -> None:
    counts = count_adjacencies([square(3, 2)], [square(3, 2)], 1.0)
    assert counts == AdjacencyCounts(7, 7, 7)
    assert counts.f1 == 1.0


def test_two_cells_taken_for_one_lose_their_neighbours() -> None:
    truth = square(2, 2)
    joined = WordedCell(0, 0, 1, 2, truth[0].words + truth[1].words)
    counts = count_adjacencies([truth], [[joined, *truth[2:]]], 1.0)
    assert counts == AdjacencyCounts(4, 3, 1)
    assert counts.f1 == pytest.approx(2 / 7)


def test_a_table_that_is_none_and_one_that_is_missed_cost_as_much() -> None:
    assert count_adjacencies([], [square(2, 2)], 1.0).f1 == 0.0
    assert count_adjacencies([square(2, 2)], [], 1.0).f1 == 0.0
    assert count_adjacencies([], [], 1.0).f1 == 1.0


def test_a_table_in_two_parts_loses_the_pairs_between_them() -> None:
    truth = square(4, 2)
    assert count_adjacencies([truth], [truth[:4], truth[4:]], 1.0) == AdjacencyCounts(10, 8, 8)


def test_counts_add_up() -> None:
    assert AdjacencyCounts(1, 2, 1) + AdjacencyCounts(3, 2, 2) == AdjacencyCounts(4, 4, 3)


def test_text_overlaps_where_words_meet_whatever_their_frames_and_spaces() -> None:
    whole = [word(0, 0, "12000", 50)]
    parts = [word(-3, 4, "12", 22), word(20, 4, "000", 34)]
    assert text_overlap(whole, parts) == 1.0
    assert text_overlap(whole, [word(0, 30, "12000", 50)]) == 0.0
    assert text_overlap([*whole, word(60, 0, "more")], whole) == pytest.approx(10 / 14)
