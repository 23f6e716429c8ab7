import math

import numpy as np
import pytest

from ocr_core.boxes import map_to_detections
from ocr_core.training.maps import draw_targets
from schemas import Box, Quad


def turned(box: Box, degrees: float) -> np.ndarray:
    """The corners of a box turned clockwise about its own centre."""
    turn = math.radians(degrees)
    matrix = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    centre = np.array(box.centre)
    return (Quad.from_box(box).corners - centre) @ matrix + centre


def draw_shrunk(height: int, width: int, boxes: list[tuple[Box, float]]) -> np.ndarray:
    """The map of a perfect detector, which says what it was taught, at half the size."""
    quads = [Quad.from_corners(turned(box, degrees) / 2) for box, degrees in boxes]
    return draw_targets(quads, [], (height // 2, width // 2)).kernel.astype(np.float32)


@pytest.mark.parametrize("degrees", [0, 2, 10, -10, 45, -30])
@pytest.mark.parametrize("height", [16, 24, 60])
def test_unclipping_undoes_shrinking(degrees, height):
    box = Box(150, 300, 450, 300 + height)
    probability_map = draw_shrunk(600, 600, [(box, degrees)])
    (found,) = map_to_detections(probability_map, scale=2)
    np.testing.assert_allclose(found.quad.corners, turned(box, degrees), atol=3)
    assert found.quad.angle_deg == pytest.approx(-degrees, abs=1)
    assert found.score > 0.8


def test_coordinates_are_scaled_to_the_page():
    probability_map = draw_shrunk(200, 400, [(Box(40, 60, 360, 100), 0)])
    (found,) = map_to_detections(probability_map, scale=5)
    np.testing.assert_allclose(
        found.quad.corners, np.array([[40, 60], [360, 60], [360, 100], [40, 100]]) * 2.5, atol=6
    )


def test_a_word_that_is_taller_than_wide_is_read_upright():
    one, line = Box(50, 40, 64, 80), Box(100, 40, 380, 80)
    probability_map = draw_shrunk(120, 400, [(one, 0.0), (line, 0.0)])
    quads = [found.quad for found in map_to_detections(probability_map, scale=2)]
    tall = min(quads, key=lambda quad: quad.x0)
    assert tall.box.overlap(one) > 0.9 * one.area
    assert tall.angle_deg == 0
    assert max(quads, key=lambda quad: quad.x0).box.overlap(line) > 0.9 * line.area


def test_a_narrow_letter_alone_is_read_upright():
    (found,) = map_to_detections(draw_shrunk(800, 400, [(Box(150, 100, 230, 600), 0)]), scale=2)
    assert found.quad.angle_deg == 0


def test_a_label_that_stands_across_the_page_keeps_its_direction():
    lines = [(Box(100, 100 + 60 * i, 500, 130 + 60 * i), 0.0) for i in range(3)]
    label = (Box(-100, 285, 200, 315), -90.0)
    found = map_to_detections(draw_shrunk(600, 600, [*lines, label]), scale=2)
    assert sorted(round(one.quad.angle_deg) for one in found) == [0, 0, 0, 90]


def test_a_short_word_takes_the_slant_of_the_page():
    lines = [(Box(100, 100 + 60 * i, 500, 130 + 60 * i), 10.0) for i in range(3)]
    short = (Box(280, 330, 325, 360), 10.0)
    found = map_to_detections(draw_shrunk(600, 600, [*lines, short]), scale=2)
    lowest = max(found, key=lambda one: one.quad.y0)
    assert lowest.quad.angle_deg == pytest.approx(-10, abs=1)


def test_upright_lines_are_read_upwards():
    boxes = [Box(60 * i, 290, 300 + 60 * i, 310) for i in range(3)]
    for degrees in (88.0, 90.0, 92.0):
        found = map_to_detections(draw_shrunk(600, 600, [(box, degrees) for box in boxes]), scale=2)
        angles = [one.quad.angle_deg for one in found]
        assert angles == pytest.approx([180 - degrees] * 3, abs=1)


def test_specks_and_faint_parts_are_dropped():
    probability_map = np.zeros((100, 100), np.float32)
    probability_map[10, 10:13] = 1
    probability_map[50:60, 20:80] = 0.2
    assert map_to_detections(probability_map, scale=2) == []


def test_a_curved_line_is_not_grown_by_more_than_its_own_height():
    probability_map = np.zeros((200, 400), np.float32)
    for x in range(20, 380):
        middle = 100 + round(10 * math.sin((x - 20) / 360 * math.pi))
        probability_map[middle - 4 : middle + 4, x] = 1
    (found,) = map_to_detections(probability_map, scale=1)
    # The arc rises by 10; what is 8 thick, spill left out 7, was shrunk from 14.
    assert found.quad.height == pytest.approx(10 + 14, abs=1)
