import numpy as np
import pytest

from ocr_core.recipes.plates.digits import SIZE, draw_digits
from ocr_core.recipes.plates.glyphs import find_plate_faces

FACES = find_plate_faces([], "0123456789", 4)


@pytest.mark.parametrize("seed", range(20))
def test_a_plate_is_five_digits_that_stand_out(seed):
    picture, text = draw_digits(FACES, (18, 25), np.random.default_rng(seed))
    assert picture.shape == SIZE
    assert picture.dtype == np.uint8
    assert len(text) == 5
    assert text.isdigit()
    low, high = np.percentile(picture, [1, 99])
    assert high - low > 30


def test_the_same_seed_draws_the_same():
    (first, text), (second, again) = (
        draw_digits(FACES, (18, 25), np.random.default_rng(3)) for _ in range(2)
    )
    assert text == again
    np.testing.assert_array_equal(first, second)


def test_digits_stand_anywhere():
    def middle(seed):
        picture, _ = draw_digits(FACES, (18, 18), np.random.default_rng(seed))
        away = np.abs(picture.astype(float) - np.median(picture)) > 40
        return np.argwhere(away).mean(axis=0) if away.any() else np.array(SIZE) / 2

    assert np.ptp([middle(seed) for seed in range(20)], axis=0).min() > 10
