import cv2
import numpy as np
import pytest

from ocr_core.synth import degrade
from ocr_core.synth.typeset import LineStyle, set_line

SEEDS = range(60)


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def ink(faces):
    """A word of 30 pixels to the em with room around it."""
    line = set_line("Worn word", LineStyle(faces[0], 30), rng())
    return np.pad(line.ink, 20)


def correlation(one, other):
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
def test_shape_and_type_are_kept(ink, strength):
    for seed in SEEDS:
        for result in (
            degrade.print_ink(ink, rng(seed), 30, strength),
            degrade.scan(ink, rng(seed), strength),
            degrade.photograph(ink, rng(seed), strength),
        ):
            assert result.shape == ink.shape
            assert result.dtype == np.uint8


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (40, 5), (1100, 30), (20, 2300)])
def test_any_size_will_do(shape):
    blank = np.zeros(shape, np.uint8)
    for seed in range(25):
        assert degrade.print_ink(blank, rng(seed), 40, 1.0).shape == shape
        assert degrade.scan(blank, rng(seed), 1.0).shape == shape
        assert degrade.photograph(blank, rng(seed)).shape == shape


def test_the_generator_alone_decides(ink):
    for seed in SEEDS:
        first, again = (degrade.scan(ink, rng(seed), 1.0) for _ in range(2))
        np.testing.assert_array_equal(first, again)
        first, again = (degrade.print_ink(ink, rng(seed), 30, 1.0) for _ in range(2))
        np.testing.assert_array_equal(first, again)


def test_the_ink_that_is_given_is_left_as_it_is(ink):
    before = ink.copy()
    for seed in SEEDS:
        degrade.scan(degrade.print_ink(ink, rng(seed), 30, 1.0), rng(seed), 1.0)
    np.testing.assert_array_equal(ink, before)


def test_without_strength_ink_is_not_worn(ink):
    for seed in SEEDS:
        assert degrade.print_ink(ink, rng(seed), 30, 0.0) is ink


def test_without_strength_scans_are_black_on_white(ink):
    for seed in SEEDS:
        pixels = degrade.scan(ink, rng(seed), 0.0)
        assert np.median(pixels) >= 253
        assert np.median(pixels[ink == 255]) <= 40
        assert correlation(pixels, 255 - ink) > 0.93


def test_with_strength_most_words_can_still_be_made_out(ink):
    alike = [
        correlation(degrade.scan(degrade.print_ink(ink, rng(s), 30, 1.0), rng(s), 1.0), 255 - ink)
        for s in range(150)
    ]
    assert np.mean(np.array(alike) > 0.5) > 0.9
    assert min(alike) < 0.8
    assert np.std(alike) > 0.05


def test_wear_makes_letters_thinner_and_fatter(ink):
    covers = [degrade.print_ink(ink, rng(seed), 30, 1.0).mean() / ink.mean() for seed in range(150)]
    assert min(covers) < 0.8
    assert max(covers) > 1.15
    assert 0.7 < np.median(covers) < 1.3


def test_scans_of_blank_paper_differ_in_how_light_they_are():
    blank = np.zeros((40, 200), np.uint8)
    levels = sorted(np.median(degrade.scan(blank, rng(seed), 1.0)) for seed in range(100))
    assert levels[-1] == 255
    assert 100 <= levels[10] < 235  # the darkest are noise made black and white


def test_dots_cover_the_letters_and_nothing_else(ink):
    for seed in range(20):
        dots = degrade.dot_matrix(ink, rng(seed), 30)
        assert dots.shape == ink.shape
        assert dots.dtype == np.uint8
        near = cv2.dilate(ink, np.ones((9, 9), np.uint8)) > 0
        assert dots[~near].max() == 0
        assert 0.2 < dots.mean() / ink.mean() < 1.6


@pytest.mark.parametrize("scale", [0.8, 0.5, 0.21])
def test_shrinking_keeps_how_much_ink_there_is(ink, scale):
    for seed in range(8):
        small = degrade.shrink(ink, scale, rng(seed))
        assert small.shape == tuple(round(side * scale) for side in ink.shape)
        assert small.mean() == pytest.approx(ink.mean(), rel=0.1)


def test_shrinking_to_nothing_leaves_a_pixel():
    assert degrade.shrink(np.zeros((10, 10), np.uint8), 0.001, rng()).shape == (1, 1)


@pytest.mark.parametrize("grain", [0.0, 0.8, 1.5, 6.0, 25.0])
@pytest.mark.parametrize("shape", [(300, 400), (1500, 200), (60, 2600)])
def test_noise_has_mean_0_deviation_1_and_the_grain_asked_for(shape, grain):
    fields = np.stack([degrade._field(rng(seed), shape, grain) for seed in range(6)])
    assert fields.shape == (6, *shape)
    assert fields.mean() == pytest.approx(0, abs=0.25)
    assert 0.6 < fields.std() < 1.1
    step = correlation(fields[:, :, 1:], fields[:, :, :-1])
    if grain == 0:
        assert abs(step) < 0.05
    else:
        assert step > (0.6 if grain < 5 else 0.9)


def test_noise_goes_on_where_a_field_is_repeated():
    """A window that reaches over the edge of a field is no less rough there than elsewhere."""
    field = degrade._field(rng(3), (60, 2600), 0.0)
    jumps = np.abs(np.diff(field, axis=1)).mean(axis=0)
    assert jumps.min() > 0.7
    assert jumps.max() < 1.7


def test_contrast_leaves_specks_out():
    pixels = np.full((20, 20), 200, np.uint8)
    assert degrade.contrast(pixels, 0.01) == 0
    pixels[:5] = 50
    assert degrade.contrast(pixels, 0.01) == 150
    pixels[0, 0], pixels[19, 19] = 0, 255
    assert degrade.contrast(pixels, 0.01) == 150
    assert degrade.contrast(pixels[::2, ::2], 0.0) == 200


def test_contrast_agrees_with_percentiles():
    pixels = rng().integers(0, 256, (40, 300), dtype=np.uint8)
    for tail in (0.01, 0.03, 0.2):
        low, high = np.percentile(pixels, (100 * tail, 100 - 100 * tail))
        assert degrade.contrast(pixels, tail) == pytest.approx(high - low, abs=1.5)


def test_a_scan_is_never_finer_than_the_ink():
    ink = np.full((96, 200), 255, np.uint8)
    scales = []
    for seed in range(40):
        small, scale = degrade.shrink_to_scan(ink, 30.0, np.random.default_rng(seed))
        assert small.shape == (round(96 * scale), round(200 * scale))
        scales.append(scale)
    assert 12 / 30 <= min(scales) < 0.95
    assert max(scales) == 1.0


def test_a_dry_ribbon_pales_some_of_the_ink_and_none_of_it_to_nothing():
    ink = np.full((200, 600), 255, np.uint8)
    for seed in range(8):
        made = degrade.ribbon(ink, np.random.default_rng(seed), 40.0)
        assert made.min() >= 99
        assert np.ptp(made) > 10
        assert not degrade.ribbon(ink * 0, np.random.default_rng(seed), 40.0).any()


def test_a_photograph_shows_what_was_there(ink):
    seen = [degrade.photograph(ink, rng(seed)) for seed in SEEDS]
    likeness = [correlation(ink, picture) for picture in seen]
    assert np.quantile(likeness, 0.1) > 0.75
    assert sum((picture != ink).any() for picture in seen) > 50
