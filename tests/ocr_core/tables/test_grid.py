from collections.abc import Callable

from ocr_core.tables.chunks import make_chunks
from ocr_core.tables.grid import Grid, Region, cell_text, grid_box, make_grid
from ocr_core.tables.model import Piece
from ocr_core.tables.tracks import make_tracks
from schemas import Box, Cell, Ruling

Table = Callable[..., list[Piece]]
Rule = Callable[[float, float, float], Ruling]
BOX = Box(90, 90, 600, 190)
LEFTS = (100, 300, 500)
ROWS = [["apple", "12", "1.50"], ["pear", "7", "2.25"], ["plum", "140", "9.00"]]


def grid_of(pieces: list[Piece], rulings: list[Ruling], box: Box = BOX) -> Grid:
    tracks = make_tracks(rulings, pieces, 20)
    return make_grid(Region(box, make_chunks(pieces, tracks.uprights), tracks, 20))


def told(cells: tuple[Cell, ...]) -> list[tuple[int, int, int, int, str]]:
    """Row, column, spans and text of the cells that are not empty."""
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in cells if c.text]


def ruled(level: Rule, upright: Rule) -> list[Ruling]:
    return [
        *(level(y, 90, 600) for y in (90, 125, 155, 190)),
        *(upright(x, 90, 190) for x in (90, 270, 450, 600)),
    ]


def test_without_rulings_every_text_is_a_cell(table: Table) -> None:
    grid = grid_of(table(LEFTS, *ROWS), [])
    assert (grid.n_rows, grid.n_columns, grid.is_ruled) == (3, 3, False)
    assert [cell.text for cell in grid.to_cells()] == [text for row in ROWS for text in row]
    assert grid_box(grid) == BOX


def test_cells_meet_at_rulings(table: Table, level: Rule, upright: Rule) -> None:
    grid = grid_of(table(LEFTS, *ROWS), ruled(level, upright))
    assert grid.is_ruled
    assert grid.to_cells()[4].box == Box(270, 125, 450, 155)


def test_every_place_is_covered_once(table: Table, level: Rule, upright: Rule) -> None:
    rows = [["apple", "", "1.50"], ["", "7", ""], ["plum", "140", "9.00"]]
    cells = grid_of(table(LEFTS, *rows), ruled(level, upright)).to_cells()
    places = [
        (row, column)
        for cell in cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    ]
    assert sorted(places) == [(row, column) for row in range(3) for column in range(3)]


def test_a_cell_spans_what_no_ruling_parts(table: Table, level: Rule, upright: Rule) -> None:
    rulings = [
        *(level(y, 90, 600) for y in (90, 125, 190)),
        level(155, 270, 600),
        *(upright(x, 90, 190) for x in (90, 270, 600)),
        upright(450, 125, 190),
    ]
    rows = [["fruit", "amounts", ""], ["pear", "7", "2.25"], ["", "140", "9.00"]]
    assert told(grid_of(table(LEFTS, *rows), rulings).to_cells()) == [
        (0, 0, 1, 1, "fruit"),
        (0, 1, 1, 2, "amounts"),
        (1, 0, 2, 1, "pear"),
        (1, 1, 1, 1, "7"),
        (1, 2, 1, 1, "2.25"),
        (2, 1, 1, 1, "140"),
        (2, 2, 1, 1, "9.00"),
    ]


def test_a_head_over_several_columns_spans_them(table: Table, piece: Callable[..., Piece]) -> None:
    head = piece(330, 70, "amounts of fruit here")
    grid = grid_of([head, *table(LEFTS, *ROWS)], [], Box(90, 60, 600, 190))
    assert told(grid.to_cells())[0] == (0, 1, 1, 2, "amounts of fruit here")


def test_a_text_alone_in_the_first_column_heads_the_rows_below(table: Table) -> None:
    rows = [ROWS[0], ["berry", "", ""], ["a red gooseberry", "3", "0.50"], *ROWS[1:]]
    grid = grid_of(table(LEFTS, *rows), [], Box(90, 90, 600, 250))
    assert (1, 0, 1, 3, "berry") in told(grid.to_cells())


def test_lines_of_a_cell_are_read_downwards(table: Table, level: Rule, upright: Rule) -> None:
    rows = [*ROWS, ["apple", "12", "1.50"]]
    rulings = [
        *(level(y, 90, 600) for y in (90, 150, 185, 220)),
        *(upright(x, 90, 220) for x in (90, 270, 450, 600)),
    ]
    cells = grid_of(table(LEFTS, *rows), rulings, Box(90, 90, 600, 220)).to_cells()
    assert [cell.text for cell in cells[:3]] == ["apple pear", "12 7", "1.50 2.25"]
    assert cell_text([]) == ""


def test_cells_are_not_joined_where_rulings_were_found_in_pieces(
    table: Table, level: Rule, upright: Rule
) -> None:
    uprights = [upright(x, 90, 190) for x in (90, 270, 450, 600)]
    outer = [level(y, 90, 600) for y in (90, 190)]
    rows = [ROWS[0], ["pear", "", "2.25"], ["plum", "140", "9.00"]]
    whole = [level(125, 90, 600), level(155, 90, 270), level(155, 450, 600)]
    pieces = [level(125, 90, 350), level(125, 550, 600), level(155, 90, 200), level(155, 500, 600)]
    spans = grid_of(table(LEFTS, *rows), [*outer, *uprights, *whole]).to_cells()
    assert (1, 1, 2, 1, "140") in told(spans)
    parted = grid_of(table(LEFTS, *rows), [*outer, *uprights, *pieces]).to_cells()
    assert (2, 1, 1, 1, "140") in told(parted)


def test_rows_that_reach_beyond_the_region_are_empty_and_not_inside_out(table: Table) -> None:
    grid = grid_of(table(LEFTS, *ROWS), [], Box(90, 90, 600, 140))
    assert grid.ys == sorted(grid.ys)
    assert [cell.text for cell in grid.to_cells()] == [text for row in ROWS for text in row]


def test_numbers_below_each_other_are_two_cells_though_no_ruling_was_found_between(
    table: Table, level: Rule, upright: Rule
) -> None:
    rulings = [
        *(level(y, 90, 600) for y in (90, 125, 190)),
        level(155, 90, 450),
        *(upright(x, 90, 190) for x in (90, 270, 450, 600)),
    ]
    cells = told(grid_of(table(LEFTS, *ROWS), rulings).to_cells())
    assert {(1, 2, 1, 1, "2.25"), (2, 2, 1, 1, "9.00")} <= set(cells)
