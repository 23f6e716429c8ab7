import json

import pytest
from PIL import Image

from schemas import Box
from tests import measure_reading_order as measure

LINES = [Box(10, 10 + 20 * n, 90, 24 + 20 * n) for n in range(4)]


def word_in(line: int, left: float = 20) -> Box:
    return Box(left, LINES[line].top + 1, left + 10, LINES[line].bottom - 1)


@pytest.mark.parametrize(
    ("lines", "expected"), [([0, 1, 2, 3], 0.0), ([1, 3], 0.0), ([3, 0, 1, 2], 0.5), ([], 0.0)]
)
def test_the_distance_counts_lines_out_of_place(lines, expected):
    assert measure.distance(lines) == expected


def test_a_line_is_where_its_middle_word_is_read():
    words = [word_in(1), word_in(0), word_in(0, 40), word_in(0, 60), word_in(1, 40), word_in(1, 60)]
    assert measure.read_lines(LINES, words) == [0, 1]


def test_a_word_belongs_to_the_smallest_line_that_holds_it():
    around = Box(0, 0, 100, 100)
    assert measure.read_lines([around, *LINES], [word_in(2)]) == [3]
    assert measure.read_lines(LINES, [Box(200, 200, 210, 210)]) == []


def test_orders_are_compared_on_the_lines_that_both_found():
    ours, theirs = [word_in(0), word_in(1), word_in(3)], [word_in(1), word_in(0)]
    assert measure.figures(LINES, ours, theirs) == [0.75, 0.5, 0.0, 1.0]


def test_regions_order_lines_and_rows_order_them_within():
    right, left = Box(50, 0, 100, 100), Box(0, 0, 50, 100)
    lines = [Box(x, y, x + 20, y + 10) for y in (32, 10) for x in (70, 10, 25)]
    expected = [lines[3], lines[0], lines[4], lines[5], lines[1], lines[2]]
    assert measure.in_regions(lines, [right, left]) == expected
    with pytest.raises(ValueError, match="no region"):
        measure.in_regions(lines, [left])


def test_the_truth_is_read_from_lines_or_else_from_boxes(tmp_path):
    image = tmp_path / "page.png"
    Image.new("L", (8, 8)).save(image)
    assert measure.read_truth(image, []) == []
    for kind, left in (("boxes", 1), ("lines", 2)):
        items = [{"text": "a", "box": [left, 0, 5, 5]}]
        (tmp_path / f"page.{kind}.json").write_text(json.dumps(items))
        assert measure.read_truth(image, []) == [Box(left, 0, 5, 5)]


def test_regions_that_somebody_gave_are_boxes():
    regions = json.loads(measure.REGIONS.read_text(encoding="utf-8"))
    assert regions
    for boxes in regions.values():
        assert all(Box(*box).area > 0 for box in boxes)
