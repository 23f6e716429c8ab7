import numpy as np
import pytest

from ocr_core.recipes.classic.features import HOG_LENGTH, SIDE, cut_out, hog, places
from ocr_core.recipes.classic.segmentation import Part


def test_a_character_is_cut_into_the_middle_of_a_square():
    ink = np.zeros((50, 50), np.uint8)
    ink[5:45, 20:30] = 1
    square = cut_out(ink, Part(20, 5, 30, 45))
    assert square.shape == (SIDE, SIDE)
    rows, columns = np.nonzero(square)
    assert (rows.min(), rows.max()) == (2, 21)
    assert (columns.min(), columns.max()) == (9, 13)


def test_edges_count_by_their_direction():
    square = np.zeros((2, SIDE, SIDE), np.uint8)
    square[0, :, 12:] = 255  # its gradient points across: the first bin and the last
    square[1, 12:] = 255  # down: the middle bin
    bins = hog(square).reshape(2, -1, 9).sum(1)
    assert bins[0, [0, 8]].sum() == pytest.approx(bins[0].sum())
    assert bins[0, 0] == pytest.approx(bins[0, 8])
    assert bins[1, 4] == pytest.approx(bins[1].sum())
    assert bins.sum(1).min() > 1


def test_blocks_are_of_length_one_at_most_whatever_the_contrast():
    rng = np.random.default_rng(0)
    squares = rng.integers(0, 128, (3, SIDE, SIDE)).astype(np.uint8)
    features = hog(squares)
    assert features.shape == (3, HOG_LENGTH)
    assert features.dtype == np.float32
    lengths = np.linalg.norm(features.reshape(3, 25, 36), axis=2)
    assert lengths.max() <= 1
    np.testing.assert_allclose(hog(2 * squares), features, atol=0.01)


def test_an_empty_square_has_no_edges():
    assert not hog(np.zeros((1, SIDE, SIDE), np.uint8)).any()


def test_places_tell_small_letters_from_tall_ones_and_commas_from_quotes():
    tall, small = Part(0, 0, 10, 20), Part(12, 10, 22, 20)
    comma, quote = Part(24, 17, 27, 24), Part(30, 0, 33, 7)
    found = places([tall, tall, small, comma, quote])
    assert found[0] == pytest.approx([1, 0, 1, 0.5])
    assert found[2] == pytest.approx([0.5, 0, 0.5, 0.5])
    assert found[3] == pytest.approx([0.15, 0.2, 0.35, 0.15])
    assert found[4] == pytest.approx([1, -0.65, 0.35, 0.15])
