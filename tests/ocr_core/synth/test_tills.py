import numpy as np
import pytest

from ocr_core.charset import latin
from ocr_core.synth import tills
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.typeset import LineStyle, line_width, set_line
from schemas import Quad

QUADS = [Quad(0, top, 200, top, 200, top + 40, 0, top + 40) for top in (10, 60)]


@pytest.fixture
def face(tmp_path, save_console_font):
    """A face of 16 rows of 8 pixels."""
    save_console_font(tmp_path / "till.psf.gz")
    (face,) = find_faces(latin(), [tmp_path])
    return face


def test_faces_of_pixels_and_of_one_width_are_those_of_tills(face, faces):
    assert tills.is_till_face(face)
    assert not any(tills.is_till_face(other) for other in faces)


def test_tills_set_cells_about_half_as_wide_as_high(face):
    for seed in range(40):
        style = tills.till_style(face, 40, np.random.default_rng(seed))
        assert 0.37 * 40 < line_width("M" * 10, style) / 10 < 0.61 * 40


def test_some_tills_print_dots_and_some_mark_their_zeros(face):
    styles = [tills.till_style(face, 40, np.random.default_rng(seed)) for seed in range(60)]
    assert 30 < sum(style.dots > 0 for style in styles) < 60
    assert any(style.slashed_zero for style in styles)
    assert any(style.dotted_zero for style in styles)
    assert not any(style.slashed_zero and style.dotted_zero for style in styles)
    assert {True, False} == {style.shallow_m < 1 for style in styles}


def test_double_letters_are_twice_as_high_or_as_wide(face):
    rng = np.random.default_rng(0)
    style = LineStyle(face, 32, dots=1.2)
    plain, high, wide = (
        set_line("ABC", one, rng)
        for one in (style, tills.double_height(style), tills.double_width(style))
    )
    assert high.width == pytest.approx(plain.width, rel=0.02)
    assert high.ink.shape[0] == pytest.approx(2 * plain.ink.shape[0], abs=3)
    assert wide.width == pytest.approx(2 * plain.width, rel=0.02)
    assert wide.ink.shape[0] == plain.ink.shape[0]


def test_most_blocks_are_of_single_size(face):
    style = LineStyle(face, 40)
    wides = [tills.one_size(style, np.random.default_rng(seed)).wide for seed in range(200)]
    assert wides.count(1.0) > 130
    assert min(wides) < 0.8
    assert max(wides) == 2.0


def test_a_band_is_missing_from_every_line_alike():
    for seed in range(40):
        ink = np.full((110, 200), 255, np.uint8)
        rng = np.random.default_rng(seed)
        made = tills.without_rows(ink, QUADS, 0.78, 32.0, rng)
        first, second = (made[top : top + 40, 5:195] for top in (10, 60))
        np.testing.assert_array_equal(first, second)
        assert 1 <= (first.max(axis=1) == 0).sum() <= 0.25 * 32


def test_half_of_the_bands_lie_at_the_top_or_on_the_baseline():
    ends = 0
    for seed in range(200):
        ink = np.full((110, 200), 255, np.uint8)
        made = tills.without_rows(ink, QUADS, 0.78, 32.0, np.random.default_rng(seed))
        rows = np.flatnonzero(made[10:50, 100] == 0)
        ends += rows.min() <= 1 or abs(rows.max() + 1 - 0.78 * 40) <= 2
    assert 90 < ends < 150
