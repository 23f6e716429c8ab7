"""Boxes and quads."""

import numpy as np
import pytest

from schemas import Box, Quad


def test_a_box_knows_its_size():
    box = Box(1, 2, 4, 8)
    assert (box.width, box.height, box.area, box.centre) == (3, 6, 18, (2.5, 5))


def test_a_box_must_not_be_inside_out():
    with pytest.raises(ValueError, match="inside out"):
        Box(4, 0, 3, 1)


def test_the_union_holds_both_boxes():
    assert Box(0, 0, 1, 1).union(Box(2, 3, 4, 5)) == Box(0, 0, 4, 5)
    assert Box.around([Box(2, 2, 3, 3), Box(0, 4, 1, 5), Box(1, 1, 2, 2)]) == Box(0, 1, 3, 5)


@pytest.mark.parametrize(
    ("other", "area"),
    [
        (Box(1, 1, 3, 3), 1),
        (Box(0, 0, 2, 2), 4),
        (Box(2, 0, 4, 2), 0),  # `right` is exclusive: they only touch
        (Box(5, 5, 6, 6), 0),
    ],
)
def test_the_overlap_is_the_area_that_both_share(other, area):
    assert Box(0, 0, 2, 2).overlap(other) == area
    assert other.overlap(Box(0, 0, 2, 2)) == area


def test_a_quad_from_a_box_has_the_box_as_its_box():
    box = Box(1, 2, 4, 8)
    quad = Quad.from_box(box)
    assert quad.box == box
    assert (quad.width, quad.height, quad.angle_deg) == (3, 6, 0)


def test_corners_and_back():
    quad = Quad(0, 0, 4, 1, 4, 3, 0, 2)
    assert quad.corners.shape == (4, 2)
    assert quad.corners.dtype == np.float32
    assert Quad.from_corners(quad.corners) == quad
    assert quad.box == Box(0, 0, 4, 3)


def test_text_that_rises_to_the_right_has_a_positive_angle():
    assert Quad(0, 3, 3, 0, 4, 1, 1, 4).angle_deg == pytest.approx(45)


def test_text_that_runs_downwards_is_turned_by_minus_ninety_degrees():
    quad = Quad(2, 0, 2, 5, 0, 5, 0, 0)
    assert quad.angle_deg == pytest.approx(-90)
    assert (quad.width, quad.height) == (5, 2)
