from dataclasses import replace

import numpy as np
import pytest

from ocr_core.engine import EngineOptions
from ocr_core.finding import LineFinder
from ocr_core.page_reading import PageReader
from ocr_core.reading import LineReader
from ocr_core.turning import PageTurner
from schemas import Box, Line, Quad
from tests.stand_ins import InkDetector, OneWayRecogniser, blank_page, draw_text, page_image


@pytest.fixture
def upright():
    """A page of letters with notches in their upper halves."""
    pixels = blank_page(500, 700)
    for top in range(60, 420, 60):
        draw_text(pixels, "abcde abc dea", left=60, top=top, height=24)
        pixels[top + 4 : top + 8][pixels[top + 4 : top + 8] < 200] = 140
    return pixels


def turn(image):
    finder = LineFinder(InkDetector(), EngineOptions())
    reader = PageReader(LineReader(OneWayRecogniser()), 1 << 20, keeps_evidence=False)
    (read,) = reader.read(finder.find([image]))
    return read, PageTurner(finder, reader).stand_upright(read)


def test_a_page_that_reads_well_stays_as_it_is(upright):
    read, after = turn(page_image(upright))
    assert after is read


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_is_turned_and_read_again(upright, turns):
    _, after = turn(page_image(np.ascontiguousarray(np.rot90(upright, turns))))
    assert after.page.image.orientation_deg == 90 * turns
    assert np.array_equal(after.page.image.pixels, upright)
    assert [line.text for line in after.lines] == ["abcde abc dea"] * 6


def test_a_text_layer_says_which_way_is_up(upright):
    line = Line("e", "e", 1.0, Quad.from_box(Box(5, 5, 15, 15)), ())
    lying = page_image(np.ascontiguousarray(np.rot90(upright, 2)))
    read, after = turn(replace(lying, layer=(line,)))
    assert after is read


def test_an_empty_page_is_not_turned():
    read, after = turn(page_image(blank_page()))
    assert after is read
