from collections.abc import Callable

import pytest

from ocr_core.tables.model import Piece
from ocr_core.tables.tracks import Track, Tracks, make_tracks
from schemas import Box, Ruling

Rule = Callable[[float, float, float], Ruling]
PieceOf = Callable[[float, float, str], Piece]


def test_parts_on_one_line_are_one_track(level: Rule) -> None:
    tracks = make_tracks([level(100, 0, 200), level(101, 300, 500)], [], 20)
    [track] = tracks.levels
    assert track.spans == ((0, 200), (300, 500))
    assert (track.start, track.end, track.length) == (0, 500, 400)
    assert tracks.uprights == ()


def test_a_double_line_is_one_track(upright: Rule) -> None:
    [track] = make_tracks([upright(100, 0, 200), upright(106, 0, 200)], [], 20).uprights
    assert track == Track(103, ((0, 200),))


def test_lines_further_apart_are_two(level: Rule) -> None:
    assert len(make_tracks([level(100, 0, 200), level(120, 0, 200)], [], 20).levels) == 2


@pytest.mark.parametrize("y", [110, 121])
def test_what_strikes_out_or_underlines_words_is_left_out(
    level: Rule, piece: PieceOf, y: float
) -> None:
    assert make_tracks([level(y, 0, 100)], [piece(0, 100, "abcde fghi")], 20).levels == ()


def test_what_runs_on_beyond_the_words_above_it_stays(level: Rule, piece: PieceOf) -> None:
    assert len(make_tracks([level(121, 0, 300)], [piece(0, 100, "abcde fghi")], 20).levels) == 1


def test_a_track_tells_where_it_is_ruled() -> None:
    track = Track(50, ((0, 100), (200, 300)))
    assert track.covers(50)
    assert not track.covers(150)
    assert track.covered(50, 250) == pytest.approx(0.5)
    assert track.within(80, 220) == Track(50, ((80, 100), (200, 220)))
    assert track.within(120, 180) is None


def test_tracks_within_a_box_are_cut_to_it() -> None:
    tracks = Tracks((Track(50, ((0, 100),)), Track(500, ((0, 100),))), (Track(20, ((0, 400),)),))
    inside = tracks.within(Box(10, 40, 60, 100), 0)
    assert inside == Tracks((Track(50, ((10, 60),)),), (Track(20, ((40, 100),)),))


def test_strokes_of_digits_below_each_other_are_no_upright_ruling(
    upright: Rule, piece: PieceOf
) -> None:
    years = [piece(0, 30 * row, "27.08.1921") for row in range(5)]
    assert make_tracks([upright(65, 0, 140)], years, 20).uprights == ()
    assert len(make_tracks([upright(103, 0, 140)], years, 20).uprights) == 1
