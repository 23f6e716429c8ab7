"""Tables by their cells: what each says, and which lines or parts of lines stand in it."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby

from ocr_core.exporters.structure import FilledBlock, stretch_of, words_of
from schemas import Block, Box, Cell, Line, Word


def fill_cells(table: FilledBlock) -> list[tuple[Cell, tuple[Line, ...]]]:
    """Every cell of a table, by row and column, with the lines in it, from top to bottom.

    Each word of the table's lines is in one cell: where its middle lies in none, in the nearest. A
    line that runs through several cells is a line in each.
    """
    cells = table.block.cells
    found: dict[int, list[Line]] = defaultdict(list)
    for line in table.lines:
        words = words_of(line)
        homes = {id(word): _home(word, cells) for word in words}
        for home, stretch in groupby(words, key=lambda word: homes[id(word)]):
            found[home].append(stretch_of(line, tuple(stretch)))
    return [(cell, tuple(found[number])) for number, cell in enumerate(cells)]


def grid_of(table: Block) -> list[list[str]]:
    """The texts of a table's cells by row and column, those of each cell in one line."""
    n_rows = max((cell.row + cell.row_span for cell in table.cells), default=0)
    n_columns = max((cell.column + cell.column_span for cell in table.cells), default=0)
    grid = [[""] * n_columns for _ in range(n_rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = " ".join(cell.text.split())
    return grid


def _home(word: Word, cells: tuple[Cell, ...]) -> int:
    """The number of the cell that a word stands in.

    On a page that is not level the upright boxes of cells overlap: the text of the cells decides.
    """
    x, y = word.box.centre

    def distance(number: int) -> tuple[float, bool, float]:
        cell = cells[number]
        says_it = word.text in cell.text.split()
        return _outside(x, y, cell.box), not says_it, abs(y - cell.box.centre[1])

    return min(range(len(cells)), key=distance)


def _outside(x: float, y: float, box: Box) -> float:
    """How far a point lies from a box, in pixels along the axes; 0 within."""
    across = max(box.left - x, x - box.right, 0.0)
    return across + max(box.top - y, y - box.bottom, 0.0)
