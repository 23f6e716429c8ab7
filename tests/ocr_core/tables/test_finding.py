from collections.abc import Callable

from ocr_core.tables.finding import find_tables
from ocr_core.tables.model import Piece
from schemas import Box, Ruling

Table = Callable[..., list[Piece]]
PieceOf = Callable[[float, float, str], Piece]
Rule = Callable[[float, float, float], Ruling]
LEFTS = (100, 300, 500)
ROWS = [["apple", "12", "1.50"], ["pear", "7", "2.25"], ["plum", "140", "9.00"]]
PROSE = "this is a line of running text that goes on and on"


def texts(pieces: list[Piece], rulings: list[Ruling]) -> list[list[str]]:
    return [[cell.text for cell in table.cells] for table in find_tables(pieces, rulings)]


EXPECTED = [[text for row in ROWS for text in row]]


def test_an_empty_page_has_no_tables() -> None:
    assert find_tables([], []) == []
    assert find_tables([Piece(Box(0, 0, 10, 10), ())], []) == []


def test_a_table_without_rulings(table: Table) -> None:
    assert texts(table(LEFTS, *ROWS), []) == EXPECTED


def test_a_table_between_rulings(table: Table, level: Rule) -> None:
    rulings = [level(90, 90, 600), level(125, 90, 600), level(190, 90, 600)]
    assert texts(table(LEFTS, *ROWS), rulings) == EXPECTED


def test_a_table_with_a_ruling_under_its_head_alone(table: Table, level: Rule) -> None:
    assert texts(table(LEFTS, *ROWS), [level(125, 90, 600)]) == EXPECTED


def test_a_ruled_table(table: Table, level: Rule, upright: Rule) -> None:
    rulings = [
        *(level(y, 90, 600) for y in (90, 125, 155, 190)),
        *(upright(x, 90, 190) for x in (90, 270, 450, 600)),
    ]
    assert texts(table(LEFTS, *ROWS), rulings) == EXPECTED


def test_a_table_with_columns_ruled(table: Table, upright: Rule) -> None:
    assert texts(table(LEFTS, *ROWS), [upright(270, 90, 190), upright(450, 90, 190)]) == EXPECTED


def test_a_piece_that_runs_through_several_cells_is_split(table: Table, piece: PieceOf) -> None:
    first, *rest = (piece(x, 100, text) for x, text in zip(LEFTS, ROWS[0], strict=True))
    words = (*first.words, *(word for other in rest for word in other.words))
    merged = Piece(first.box.union(rest[-1].box), words)
    [found] = find_tables([merged, *table(LEFTS, *ROWS[1:], top=130)], [])
    assert [cell.text for cell in found.cells] == EXPECTED[0]
    assert found.pieces == (0, 1, 2, 3, 4, 5, 6)


def test_pieces_are_told_in_the_order_of_rows_and_columns(table: Table) -> None:
    pieces = table(LEFTS, *ROWS)
    [found] = find_tables([*reversed(pieces)], [])
    assert found.pieces == tuple(reversed(range(9)))


def test_prose_about_a_table_is_no_part_of_it(table: Table, piece: PieceOf) -> None:
    above = [piece(100, 10 + 30 * number, PROSE) for number in range(3)]
    below = [piece(100, 200 + 30 * number, PROSE) for number in range(3)]
    [found] = find_tables([*above, *table(LEFTS, *ROWS), *below], [])
    assert found.pieces == tuple(range(3, 12))
    assert found.box.top > 90
    assert found.box.bottom < 200


def test_prose_has_no_tables_even_in_a_frame_and_in_columns(
    piece: PieceOf, level: Rule, upright: Rule
) -> None:
    prose = [piece(x, 100 + 24 * n, PROSE) for n in range(12) for x in (100, 700)]
    frame = [
        level(90, 90, 1300),
        level(400, 90, 1300),
        upright(90, 90, 400),
        upright(1300, 90, 400),
    ]
    assert find_tables(prose, []) == []
    assert find_tables(prose, frame) == []
    assert find_tables(prose, [upright(680, 90, 400)]) == []


def test_tables_come_from_top_to_bottom(table: Table, level: Rule) -> None:
    upper, lower = table(LEFTS, *ROWS), table(LEFTS, *ROWS, top=400)
    rulings = [level(390, 90, 600), level(425, 90, 600), level(490, 90, 600)]
    found = find_tables([*lower, *upper], rulings)
    assert [set(one.pieces) for one in found] == [set(range(9, 18)), set(range(9))]


def test_columns_of_rows_that_go_on_beside_them_are_no_table(piece: PieceOf) -> None:
    amounts = [
        piece(x, 100 + 40 * row, text)
        for row in range(7)
        for x, text in ((400, f"{row}.50"), (600, f"{3 * row}.25"))
    ]
    [alone] = find_tables(amounts, [])
    assert len(alone.pieces) == len(amounts)
    names = [piece(250, 120 + 40 * row, "one of these") for row in range(0, 7, 2)]
    assert find_tables([*amounts, *names], []) == []
    far = [piece(60, 120 + 40 * row, "one of these") for row in range(0, 7, 2)]
    assert len(find_tables([*amounts, *far], [])) == 1


def test_a_page_turned_level_may_stand_left_of_and_above_its_origin(piece: PieceOf) -> None:
    columns = [
        piece(x - 900, 30 * row - 400, text)
        for row, texts in enumerate(ROWS)
        for x, text in zip(LEFTS, texts, strict=True)
    ]
    rulings = [Ruling((x - 900, -410), (x - 900, -310), 2) for x in (270, 450)]
    assert texts(columns, rulings) == EXPECTED


def test_a_cell_is_read_to_its_end_if_its_text_is_wrapped(table: Table) -> None:
    rows = [["pears", "12", "1.50"], ["plums", "7", "2.25"], ["a long name of many", "3", "1.10"]]
    wrapped = table(LEFTS, ["words", "", ""], top=184)
    [found] = find_tables([*table(LEFTS, *rows), *wrapped, *table(LEFTS, *rows, top=220)], [])
    assert found.pieces[:10] == (0, 1, 2, 3, 4, 5, 6, 9, 7, 8)


def test_lines_that_were_taken_for_a_row_are_read_across(table: Table, level: Rule) -> None:
    rulings = [level(y, 90, 600) for y in (90, 125, 180, 215, 245)]
    first, last = [["apples and pears", "12", "1.50"]], [*ROWS[1:]]
    both = [["roses", "7", "2.25"], ["tulips", "", ""]]
    pieces = [*table(LEFTS, *first), *table(LEFTS, *both, top=130), *table(LEFTS, *last, top=190)]
    [found] = find_tables(pieces, rulings)
    assert "roses tulips" in [cell.text for cell in found.cells]
    assert found.pieces == tuple(range(13))
