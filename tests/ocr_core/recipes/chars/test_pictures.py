import numpy as np
import pytest

from ocr_core.recipes.chars.pictures import binarise, standardise, to_square, varied, views


def test_pictures_of_any_shape_become_squares_of_colours():
    for shape in [(100, 100, 3), (10, 60, 3), (50, 8), (1, 1), (28, 28, 4)]:
        square = to_square(np.full(shape, 7, np.uint8))
        assert square.shape == (28, 28, 3)
        assert (square == 7).all()


def test_proportions_are_kept_and_sides_continue_the_edge():
    tall = np.zeros((56, 28, 3), np.uint8)
    tall[:, 14:] = 200
    square = to_square(tall)
    assert (square[:, :14] == 0).all()
    assert (square[:, 14:] == 200).all()


def test_a_picture_is_looked_at_larger_smaller_turned_and_aside():
    bar = np.full((1, 28, 28, 3), 200, np.uint8)
    bar[0, 8:20, 12:16] = 0
    first, larger, smaller, *others = views(bar)
    assert first is bar
    assert (smaller < 100).sum() < (bar < 100).sum() < (larger < 100).sum()
    assert len({one.tobytes() for one in others}) == len(others) == 6
    assert all((one[0, 0, 0] == 200).all() for one in (larger, smaller, *others))


@pytest.mark.parametrize("image", [np.zeros((0, 5), np.uint8), np.zeros((4, 4)), np.zeros(9, "u1")])
def test_what_is_no_picture_is_refused(image):
    with pytest.raises(ValueError, match="uint8"):
        to_square(image)


@pytest.mark.parametrize(("ground", "ink"), [(250, 30), (20, 180)])
def test_ink_is_1_whether_it_is_dark_or_light(ground, ink):
    colours = np.full((28, 28, 3), ground, np.uint8)
    colours[8:20, 12:16] = ink
    binary = binarise(colours)
    assert binary.sum() == 12 * 4
    assert binary[8:20, 12:16].all()


def test_light_and_contrast_are_taken_out():
    rng = np.random.default_rng(1)
    colours = rng.integers(0, 100, (2, 28, 28, 3)).astype(np.uint8)
    values = standardise(colours)
    assert values.shape == (2, 3, 28, 28)
    assert values.mean((1, 2, 3)) == pytest.approx([0, 0], abs=1e-5)
    assert values.std((1, 2, 3)) == pytest.approx([1, 1], abs=1e-5)
    np.testing.assert_allclose(standardise(2 * colours + 10), values, atol=1e-5)


def test_an_even_picture_is_not_blown_up():
    assert not standardise(np.full((1, 28, 28, 3), 99, np.uint8)).any()


def test_variations_show_the_same_shape_in_other_colours():
    colours = np.full((40, 28, 28, 3), 20, np.uint8)
    colours[:, 8:20, 12:16] = (250, 200, 180)
    changed = varied(colours, np.random.default_rng(0))
    assert changed.shape == colours.shape
    assert len({one.tobytes() for one in changed}) > 20
    for one in changed:
        binary = binarise(one)
        assert binary.sum() == 48
        assert binary[9:19, 13:15].all()
    assert (colours[:, 0, 0] == 20).all()
