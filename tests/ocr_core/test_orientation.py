import numpy as np
import pytest

from ocr_core import cropping, orientation
from ocr_core.ctc import Decoded
from schemas import Box, DetectedPage, Detection, Quad
from tests.stand_ins import page_image


def decoded(*confidences):
    steps = tuple(range(len(confidences)))
    return Decoded("a" * len(confidences), confidences, steps, steps)


def found(width, score=0.9):
    return Detection(Quad.from_box(Box(0, 0, width, 20)), score)


def test_certainty_is_the_mean_over_characters_and_not_over_lines():
    lines = [decoded(0.5), decoded(0.9, 0.9, 0.9), decoded()]
    assert orientation.certainty(lines) == pytest.approx(0.8)


def test_a_few_characters_tell_nothing():
    assert orientation.certainty([decoded(1.0, 1.0, 1.0)]) == 0
    assert orientation.certainty([]) == 0


def test_lines_of_some_length_are_tried_first_and_specks_only_for_want_of_them():
    lines = [found(width) for width in (30, 50, 100, 200, 240, 900)] + [found(240, score=0.1)]
    assert [one.quad.width for one in orientation.lines_to_try(lines)] == [240, 900, 200, 100, 240]
    assert orientation.lines_to_try([found(30)]) == [found(30)]
    assert len(orientation.lines_to_try([found(200)] * 50)) == orientation.TRIED_LINES


@pytest.mark.parametrize(
    ("certainties", "turn"),
    [
        ({0: 0.77, 90: 0.5, 180: 0.99, 270: 0.5}, 180),
        ({0: 0.45, 90: 0.99, 180: 0.5, 270: 0.77}, 90),
        ({0: 0.80, 90: 0.5, 180: 0.86, 270: 0.5}, 0),
        ({0: 0.0, 90: 0.0, 180: 0.0, 270: 0.0}, 0),
    ],
)
def test_a_page_is_turned_only_where_it_reads_clearly_better(certainties, turn):
    assert orientation.best_turn(certainties) == turn


def test_a_turned_page_remembers_by_how_much():
    image = page_image(np.arange(6, dtype=np.uint8).reshape(2, 3))
    right = orientation.turned(image, 90)
    assert (right.orientation_deg, right.pixels.shape) == (90, (3, 2))
    assert right.pixels[0].tolist() == [3, 0]
    back = orientation.turned(right, 270)
    assert back.orientation_deg == 0
    np.testing.assert_array_equal(back.pixels, image.pixels)


def test_an_upside_down_page_has_its_lines_where_they_are_read():
    pixels = np.arange(60, dtype=np.uint8).reshape(6, 10)
    page = DetectedPage(page_image(pixels), (Detection(Quad.from_box(Box(1, 2, 5, 4)), 0.7),))
    over = orientation.upside_down(page)
    assert (over.image.orientation_deg, over.image.pixels[0, 0]) == (180, 59)
    (line,) = over.detections
    assert line == Detection(Quad.from_box(Box(5, 2, 9, 4)), 0.7)
    before, after = (
        cropping.crop_quad(one.image.pixels, one.detections[0].quad, 8) for one in (page, over)
    )
    np.testing.assert_allclose(before[::-1, ::-1], after, atol=1)
    assert orientation.upside_down(over).detections == page.detections
    assert orientation.upside_down(over).image.orientation_deg == 0
