import cv2
import numpy as np
import pytest

from ocr_core import cropping, orientation
from ocr_core.ctc import Decoded
from ocr_core.orientation import Trial
from schemas import Box, DetectedPage, Detection, Quad
from tests.stand_ins import page_image


def decoded(*confidences):
    steps = tuple(range(len(confidences)))
    return Decoded("a" * len(confidences), confidences, steps, steps)


def found(width, score=0.9, height=20, angle=0):
    quad = Quad.from_box(Box(0, 0, width, height))
    turn = cv2.getRotationMatrix2D((0, 0), angle, 1.0)
    return Detection(Quad.from_corners(cv2.transform(quad.corners[None], turn)[0]), score)


def test_certainty_is_the_mean_over_characters_and_not_over_lines():
    trial = Trial.of([decoded(0.5), decoded(0.9, 0.9, 0.9), decoded()])
    assert (trial.characters, trial.certainty) == (4, pytest.approx(0.8))
    assert Trial.of([]) == Trial(0, 0.0)


def test_long_lines_are_tried_first_and_specks_only_for_want_of_them():
    lines = [found(width) for width in (20, 30, 100, 200, 240)] + [found(240, score=0.1)]
    tried = [one.quad.width for one in orientation.lines_to_try(lines)]
    assert tried == pytest.approx([240, 200, 100, 30, 240])
    assert orientation.lines_to_try([found(20)]) == [found(20)]
    assert len(orientation.lines_to_try([found(200)] * 50)) == orientation.TRIED_LINES


def test_of_a_long_line_the_beginning_is_tried():
    (tried,) = orientation.lines_to_try([found(900, angle=5)])
    beginning = found(20 * orientation.LONGEST, angle=5).quad
    assert tried.quad.as_tuple() == pytest.approx(beginning.as_tuple(), abs=1e-3)


def test_lines_that_run_up_are_not_tried():
    assert orientation.lines_to_try([found(200, angle=90), found(30)]) == [found(30)]
    assert orientation.lines_to_try([found(200, angle=90)]) == []


SURE, UNSURE = decoded(*[0.97] * 20), decoded(*[0.8] * 20)


@pytest.mark.parametrize(
    ("detections", "lines", "may_lie_wrong"),
    [
        ([found(200)] * 3, [SURE] * 3, False),
        ([found(200)] * 3, [UNSURE] * 3, True),
        ([found(200), found(20), found(20)], [SURE] * 3, True),  # few characters count
        ([found(200)] * 10, [SURE] * 8 + [UNSURE] * 2, False),  # these are not among the best
        ([found(200, angle=90)] * 3, [SURE] * 3, True),
    ],
)
def test_a_page_is_tried_where_its_best_lines_are_unsure(detections, lines, may_lie_wrong):
    assert orientation.may_lie_wrong(detections, lines) is may_lie_wrong


def test_bits_have_to_be_surer_than_lines():
    lines = [decoded(*[0.9] * 40)]
    assert not orientation.may_lie_wrong([found(200)], lines)
    assert orientation.may_lie_wrong([found(200), found(60, height=60)], [*lines, decoded()])


def test_only_a_page_of_lines_that_read_well_either_way_lies_on_no_side():
    well, badly = (
        {0: Trial(50, 0.7), 180: Trial(50, 0.95)},
        {0: Trial(50, 0.7), 180: Trial(50, 0.8)},
    )
    assert orientation.is_level([found(200)] * 2, well)
    assert not orientation.is_level([found(200)] * 2, badly)
    assert not orientation.is_level([found(20), found(30, height=60)], well)


@pytest.mark.parametrize(
    ("trials", "turn"),
    [
        ({0: (90, 0.77), 90: (9, 0.5), 180: (90, 0.99), 270: (9, 0.5)}, 180),
        ({0: (9, 0.45), 90: (90, 0.99), 180: (9, 0.5), 270: (90, 0.77)}, 90),
        ({0: (90, 0.80), 180: (90, 0.86)}, 0),  # not by much
        ({0: (90, 0.7), 90: (30, 0.9), 180: (90, 0.65), 270: (30, 0.7)}, 0),  # of a few bits
        ({0: (9, 0.5), 90: (90, 0.9), 180: (9, 0.5), 270: (90, 0.88)}, 0),  # either side
        ({0: (3, 0.75), 180: (3, 0.95)}, 0),  # chance
        ({0: (40, 0.4), 180: (40, 0.55)}, 0),  # no text
        ({0: (12, 0.75), 180: (12, 0.95)}, 180),
        ({0: (0, 0.0), 90: (0, 0.0), 180: (0, 0.0), 270: (0, 0.0)}, 0),
    ],
)
def test_a_page_is_turned_only_where_it_reads_clearly_better(trials, turn):
    assert orientation.best_turn({way: Trial(*trial) for way, trial in trials.items()}) == turn


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
