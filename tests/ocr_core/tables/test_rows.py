from collections.abc import Callable, Sequence

import pytest

from ocr_core.tables.chunks import Chunk, Line
from ocr_core.tables.rows import Band, RowFinder

MakeChunk = Callable[[float, float, str], Chunk]
MakeBand = Callable[..., Band]
SEPARATORS = [195.0, 395.0]


@pytest.fixture
def band(chunk: MakeChunk) -> MakeBand:
    """Lines of texts in three columns at given heights."""

    def make(ys: Sequence[float], *rows: Sequence[str], is_head: bool = False) -> Band:
        lines: list[Line] = [
            [chunk(x, y, text) for x, text in zip((0, 200, 400), row, strict=True) if text]
            for y, row in zip(ys, rows, strict=True)
        ]
        return Band(lines, is_head)

    return make


def sizes(bands: list[Band], is_ruled: bool = False) -> list[int]:
    """The number of lines in each row."""
    rows = RowFinder(bands, SEPARATORS, is_ruled).rows()
    return [len({chunk.middle for chunk in row}) for row in rows]


def test_lines_that_fill_all_columns_are_rows(band: MakeBand) -> None:
    rows = band((0, 24, 48), *[("name", "word", "12")] * 3)
    assert sizes([rows]) == [1, 1, 1]


def test_a_line_goes_on_with_a_cell_that_had_no_room_left(band: MakeBand) -> None:
    rows = band(
        (0, 24, 48, 72),
        ("name", "a very long text", "12"),
        ("", "wrapped", ""),
        ("name", "word", "7"),
        ("name", "word", "8"),
    )
    assert sizes([rows]) == [2, 1, 1]


def test_a_word_that_had_room_on_the_line_above_begins_a_row(band: MakeBand) -> None:
    rows = band(
        (0, 24, 48), ("name", "a", "12"), ("", "word", ""), ("name", "a long long text", "7")
    )
    assert sizes([rows]) == [1, 1, 1]


def test_numbers_are_not_wrapped(band: MakeBand) -> None:
    rows = band(
        (0, 24, 48), ("n", "1234567890123456", "1"), ("", "9876543210987654", ""), ("n", "3", "4")
    )
    assert sizes([rows]) == [1, 1, 1]


def test_rows_of_wrapped_text_stand_apart(band: MakeBand) -> None:
    long = ("a first long name", "with some long tex", "12")
    wrapped = ("wrapped here", "wrapped there too", "")
    rows = band((0, 24, 64, 88, 128, 152), long, wrapped, long, wrapped, long, wrapped)
    assert sizes([rows]) == [2, 2, 2]


def test_blank_lines_between_groups_of_rows_hold_nothing_together(band: MakeBand) -> None:
    row = ("name", "word", "12")
    assert sizes([band((0, 24, 70, 94, 140, 164), *[row] * 6)]) == [1] * 6


def test_a_band_between_rulings_is_a_row(band: MakeBand) -> None:
    bands = [
        band((100 * n, 100 * n + 24), ("name", "some words in", ""), ("", "lines", "12"))
        for n in range(3)
    ]
    assert sizes(bands, is_ruled=True) == [2, 2, 2]


def test_a_band_of_several_lines_that_are_rows_each_is_no_row(band: MakeBand) -> None:
    bands = [
        band((100 * n, 100 * n + 24, 100 * n + 48), *[("name", "12", "13")] * 3) for n in range(3)
    ]
    assert sizes(bands, is_ruled=True) == [1] * 9


def test_heads_of_several_lines_are_one_row_unless_one_spans_columns(
    band: MakeBand, chunk: MakeChunk
) -> None:
    body = band((100, 124), *[("name", "1", "2")] * 2)
    head = band((0, 24), ("", "net", "gross"), ("name", "weight", "weight"), is_head=True)
    assert sizes([head, body])[0] == 2
    spanning = Band([[chunk(250, 0, "weights in kilograms or tons")], head.lines[1]], True)
    assert sizes([spanning, body])[:2] == [1, 1]


def test_accounts_between_rulings_are_rows_though_only_totals_are_ruled_off(
    band: MakeBand,
) -> None:
    bands = [band((100 * n,), ("name", "12", "1.50")) for n in range(3)]
    accounts = band((400, 424), ("taxes", "281", "215"), ("profit", "1,359", "1,307"))
    wrapped = band((500, 524), ("a name of a", "281", "215"), ("good length", "", ""))
    assert sizes([*bands, accounts, wrapped], is_ruled=True) == [1, 1, 1, 1, 1, 2]


def test_so_are_lines_most_of_which_have_a_number(band: MakeBand) -> None:
    bands = [band((100 * n,), ("name", "12", "1.50")) for n in range(3)]
    rows = (("item", "", "9.60"), ("", "2", ""), ("total", "", "9.60"), ("paid in cash", "", ""))
    bands.append(band((400, 424, 448, 472), *rows))
    assert sum(sizes(bands, is_ruled=True)[3:]) == 4
    assert len(sizes(bands, is_ruled=True)) > 4
