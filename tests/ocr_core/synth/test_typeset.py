import numpy as np
import pytest

from ocr_core.charset import latin
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.typeset import LineStyle, line_width, set_line

TEXT = "Typed words gone"
STYLES = [
    {},
    {"kerned": True},
    {"tracking": 0.2},
    {"tracking": -0.03},
    {"word_gap": 2.0},
    {"kerned": True, "word_gap": 0.7},
    {"jitter": 1.0},
]


@pytest.fixture
def style(faces):
    """A style of a face with slanted nothing: 40 pixels to the em."""
    return lambda face=0, **settings: LineStyle(faces[face], 40, **settings)


def put(text, style, seed=0):
    return set_line(text, style, np.random.default_rng(seed))


def inked_columns(line):
    """The columns with ink, in pixels from the left end of the baseline."""
    return np.flatnonzero(line.ink.max(axis=0) > 60) + line.ink_left


@pytest.mark.parametrize("settings", STYLES, ids=str)
@pytest.mark.parametrize("face", range(5))
def test_words_span_their_ink_and_nothing_else(style, settings, face):
    line = put(TEXT, style(face, **settings))
    assert [word.text for word in line.words] == TEXT.split()
    columns = inked_columns(line)
    slack = 3
    inside = np.zeros(len(columns), bool)
    for word in line.words:
        own = (columns >= word.left - slack) & (columns < word.right + slack)
        assert columns[own].min() <= word.left + 6
        assert columns[own].max() >= word.right - 7
        inside |= own
    assert inside.all()


@pytest.mark.parametrize("settings", STYLES, ids=str)
def test_a_line_is_as_wide_as_its_last_word_reaches(style, settings):
    line = put(TEXT, style(**settings))
    assert line.width == line.words[-1].right
    assert all(a.right < b.left for a, b in zip(line.words, line.words[1:], strict=False))
    assert line_width(TEXT, style(**settings)) == pytest.approx(line.width, rel=0.06)


def test_ascent_and_descent_hold_the_ink(style):
    for text in ("xaex", "High", "gypsy", "ÄÉ", "."):
        line = put(text, style())
        assert -line.ink_top <= line.ascent
        if text != "gypsy":
            assert line.ink_top + line.ink.shape[0] <= line.descent + 1
    flat, tall = put("xaex", style()), put("High", style())
    assert flat.ascent == tall.ascent
    assert flat.ink_top > tall.ink_top


def test_letters_stand_on_the_baseline(style):
    line = put("HEH", style())
    assert line.ink_top < 0
    assert abs(line.ink_top + line.ink.shape[0]) <= 1


@pytest.mark.parametrize("kerned", [True, False])
def test_an_underline_runs_below_the_baseline_over_the_whole_line(style, kerned):
    plain, ruled = (put("some words", style(kerned=kerned, underline=u)) for u in (False, True))
    rule = 4 - ruled.ink_top  # a tenth of an em below
    assert (ruled.ink[rule] == 255).all()
    assert (plain.ink == ruled.ink[: plain.ink.shape[0]])[:rule].all()
    assert ruled.words == plain.words
    assert ruled.ink_top == plain.ink_top
    assert ruled.descent >= rule + ruled.ink_top


def test_typewriters_are_uneven_by_the_generator_alone(style):
    jittered = style(face=2, jitter=1.0)
    first, again, other = put(TEXT, jittered), put(TEXT, jittered), put(TEXT, jittered, seed=1)
    np.testing.assert_array_equal(first.ink, again.ink)
    assert first.ink.shape != other.ink.shape or (first.ink != other.ink).any()
    assert first.words == other.words
    plain = put(TEXT, style(face=2))
    np.testing.assert_array_equal(plain.ink, put(TEXT, style(face=2), seed=1).ink)
    assert first.ink.max() <= plain.ink.max()
    assert first.ink.sum() < plain.ink.sum()


def test_tracking_and_gaps_make_room(style):
    plain = put(TEXT, style()).width
    tracked = put(TEXT, style(tracking=0.1)).width
    assert tracked == pytest.approx(plain + 0.1 * 40 * (len(TEXT) - 1), abs=0.01)
    assert put(TEXT, style(word_gap=3.0)).width > plain
    assert put("word", style(word_gap=3.0)).width == put("word", style()).width


def test_several_spaces_are_as_wide_as_they_are_many(style):
    for kerned in (True, False):
        one, two = (put(text, style(kerned=kerned)) for text in ("a b", "a  b"))
        gap = one.words[1].left - one.words[0].right
        assert two.words[1].left - two.words[0].right == pytest.approx(2 * gap)


def test_the_ink_of_a_face_is_not_changed_by_setting_it(style):
    first = put("aaa", style())
    put("aaa", style(jitter=1.0))
    np.testing.assert_array_equal(put("aaa", style()).ink, first.ink)


def test_small_capitals_are_lower_than_capitals_and_keep_their_label(style):
    small = put("x", style(small_caps=0.75))
    assert small.text == "x"
    assert small.ink.shape[0] == pytest.approx(0.75 * put("X", style()).ink.shape[0], abs=2)
    assert put("X", style(small_caps=0.75)).ink.shape == put("X", style()).ink.shape


def test_a_thin_gap_parts_marks_from_their_word_but_is_no_space(style):
    plain, thin = put("oh! “so”", style()), put("oh! “so”", style(thin_gap=0.25))
    assert [word.text for word in thin.words] == ["oh!", "“so”"]
    space = put("a b", style()).width - put("ab", style()).width
    assert thin.width == pytest.approx(plain.width + 3 * 0.25 * space, abs=1)


def test_a_slashed_zero_has_ink_in_its_counter(style):
    plain, slashed = put("0", style()), put("0", style(slashed_zero=True))
    middle = tuple(side // 2 for side in plain.ink.shape)
    assert plain.ink[middle] < 60 < slashed.ink[middle]
    assert put("O", style(slashed_zero=True)).ink.sum() == put("O", style()).ink.sum()


def test_cells_are_all_as_wide_and_hold_their_letter(style):
    line = put("iWm", style(cell=0.5))
    assert line.width == pytest.approx(3 * 0.5 * 40, abs=0.5)
    columns = inked_columns(line)
    assert columns.min() >= 6  # an i stands in the middle of its cell
    assert columns.max() < 60
    assert line_width("iWm", style(cell=0.5)) == pytest.approx(line.width)


def test_wide_lines_are_wider_and_no_higher(style):
    plain, wide = put(TEXT, style()), put(TEXT, style(wide=1.5))
    assert wide.width == pytest.approx(1.5 * plain.width)
    assert wide.ink.shape == (plain.ink.shape[0], round(1.5 * plain.ink.shape[1]))
    assert line_width(TEXT, style(wide=1.5)) == pytest.approx(1.5 * line_width(TEXT, style()))
    for one, other in zip(plain.words, wide.words, strict=True):
        assert (other.left, other.right) == pytest.approx((1.5 * one.left, 1.5 * one.right))


def test_faces_of_pixels_are_set_in_dots(tmp_path, save_console_font):
    save_console_font(tmp_path / "till.psf.gz")
    (face,) = find_faces(latin(), [tmp_path])
    whole = put("ABC 12", LineStyle(face, 48))
    dotted = put("ABC 12", LineStyle(face, 48, dots=0.8))
    assert dotted.width == pytest.approx(whole.width, abs=2)
    assert dotted.ink.shape == pytest.approx(whole.ink.shape, abs=3)
    assert 0.35 < dotted.ink.sum() / whole.ink.sum() < 0.65  # pi / 4 * 0.8 ** 2 is 0.50


def test_a_dotted_zero_has_a_dot_and_a_slashed_one_a_stroke(style):
    plain, dotted, slashed = (
        int((put("0", one).ink > 127).sum())
        for one in (style(), style(dotted_zero=True), style(slashed_zero=True))
    )
    assert plain < dotted < slashed


def test_outlines_know_no_dots(style):
    np.testing.assert_array_equal(put(TEXT, style(dots=1.0)).ink, put(TEXT, style()).ink)
