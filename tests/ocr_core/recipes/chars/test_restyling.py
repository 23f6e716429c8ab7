import cv2
import numpy as np
import pytest

from ocr_core.recipes.chars import restyling

EM_PX = 72


def glyph(thickness=9):
    """A ring and a stem, as of a `b`."""
    ink = np.zeros((160, 160), np.uint8)
    cv2.circle(ink, (85, 95), 22, 255, thickness)
    cv2.line(ink, (63, 30), (63, 117), 255, thickness)
    return ink


def overlap(one, other):
    """Share of the ink of each that the other has nearby: the lesser of both."""
    around = np.ones((9, 9), np.uint8)
    return min(
        float(cv2.dilate(b, around)[a > 127].mean()) / 255 for a, b in ((one, other), (other, one))
    )


@pytest.mark.parametrize("way", ["_dotted", "_of_other_weight", "_wavering"])
@pytest.mark.parametrize("thickness", [2, 9])
def test_a_glyph_in_other_strokes_stays_what_it_is_and_where_it_is(way, thickness):
    ink = glyph(thickness)
    for seed in range(20):
        changed = getattr(restyling, way)(ink, EM_PX, np.random.default_rng(seed))
        assert (changed.shape, changed.dtype) == (ink.shape, np.uint8)
        assert overlap(ink, changed) > 0.75


def test_dots_stand_apart():
    parts = []
    for seed in range(30):
        dotted = restyling._dotted(glyph(), EM_PX, np.random.default_rng(seed))
        parts.append(cv2.connectedComponents(dotted)[0] - 1)
    assert np.mean([count > 20 for count in parts]) > 0.2
    assert min(parts) >= 1


def test_strokes_get_fatter_and_thinner_but_never_vanish():
    ink = glyph(4)
    weights = [
        restyling._of_other_weight(ink, EM_PX, np.random.default_rng(seed)).sum() / ink.sum()
        for seed in range(60)
    ]
    assert min(weights) >= 0.5
    assert min(weights) < 1 < max(weights)


def test_proportions_change_about_the_middle():
    ink = glyph()
    places = np.argwhere(ink)
    wide, moved = [], []
    for seed in range(60):
        changed = restyling._of_other_proportions(ink, EM_PX, np.random.default_rng(seed))
        inked = np.argwhere(changed > 127)
        assert abs(inked[:, 0].min() - places[:, 0].min()) <= 1
        assert abs(inked[:, 0].max() - places[:, 0].max()) <= 1
        wide.append(len(inked) / len(places))
        moved.append(abs(inked.mean(axis=0) - places.mean(axis=0)).max())
    assert 0.6 < min(wide) < 0.75 < 1.1 < max(wide) < 1.3
    assert max(moved) < 0.1 * EM_PX


def test_an_empty_canvas_stays_empty():
    empty = np.zeros((40, 40), np.uint8)
    assert not restyling._of_other_proportions(empty, EM_PX, np.random.default_rng(0)).any()


def test_some_glyphs_are_left_as_they_are_and_one_seed_gives_one_style():
    ink = glyph()
    styled = [restyling.restyle(ink, EM_PX, np.random.default_rng(seed)) for seed in range(300)]
    share = np.mean([not np.array_equal(one, ink) for one in styled])
    assert restyling.SHARE / 2 < share < restyling.SHARE  # thin strokes do not get thinner
    again = restyling.restyle(ink, EM_PX, np.random.default_rng(7))
    np.testing.assert_array_equal(styled[7], again)
