import numpy as np
import pytest

from ocr_core import gutters
from ocr_core.gutters import Gutter, Pieces

HEIGHT, PITCH = 20, 26


def column(left: float, top: float, count: int, width: float = 300, pitch: float = PITCH):
    """The boxes of `count` lines under each other."""
    return [[left, top + pitch * n, left + width, top + pitch * n + HEIGHT] for n in range(count)]


def pieces(boxes, words: int | list[int] = 8, labels: bool = False) -> Pieces:
    count = len(boxes)
    return Pieces(
        boxes=np.array(boxes, dtype=np.float64).reshape(-1, 4),
        word_counts=np.broadcast_to(np.array(words, dtype=np.int64), count),
        has_letter=np.ones(count, dtype=bool),
        is_label=np.full(count, labels),
        numbers=np.full(count, -1),
        is_table=np.zeros(count, dtype=bool),
    )


def test_nothing_has_no_gutters():
    assert gutters.find_gutters(pieces([])) == []


def test_a_gutter_reaches_as_far_as_its_columns_and_no_further():
    apart = [[50, 600, 120, 620], [600, 600, 690, 620]]
    boxes = column(50, 100, 10) + column(390, 100, 10) + apart
    (gutter,) = gutters.find_gutters(pieces(boxes))
    assert 350 < gutter.x < 390
    assert (gutter.top, gutter.bottom) == (100, 100 + 9 * PITCH + HEIGHT)


def two_parts(gap, between=()):
    """Two columns of prose, and so many line heights below them two more in the same places."""
    below = 100 + 9 * PITCH + HEIGHT + gap * HEIGHT
    boxes = [*column(50, 100, 10), *column(390, 100, 10), *between]
    return pieces([*boxes, *column(50, below, 10), *column(390, below, 10)])


def test_columns_go_on_below_a_gap_beside_a_picture():
    (gutter,) = gutters.find_gutters(two_parts(gap=2.5))
    assert gutter.top == 100
    assert gutter.bottom > 100 + 19 * PITCH


def test_columns_are_others_below_a_wide_gap_or_a_line_across():
    assert len(gutters.find_gutters(two_parts(gap=6))) == 2
    heading = [150, 350, 590, 370]
    assert len(gutters.find_gutters(two_parts(gap=3, between=[heading]))) == 2


def test_a_gutter_parts_what_is_on_either_side_of_it_within_its_reach():
    gutter = Gutter(x=100, top=0, bottom=200)
    left, right = np.array([10.0, 50, 90, 70]), np.array([110.0, 120, 190, 140])
    assert gutter.parts(left, right)
    assert not gutter.parts(right, left)
    assert not gutter.parts(left, right + np.array([0, 100, 0, 100]))


def test_text_may_reach_into_a_gutter_by_its_slack():
    left, right = (10.0, 50.0, 104.0, 70.0), (98.0, 50.0, 190.0, 70.0)
    assert not Gutter(x=100, top=0, bottom=200).parts(left, right)
    assert Gutter(x=100, top=0, bottom=200, slack=5).parts(left, right)


def test_columns_of_prose_that_lean_have_one_gutter():
    lean = [4 * n for n in range(10)]
    shift = [[d, 0, d, 0] for d in lean] * 2
    boxes = np.array(column(50, 100, 10) + column(370, 100, 10)) + shift
    found = gutters.find_gutters(pieces(boxes))
    left, right = boxes[:10], boxes[10:]
    for a, b in zip(left, right, strict=True):
        assert any(gutter.parts(a, b) for gutter in found)


@pytest.mark.parametrize(("pitch", "count"), [(PITCH - 5, 1), (PITCH, 0)])
def test_a_side_bar_keeps_its_own_distances_and_cells_those_of_their_rows(pitch, count):
    bar = column(400, 100, 10, width=90, pitch=pitch)
    boxes = column(50, 100, 12, width=330) + bar
    assert len(gutters.find_gutters(pieces(boxes, [9] * 12 + [2] * 10))) == count


def test_columns_go_on_beside_a_table_that_takes_the_place_of_one():
    prose = column(50, 100, 6) + column(390, 100, 6)
    top = 100 + PITCH * 9
    left = column(50, top, 6)
    cells = [
        [x, t + 19 * n, x + 80, t + 19 * n + 16]
        for t in (top,)
        for n in range(6)
        for x in (390, 610)
    ]
    found = gutters.find_gutters(pieces(prose + left + cells, [8] * 18 + [1] * 12))
    assert any(gutter.parts(left[2], cells[4]) for gutter in found)
    assert not any(gutter.parts(cells[4], cells[5]) for gutter in found)


def index_columns(rows: int, has_holes: bool):
    """Two columns of short lines; the heads of an index have nothing beside them."""
    boxes = []
    for n in range(rows):
        top = 100 + PITCH * n
        widths = 90 + 37 * n % 60, 90 + 23 * n % 70
        for x, width, hole in zip((50, 300), widths, (4, 7), strict=True):
            if not has_holes or n % 9 != hole:
                boxes.append([x, top, x + width, top + HEIGHT])
    return boxes


@pytest.mark.parametrize(("has_holes", "count"), [(True, 1), (False, 0)])
def test_an_index_has_lines_that_stand_alone_on_either_side(has_holes, count):
    boxes = index_columns(27, has_holes)
    assert len(gutters.find_gutters(pieces(boxes, 2))) == count


@pytest.mark.parametrize(("words", "labels", "count"), [(2, False, 1), (1, False, 0), (2, True, 0)])
def test_two_addresses_side_by_side_are_read_one_after_the_other(words, labels, count):
    boxes = column(50, 100, 3, width=180) + column(500, 100, 3, width=160)
    assert len(gutters.find_gutters(pieces(boxes, words, labels))) == count


def test_a_table_between_columns_is_not_taken_for_an_inset():
    upper = column(50, 100, 6) + column(390, 100, 6)
    top = 100 + PITCH * 6
    cells = [
        [left, top + PITCH * n, left + 90, top + PITCH * n + HEIGHT]
        for n in range(4)
        for left in (50, 330, 600)
    ]
    (gutter,) = gutters.find_gutters(pieces(upper + cells, [8] * 12 + [1] * 12))
    assert gutter.bottom <= top + HEIGHT


def test_neighbours_are_each_others_nearest():
    boxes = np.array([[0, 0, 10, 10], [40, 0, 50, 10], [20, 2, 30, 12], [20, 40, 30, 50]], float)
    assert gutters.neighbours(boxes, min_overlap=0.5).tolist() == [[0, 2], [2, 1]]


def test_shared_length_is_negative_where_boxes_lie_apart():
    boxes = np.array([[0, 0, 10, 10], [4, 30, 20, 40]], float)
    assert gutters.shared(boxes, low=0)[0, 1] == 6
    assert gutters.shared(boxes, low=1)[0, 1] == -20
