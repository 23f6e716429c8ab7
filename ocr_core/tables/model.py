"""What goes into the search for tables and what comes out; all of it on a level page."""

from __future__ import annotations

from dataclasses import dataclass

from schemas import Box, Cell


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word of a piece of a line."""

    box: Box
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """What was detected as one line: it may run through several cells, or be a part of one.

    Attributes:
        words: from left to right.
    """

    box: Box
    words: tuple[PlacedWord, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was found.

    Attributes:
        box: around its cells.
        pieces: the numbers of those that stand in it, by row and column of where they begin, and
            from top to bottom in a cell.
        cells: by row and column; empty cells are among them.
    """

    box: Box
    pieces: tuple[int, ...]
    cells: tuple[Cell, ...]
