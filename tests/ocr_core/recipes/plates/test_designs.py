import numpy as np
import pytest

from ocr_core.recipes.plates.designs import HEIGHT, Faces, draw_plate
from ocr_core.recipes.plates.glyphs import find_legend_faces, find_plate_faces
from ocr_core.recipes.plates.settings import DIGITS, LETTERS

FACES = Faces(find_plate_faces([], DIGITS + LETTERS, 4), find_legend_faces([], 4))


@pytest.mark.parametrize("seed", range(30))
def test_a_plate_says_what_it_shows(seed):
    plate = draw_plate(FACES, np.random.default_rng(seed))
    height, width = plate.greys.shape
    assert height == HEIGHT
    assert 1.8 * HEIGHT < width < 5 * HEIGHT
    assert 2 <= len(plate.text) <= 8
    assert 0 <= plate.line.left < plate.line.right <= width + 1
    assert 0 <= plate.line.top < plate.line.bottom <= height
    inside = plate.greys[
        round(plate.line.top) : round(plate.line.bottom),
        round(plate.line.left) : round(plate.line.right),
    ]
    assert inside.std() > 8  # of ink and ground


def test_the_same_seed_draws_the_same():
    first, second = (draw_plate(FACES, np.random.default_rng(4)) for _ in range(2))
    assert first.text == second.text
    np.testing.assert_array_equal(first.greys, second.greys)
