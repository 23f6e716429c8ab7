import numpy as np
import pytest

from ocr_core.synth.warping import Warp, draw_warp, lay_flat


def _spot(x: int, y: int) -> np.ndarray:
    ink = np.zeros((90, 120), np.uint8)
    ink[y - 2 : y + 3, x - 2 : x + 3] = 255
    return ink


def _centre(ink: np.ndarray) -> tuple[float, float]:
    rows, columns = np.nonzero(ink > 100)
    return float(columns.mean()), float(rows.mean())


def test_a_flat_sheet_is_its_own_picture() -> None:
    ink = _spot(30, 40)
    assert lay_flat(120, 90).ink(ink) is ink


@pytest.mark.parametrize("seed", range(30))
def test_ink_and_points_go_to_the_same_place(seed: int) -> None:
    warp = draw_warp((120, 90), (150, 110), 7.0, np.random.default_rng(seed))
    expected = warp.points(np.array([[[80, 30]]], np.float32))
    assert expected.shape == (1, 1, 2)
    picture = warp.ink(_spot(80, 30))
    assert picture.shape == (110, 150)
    np.testing.assert_allclose(_centre(picture), expected[0, 0], atol=1)


def test_a_curled_sheet_moves_columns_down() -> None:
    curl = np.linspace(0, 10, 120).astype(np.float32)
    warp = Warp((120, 90), np.eye(3), curl)
    np.testing.assert_allclose(warp.points(np.array([[60, 40]], np.float32)), [[60, 45]], atol=0.1)
    np.testing.assert_allclose(_centre(warp.ink(_spot(60, 40))), (60, 45), atol=0.6)


def test_beyond_the_sheet_lies_what_was_asked_for() -> None:
    warp = draw_warp((100, 80), (140, 120), 0.0, np.random.default_rng(1))
    picture = warp.ink(np.zeros((80, 100), np.uint8), outside=200)
    assert picture[2, 2] == 200
    assert picture[60, 70] == 0


def test_skew_is_anticlockwise() -> None:
    warp = draw_warp((120, 90), (120, 90), 5.0, np.random.default_rng(3))
    left, right = warp.points(np.array([[20, 45], [100, 45]], np.float32))
    assert right[1] < left[1]
