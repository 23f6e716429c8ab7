import dataclasses

import pytest

from ocr_core.exporters import structure
from schemas import Box, Failure, Line, Quad
from tests import exported_document
from tests.exported_document import make_line


def test_blocks_hold_their_lines_in_reading_order():
    page = exported_document.first_page()
    filled = structure.fill_blocks(page)
    assert [one.block for one in filled] == list(page.blocks)
    assert [line for one in filled for line in one.lines] == list(page.lines)


def test_lines_without_a_block_are_a_last_block_of_text():
    page = exported_document.last_page()
    without = dataclasses.replace(page, blocks=page.blocks[:1])
    *_, last = structure.fill_blocks(without)
    assert last.lines == page.lines[1:]
    assert (last.block.block_id, last.block.kind) == (1, "text")
    assert last.block.text == "Lloyd & Sons\n1. Quay Street"
    assert last.block.box == Box(100, 120, 240, 170)


def test_a_line_without_words_is_one_word():
    line = Line("ab cd", "ab ed", 0.5, Quad.from_box(Box(1, 2, 3, 4)), ())
    [word] = structure.words_of(line)
    assert (word.text, word.raw_text, word.confidence, word.box) == (
        "ab cd",
        "ab ed",
        0.5,
        Box(1, 2, 3, 4),
    )


def test_a_failure_is_told_in_one_line():
    failed = Failure("0", "a.pdf", 4, "render", "timeout", "it took\ntoo long")
    assert structure.reason_of(failed) == "timeout: render: it took too long"
    assert structure.page_number(failed) == 5


@pytest.mark.parametrize("uri", ["gs://b/in/a b.pdf", "/in/a b.pdf", "a b.pdf"])
def test_the_name_of_a_file_is_the_end_of_its_uri(uri):
    assert structure.file_name(uri) == "a b.pdf"


def test_whole_pixels_hold_the_box_and_are_none_before_the_page():
    assert structure.whole_pixels(Box(-0.5, 1.2, 3.1, 4)) == (0, 1, 4, 4)


def test_the_baseline_of_a_tilted_line_runs_along_it():
    quad = Quad(0, 0, 100, 10, 100, 30, 0, 20)
    line = Line("a", "a", 0.5, quad, ())
    assert structure.baseline_of(line) == ((0, 15), (100, 25))
    seen = dataclasses.replace(line, baseline=((0, 17), (100, 27)))
    assert structure.baseline_of(seen) == ((0, 17), (100, 27))
    assert structure.descent_of(seen) == pytest.approx(3, abs=0.02)  # 3 down, .02 less across


def test_a_stretch_of_a_line_has_its_part_of_the_baseline():
    line = make_line("abcde fghi", 100, 50, 3)  # 100 pixels long
    bent = ((100.0, 66.0), (150.0, 66.0), (200.0, 66.0))
    line = dataclasses.replace(line, baseline=bent)
    assert structure.stretch_of(line, line.words[:1]).baseline == ((100, 66), (150, 66))
    [start, *_, end] = structure.stretch_of(line, line.words[1:]).baseline
    assert (start, end) == ((160, 66), (200, 66))
    whole = dataclasses.replace(line, words=(*line.words, line.words[1]))
    first, middle, last = structure.stretch_of(whole, whole.words[:2]).baseline
    assert (first, middle, last) == bent


def test_a_stretch_of_a_line_has_its_part_of_the_quad():
    line = exported_document.tilted(make_line("ab cd ef", 100, 50, 3), fall=8)
    part = structure.stretch_of(line, line.words[1:2])
    assert (part.text, part.block_id) == ("cd", 3)
    assert part.quad.box.left == pytest.approx(130, abs=3)
    assert part.quad.box.right == pytest.approx(150, abs=3)
    assert part.quad.y0 == pytest.approx(53, abs=0.5)
    assert part.quad.height == pytest.approx(line.quad.height)


def test_all_of_a_line_is_the_line():
    line = make_line("ab cd", 100, 50, 3)
    assert structure.stretch_of(line, line.words) is line
