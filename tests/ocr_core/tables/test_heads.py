import pytest

from ocr_core.tables.finding import find_tables
from ocr_core.tables.model import Piece, PlacedWord
from schemas import Box

EM = 20
# The columns begin at 0, 100, 300 and 400; amounts end close to where the next ones begin.
ROWS = [
    [("1", 0), ("binding", 100), ("186.50", 300), ("559.50", 400)],
    [("2", 0), ("repairs", 100), ("4.80", 300), ("201.60", 400)],
    [("3", 0), ("box", 100), ("58.00", 300), ("174.00", 400)],
    [("4", 0), ("delivery", 100), ("9.00", 300), ("9.00", 400)],
]


def piece_of(words, top, letter=10):
    placed = [
        PlacedWord(Box(left, top, left + letter * len(text), top + EM), text)
        for text, left in words
    ]
    return Piece(Box.around(word.box for word in placed), tuple(placed))


def tables_under(head):
    """The tables of a page with a line above four rows, words of which are not far apart."""
    rows = [piece_of(words, 100 + 30 * number) for number, words in enumerate(ROWS)]
    return find_tables([piece_of(head, 70), *rows], [])


@pytest.mark.parametrize(
    "head",
    [
        [("No.", 0), ("Description", 100), ("Unit cost", 290), ("Amount", 403)],
        [("No.", 0), ("What", 100), ("Price", 300), ("Sum", 400)],
    ],
)
def test_a_line_that_the_columns_part_is_the_head(head):
    [table] = tables_under(head)
    assert [cell.text for cell in table.cells if cell.row == 0] == [text for text, _ in head]


@pytest.mark.parametrize(
    "line",
    [
        # A sentence runs across the white between columns.
        [
            ("We", 0),
            ("mend", 30),
            ("all", 80),
            ("the", 120),
            ("books", 160),
            ("you", 220),
            ("sent", 260),
        ],
        # A word fills too few columns.
        [("Invoice", 0)],
    ],
)
def test_other_lines_are_none(line):
    [table] = tables_under(line)
    assert [cell.text for cell in table.cells if cell.row == 0] == [text for text, _ in ROWS[0]]


def test_a_line_too_far_above_is_none():
    rows = [piece_of(words, 100 + 30 * number) for number, words in enumerate(ROWS)]
    [table] = find_tables([piece_of([("No.", 0), ("What", 100), ("Sum", 400)], 20), *rows], [])
    assert len([cell for cell in table.cells if cell.column == 0]) == 4
