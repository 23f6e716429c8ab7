import numpy as np
import pytest

from ocr_core.recipes.chars.wear import see


def surface():
    colours = np.full((56, 56, 3), 200, np.float32)
    colours[16:40, 16:40] = 40
    return colours


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
def test_pictures_are_bytes_of_the_networks_size(strength):
    for seed in range(30):
        picture = see(surface(), np.random.default_rng(seed), strength)
        assert picture.shape == (28, 28, 3)
        assert picture.dtype == np.uint8


def test_without_wear_only_the_size_and_a_little_blur_change():
    for seed in range(20):
        picture = see(surface(), np.random.default_rng(seed), 0.0)
        assert (picture[:5] == 200).all()
        assert (picture[12:16, 12:16] == 40).all()


def test_wear_grows_with_its_strength():
    def change(strength):
        clean = see(surface(), np.random.default_rng(0), 0.0).astype(float)
        pictures = [see(surface(), np.random.default_rng(s), strength) for s in range(60)]
        return np.mean([np.abs(one - clean).mean() for one in pictures])

    assert change(0.0) < change(0.5) < change(1.0)


def test_what_was_given_stays_as_it_was():
    given = surface()
    see(given, np.random.default_rng(2), 1.0)
    np.testing.assert_array_equal(given, surface())
