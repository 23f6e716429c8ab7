import numpy as np
import pytest

from ocr_core.synth.dots import shallow, strike

BITS = np.array([[255, 0, 255], [0, 255, 0]], np.uint8)
M = np.array(
    [
        [1, 0, 0, 0, 0, 0, 1],
        [1, 1, 0, 0, 0, 1, 1],
        [1, 0, 1, 0, 1, 0, 1],
        [1, 0, 0, 1, 0, 0, 1],
        [1, 0, 0, 1, 0, 0, 1],
        [1, 0, 0, 0, 0, 0, 1],
        [1, 0, 0, 0, 0, 0, 1],
        [1, 0, 0, 0, 0, 0, 1],
    ],
    np.uint8,
) * np.uint8(255)


def test_each_pixel_becomes_a_dot_of_its_own():
    struck = strike(BITS, (20.0, 20.0), 0.8)
    assert struck.shape == (40, 60)
    for row, column in np.ndindex(2, 3):
        cell = struck[row * 20 : row * 20 + 20, column * 20 : column * 20 + 20]
        share = (cell / 255).mean()
        expected = np.pi * 0.4**2 if BITS[row, column] else 0.0
        assert share == pytest.approx(expected, abs=0.02)


def test_thick_dots_leave_no_paper_between_them():
    struck = strike(np.full((3, 3), 255, np.uint8), (5.0, 6.0), 1.6)
    assert struck.min() == 255


def test_dots_that_would_be_twice_as_high_as_wide_are_struck_twice():
    struck = strike(np.full((1, 1), 255, np.uint8), (10.0, 20.0), 0.8)
    assert struck.shape == (20, 10)
    np.testing.assert_array_equal(struck[:10], struck[10:])
    assert struck[9:11, 5].max() < 255
    assert struck[5, 5] == struck[15, 5] == 255


def test_soft_edges_are_dots_or_paper():
    struck = strike(np.array([[100, 200]], np.uint8), (8.0, 8.0), 1.6)
    assert struck[:, :8].max() == 0
    assert struck[:, 8:].min() == 255


def test_an_m_dips_less_and_keeps_its_stems():
    made = shallow(M, 0.5)
    depth = np.flatnonzero(made[:, 1:-1].any(axis=1)).max() + 1
    assert 2 <= depth < 5
    assert made[:, [0, -1]].min() == 255
    assert made[:depth, 3].max() == 255  # its middle is still joined
    np.testing.assert_array_equal(M[3], shallow(M, 1.0)[3])


def test_letters_with_feet_or_without_stems_are_left_alone():
    feet = M.copy()
    feet[-1, 1] = 255
    for ink in (feet, np.eye(8, dtype=np.uint8) * np.uint8(255), np.zeros((0, 0), np.uint8)):
        np.testing.assert_array_equal(shallow(ink, 0.5), ink)
