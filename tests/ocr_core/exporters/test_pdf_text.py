import math
import re

import numpy as np
import pytest

from ocr_core.exporters.glyphless import GlyphlessFont
from ocr_core.exporters.pdf_text import directions, invisible_text, spans_of
from schemas import Box, Line, Quad, Word

LEVEL = Line(
    "ab c",
    "ab c",
    1.0,
    Quad.from_box(Box(10, 20, 70, 30)),
    (Word("ab", "ab", Box(10, 20, 40, 30), 1.0), Word("c", "c", Box(55, 20, 70, 30), 1.0)),
)


def turned(line, degrees, centre=(0.0, 0.0)):
    """The same line turned anticlockwise, with upright boxes around its words."""
    angle = math.radians(degrees)
    matrix = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])

    def turn(quad):
        return Quad.from_corners((quad.corners - centre) @ matrix.T + centre)

    words = tuple(
        Word(word.text, word.raw_text, turn(Quad.from_box(word.box)).box, word.confidence)
        for word in line.words
    )
    return Line(line.text, line.raw_text, 1.0, turn(line.quad), words)


def test_words_stand_on_their_line_from_its_middle():
    assert [(span.start, span.length) for span in spans_of(LEVEL)] == [(-30, 30), (15, 15)]


@pytest.mark.parametrize("degrees", [-90, -30, -3, 2, 10, 60, 90, 180])
def test_words_of_a_slanting_line_are_as_long_as_those_of_a_level_one(degrees):
    spans = list(spans_of(turned(LEVEL, degrees)))
    assert [span.start for span in spans] == pytest.approx([-30, 15], abs=1e-3)
    assert [span.length for span in spans] == pytest.approx([30, 15], abs=1e-3)


def test_text_runs_along_the_line_and_hangs_down_from_it():
    along, down = directions(turned(LEVEL, 90))
    assert along == pytest.approx([0, -1], abs=1e-6)
    assert down == pytest.approx([1, 0], abs=1e-6)


def test_each_word_is_stretched_to_its_box():
    font = GlyphlessFont("abc")
    flipped = np.array([[0.5, 0, 0], [0, -0.5, 100], [0, 0, 1]])  # half a unit to a pixel
    content = invisible_text([LEVEL], flipped, font, "F").decode("ascii")
    assert content.startswith("q 3 Tr\n")
    assert content.endswith("\nQ")
    [head] = re.findall(r"BT /F (\S+) Tf (.*) Tm", content)
    assert head == ("5", "1 0 0 1 5 86")  # ten pixels high, two of them below the baseline
    moves = [float(move) for move in re.findall(r"(\S+) 0 Td", content)]
    stretches = [float(stretch) for stretch in re.findall(r"(\S+) Tz", content)]
    assert moves == [0, 22.5]
    expected = [100 * 15 / (5 * font.width("ab")), 100 * 7.5 / (5 * font.width("c"))]
    assert stretches == pytest.approx(expected, abs=0.5)


def test_a_line_without_words_shows_nothing():
    line = Line("", "", 1.0, LEVEL.quad, ())
    assert invisible_text([line], np.eye(3), GlyphlessFont(""), "F") == b"q 3 Tr\nQ"
