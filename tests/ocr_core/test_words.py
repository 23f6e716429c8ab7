import math

import cv2
import numpy as np
import pytest

from ocr_core import cropping, ctc, words
from ocr_core.calibration import Calibration
from schemas import Box, Detection, Line, Quad, Word
from tests.stand_ins import CHARSET, GreyRecogniser, blank_page, draw_text

SIZE = words.PageSize(width=500, height=300)


def line_at(pixels: np.ndarray, quad: Quad) -> words.Line:
    crop = cropping.crop_quad(pixels, quad, 40)
    (reading,) = GreyRecogniser()(crop[None], np.array([crop.shape[1]]))
    return words.make_line(quad, crop, ctc.decode_best_path(reading, CHARSET), SIZE)


def assert_close(box: Box, expected: Box, tolerance: float) -> None:
    for edge in ("left", "top", "right", "bottom"):
        assert getattr(box, edge) == pytest.approx(getattr(expected, edge), abs=tolerance)


def test_every_word_has_its_place_on_the_page():
    page = blank_page(300, 500)
    box, boxes = draw_text(page, "ab cde a ddd", left=50, top=80, height=30)
    line = line_at(page, Quad.from_box(box))
    assert [word.text for word in line.words] == ["ab", "cde", "a", "ddd"]
    for word, expected in zip(line.words, boxes, strict=True):
        assert_close(word.box, expected, tolerance=1.5)


def test_words_of_a_slanted_line_stand_where_they_are():
    page = blank_page(300, 500)
    box, boxes = draw_text(page, "abc de", left=150, top=130, height=24)
    turn = cv2.getRotationMatrix2D((250, 150), 10, 1.0)
    slanted = cv2.warpAffine(page, turn, (500, 300), flags=cv2.INTER_LINEAR, borderValue=255)
    quad = Quad.from_corners(cv2.transform(Quad.from_box(box).corners[None], turn)[0])
    line = line_at(slanted, quad)
    assert line.text == "abc de"
    assert quad.angle_deg == pytest.approx(10, abs=0.1)
    for word, level in zip(line.words, boxes, strict=True):
        corners = cv2.transform(Quad.from_box(level).corners[None], turn)[0]
        assert_close(word.box, Quad.from_corners(corners).box, tolerance=2)


def test_a_word_is_as_certain_as_all_its_characters_and_the_spaces_beside_it():
    page = blank_page(300, 500)
    box, _ = draw_text(page, "ab c", left=50, top=80)
    crop = cropping.crop_quad(page, Quad.from_box(box), 40)
    decoded = ctc.Decoded("ab c", (0.9, 0.5, 0.95, 0.8), (1, 6, 13, 18), (3, 9, 15, 21))
    line = words.make_line(Quad.from_box(box), crop, decoded, SIZE)
    first, second = 0.9 * 0.5 * 0.95, 0.95 * 0.8
    assert [word.confidence for word in line.words] == pytest.approx([first, second])
    assert line.confidence == pytest.approx(first * second)
    assert line.raw_text == line.text == "ab c"


def test_confidences_of_words_are_calibrated_and_a_line_follows_from_its_words():
    page = blank_page(300, 500)
    box, _ = draw_text(page, "ab c", left=50, top=80)
    crop = cropping.crop_quad(page, Quad.from_box(box), 40)
    decoded = ctc.Decoded("ab c", (1.0, 0.5, 1.0, 1.0), (1, 6, 13, 18), (3, 9, 15, 21))
    thrice = Calibration(scale=1.0, shift=math.log(3))  # three times the odds
    line = words.make_line(Quad.from_box(box), crop, decoded, SIZE, thrice)
    assert [word.confidence for word in line.words] == pytest.approx([0.75, 1.0], abs=1e-3)
    assert line.confidence == pytest.approx(0.75, abs=1e-3)


@pytest.mark.parametrize(
    ("height", "score", "confidence", "expected"),
    [
        (20, 0.9, 0.3, True),  # hard to read, but surely text
        (20, 0.4, 0.9, True),  # hardly seen, but well read
        (20, 0.4, 0.3, False),
        (6, 0.9, 0.7, False),  # a dashed rule among lines of 20 pixels
        (6, 0.9, 0.95, True),  # small print
    ],
)
def test_what_is_hardly_seen_and_badly_read_is_no_text(height, score, confidence, expected):
    found = Detection(Quad.from_box(Box(0, 0, 100, height)), score)
    decoded = ctc.Decoded("ab", (confidence, confidence), (1, 6), (3, 9))
    assert words.is_text(found, decoded, usual_height=20) is expected
    assert not words.is_text(found, ctc.Decoded("", (), (), ()), usual_height=20)


@pytest.mark.parametrize(
    ("confidences", "expected"), [((0.31, 0.31), True), ((0.9, 0.05), True), ((0.2, 0.35), False)]
)
def test_lines_with_hope_for_their_words_are_legible(confidences, expected):
    box = Box(0, 0, 10, 10)
    parts = tuple(Word("a", "a", box, confidence) for confidence in confidences)
    line = Line("a a", "a a", math.prod(confidences), Quad.from_box(box), parts)
    assert words.is_legible(line) is expected


def test_boxes_end_at_the_edge_of_the_page():
    page = blank_page(300, 500)
    draw_text(page, "abcab", left=440, top=286, height=24)
    quad = Quad.from_box(Box(440, 286, 520, 310))
    for word in line_at(page, quad).words:
        assert 0 <= word.box.left <= word.box.right <= 500
        assert 0 <= word.box.top <= word.box.bottom <= 300


def test_words_that_no_blank_column_parts_are_parted_at_the_space():
    crop = np.full((40, 100), 255, np.uint8)
    crop[8:32] = 0
    decoded = ctc.Decoded("a b", (1.0, 1.0, 1.0), (2, 11, 20), (4, 13, 22))
    first, second = words.make_line(Quad.from_box(Box(0, 0, 100, 40)), crop, decoded, SIZE).words
    assert first.box.right < second.box.left
    assert math.isclose(first.box.left, 0, abs_tol=4)
