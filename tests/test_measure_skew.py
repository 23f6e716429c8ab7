from dataclasses import replace

import numpy as np
import pytest

from ocr_core.level import reading_angle
from ocr_core.synth.pages import SynthPage
from schemas import Box, Line, Page, PageRef, Quad
from tests import measure_skew as measure


def line_at(top: float, text: str = "abc def", height: float = 12) -> Line:
    return Line(text, text, 1.0, Quad.from_box(Box(20, top, 220, top + height)), ())


@pytest.fixture
def made():
    """A page of black bars where its lines are."""
    lines = tuple(line_at(30 + 24 * number) for number in range(6))
    pixels = np.full((200, 260), 255, np.uint8)
    for line in lines:
        box = line.quad.box
        pixels[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = 0
    return SynthPage(pixels, Page(PageRef("", "", 0), 260, 200, 100, lines), ())


@pytest.mark.parametrize("degrees", [-10, 0, 3])
def test_a_slanted_page_has_its_lines_where_their_ink_is(made, degrees):
    slanted = measure.slant(made, degrees)
    assert reading_angle(slanted.page.lines) == pytest.approx(degrees, abs=0.01)
    assert slanted.pixels.shape == (slanted.page.height_px, slanted.page.width_px)
    ink, before = (int(np.sum(255 - one.pixels)) for one in (slanted, made))
    assert ink == pytest.approx(before, rel=0.02)
    for line in slanted.page.lines:
        x, y = line.quad.corners.mean(axis=0)
        assert slanted.pixels[int(y), int(x)] == 0
        for corner in line.quad.corners:
            inside = corner + 0.1 * (np.array([x, y]) - corner)
            assert slanted.pixels[int(inside[1]), int(inside[0])] < 128


def test_pages_whose_lines_differ_in_skew_are_left_out(made):
    lines = made.page.lines
    curled = (replace(lines[0], quad=measure.slant(made, 1).page.lines[0].quad), *lines[1:])
    pages = [lines[:3], curled, lines]
    made_by_seed = [SynthPage(made.pixels, replace(made.page, lines=own), ()) for own in pages]
    maker = type("Maker", (), {"make": lambda _, seed: made_by_seed[seed]})()
    assert next(measure.flat_pages(maker, 0)).page.lines == lines


def test_errors_of_skew_text_and_place_are_counted(made):
    tally = measure.Tally()
    off = measure.slant(made, 1)
    tally.add(replace(off.page, skew_deg=1.25), off.page.lines)
    assert str(tally).split() == ["0.250", "0.250", "0.0000", "1.0000", *["0.0000"] * 3, "1.0000"]
    misread = tuple(replace(line, text="abc deF") for line in off.page.lines[:3])
    tally.add(replace(off.page, skew_deg=0.5, lines=misread), off.page.lines)
    figures = [float(figure) for figure in str(tally).split()]
    assert figures[:2] == pytest.approx([0.375, 0.5])
    assert figures[2] == pytest.approx(1 / 21, abs=1e-4)  # of the lines that were found
    assert figures[3] == pytest.approx(18 / 21, abs=1e-4)
    assert figures[4:7] == pytest.approx([0, 0, 0.25])
