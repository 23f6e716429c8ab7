import numpy as np
import pytest

from ocr_core.recipes.lines.variations import vary
from tests.stand_ins import blank_page, draw_text


@pytest.fixture
def strip():
    pixels = blank_page(40, 400)
    draw_text(pixels, "abcde abc dea", left=10, top=10)
    return pixels


def test_without_wear_a_line_stays_as_it_is(strip):
    assert vary(strip, np.random.default_rng(1), 0.0) is strip


def test_a_line_looks_different_each_time_and_can_still_be_read(strip):
    rng = np.random.default_rng(1)
    varied = [vary(strip, rng, 1.0) for _ in range(30)]
    assert len({one.tobytes() for one in varied}) == 30
    for one in varied:
        assert one.dtype == np.uint8
        assert one.shape[0] == 40
        assert 320 <= one.shape[1] <= 500
        assert np.percentile(one, 90) - np.percentile(one, 5) > 40
    assert len({one.shape[1] for one in varied}) > 10


def test_the_same_seed_gives_the_same_line(strip):
    first, again = (vary(strip, np.random.default_rng(7), 0.5) for _ in range(2))
    assert np.array_equal(first, again)
