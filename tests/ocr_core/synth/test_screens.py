import numpy as np
import pytest

from ocr_core.synth.screens import dot_screen, draw_screen


@pytest.mark.parametrize("is_turned", [True, False])
@pytest.mark.parametrize(("pitch", "cover"), [(8, 0.1), (10.5, 0.3), (14, 0.6)])
def test_a_screen_covers_its_share_of_the_area(pitch, cover, is_turned):
    screen = dot_screen((300, 420), pitch, cover, is_turned)
    assert screen.shape == (300, 420)
    assert screen.mean() / 255 == pytest.approx(cover, rel=0.1)


def test_dots_stand_in_a_grid_and_a_turned_one_is_another():
    straight = dot_screen((96, 96), 8, 0.2, False)
    np.testing.assert_array_equal(straight[8:], straight[:-8])
    np.testing.assert_array_equal(straight[:, 8:], straight[:, :-8])
    assert straight[4, 4] == 255
    assert straight[0, 0] == 0
    assert not np.array_equal(straight, dot_screen((96, 96), 8, 0.2, True))


def test_a_screen_leaves_text_on_it_to_be_read():
    for seed in range(20):
        assert 0 < draw_screen((80, 200), 40, np.random.default_rng(seed)).mean() < 0.4 * 255
