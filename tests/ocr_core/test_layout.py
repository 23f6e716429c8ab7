import cv2
import numpy as np
import pytest

from ocr_core.layout import lay_out_page
from schemas import Box, Line, Page, PageRef, Quad, Word

PROSE = "words of running text that fill their column"


def line_at(left: float, top: float, text: str, width: float | None = None, height: float = 20):
    box = Box(left, top, left + (width or 9 * len(text)), top + height)
    words = tuple(Word(word, word, box, 0.9) for word in text.split())
    return Line(text, text, 0.9, Quad.from_box(box), words)


def laid_out(lines, degrees: float = 0.0) -> Page:
    """The page laid out, its lines turned anticlockwise and shuffled first."""
    turn = cv2.getRotationMatrix2D((500, 500), degrees, 1.0)
    turned = [
        Line(
            line.text,
            line.raw_text,
            line.confidence,
            Quad.from_corners(cv2.transform(line.quad.corners[None], turn)[0]),
            line.words,
        )
        for line in lines
    ]
    shuffled = [turned[n] for n in np.random.default_rng(5).permutation(len(turned))]
    return lay_out_page(Page(PageRef("d", "memory://page", 0), 1000, 1000, 200, tuple(shuffled)))


def two_columns():
    heading = [line_at(100, 40, "A heading", width=700, height=40)]
    left = [line_at(100, 120 + 26 * n, f"left {n} {PROSE}", width=330) for n in range(6)]
    right = [line_at(470, 120 + 26 * n, f"right {n} {PROSE}", width=330) for n in range(6)]
    return heading + left + right


@pytest.mark.parametrize("degrees", [0, 3, -4, 90, -90, 180])
def test_a_heading_and_two_columns_are_three_blocks_however_the_page_is_turned(degrees):
    page = laid_out(two_columns(), degrees)
    assert [line.text for line in page.lines] == [line.text for line in two_columns()]
    assert [line.block_id for line in page.lines] == [0] + [1] * 6 + [2] * 6
    assert [block.block_id for block in page.blocks] == [0, 1, 2]
    assert page.blocks[0].text == "A heading"
    assert page.blocks[1].text.splitlines() == [f"left {n} {PROSE}" for n in range(6)]
    assert page.skew_deg == pytest.approx(degrees if abs(degrees) < 45 else 0, abs=0.01)


def test_what_stands_on_one_baseline_is_one_line_of_text():
    lines = [line_at(100, 100, "Bread"), line_at(500, 101, "2.50")]
    lines += [line_at(100, 126, "Milk 1 l"), line_at(500, 127, "1.10")]
    lines += [line_at(100, 152, "TOTAL"), line_at(500, 152, "3.60")]
    page = laid_out(lines)
    assert page.text == "Bread 2.50\nMilk 1 l 1.10\nTOTAL 3.60"
    assert [line.text for line in page.lines][-2:] == ["TOTAL", "3.60"]


def test_a_wide_gap_or_another_size_begins_a_block():
    lines = [line_at(100, 100 + 26 * n, f"{n} {PROSE}") for n in range(4)]
    lines += [line_at(100, 240 + 26 * n, f"{n} {PROSE}") for n in range(3)]
    lines += [line_at(100, 322, PROSE, height=40)]
    page = laid_out(lines)
    assert [line.block_id for line in page.lines] == [0] * 4 + [1] * 3 + [2]
    assert page.text.count("\n\n") == 2


def test_double_spaced_lines_are_one_block():
    page = laid_out([line_at(100, 100 + 44 * n, f"{n} {PROSE}") for n in range(5)])
    assert len(page.blocks) == 1


def test_a_block_has_the_slant_of_its_page_and_holds_its_lines():
    page = laid_out(two_columns(), degrees=5)
    for block in page.blocks:
        assert block.quad.angle_deg == pytest.approx(5, abs=0.1)
        for line in page.lines:
            if line.block_id == block.block_id:
                for x, y in line.quad.corners.tolist():
                    inside = cv2.pointPolygonTest(block.quad.corners, (x, y), measureDist=True)
                    assert inside > -0.1


def test_a_label_that_stands_across_comes_last():
    upwards = Quad(20, 700, 20, 300, 40, 300, 40, 700)
    label = Line("arXiv:1911.08947v2", "arXiv:1911.08947v2", 0.9, upwards, ())
    page = laid_out([label, *two_columns()])
    assert page.lines[-1].text == label.text
    assert page.blocks[-1].text == label.text


def test_an_empty_page_has_no_blocks():
    page = laid_out([])
    assert page.blocks == ()
    assert page.status == "empty"
