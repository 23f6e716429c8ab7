import numpy as np
import pytest

from ocr_core.cropping import crop_quad
from ocr_core.engine import Engine
from ocr_core.reading import LineReader
from ocr_core.synth.pages import SynthPage
from ocr_core.training.found_lines import FoundLines, empty_quads, read_quads
from schemas import Box, Failure, Line, Page, PageRef, Quad
from tests.ocr_core.training.stand_ins import PageStore
from tests.stand_ins import GreyRecogniser, InkDetector, blank_page, draw_text


def line_of(text, box):
    return Line(text, text, 1.0, Quad.from_box(box), ())


def made_of(*lines, pixels=None, ignored=()):
    page = Page(PageRef("", "", 0), 500, 600, 200, lines)
    return SynthPage(blank_page() if pixels is None else pixels, page, tuple(ignored))


def finder():
    return Engine(InkDetector(), LineReader(GreyRecogniser()), None).detect_pages


def test_lines_are_cut_where_they_are_found():
    pixels = blank_page()
    first, _ = draw_text(pixels, "abc de", left=40, top=60)
    second, _ = draw_text(pixels, "bad", left=40, top=200)
    made = made_of(line_of("abc de", first), line_of("bad", second), pixels=pixels)
    samples = FoundLines(PageStore(made), finder).make(1)
    assert sorted(sample.text for sample in samples) == ["abc de", "bad"]
    (one,) = [sample for sample in samples if sample.text == "bad"]
    true = crop_quad(pixels, Quad.from_box(second), 40)
    assert one.pixels.shape[0] == 40
    assert one.pixels.shape[1] == pytest.approx(true.shape[1], rel=0.5)
    assert one.pixels.min() == true.min()


def test_the_finder_is_made_once():
    calls = []

    def counted():
        calls.append(1)
        return finder()

    lines = FoundLines(PageStore(made_of()), counted)
    assert not calls
    lines.make(1)
    lines.make(2)
    assert len(calls) == 1


def test_lines_too_long_to_learn_are_left_out():
    pixels = blank_page()
    box, _ = draw_text(pixels, "abcde abcde abcde", left=20, top=60)
    made = made_of(line_of("abcde abcde abcde", box), pixels=pixels)
    assert FoundLines(PageStore(made), finder, max_width=2000).make(1)
    assert not FoundLines(PageStore(made), finder, max_width=300).make(1)


def test_a_page_that_cannot_be_looked_at_gives_no_lines():
    def broken():
        return lambda pages: [Failure("", "", 0, "detect", "code", "message") for _ in pages]

    assert FoundLines(PageStore(made_of()), broken).make(1) == []


@pytest.mark.parametrize(
    ("found", "is_kept"),
    [
        (Box(95, 98, 305, 122), True),  # a little more all round
        (Box(85, 98, 312, 122), True),  # and more
        (Box(60, 98, 305, 122), False),  # a piece of what stands before it
        (Box(108, 98, 305, 122), False),  # the first letter is cut off
        (Box(95, 98, 200, 122), False),  # half of the line
    ],
)
def test_what_is_read_goes_from_end_to_end(found, is_kept):
    made = made_of(line_of("text", Box(100, 100, 300, 120)))
    read = list(read_quads([Quad.from_box(found)], made))
    assert [text for _, text in read] == (["text"] if is_kept else [])


def test_a_line_found_upside_down_is_not_read():
    made = made_of(line_of("text", Box(100, 100, 300, 120)))
    corners = Quad.from_box(Box(98, 98, 302, 122)).corners
    assert not list(read_quads([Quad.from_corners(np.roll(corners, 2, axis=0))], made))


def test_what_lies_on_ignored_text_is_neither_read_nor_empty():
    stamp = Quad.from_box(Box(100, 100, 300, 120))
    made = made_of(ignored=[stamp])
    assert not list(read_quads([stamp], made))
    assert not empty_quads([stamp], made)


def test_what_lies_on_no_text_is_empty_up_to_three_of_a_page():
    made = made_of(line_of("text", Box(100, 100, 300, 120)))
    beside = [Quad.from_box(Box(100, 200 + 30 * n, 200, 220 + 30 * n)) for n in range(5)]
    touching = Quad.from_box(Box(250, 110, 400, 130))
    assert empty_quads([touching, *beside], made) == [(quad, "") for quad in beside[:3]]
    assert empty_quads(beside[:1], made_of()) == [(beside[0], "")]
