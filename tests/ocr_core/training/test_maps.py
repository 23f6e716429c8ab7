import itertools
import math

import cv2
import numpy as np
import pytest

from ocr_core import boxes
from ocr_core.training.maps import SHRINK, draw_targets, grown
from schemas import Box, Quad


def turned(box, degrees):
    """The quad of a box turned clockwise about its own centre."""
    turn = math.radians(degrees)
    matrix = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    return Quad.from_corners((Quad.from_box(box).corners - box.centre) @ matrix + box.centre)


def overlap(one, other):
    """Intersection over union."""
    shared, _ = cv2.intersectConvexConvex(one.corners, other.corners)
    areas = [cv2.contourArea(quad.corners) for quad in (one, other)]
    return shared / (sum(areas) - shared)


@pytest.mark.parametrize(
    ("degrees", "height"), [*itertools.product([0, 1, 5, -15], [10, 16, 30]), (40, 30)]
)
def test_reading_a_kernel_gives_the_quads_back(degrees, height):
    quads = [
        turned(Box(60, 60 + 90 * i, 340 - 40 * i, 60 + 90 * i + height), degrees) for i in range(3)
    ]
    kernel = draw_targets(quads, [], (400, 400)).kernel
    found = boxes.map_to_detections(kernel.astype(np.float32), scale=1)
    assert len(found) == 3
    for quad in quads:
        assert max(overlap(quad, one.quad) for one in found) > 0.9


def test_an_upright_line_is_shrunk_by_a_quarter_of_its_height():
    kernel = draw_targets([Quad.from_box(Box(20, 20, 100, 40))], [], (60, 120)).kernel
    rows, columns = np.where(kernel)
    assert (rows.min(), rows.max() + 1) == pytest.approx((25, 35), abs=1)
    assert (columns.min(), columns.max() + 1) == pytest.approx((25, 95), abs=1)
    assert set(np.unique(kernel)) == {0, 1}


def test_lines_that_touch_are_taught_apart():
    quads = [Quad.from_box(Box(10, 10 + 20 * i, 110, 30 + 20 * i)) for i in range(3)]
    kernel = draw_targets(quads, [], (80, 120)).kernel
    assert cv2.connectedComponents(kernel)[0] == 1 + 3


def test_nothing_is_taught_where_text_is_ignored():
    line, ignored = (Quad.from_box(Box(10, top, 90, top + 20)) for top in (10, 60))
    targets = draw_targets([line], [ignored], (100, 100))
    assert targets.weight[61:79, 11:89].max() == 0
    assert targets.weight[:55].min() == 1
    assert targets.kernel[60:80].max() == 0
    assert targets.border[61:79, 11:89].max() == 0


def test_the_threshold_is_high_at_the_edge_and_falls_away_from_it():
    targets = draw_targets([Quad.from_box(Box(20, 20, 180, 60))], [], (80, 200))
    column = targets.threshold[:, 100]
    assert column[[20, 59]].min() > 0.62
    assert column[[12, 28, 51, 67]] == pytest.approx([0.38] * 4, abs=0.06)
    assert column[40] == pytest.approx(0.3)
    assert column.dtype == np.float32


def test_the_border_lies_between_kernel_and_reach():
    targets = draw_targets([Quad.from_box(Box(20, 20, 180, 60))], [], (80, 200))
    assert np.flatnonzero(targets.border[:, 100]).tolist() == pytest.approx(
        [*range(10, 30), *range(50, 70)], abs=1
    )
    assert not (targets.border & targets.kernel).any()


def test_a_blank_page_has_nothing_to_find():
    targets = draw_targets([], [], (8, 12))
    assert targets.kernel.sum() == targets.border.sum() == 0
    assert targets.weight.all()
    assert {one.shape for one in (targets.kernel, targets.threshold)} == {(8, 12)}


def test_lines_may_reach_out_of_the_map():
    targets = draw_targets([Quad.from_box(Box(-50, 10, 300, 30))], [], (40, 60))
    assert targets.kernel[16:24].all()


def test_growing_undoes_shrinking():
    quad = turned(Box(50, 50, 200, 80), 20)
    shrunk = Quad.from_corners(grown(quad, -SHRINK))
    assert shrunk.height == pytest.approx(15)
    assert shrunk.width == pytest.approx(135)
    np.testing.assert_allclose(grown(shrunk, SHRINK * 30 / 15), quad.corners, atol=1e-3)


def test_a_narrow_letter_keeps_half_of_its_width():
    shrunk = Quad.from_corners(grown(Quad.from_box(Box(50, 50, 60, 100)), -SHRINK))
    assert shrunk.width == pytest.approx(5)
    assert shrunk.height == pytest.approx(25)


def test_each_pixel_of_a_short_line_counts_more():
    page, digit = Quad.from_box(Box(10, 10, 190, 30)), Quad.from_box(Box(20, 50, 28, 66))
    weight = draw_targets([page, digit], [], (80, 200)).weight
    assert weight[20, 100] == weight[0, 0] == 1
    assert weight[58, 24] == pytest.approx((100 / (4 * 8)) ** 0.5, rel=1e-3)
    assert draw_targets([Quad.from_box(Box(20, 50, 22, 54))], [], (80, 200)).weight.max() == 4
