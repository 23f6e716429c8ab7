from collections.abc import Callable

from ocr_core.tables.chunks import make_chunks
from ocr_core.tables.model import Piece
from ocr_core.tables.ruled_regions import find_ruled_regions, without_overlaps
from ocr_core.tables.tracks import make_tracks
from schemas import Box, Ruling

Table = Callable[..., list[Piece]]
Rule = Callable[[float, float, float], Ruling]
ROWS = [["apple", "12", "1.50"], ["pear", "7", "2.25"], ["plum", "140", "9.00"]]
LEFTS = (100, 300, 500)


def regions(pieces: list[Piece], rulings: list[Ruling]) -> list[Box]:
    tracks = make_tracks(rulings, pieces, 20)
    return find_ruled_regions(tracks, make_chunks(pieces, tracks.uprights), 20)


def test_rulings_that_cross_make_one_region(table: Table, level: Rule, upright: Rule) -> None:
    rulings = [level(125, 90, 600), level(155, 90, 600), upright(270, 90, 190)]
    assert regions(table(LEFTS, *ROWS), rulings) == [Box(90, 90, 600, 190)]


def test_rulings_with_the_same_ends_make_a_stack(table: Table, level: Rule) -> None:
    rulings = [level(90, 90, 600), level(125, 95, 605), level(190, 90, 600)]
    assert regions(table(LEFTS, *ROWS), rulings) == [Box(90, 90, 605, 190)]


def test_rulings_with_other_ends_do_not(table: Table, level: Rule) -> None:
    assert regions(table(LEFTS, *ROWS), [level(90, 90, 600), level(190, 90, 300)]) == []


def test_prose_between_two_rulings_parts_two_stacks(
    table: Table, piece: Callable[..., Piece], level: Rule
) -> None:
    prose = [
        piece(100, 240 + 30 * n, "this is a line of running text that is long") for n in range(4)
    ]
    tables = [*table(LEFTS, *ROWS), *table(LEFTS, *ROWS, top=400)]
    rulings = [level(y, 90, 600) for y in (90, 190, 390, 490)]
    assert regions([*tables, *prose], rulings) == [Box(90, 90, 600, 190), Box(90, 390, 600, 490)]


def test_upright_rulings_side_by_side_reach_to_what_stands_beside_them(
    table: Table, upright: Rule
) -> None:
    [box] = regions(table(LEFTS, *ROWS), [upright(270, 90, 190), upright(450, 90, 190)])
    assert box == Box(100, 90, 540, 190)


def test_a_frame_around_a_few_words_is_no_region(
    piece: Callable[..., Piece], level: Rule, upright: Rule
) -> None:
    frame = [level(90, 90, 600), level(190, 90, 600), upright(90, 90, 190), upright(600, 90, 190)]
    assert regions([piece(100, 100, "a note")], frame) == []


def test_of_two_boxes_of_one_table_the_larger_stays() -> None:
    large, small, other = Box(0, 0, 100, 100), Box(10, 50, 60, 110), Box(0, 90, 100, 200)
    assert without_overlaps([small, large, other]) == [other, large]


def test_a_sentence_over_the_width_parts_stacks_and_a_heading_of_rows_does_not(
    table: Table, piece: Callable[..., Piece], level: Rule
) -> None:
    sentence = [
        piece(90, 240, "the table below tells what the apples and pears were"),
        piece(90, 270, "worth last year."),
    ]
    heading = piece(90, 240, "apples and pears of last year")
    tables = [*table(LEFTS, *ROWS), *table(LEFTS, *ROWS, top=400)]
    rulings = [level(y, 90, 600) for y in (90, 190, 390, 490)]
    assert regions([*tables, *sentence], rulings) == [
        Box(90, 90, 600, 190),
        Box(90, 390, 600, 490),
    ]
    assert regions([*tables, heading], rulings) == [Box(90, 90, 600, 490)]


def test_columns_beyond_the_last_ruling_belong_to_it_though_a_head_is_ruled_in_part(
    table: Table, level: Rule, upright: Rule
) -> None:
    rulings = [level(125, 260, 460), upright(270, 90, 190), upright(450, 90, 190)]
    (box,) = regions(table(LEFTS, *ROWS), rulings)
    assert (box.left, box.right) == (100, 540)
