from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr_core.layout import lay_out_page
from ocr_core.tables.model import Table
from schemas import Box, Cell, Line, Page, PageRef, Quad, Word

PROSE = "words of running text that fill their column"


def line_at(left: float, top: float, text: str, width: float | None = None, height: float = 20):
    box = Box(left, top, left + (width or 9 * len(text)), top + height)
    words = tuple(Word(word, word, box, 0.9) for word in text.split())
    return Line(text, text, 0.9, Quad.from_box(box), words)


def no_tables(pieces, rulings):
    return []


def laid_out(lines, degrees: float = 0.0, find_tables=no_tables) -> Page:
    """The page laid out, its lines turned anticlockwise and shuffled first."""
    turn = cv2.getRotationMatrix2D((500, 500), degrees, 1.0)

    def turned(quad: Quad) -> Quad:
        return Quad.from_corners(cv2.transform(quad.corners[None], turn)[0])

    lines = [
        replace(
            line,
            quad=turned(line.quad),
            words=tuple(
                replace(word, box=turned(Quad.from_box(word.box)).box) for word in line.words
            ),
        )
        for line in lines
    ]
    shuffled = [lines[n] for n in np.random.default_rng(5).permutation(len(lines))]
    page = Page(PageRef("d", "memory://page", 0), 1000, 1000, 200, tuple(shuffled))
    return lay_out_page(page, find_tables)


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
    assert page.blocks[1].text == " ".join(f"left {n} {PROSE}" for n in range(6))
    assert [block.kind for block in page.blocks] == ["heading", "paragraph", "paragraph"]
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


def test_a_hyphen_at_the_end_of_a_line_goes_from_the_block_and_stays_in_the_line():
    first, second = f"{PROSE} and more of inter-", f"national {PROSE} and still more"
    page = laid_out([line_at(100, 100, first, 500), line_at(100, 126, second, 500)])
    assert page.text == f"{PROSE} and more of international {PROSE} and still more"
    assert [line.text for line in page.lines] == [first, second]


def test_items_of_a_list_are_one_block_and_a_line_each():
    lines = [line_at(100, 100 + 26 * n, f"{PROSE} {n}", 500) for n in range(3)]
    lines += [line_at(100, 220, "• first of the items", 250), line_at(100, 246, "• second", 120)]
    page = laid_out(lines)
    assert [block.kind for block in page.blocks] == ["paragraph", "list"]
    assert page.blocks[1].text == "• first of the items\n• second"


def test_an_initial_is_read_with_its_word():
    lines = [line_at(100, 100, "T", 50, 72), line_at(160, 100, "HE story goes on beside it", 340)]
    lines += [line_at(160, 126 + 26 * n, "and the story goes on beside it", 340) for n in range(2)]
    lines += [line_at(100, 178 + 26 * n, f"{PROSE} {n}", 400) for n in range(3)]
    page = laid_out(lines)
    assert [line.text for line in page.lines][:2] == ["T", "HE story goes on beside it"]
    assert page.text.startswith("THE story goes on beside it and the story")


def test_numbers_of_lines_are_not_read_into_the_text():
    lines = [line_at(200, 100 + 40 * n, f"{PROSE} {n}", 500) for n in range(8)]
    numbers = [line_at(100, 100 + 40 * n, str(n + 1), 20) for n in range(8)]
    page = laid_out(lines + numbers)
    assert page.blocks[0].text == "\n".join(str(n + 1) for n in range(8))
    assert page.blocks[1].text == " ".join(f"{PROSE} {n}" for n in range(8))


def two_by_two(pieces, rulings):
    """Takes the pieces of one word for the cells of a table."""
    numbers = [n for n, piece in enumerate(pieces) if len(piece.words) == 1]
    numbers.sort(key=lambda n: (round(pieces[n].box.top, 1), pieces[n].box.left))
    if not numbers:
        return []
    cells = [
        Cell(n // 2, n % 2, 1, 1, pieces[number].box, pieces[number].words[0].text)
        for n, number in enumerate(numbers)
    ]
    return [Table(Box.around(cell.box for cell in cells), tuple(numbers), tuple(cells))]


@pytest.mark.parametrize("degrees", [0, 4])
def test_a_table_is_one_block_with_its_cells_on_the_page(degrees):
    above = [line_at(100, 100 + 26 * n, f"{PROSE} {n}", 500) for n in range(3)]
    cells = [line_at(x, y, f"{x}-{y}", 80) for y in (220, 260) for x in (100, 400)]
    below = [line_at(100, 320 + 26 * n, f"{PROSE} {n}", 500) for n in range(3)]
    page = laid_out([*above, *cells, *below], degrees, two_by_two)
    assert [block.kind for block in page.blocks] == ["paragraph", "table", "paragraph"]
    table = page.blocks[1]
    assert table.text == "100-220\t400-220\n100-260\t400-260"
    assert [line.text for line in page.lines[3:7]] == table.text.split()
    for cell, line in zip(table.cells, page.lines[3:7], strict=True):
        assert cell.box.overlap(line.quad.box) > 0.9 * line.quad.box.area
    assert all(line.block_id == 1 for line in page.lines[3:7])


@pytest.mark.parametrize("degrees", [0, 3])
def test_a_figure_is_a_block_without_text_before_its_caption(degrees):
    above = [line_at(100, 100 + 26 * n, f"{PROSE} {n}", 500) for n in range(3)]
    caption = [line_at(250, 420, "Figure 1: A house", 170)]
    below = [line_at(100, 480 + 26 * n, f"{PROSE} {n}", 500) for n in range(3)]
    plain = laid_out([*above, *caption, *below], degrees)
    photo = Box(200, 200, 500, 400)
    page = lay_out_page(replace(plain, figures=(photo,)), no_tables)
    kinds = [block.kind for block in page.blocks]
    assert kinds == ["paragraph", "figure", "caption", "paragraph"]
    assert page.blocks[1].box == photo
    assert [block.block_id for block in page.blocks] == [0, 1, 2, 3]
    assert [line.block_id for line in page.lines] == [0, 0, 0, 2, 3, 3, 3]
    assert page.text == plain.text


def test_a_page_without_text_has_its_figures():
    page = replace(laid_out([]), figures=(Box(1, 2, 30, 40),))
    assert [block.kind for block in lay_out_page(page).blocks] == ["figure"]
    assert lay_out_page(page).text == ""


def test_footnotes_are_one_line_each_in_the_text():
    above = [line_at(100, 100 + 26 * n, f"{PROSE} {n}", 500) for n in range(20)]
    notes = [
        "1 See the first part of the work on",
        "the origins of it all.",
        "2 See the second one.",
    ]
    small = [line_at(100, 700 + 20 * n, text, 6 * len(text), 14) for n, text in enumerate(notes)]
    page = laid_out([*above, *small])
    texts = [block.text for block in page.blocks if block.kind == "footnote"]
    assert "\n".join(texts) == f"{notes[0]} {notes[1]}\n{notes[2]}"


def test_no_line_is_lost_or_read_twice_whatever_the_page():
    random = np.random.default_rng(11)
    for count in (1, 2, 40, 150):
        lines = [
            line_at(*random.uniform(0, 900, 2), " ".join(["word"] * int(random.integers(1, 9))))
            for _ in range(count)
        ]
        lines = [replace(line, raw_text=str(n)) for n, line in enumerate(lines)]
        page = laid_out(lines)
        assert sorted(int(line.raw_text) for line in page.lines) == list(range(count))
        assert sum(len(block.text.split()) for block in page.blocks) == sum(
            len(line.words) for line in lines
        )
        assert [line.block_id for line in page.lines] == sorted(
            line.block_id for line in page.lines
        )
