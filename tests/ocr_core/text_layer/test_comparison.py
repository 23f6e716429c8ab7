import cv2
import numpy as np
import pytest

from ocr_core.ctc import Decoded
from ocr_core.text_layer import comparison
from schemas import Box, Detection, Line, Quad, Word


def line(text, left=0.0, top=0.0, right=100.0, bottom=20.0):
    return Line(text, text, 1.0, Quad.from_box(Box(left, top, right, bottom)), ())


def reading(text, confidence=0.95):
    ones = tuple(range(len(text)))
    return Decoded(text, (confidence,) * len(text), ones, ones)


def test_samples_can_be_written_and_are_neither_short_nor_long(charset):
    texts = ["the letter", "ab", "x" * 200, "Москва и Киев", "12.50 13.60", "paper house"]
    chosen = comparison.choose_samples([line(text) for text in texts], charset)
    assert sorted(chosen) == [0, 5]
    assert comparison.choose_samples([], charset) == []


def test_the_least_likely_lines_are_among_the_samples(charset):
    lines = [line("the letter of the house")] * 30
    lines[17] = line("uif mfuufs pg uif ipvtf")
    chosen = comparison.choose_samples(lines, charset)
    assert chosen[0] == 17
    assert len(chosen) <= comparison.UNLIKELY_LINES + comparison.SPREAD_LINES
    assert len(set(chosen)) == len(chosen)


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (reading("the letter"), False),
        (reading("THE  LETTER"), False),  # readers differ in case and spaces
        (reading("tbe letler"), False),
        (reading("something else"), True),
        (reading("something else", confidence=0.6), False),  # it is unsure itself
        (reading(""), False),
    ],
)
def test_only_a_sure_and_quite_different_reading_contradicts(read, expected):
    assert comparison.contradicts(line("the letter"), read) == expected


def test_a_line_that_is_contradicted_is_left_out():
    texts = ["first line", "other line", "third line", "fourth line", "last line"]
    lines = tuple(line(text) for text in texts)
    read = [reading(text) for text in texts]
    assert comparison.trusted(lines, range(5), read) == lines
    read[1] = reading("quite wrong")
    assert comparison.trusted(lines, range(5), read) == lines[:1] + lines[2:]


def test_a_layer_that_is_contradicted_is_not_used():
    lines = tuple(line(text) for text in ("first line", "other line", "third line"))
    assert comparison.trusted(lines, [0, 1], [reading("first line"), reading("quite wrong")]) == ()


def found(left, top, right, bottom):
    return Detection(Quad.from_box(Box(left, top, right, bottom)), 0.9)


def printed(*boxes, paper=255, ink=0):
    """A page of 400 pixels a side with upright strokes throughout some boxes."""
    pixels = np.full((400, 400), paper, np.uint8)
    for left, top, right, bottom in boxes:
        pixels[top:bottom, left:right:6] = ink
        pixels[top:bottom, left + 1 : right : 6] = ink
    return pixels


def test_what_the_lines_cover_was_not_missed():
    lines = [line("one", 40, 40, 200, 60), line("two", 40, 70, 200, 90)]
    on_a_line, over_both = found(38, 38, 202, 62), found(40, 40, 200, 92)
    beside, below = found(220, 40, 300, 60), found(40, 100, 200, 120)
    across = found(150, 40, 300, 60)
    everything = [on_a_line, over_both, beside, below, across]
    boxes = [(40, 42, 300, 58), (40, 72, 200, 88), (40, 102, 200, 118)]
    for pixels in (printed(*boxes), printed(*boxes, paper=60, ink=250)):
        assert comparison.unexplained(everything, lines, pixels) == (beside, below, across)
    assert comparison.unexplained(everything, [], printed(*boxes)) == tuple(everything)


def test_room_about_a_short_line_does_not_count():
    number, loose = line("17", 40, 40, 60, 52), found(30, 30, 75, 62)
    assert comparison.unexplained([loose], [number], printed((41, 41, 59, 51))) == ()
    more = printed((41, 41, 59, 51), (32, 54, 72, 61))  # another word below it
    assert comparison.unexplained([loose], [number], more) == (loose,)


def test_without_any_ink_the_area_counts():
    lines, blank = [line("one", 40, 40, 100, 60)], np.full((400, 400), 255, np.uint8)
    within, beside = found(40, 40, 110, 60), found(80, 40, 140, 60)
    assert comparison.unexplained([within, beside], lines, blank) == (beside,)


def test_detections_at_the_edge_of_the_page_are_compared_too():
    lines, pixels = [line("edge", 380, 380, 400, 400)], printed((382, 382, 400, 400))
    assert comparison.unexplained([found(380, 380, 402, 403)], lines, pixels) == ()
    outside = found(-30, -30, -10, -10)
    assert comparison.unexplained([outside], lines, pixels) == (outside,)


def test_slanted_lines_cover_what_is_slanted_alike():
    corners = np.array([(40, 60), (200, 10), (206, 30), (46, 80)], np.float32)
    slanted = Line("slanted", "slanted", 1.0, Quad.from_corners(corners), ())
    same = Detection(Quad.from_corners(corners + 1), 0.9)
    upright = found(150, 60, 206, 80)  # within the upright box around it
    pixels = np.full((400, 400), 255, np.uint8)
    cv2.line(pixels, (45, 67), (200, 19), color=0, thickness=4)
    pixels[62:78, 152:204:5] = 0
    assert comparison.unexplained([same, upright], [slanted], pixels) == (upright,)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([("Unit", 0.4)], True),
        ([("x", 0.5), ("12", 0.5)], True),
        ([("5", 0.97)], True),  # as on the axis of a chart
        ([("I", 0.9)], False),
        ([("0", 0.9), ("0", 0.9), ("O", 0.9)], False),
        ([("@-", 0.99)], False),
        ([("\u2014", 0.99)], False),
    ],
)
def test_bits_of_drawings_add_no_text(words, expected):
    box = Box(0, 0, 10, 10)
    read = tuple(Word(text, text, box, confidence) for text, confidence in words)
    text = " ".join(text for text, _ in words)
    confidence = min(confidence for _, confidence in words)
    assert comparison.adds_text(Line(text, text, confidence, Quad.from_box(box), read)) == expected
