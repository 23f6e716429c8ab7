import cv2
import numpy as np
import pytest

from ocr_core.level import Frame, reading_angle, turn_of
from schemas import Box, Line, Quad, Ruling, Word


def turned(box: Box, degrees: float) -> Quad:
    """A box of a level page once the page has been turned anticlockwise about its corner."""
    turn = cv2.getRotationMatrix2D((0, 0), degrees, 1.0)
    return Quad.from_corners(cv2.transform(Quad.from_box(box).corners[None], turn)[0])


def line(quad: Quad, words: tuple[Word, ...] = ()) -> Line:
    return Line("text", "text", 0.9, quad, words)


@pytest.mark.parametrize("degrees", [0, 2, -10, 10, 90, 180])
def test_a_page_is_turned_level_and_back(degrees):
    frame, box = Frame(degrees), Box(100, 200, 400, 220)
    quad = turned(box, degrees)
    assert frame.level([quad])[0] == pytest.approx([100, 200, 400, 220], abs=1e-3)
    np.testing.assert_allclose(frame.quad(box).corners, quad.corners, atol=1e-3)


@pytest.mark.parametrize("degrees", [0, 5, -10, 90])
def test_words_are_as_wide_as_their_text_on_a_slanting_line(degrees):
    box = Box(100, 200, 160, 220)
    word = Word("word", "word", turned(box, degrees).box, 0.9)
    (found,) = Frame(degrees).level_words([word], height=20)
    edges = (found.left, found.top, found.right, found.bottom)
    assert edges == pytest.approx((100, 200, 160, 220), abs=0.01)


def test_rulings_run_to_the_right_or_down():
    across, down = Ruling((10, 50), (90, 50), 2.0), Ruling((50, 10), (50, 90), 2.0)
    assert Frame(0).level_ruling(across) == across
    assert Frame(180).level_ruling(across).start == pytest.approx((-90, -50))
    level = Frame(90).level_ruling(down)
    assert level.is_level
    assert level.start[0] < level.end[0]


def test_the_angle_of_a_page_is_that_of_most_of_its_text():
    lines = [line(turned(Box(0, 30 * n, 400, 30 * n + 20), 3)) for n in range(5)]
    assert reading_angle([*lines, line(turned(Box(0, 0, 200, 20), 40))]) == pytest.approx(
        3, abs=0.01
    )
    assert reading_angle([line(Quad.from_box(Box(0, 0, 20, 20)))]) == 0.0


def table(degrees: float, quad_degrees: float) -> list[Line]:
    """Ten rows of five short lines on a page that is turned, with quads that are turned less."""
    places = [Box(150 * column, 40 * row, 150 * column + 60, 40 * row + 20)
              for row in range(10) for column in range(5)]  # fmt: skip
    centres = [turned(box, degrees).corners.mean(axis=0) for box in places]
    around = turned(Box(-30, -10, 30, 10), quad_degrees).corners
    return [line(Quad.from_corners(around + centre)) for centre in centres]


@pytest.mark.parametrize(("degrees", "quad_degrees"), [(-10, -8.1), (4, 3.2), (0, 0), (2, 0)])
def test_short_lines_in_rows_tell_more_together_than_each(degrees, quad_degrees):
    found = reading_angle(table(degrees, quad_degrees))
    assert found == pytest.approx(degrees, abs=0.2)


def test_a_few_lines_make_no_rows():
    assert reading_angle(table(4, 3)[:5]) == pytest.approx(3, abs=0.01)


def test_lines_that_gather_nowhere_keep_their_own_angle():
    steps = [line(turned(Box(20 * n, 33 * n, 20 * n + 400, 33 * n + 20), 3)) for n in range(15)]
    assert reading_angle(steps) == pytest.approx(3, abs=0.01)


def test_a_square_line_is_not_turned():
    assert turn_of(line(turned(Box(0, 0, 200, 20), 90)), 0.0) == pytest.approx(90)
    assert turn_of(line(turned(Box(0, 0, 20, 20), 90)), 0.0) == 0.0
