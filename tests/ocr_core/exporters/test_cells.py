from ocr_core.exporters.cells import fill_cells, grid_of
from ocr_core.exporters.structure import FilledBlock, fill_blocks
from schemas import Box, Cell
from tests import exported_document
from tests.exported_document import block_of, make_line


def table():
    return fill_blocks(exported_document.first_page())[4]


def test_a_line_through_several_cells_is_a_line_in_each():
    said = [(cell.text, [line.text for line in lines]) for cell, lines in fill_cells(table())]
    assert said == [
        ("Cargo", ["Cargo"]),
        ("Tons", ["Tons"]),
        ("=Tea", ["=Tea"]),
        ("a|b, c", ["a|b, c"]),
        ("12.50", ["12.50"]),
        ("Rum", ["Rum"]),
        ("d", ["d"]),
        ("", []),
    ]


def test_a_word_outside_of_all_cells_is_in_the_nearest():
    cells = [Cell(0, 0, 1, 1, Box(0, 0, 50, 20), ""), Cell(0, 1, 1, 1, Box(50, 0, 90, 20), "")]
    line = make_line("ab", 100, 5, 0)
    filled = FilledBlock(block_of(0, "table", [line], cells=cells), (line,))
    assert [lines for _, lines in fill_cells(filled)] == [(), (line,)]


def test_where_cells_overlap_their_text_decides():
    cells = [Cell(0, 0, 1, 1, Box(0, 0, 90, 30), "ab"), Cell(1, 0, 1, 1, Box(0, 0, 90, 31), "cd")]
    line = make_line("cd", 10, 5, 0)
    filled = FilledBlock(block_of(0, "table", [line], cells=cells), (line,))
    assert [lines for _, lines in fill_cells(filled)] == [(), (line,)]


def test_what_cells_cover_is_empty_in_the_grid():
    assert grid_of(table().block) == [
        ["Cargo", "", "Tons"],
        ["=Tea", "a|b, c", "12.50"],
        ["Rum", "d", ""],
    ]
