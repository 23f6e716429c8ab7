"""What pages and words tell about themselves."""

import pytest

from schemas import Block, Box, Line, Page, PageRef, Quad, Ruling, Word

QUAD = Quad(0, 0, 9, 0, 9, 3, 0, 3)


def line(text, confidence=1.0):
    words = (Word(text, text, QUAD.box, confidence),)
    return Line(text, text, confidence, QUAD, words)


def page(*lines, blocks=()):
    return Page(PageRef("d", "u", 0), 10, 10, 200, lines=lines, blocks=blocks)


def test_a_page_without_lines_is_empty():
    assert page().status == "empty"
    assert page().text == ""
    assert page().confidence == 0


def test_a_page_with_a_line_is_read():
    assert page(line("a")).status == "read"


def test_the_confidence_of_a_page_is_the_mean_of_its_characters():
    assert page(line("a", 1.0), line("bbb", 0.6)).confidence == pytest.approx(0.7)


def test_without_blocks_the_text_is_the_lines():
    assert page(line("a"), line("b")).text == "a\nb"


def test_an_empty_line_stands_between_blocks():
    blocks = (Block(0, "text", QUAD, "a\nb"), Block(1, "text", QUAD, "c"))
    assert page(line("a"), line("b"), line("c"), blocks=blocks).text == "a\nb\n\nc"


def test_a_block_has_the_box_of_its_quad():
    assert Block(0, "text", QUAD, "a").box == Box(0, 0, 9, 3)


def test_a_word_is_corrected_when_its_text_differs_from_what_was_read():
    assert Word("the", "tbe", Box(0, 0, 1, 1), 0.5).corrected
    assert not Word("the", "the", Box(0, 0, 1, 1), 0.5).corrected


def test_a_ruling_runs_across_or_down():
    assert Ruling((2, 3), (90, 5), 2).is_level
    assert not Ruling((2, 3), (5, 60), 2).is_level


def test_a_ruling_grows_with_its_picture():
    assert Ruling((2, 3), (90, 5), 2).scaled(2.5) == Ruling((5, 7.5), (225, 12.5), 5)
