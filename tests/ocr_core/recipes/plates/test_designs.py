import numpy as np
import pytest

from ocr_core.recipes.plates import designs
from ocr_core.recipes.plates.designs import HEIGHT, Faces, draw_plate
from ocr_core.recipes.plates.glyphs import find_legend_faces, find_plate_faces
from ocr_core.recipes.plates.settings import DIGITS, LETTERS
from schemas import Box

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


@pytest.mark.parametrize("seed", range(10))
def test_in_a_holder_the_line_is_where_its_characters_are(seed):
    rows, columns = HEIGHT, 2 * HEIGHT
    greys = np.full((rows, columns), 200, np.float32)
    greys[30:60, 40:160] = 120  # no border is of that grey
    plate = designs.Plate(greys, "AB123", Box(40, 30, 160, 60))
    held = designs._held(plate, FACES, np.random.default_rng(seed))
    assert held.greys.shape == greys.shape
    assert held.text == "AB123"
    is_line = np.abs(held.greys - 120) < 0.5
    in_rows = np.flatnonzero(is_line.mean(axis=1) > 0.4)
    in_columns = np.flatnonzero(is_line.mean(axis=0) > 0.15)
    np.testing.assert_allclose(in_rows[[0, -1]], (held.line.top, held.line.bottom - 1), atol=1.5)
    np.testing.assert_allclose(in_columns[[0, -1]], (held.line.left, held.line.right - 1), atol=1.5)
    assert held.line.width < 120
    assert held.line.height < 30
