from collections.abc import Callable

import pytest

from ocr_core.tables.chunks import Chunk, Line
from ocr_core.tables.columns import column_of, columns_of, find_separators
from schemas import Box

MakeChunk = Callable[[float, float, str], Chunk]
BOX = Box(0, 0, 500, 300)


@pytest.fixture
def lines(chunk: MakeChunk) -> list[Line]:
    rows = [("apple", "12", "1.50"), ("pear tree", "7", "2.25"), ("plum", "140", "9.00")]
    return [
        [chunk(x, 30 * y, text) for x, text in zip((0, 200, 400), row, strict=True)]
        for y, row in enumerate(rows)
    ]


def test_separators_stand_in_the_white_between_columns(lines: list[Line]) -> None:
    first, second = find_separators(lines, BOX, [], 20)
    assert 95 < first < 200
    assert 230 < second < 400


def test_a_ruling_takes_the_place_of_the_white_about_it(lines: list[Line]) -> None:
    first, second = find_separators(lines, BOX, [150.0], 20)
    assert first == 150.0
    assert 230 < second < 400


def test_a_heading_across_the_columns_hides_none(lines: list[Line], chunk: MakeChunk) -> None:
    heading = [chunk(0, 100, "fruit of all kinds from our own garden and trees")]
    assert len(find_separators([*lines, heading], BOX, [], 20)) == 2


def test_a_single_gap_makes_no_column(lines: list[Line], chunk: MakeChunk) -> None:
    lines[0] = [chunk(0, 0, "an"), chunk(60, 0, "apple"), *lines[0][1:]]
    assert len(find_separators(lines, BOX, [], 20)) == 2


def test_signs_of_currency_are_no_column_of_their_own(lines: list[Line], chunk: MakeChunk) -> None:
    dollars = [[*line[:2], chunk(350, 30 * y, "$"), line[2]] for y, line in enumerate(lines)]
    assert len(find_separators(dollars, BOX, [], 20)) == 2


def test_the_column_of_a_place_and_the_columns_of_a_chunk(chunk: MakeChunk) -> None:
    separators = [100.0, 200.0]
    assert [column_of(x, separators) for x in (50, 150, 250)] == [0, 1, 2]
    assert columns_of(chunk(110, 0, "abc"), separators) == range(1, 2)
    assert columns_of(chunk(50, 0, "abcdefghijklmnopqr"), separators) == range(3)
    assert columns_of(chunk(98, 0, "abc"), separators) == range(1, 2)  # a hair's breadth over


def test_a_head_stands_over_its_own_column_though_it_begins_left_of_it(chunk: MakeChunk) -> None:
    body: list[Line] = [
        [chunk(0, 30 * row, "apple"), chunk(330, 30 * row, "1.50")] for row in range(1, 8)
    ]
    head = [chunk(0, 0, "fruit"), chunk(220, 0, "euros")]
    (x,) = find_separators([head, *body], BOX, [], 20)
    assert 50 < x < 220
    last = [chunk(80, 0, "fruit"), chunk(330, 0, "euro")]
    (x,) = find_separators([last, *body], BOX, [], 20)
    assert 130 < x < 330
