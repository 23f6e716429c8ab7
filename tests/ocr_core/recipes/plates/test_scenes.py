import numpy as np

from ocr_core.recipes.plates import scenes
from ocr_core.recipes.plates.designs import Faces, draw_plate
from ocr_core.recipes.plates.glyphs import find_legend_faces, find_plate_faces
from ocr_core.recipes.plates.scenes import draw_real, photograph
from ocr_core.recipes.plates.settings import DIGITS, LETTERS

FACES = Faces(find_plate_faces([], DIGITS + LETTERS, 4), find_legend_faces([], 4))


def drawn(count):
    rng = np.random.default_rng(1)
    return [draw_real(FACES, rng) for _ in range(count)]


def test_pictures_are_grey_and_of_many_sizes():
    pictures = [picture for picture, _ in drawn(60)]
    assert all(picture.dtype == np.uint8 and picture.ndim == 2 for picture in pictures)
    assert all(min(picture.shape) >= 8 for picture in pictures)
    assert len({picture.shape for picture in pictures}) > 40


def test_most_say_two_to_eight_characters_and_a_few_nothing():
    lengths = [len(text) for _, text in drawn(200)]
    assert 5 <= lengths.count(0) <= 40
    assert all(length == 0 or 2 <= length <= 8 for length in lengths)


def test_some_are_of_the_night():
    means = [picture.mean() for picture, _ in drawn(120)]
    assert min(means) < 50
    assert max(means) > 150


def test_a_photograph_keeps_the_shape_of_what_it_shows():
    for seed in range(40):
        picture = photograph(np.full((20, 60), 150, np.float32), np.random.default_rng(seed))
        assert picture.shape == (20, 60)
        assert picture.dtype == np.uint8


def test_some_plates_are_a_small_part_of_what_is_cut_out():
    plate = draw_plate(FACES, np.random.default_rng(2))
    rng = np.random.default_rng(3)
    frames = [scenes._frame(plate, rng) for _ in range(400)]
    shares = np.array([plate.line.width / frame.width for frame in frames])
    assert (shares < 0.6).sum() > 20
    assert all(f.left <= plate.line.left and plate.line.right <= f.right for f in frames)
    assert all(f.top <= plate.line.top and plate.line.bottom <= f.bottom for f in frames)
