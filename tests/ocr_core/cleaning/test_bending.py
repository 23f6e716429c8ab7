from dataclasses import replace

import numpy as np
import pytest

from ocr_core.cleaning import perspective
from ocr_core.cleaning.bending import STEP, Bent
from ocr_core.images import turn_upright
from schemas import Box, Quad
from schemas.document import Drawn
from tests.stand_ins import blank_page, page_image

HEIGHT, WIDTH = 8 * STEP, 10 * STEP


def hanging(rise=20.0):
    """A page of which the middle hangs down by `rise`, by shifts at every `STEP` pixels."""
    across = np.arange(11) / 10
    shifts = np.tile(rise * 4 * across * (1 - across), (9, 1)).astype(np.float32)
    return Bent.of(page_image(blank_page(HEIGHT, WIDTH)), shifts)


def test_places_are_shifted_by_what_lies_between_the_shifts_that_are_kept():
    bent = hanging()
    points = np.array([[0.0, 10.0], [WIDTH / 2, 10.0], [STEP / 2, 50.0], [WIDTH, 200.0]])
    down = bent.to_picture(points) - points
    np.testing.assert_allclose(down[:, 0], 0, atol=1e-4)
    np.testing.assert_allclose(down[:, 1], [0, 20, 3.6, 0], atol=0.02)  # 3.6: half of 7.2
    x, y = bent.places(WIDTH, HEIGHT)
    assert x.shape == y.shape == (HEIGHT, WIDTH)
    assert (x[7, 30], y[7, WIDTH // 2]) == pytest.approx((30, 27), abs=0.01)


def test_the_quad_of_a_line_holds_it_where_it_is_bent():
    bent = hanging()
    quad = bent.quad_back(Quad.from_box(Box(0, 100, WIDTH, 120)))
    assert quad.angle_deg == pytest.approx(0, abs=0.2)
    np.testing.assert_allclose(
        quad.corners, [[0, 100], [WIDTH, 100], [WIDTH, 140], [0, 140]], atol=1.0
    )
    left = bent.quad_back(Quad.from_box(Box(0, 100, STEP, 120)))  # it slopes down
    assert left.angle_deg == pytest.approx(-np.degrees(np.arctan(7.2 / STEP)), abs=0.5)
    assert left.height < 28


def test_a_baseline_is_as_bent_as_the_paper():
    bent = hanging()
    points = np.array(bent.polyline_back(((0.0, 120.0), (float(WIDTH), 120.0))))
    assert (points[0], points[-1]) == (pytest.approx([0, 120]), pytest.approx([WIDTH, 120]))
    assert points[:, 1].max() == pytest.approx(140, abs=0.5)
    assert (np.diff(points[:, 0]) > 0).all()


def test_a_page_that_was_straightened_before_is_put_back_all_the_way():
    back = np.array([[2.0, 0, 5], [0, 2, 7], [0, 0, 1]])
    page = page_image(blank_page(HEIGHT, WIDTH))
    page = replace(page, drawn=Drawn(900, 800, back))
    straightened = Bent.of(page, np.full((9, 11), 3.0, np.float32))
    assert (straightened.height_px, straightened.width_px) == (900, 800)
    points = np.array([[10.0, 20.0]])
    np.testing.assert_allclose(straightened.to_picture(points), [[25, 53]], atol=1e-4)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_is_turned_is_turned_with_its_picture(degrees):
    random = np.random.default_rng(3)
    shifts = random.uniform(-9, 9, (9, 11)).astype(np.float32)
    page = page_image(blank_page(HEIGHT, WIDTH))
    bent = Bent.of(page, shifts)
    page = replace(page, drawn=bent)
    turned = perspective.turned(page, degrees)
    assert isinstance(turned, Bent)
    size = (WIDTH, HEIGHT) if degrees == 180 else (HEIGHT, WIDTH)
    assert (turned.width_px, turned.height_px) == size
    points = random.uniform((20, 20), (WIDTH - 20, HEIGHT - 20), (30, 2))
    np.testing.assert_allclose(
        turned.to_picture(clockwise(points, degrees)),
        clockwise(bent.to_picture(points), degrees),
        atol=0.05,
    )
    lying = replace(page, drawn=turned, pixels=turn_upright(page.pixels, degrees))
    back = perspective.turned(lying, 360 - degrees)
    np.testing.assert_allclose(back.to_picture(points), bent.to_picture(points), atol=0.05)


def clockwise(points, degrees):
    """Where points of the page come to lie when it is turned."""
    x, y = points.T
    turned = {90: (HEIGHT - y, x), 180: (WIDTH - x, HEIGHT - y), 270: (y, WIDTH - x)}[degrees]
    return np.stack(turned, axis=1)
