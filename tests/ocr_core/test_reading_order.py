import numpy as np
import pytest

from ocr_core import gutters, reading_order
from ocr_core.gutters import Gutter, Pieces

HEIGHT, PITCH = 20, 26


def column(left: float, top: float, count: int, width: float = 300) -> list[list[float]]:
    """The boxes of `count` lines under each other."""
    return [[left, top + PITCH * n, left + width, top + PITCH * n + HEIGHT] for n in range(count)]


def pieces(boxes: list[list[float]], words: int = 8) -> Pieces:
    count = len(boxes)
    return Pieces(
        boxes=np.array(boxes, dtype=np.float64).reshape(-1, 4),
        word_counts=np.full(count, words),
        has_letter=np.ones(count, dtype=bool),
        is_label=np.zeros(count, dtype=bool),
        numbers=np.full(count, -1),
        is_table=np.zeros(count, dtype=bool),
    )


def order(boxes: list[list[float]], words: int = 8) -> list[list[int]]:
    """Rows of piece numbers in reading order."""
    found = pieces(boxes, words)
    parting = gutters.find_gutters(found)
    rows = reading_order.make_rows(found, parting)
    array = found.boxes
    around = np.array([[*array[row, :2].min(axis=0), *array[row, 2:].max(axis=0)] for row in rows])
    return [rows[n] for n in reading_order.order_rows(around, parting)]


def flat(rows: list[list[int]]) -> list[int]:
    return [number for row in rows for number in row]


@pytest.mark.parametrize("offset", [0, 7, 13])  # lines of both columns level with each other or not
def test_two_columns_are_read_one_after_the_other(offset):
    boxes = column(50, 100, 10) + column(390, 100 + offset, 10)
    assert flat(order(boxes)) == list(range(20))


def test_three_columns_under_a_heading_and_above_a_footer():
    heading, footer = [[50, 40, 950, 80]], [[480, 500, 520, 520]]
    columns = column(50, 120, 10, 280) + column(360, 120, 8, 280) + column(670, 120, 10, 280)
    boxes = heading + columns + footer
    expected = list(range(30))
    shuffled = np.random.default_rng(3).permutation(30)
    found = flat(order([boxes[n] for n in shuffled]))
    assert [int(shuffled[n]) for n in found] == expected


def test_a_heading_across_the_page_parts_what_is_above_from_what_is_below():
    upper = column(50, 100, 5) + column(390, 100, 5)
    lower = column(50, 320, 5) + column(390, 320, 5)
    boxes = [*upper, [50, 260, 690, 290], *lower]
    assert flat(order(boxes)) == list(range(21))


def test_columns_of_unlike_length_and_with_breaks():
    left = column(50, 100, 4) + column(50, 100 + PITCH * 5, 10)
    right = column(390, 100, 9)
    assert flat(order(left + right)) == list(range(23))


def test_cells_of_a_table_are_read_across():
    boxes = []
    for n in range(8):
        top = 100 + PITCH * n
        boxes += [
            [50, top, 250, top + 20],
            [400, top + 1, 460, top + 21],
            [600, top, 660, top + 20],
        ]
    assert order(boxes, words=2) == [[3 * n, 3 * n + 1, 3 * n + 2] for n in range(8)]


def test_a_receipt_reads_its_prices_beside_its_items():
    widths = [180, 90, 240, 120, 60, 200]
    boxes = []
    for n, width in enumerate(widths):
        top = 100 + PITCH * n
        boxes += [[400, top + 2, 460, top + 21], [50, top, 50 + width, top + 20]]
    assert order(boxes, words=1) == [[2 * n + 1, 2 * n] for n in range(6)]


def test_one_column_is_read_from_top_to_bottom():
    boxes = column(50, 100, 6)[::-1]
    assert flat(order(boxes)) == [5, 4, 3, 2, 1, 0]


def test_an_address_on_the_right_is_read_before_what_stands_below_it_on_the_left():
    address = column(600, 50, 4, 200)
    date, body = [[50, 200, 180, 220]], column(50, 260, 6, 750)
    assert flat(order(date + address + body)) == [1, 2, 3, 4, 0, 5, 6, 7, 8, 9, 10]


def test_every_row_is_read_once_even_where_boxes_lie_across_each_other():
    random = np.random.default_rng(11)
    starts = random.uniform(0, 900, (80, 2))
    boxes = np.hstack([starts, starts + random.uniform(5, 300, (80, 2))])
    assert sorted(flat(order(boxes.tolist()))) == list(range(80))


def test_columns_that_a_picture_narrows_are_still_columns():
    left = column(50, 100, 6) + column(50, 100 + PITCH * 6, 14, width=150)
    right = column(390, 100, 6) + column(540, 100 + PITCH * 6, 14, width=150)
    assert flat(order(left + right)) == list(range(40))


def test_both_columns_run_around_an_inset():
    upper, middle, lower = 100, 100 + PITCH * 6, 100 + PITCH * 10
    left = column(50, upper, 6) + column(50, middle, 4, width=220) + column(50, lower, 5)
    right = column(390, upper, 6) + column(470, middle, 4, width=220) + column(390, lower, 5)
    inset = column(290, middle, 3, width=160)
    rows = order(left + right + inset)
    numbers = flat(rows)
    assert numbers[:15] == list(range(15))
    assert [n for n in numbers if n < 30] == list(range(30))
    assert all(len(row) == 1 for row in rows)


def test_a_table_is_a_row_of_its_own():
    found = pieces([[50, 100, 250, 200], [300, 140, 400, 160], [420, 141, 500, 161]])
    found.is_table[0] = True
    assert reading_order.make_rows(found, []) == [[0], [1, 2]]


def test_lines_are_read_down_a_column_before_what_stands_beside_it():
    side = column(500, 110, 3, 200)
    rows = np.array(column(50, 100, 4) + side, dtype=float)
    assert reading_order.order_rows(rows, [Gutter(450, 100, 300)]) == [0, 1, 2, 3, 4, 5, 6]
