from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from ocr_core.synth.sheet import Column, Pen, Sheet, break_lines, natural_width
from ocr_core.synth.typeset import set_line

TEXT = "the paper of the house was a letter with that number " * 4


@pytest.fixture
def pen(sheet: Sheet) -> Pen:
    pen = sheet.pen(12)
    return replace(pen, style=replace(pen.style, word_gap=1.0, jitter=0.0), leading=1.25)


def test_lines_hold_all_words_and_fit_their_column(pen: Pen) -> None:
    words = TEXT.split()
    lines = break_lines(words, pen, 300)
    assert [word for line in lines for word in line] == words
    assert all(natural_width(line, pen.style) <= 300 for line in lines)
    assert len(lines) > 3


def test_a_word_wider_than_a_line_is_cut(pen: Pen) -> None:
    lines = break_lines(["Donaudampfschiffahrt"], pen, 80)
    assert "".join(word for line in lines for word in line) == "Donaudampfschiffahrt"
    assert len(lines) > 1


def test_hyphenation_breaks_words_and_keeps_their_letters(pen: Pen) -> None:
    text = "characteristically incomprehensible undertakings " * 6
    lines = break_lines(text.split(), replace(pen, hyphenates=True), 260)
    assert any(line[-1].endswith("-") for line in lines)
    joined = "".join(" ".join(line) + " " for line in lines).replace("- ", "")
    assert joined.split() == text.split()


def test_the_first_lines_are_indented(pen: Pen) -> None:
    indented = replace(pen, indents=(4.0, 4.0))
    lines = break_lines(TEXT.split(), indented, 300)
    assert all(natural_width(line, pen.style) <= 300 - 4 * pen.em for line in lines[:2])


def test_natural_width_is_what_set_line_makes_of_it(pen: Pen, sheet: Sheet) -> None:
    for style in (pen.style, replace(pen.style, tracking=0.1), replace(pen.style, word_gap=2.0)):
        line = set_line("with that number", style, sheet.rng)
        assert natural_width(line.text.split(), style) == pytest.approx(line.width, abs=3)


def test_justified_lines_end_at_the_right_edge_but_for_the_last(sheet: Sheet, pen: Pen) -> None:
    justified = replace(pen, align="justify")
    sheet.paragraph(TEXT, justified, Column(100, 600), 50)
    rights = [float(segment.corners[1, 0]) for segment in sheet.canvas.join()]
    assert len(rights) > 2
    assert all(abs(right - 600) < 0.35 * pen.em for right in rights[:-1])
    assert rights[-1] < 600


@pytest.mark.parametrize(("align", "edge"), [("left", 0), ("right", 1)])
def test_lines_stand_at_the_edge_that_they_align_to(
    sheet: Sheet, pen: Pen, align: str, edge: int
) -> None:
    sheet.paragraph(TEXT, replace(pen, align=align), Column(100, 600), 50)  # type: ignore[arg-type]
    ends = np.array([segment.corners[edge, 0] for segment in sheet.canvas.join()])
    assert np.ptp(ends) < 0.3 * pen.em
    assert abs(ends.mean() - (100, 600)[edge]) < 0.3 * pen.em


def test_a_paragraph_stops_at_the_bottom(sheet: Sheet, pen: Pen) -> None:
    end = sheet.paragraph(TEXT, pen, Column(100, 300), 50, bottom=50 + 2.5 * pen.pitch)
    assert end == pytest.approx(50 + 2 * pen.pitch)
    assert len(sheet.canvas.join()) == 2


def test_text_is_what_the_face_can_draw(sheet: Sheet, pen: Pen) -> None:
    assert sheet.drawable("a\u0416b", pen) == "ab"
    assert sheet.drawable("\u0416", pen).isdigit()


def test_small_type_is_kept_large_enough_to_read(new_sheet: Callable[..., Sheet]) -> None:
    sheet = new_sheet(dpi=40)
    sizes = [sheet.pen(6).em for _ in range(100)]
    assert np.mean([size >= 9 for size in sizes]) > 0.8
