from ocr_core.gutters import Gutter
from ocr_core.table_search import find_in_columns
from ocr_core.tables.model import Piece, PlacedWord, Table
from schemas import Box, Ruling

GUTTER = Gutter(x=100, top=0, bottom=200)


def piece(left: float, top: float, text: str) -> Piece:
    box = Box(left, top, left + 40, top + 10)
    return Piece(box, (PlacedWord(box, text),))


def all_in_one(pieces, rulings):
    """Takes whatever it is given for one table."""
    return [Table(Box.around(p.box for p in pieces), tuple(range(len(pieces))), ())]


PIECES = [piece(10, 20, "a"), piece(120, 20, "b"), piece(10, 40, "c"), piece(120, 40, "d")]


def test_without_a_gutter_a_table_may_reach_across_the_page():
    (table,) = find_in_columns(all_in_one, PIECES, [], [])
    assert table.pieces == (0, 1, 2, 3)


def test_no_table_reaches_over_a_gutter():
    tables = find_in_columns(all_in_one, PIECES, [], [GUTTER])
    assert sorted(table.pieces for table in tables) == [(0, 2), (1, 3)]


def test_rulings_across_a_gutter_tell_that_it_is_within_a_table():
    rulings = [Ruling((5, y), (180, y), 1.0) for y in (15, 35, 55)]
    (table,) = find_in_columns(all_in_one, PIECES, rulings, [GUTTER])
    assert table.pieces == (0, 1, 2, 3)


def test_each_column_is_searched_with_its_own_rulings_and_those_across():
    seen = []

    def note(pieces, rulings):
        seen.append((pieces[0].words[0].text, list(rulings)))
        return []

    left = Ruling((5, 35), (60, 35), 1.0)
    right, across = Ruling((110, 30), (110, 60), 1.0), Ruling((5, 100), (180, 100), 1.0)
    find_in_columns(note, PIECES, [left, right, across], [GUTTER])
    assert seen == [("a", [left, across]), ("b", [right, across])]


def test_a_table_that_leaves_lines_in_its_midst_to_a_column_is_none():
    short = Gutter(x=100, top=35, bottom=70)
    rows = [piece(x, y, "a") for y in (20, 40, 60, 80) for x in (10, 120)]
    assert find_in_columns(all_in_one, rows, [], [short])  # those of either column
    around = [table.pieces for table in find_in_columns(all_in_one, rows, [], [short])]
    assert (0, 1, 6, 7) not in around
