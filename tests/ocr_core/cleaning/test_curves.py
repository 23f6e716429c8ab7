import numpy as np
import pytest

from ocr_core.cleaning.curves import MOST, POINTS, trace_curves


def probability_map(shape=(300, 400)):
    return np.zeros(shape, np.float32)


def mark(on, middles, left, thickness=4):
    """Marks a line whose middle in each column, from `left` on, stands at these heights."""
    for column, middle in enumerate(middles, start=left):
        top = round(middle - thickness / 2)
        on[top : top + thickness, column] = 0.9


def test_a_level_line_is_a_level_curve():
    on = probability_map()
    mark(on, [100.0] * 200, left=50)
    (curve,) = trace_curves(on)
    assert len(curve) == POINTS
    assert curve.thickness == 4
    np.testing.assert_allclose(curve.y, 100)
    assert 50 < curve.x[0] < 60
    assert 240 < curve.x[-1] < 250
    assert (np.diff(curve.x) > 0).all()


def test_a_curve_follows_its_line_to_a_part_of_a_pixel():
    on = probability_map()
    columns = np.arange(300)
    middles = 120 + 12 * np.sin(columns / 80)
    mark(on, middles, left=30)
    (curve,) = trace_curves(on)
    expected = 120 + 12 * np.sin((curve.x - 30.5) / 80)
    assert np.abs(curve.y - expected).max() < 0.5


def test_short_lines_upright_lines_and_lines_that_touch_are_left_out():
    on = probability_map()
    mark(on, [40.0] * 40, left=20)
    on[60:290, 380:384] = 0.9
    mark(on, [120.0] * 200, left=50, thickness=4)
    on[122:126, 50:120] = 0.9  # a second line that hangs from the first
    assert trace_curves(on) == []
    assert trace_curves(probability_map()) == []


def test_two_lines_are_two_curves_though_one_stands_over_the_other():
    on = probability_map()
    bend = 10 * np.sin(np.arange(300) / 95)
    mark(on, 100 + bend, left=30)
    mark(on, 107 + bend, left=30)
    first, second = trace_curves(on)
    np.testing.assert_allclose(second.y - first.y, 7, atol=0.6)


@pytest.mark.parametrize("count", [MOST, MOST + 20])
def test_of_many_lines_some_all_over_the_page_are_traced(count):
    on = probability_map((10 * count + 20, 200))
    for number in range(count):
        mark(on, [10.0 + 10 * number] * 150, left=20)
    curves = trace_curves(on)
    assert len(curves) == MOST
    heights = [float(curve.y.mean()) for curve in curves]
    assert heights == sorted(heights)
    assert (heights[0], heights[-1]) == pytest.approx((10, 10 * count), abs=1)
