from collections.abc import Callable

from ocr_core.tables.bare_regions import find_bare_regions, without_prose
from ocr_core.tables.chunks import make_chunks, make_lines
from ocr_core.tables.model import Piece
from schemas import Box

Table = Callable[..., list[Piece]]
PieceOf = Callable[[float, float, str], Piece]
ROWS = [["apple", "12", "1.50"], ["pear", "7", "2.25"], ["plum", "140", "9.00"]]
LEFTS = (100, 300, 500)
PROSE = "this is a line of running text that goes on and on"


def regions(pieces: list[Piece]) -> list[Box]:
    return find_bare_regions(make_lines(without_prose(make_chunks(pieces, []), 20)), 20)


def test_gaps_below_each_other_make_a_region(table: Table) -> None:
    assert regions(table(LEFTS, *ROWS)) == [Box(100, 100, 540, 180)]


def test_two_lines_make_none(table: Table) -> None:
    assert regions(table(LEFTS, *ROWS[:2])) == []


def test_gaps_at_other_places_make_none(piece: PieceOf) -> None:
    shifted = [
        piece(100 + 150 * (n % 2) + x, 100 + 30 * n, "wo") for n in range(4) for x in (0, 110)
    ]
    assert regions(shifted) == []


def test_a_line_of_prose_ends_a_region(table: Table, piece: PieceOf) -> None:
    pieces = [*table(LEFTS, *ROWS), piece(100, 190, PROSE), *table(LEFTS, *ROWS, top=220)]
    assert regions(pieces) == [Box(100, 100, 540, 180), Box(100, 220, 540, 300)]


def test_headings_and_wrapped_text_in_between_do_not(table: Table) -> None:
    rows = [ROWS[0], ["berries"], ROWS[1], ["", "more"], ROWS[2]]
    assert regions(table(LEFTS, *rows)) == [Box(100, 100, 540, 240)]


def test_a_paragraph_beside_a_table_is_no_part_of_it(table: Table, piece: PieceOf) -> None:
    prose = [piece(700, 85 + 24 * n, PROSE) for n in range(6)]
    assert regions([*table(LEFTS, *ROWS), *prose]) == [Box(100, 100, 540, 180)]


def test_a_wide_gap_in_height_ends_a_region(table: Table) -> None:
    assert len(regions([*table(LEFTS, *ROWS), *table(LEFTS, *ROWS, top=300)])) == 2
