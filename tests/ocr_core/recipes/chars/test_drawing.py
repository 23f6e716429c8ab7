from dataclasses import replace

import numpy as np
import pytest

from ocr_core.recipes.chars import drawing
from ocr_core.recipes.chars.drawing import draw_character, draw_many
from ocr_core.recipes.chars.pictures import binarise
from ocr_core.recipes.chars.settings import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gives_the_same_pictures(faces, kind):
    one, again, other = (draw_many(faces, 30, [kind], seed) for seed in (1, 1, 2))
    assert one.colours.shape == (30, 28, 28, 3)
    assert one.colours.dtype == np.uint8
    np.testing.assert_array_equal(one.colours, again.colours)
    np.testing.assert_array_equal(one.labels, again.labels)
    assert (one.colours != other.colours).any()


def test_what_is_learnt_from_has_strokes_that_faces_do_not_have(faces):
    plain, styled = (draw_many(faces, 60, ["print"], 1, to_learn=one) for one in (False, True))
    np.testing.assert_array_equal(plain.labels, styled.labels)
    assert (plain.colours != styled.colours).any(axis=(1, 2, 3)).mean() > 0.5


def test_families_of_many_faces_are_learnt_less_often_than_in_the_measure_of_their_number(faces):
    one, other = (replace(faces[0], family=name, weight=1.0) for name in ("one", "other"))
    given = [one] * 9 + [other]
    assert drawing._chances(given, "print", evens=False)[-1] == pytest.approx(1 / 10)
    assert drawing._chances(given, "print", evens=True)[-1] == pytest.approx(1 / 4)


def test_all_classes_are_drawn_alike_often(faces, monkeypatch):
    picture = np.zeros((28, 28, 3), np.uint8)
    monkeypatch.setattr(drawing, "draw_character", lambda *_: picture)
    counts = np.bincount(draw_many(faces, 6_200, ["scene"], 0).labels, minlength=62)
    assert counts.min() > 60
    assert counts.max() < 140


def test_print_is_dark_on_light_and_signs_are_of_any_colours(faces):
    paper = draw_many(faces, 60, ["print"], 0).colours
    assert np.mean([one.max() - np.percentile(one, 2) for one in paper]) > 60
    corners = np.median(paper[:, [0, 0, -1, -1], [0, -1, 0, -1]], axis=(1, 2))
    assert (corners > paper.min((1, 2, 3))).mean() > 0.9
    signs = draw_many(faces, 60, ["scene"], 0).colours
    saturation = np.ptp(signs.mean((1, 2)), axis=1)
    assert np.median(saturation) > 20 > np.median(np.ptp(paper.mean((1, 2)), axis=1)) / 2


def test_kinds_take_turns(faces, monkeypatch):
    drawn = []

    def noted(face, character, kind, rng, to_learn):
        drawn.append(kind)
        return np.zeros((28, 28, 3), np.uint8)

    monkeypatch.setattr(drawing, "draw_character", noted)
    draw_many(faces, 240, ["scene", "print"], 0)
    assert {kind: drawn.count(kind) for kind in drawn} == {"scene": 120, "print": 120}


def test_posters_are_in_colours_that_are_easily_told_apart(faces):
    def contrasts(kind):
        drawn = draw_many(faces, 200, [kind], 3).colours.astype(float)
        low, high = np.percentile(drawn, [5, 95], axis=(1, 2))
        return np.linalg.norm(high - low, axis=1)

    posters, signs = contrasts("poster"), contrasts("scene")
    assert np.percentile(posters, 10) > 1.2 * np.percentile(signs, 10)
    greys = draw_many(faces, 60, ["print"], 3).colours.mean((1, 2))
    colours = draw_many(faces, 60, ["poster"], 3).colours.mean((1, 2))
    assert np.median(np.ptp(colours, axis=1)) > 20 > np.median(np.ptp(greys, axis=1)) / 2


def test_most_characters_can_be_told_from_their_ground(faces):
    """The ink of an I, upright and seen well, is a bar; most pictures show one."""
    rng = np.random.default_rng(4)
    shares = [binarise(draw_character(faces[0], "I", "print", rng)).mean() for _ in range(60)]
    assert 0.05 < np.median(shares) < 0.5


def test_characters_differ_from_each_other(faces):
    """The mean picture of an L is dark at its foot, that of a T at its head."""
    rng = np.random.default_rng(5)
    means = {
        character: np.mean(
            [draw_character(faces[0], character, "print", rng).mean(2) for _ in range(60)], axis=0
        )
        for character in "LT"
    }
    head, foot = means["L"][3:7, 6:22].mean(), means["L"][17:21, 6:22].mean()
    assert foot < head - 15
    head, foot = means["T"][3:7, 6:22].mean(), means["T"][17:21, 6:22].mean()
    assert head < foot - 15


def test_posters_and_print_are_as_high_as_their_line_and_signs_as_their_character(faces):
    rng = np.random.default_rng(1)

    def height(character, kind):
        drawn = (draw_character(faces[0], character, kind, rng) for _ in range(30))
        rows = (np.flatnonzero(binarise(one)[:, 10:18].any(axis=1)) for one in drawn)
        return np.median([np.ptp(one) for one in rows if len(one)])

    for kind in ("poster", "print"):
        assert height("o", kind) < 0.8 * height("O", kind)
    assert height("o", "scene") > 0.8 * height("O", "scene")
