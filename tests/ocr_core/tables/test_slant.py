import pytest

from ocr_core.tables import slant
from ocr_core.tables.chunks import make_chunks
from ocr_core.tables.finding import find_tables
from ocr_core.tables.slant import STRAIGHT, Slant
from ocr_core.tables.tracks import Track, Tracks
from schemas import Box

ROWS = [[f"name{number}", "1234", "56789", "12"] for number in range(8)]


def found(pieces):
    box = Box.around(piece.box for piece in pieces)
    return slant.find_slant(make_chunks(pieces, []), box, 20)


@pytest.fixture
def slanted(table, piece):
    """Makes the pieces of a table whose rows and columns slant."""

    def make(rise: float, lean: float):
        pieces = table((100, 300, 500, 700), *ROWS)
        return [
            piece(
                each.box.left + lean * each.box.top,
                each.box.top + rise * each.box.left,
                each.words[0].text,
            )
            for each in pieces
        ]

    return make


def test_a_table_that_stands_straight_is_left_alone(slanted):
    assert found(slanted(0, 0)).is_none


@pytest.mark.parametrize("rise", [-0.03, -0.015, 0.015, 0.03])
def test_the_slope_of_rows_is_found(slanted, rise):
    assert found(slanted(rise, 0)).rise == pytest.approx(rise, abs=0.002)


@pytest.mark.parametrize("lean", [-0.08, -0.05, 0.05, 0.08])
def test_the_lean_of_columns_is_found(slanted, lean):
    assert found(slanted(0, lean)).lean == pytest.approx(lean, abs=0.02)


def test_a_few_chunks_tell_no_slant(slanted):
    assert found(slanted(0.02, 0.05)[:4]).is_none


def test_a_slanted_table_is_straightened_and_put_back(slanted):
    pieces = slanted(0.03, 0)
    own = found(pieces)
    chunks = make_chunks(pieces, [])
    straight = own.straighten(chunks)
    first_row = [chunk.middle for chunk in straight[:4]]
    assert max(first_row) - min(first_row) < 2
    for before, after in zip(chunks, straight, strict=True):
        assert own.put_back(after.box).top == pytest.approx(before.box.top, abs=0.5)


def test_rulings_are_moved_with_the_text_about_their_middle():
    own = Slant(rise=0.01, lean=0.02, x=0, y=0)
    tracks = Tracks((Track(50, ((0, 200),)),), (Track(30, ((0, 100),)),))
    moved = own.straighten_tracks(tracks)
    assert moved.levels[0].at == pytest.approx(49)
    assert moved.uprights[0].at == pytest.approx(29)


def test_the_box_around_a_slanted_table_holds_what_was_put_back():
    own = Slant(rise=0.01, lean=0.02, x=100, y=50)
    table = Box(0, 0, 200, 100)
    around = own.box_around(table)
    corner = own.put_back(Box(0, 0, 20, 10))
    assert around.left <= corner.left
    assert around.top <= corner.top
    assert STRAIGHT.box_around(table) == table


def test_rows_that_slant_by_more_than_their_distance_are_told_apart(table, piece):
    rows = [[f"name{n}", "1234", "56789", "12", "345", "678"] for n in range(5)]
    pieces = [
        piece(each.box.left, each.box.top + 0.04 * each.box.left, each.words[0].text)
        for each in table((100, 300, 500, 700, 900, 1100), *rows)
    ]
    (only,) = find_tables(pieces, [])
    assert {(cell.row, cell.column) for cell in only.cells} == {
        (row, column) for row in range(5) for column in range(6)
    }
