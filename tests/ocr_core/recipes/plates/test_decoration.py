import numpy as np
import pytest

from ocr_core.recipes.plates import decoration
from ocr_core.recipes.plates.glyphs import find_legend_faces

FULL = np.full((4, 4), 255, np.uint8)
FACES = find_legend_faces([], 2)


def empty():
    return np.full((20, 40), 200, np.float32)


def test_ink_is_laid_where_it_belongs():
    greys = empty()
    decoration.write(greys, FULL, (10, 5, 8, 6), 50)
    assert (greys[5:11, 10:18] == 50).all()
    assert (greys == 50).sum() == 48


@pytest.mark.parametrize(
    ("place", "covered"),
    [
        ((-4, -3, 8, 6), 12),  # over the left and the upper edge
        ((36, 17, 8, 6), 12),  # over the right and the lower
        ((50, 50, 8, 6), 0),
        ((-20, 0, 8, 6), 0),
    ],
)
def test_what_does_not_fit_is_cut_off(place, covered):
    greys = empty()
    decoration.write(greys, FULL, place, 50)
    assert (greys == 50).sum() == covered


def test_art_stays_within_the_greys_there_are():
    for seed in range(20):
        greys = empty()
        decoration.draw_art(greys, np.random.default_rng(seed))
        assert greys.min() >= 0
        assert greys.max() <= 255


def test_legends_leave_the_line_of_characters_alone():
    for seed in range(10):
        greys = np.full((96, 192), 200, np.float32)
        rng = np.random.default_rng(seed)
        decoration.write_legends(greys, FACES, (34.0, 72.0), 20, rng)
        assert (greys[36:70, 45:150] == 200).all()  # stickers keep to the corners
        assert greys.min() < 200 or seed  # and something was written


def test_bolts_are_near_the_edge():
    greys = np.full((96, 192), 200, np.float32)
    decoration.fasten(greys, np.random.default_rng(1))
    assert (greys[20:76, 20:172] == 200).all()
