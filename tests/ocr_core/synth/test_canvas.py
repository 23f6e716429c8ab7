import numpy as np
import pytest

from ocr_core.synth.canvas import Canvas, corners
from ocr_core.synth.typeset import SetLine, SetWord


def _line(*spans: tuple[str, float, float], width: int = 40) -> SetLine:
    """A line 8 px above and 2 px below its baseline, words as solid blocks."""
    ink = np.zeros((8, width), np.uint8)
    for _, left, right in spans:
        ink[:, int(left) : int(right)] = 255
    words = tuple(SetWord(*span) for span in spans)
    text = " ".join(word.text for word in words)
    return SetLine(text, ink, 0, -8, width, 8.0, 2.0, words)


def test_a_line_lies_where_it_was_put_from_ascender_to_descender() -> None:
    canvas = Canvas(60, 30)
    canvas.put(_line(("ab", 0, 40)), 10, 20)
    assert canvas.ink[12:20, 10:50].min() == 255
    assert canvas.ink.sum() == 8 * 40 * 255
    (segment,) = canvas.join()
    assert segment.text == "ab"
    np.testing.assert_array_equal(segment.corners, corners(10, 12, 50, 22))


def test_words_more_than_1_2_line_heights_apart_are_two_segments() -> None:
    canvas = Canvas(60, 30)
    canvas.put(_line(("near", 0, 10), ("by", 21, 25), ("far", 38, 40)), 0, 20)
    texts = [segment.text for segment in canvas.join()]
    assert texts == ["near by", "far"]
    lefts = [segment.corners[0, 0] for segment in canvas.join()]
    assert lefts == [0, 38]


def test_runs_put_close_together_in_one_group_become_one_segment() -> None:
    canvas = Canvas(90, 30)
    canvas.put(_line(("total", 0, 20), width=20), 0, 20)
    canvas.put(_line(("9.99", 0, 20), width=20), 60, 20)
    canvas.put(_line(("....", 0, 30), width=30), 25, 20)  # reaches from one to the other
    (segment,) = canvas.join()
    assert segment.text == "total .... 9.99"
    np.testing.assert_array_equal(segment.corners, corners(0, 12, 80, 22))


@pytest.mark.parametrize(("group", "x", "y"), [(1, 25, 20), (0, 40, 20), (0, 25, 25)])
def test_runs_of_another_group_far_away_or_on_another_line_stay_apart(
    group: int, x: int, y: int
) -> None:
    canvas = Canvas(90, 30)
    canvas.put(_line(("a", 0, 20), width=20), 0, 20)
    canvas.group = group
    canvas.put(_line(("b", 0, 20), width=20), x, y)
    assert [segment.text for segment in canvas.join()] == ["a", "b"]


def test_text_cut_by_the_edge_is_ignored() -> None:
    canvas = Canvas(30, 30)
    canvas.put(_line(("cut", 0, 40)), 0, 20)
    (segment,) = canvas.join()
    assert segment.ignored
    assert canvas.ink[12:20].min() == 255


def test_light_text_is_taken_out_of_a_dark_panel_of_either_layer() -> None:
    for darkness in (255, 180):
        canvas = Canvas(60, 30)
        canvas.fill((0, 0, 60, 30), darkness)
        canvas.put(_line(("ab", 0, 40)), 10, 20, tint=-1)
        seen = np.maximum(canvas.ink, canvas.tone)
        assert seen[12:20, 10:50].max() == 0
        assert seen[:12].min() == darkness


def test_a_turned_line_carries_its_corners_with_it() -> None:
    canvas = Canvas(80, 80)
    canvas.put_turned(_line(("up", 0, 40)), (40, 40), 90)
    (segment,) = canvas.segments
    # reading upwards: the text's top left is at the bottom left of its box on the sheet
    np.testing.assert_allclose(segment.corners[0], (36, 60), atol=1)
    np.testing.assert_allclose(segment.corners[1], (36, 20), atol=1)
    rows, columns = np.nonzero(canvas.ink)
    assert abs(columns.min() - 36) <= 1
    assert abs(rows.min() - 20) <= 1


def test_rules_are_as_thick_as_asked_for_in_any_direction() -> None:
    canvas = Canvas(20, 20)
    canvas.rule((2, 5), (18, 5), 3)
    assert (canvas.ink[:, 10] > 0).sum() == 3
    canvas = Canvas(20, 20)
    canvas.rule((5, 2), (5, 18), 2)
    assert (canvas.ink[10] > 0).sum() == 2
    canvas = Canvas(20, 20)
    canvas.rule((2, 2), (18, 18), 1)
    assert canvas.ink[10, 10] > 100


def test_a_frame_is_four_rules() -> None:
    canvas = Canvas(20, 20)
    canvas.frame((4, 4, 14, 14), 1)
    assert canvas.ink[4, 4:15].min() == canvas.ink[4:15, 14].min() == 255
    assert canvas.ink[5:14, 5:14].max() == 0
