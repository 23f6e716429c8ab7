from dataclasses import replace

import pytest

from ocr_core.clearing import MANY, PageClearer
from ocr_core.engine import EngineOptions
from ocr_core.finding import LineFinder
from ocr_core.page_reading import PageReader
from ocr_core.reading import LineReader
from schemas import Box, Line, Quad
from tests.stand_ins import (
    GREY_OF,
    InkDetector,
    MirrorRecogniser,
    blank_page,
    draw_text,
    page_image,
)


def page_with_ghosts(count):
    """A page of ten lines, of which so many are faint and the wrong way round."""
    pixels = blank_page(700, 600)
    for number in range(10):
        is_ghost = 0 < number <= count
        draw_text(pixels, "ee e" if is_ghost else "a aa", left=60, top=40 + 60 * number, height=24)
    pixels[pixels == GREY_OF["e"]] += 12
    return page_image(pixels)


def clear(*images):
    """The pages as they were read, and after clearing."""
    finder = LineFinder(InkDetector(), EngineOptions())
    reader = PageReader(LineReader(MirrorRecogniser()), 1 << 20, keeps_evidence=False)
    read = reader.read(finder.find(images))
    return read, PageClearer(finder, reader).clear(read)


def test_a_page_through_which_nothing_shows_stays_as_it_is():
    read, cleared = clear(page_with_ghosts(0), page_with_ghosts(1))
    assert cleared[0] is read[0]
    assert cleared[1] is not read[1]


@pytest.mark.parametrize("count", [1, MANY - 1, MANY, 7])
def test_lines_of_the_other_side_are_left_out(count):
    _, [cleared] = clear(page_with_ghosts(count))
    assert [line.text for line in cleared.lines] == ["a aa"] * (10 - count)


def test_where_much_shows_through_the_page_is_read_without_it():
    [few, many], [after_few, after_many] = clear(page_with_ghosts(MANY - 1), page_with_ghosts(MANY))
    assert after_few.page.image is few.page.image
    assert after_many.page.image.pixels[many.page.image.pixels == GREY_OF["e"] + 12].min() > 250


def test_a_page_with_a_text_layer_is_read_once():
    layer = (Line("e", "e", 1.0, Quad.from_box(Box(5, 5, 15, 15)), ()),)
    image = replace(page_with_ghosts(MANY), layer=layer)
    [read], [cleared] = clear(image)
    assert cleared.page.image is read.page.image
    assert len(cleared.lines) == len(read.lines) - MANY
