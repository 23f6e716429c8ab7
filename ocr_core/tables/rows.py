"""Which lines of a table make one row: those that rulings hold together, and wrapped text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr_core.tables.cell_lines import CellLines
from ocr_core.tables.chunks import Line, middle
from ocr_core.tables.row_parting import MAX_PITCH, Row, part_rows

# What it costs to part what stands between two rulings where rulings part most rows.
CUT_RULED = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Lines of a table between two rulings that run across all of it.

    Attributes:
        lines: from top to bottom.
        is_head: whether a ruling below sets it off as the head.
    """

    lines: list[Line]
    is_head: bool


class RowFinder:
    """Makes rows of the lines of one table.

    Args:
        separators: the x between its columns.
        is_ruled: whether rulings part most of its rows.
    """

    def __init__(self, bands: Sequence[Band], separators: Sequence[float], is_ruled: bool) -> None:
        self._bands = bands
        self._n_columns = len(separators) + 1
        self._is_ruled = is_ruled
        lines = [line for band in bands for line in band.lines]
        self._cells = CellLines([chunk for line in lines for chunk in line], separators)

    def rows(self) -> list[Row]:
        """The chunks of each row, from top to bottom."""
        bodies = [
            [chunk for line in band.lines for chunk in line]
            for band in self._bands
            if not band.is_head
        ]
        parted = iter(part_rows(bodies, self._cells, CUT_RULED if self._is_ruled else 0.0))
        rows: list[Row] = []
        for band in self._bands:
            rows += self._heads(band) if band.is_head else next(parted)
        return rows

    def _heads(self, band: Band) -> list[Row]:
        """The rows of a head: lines of titles are one, those that span columns one each."""
        rows = [list(band.lines[0])]
        for upper, line in pairwise(band.lines):
            is_near = middle(line) - middle(upper) <= MAX_PITCH * self._cells.height
            is_plain = all(len(self._cells.columns(chunk)) == 1 for chunk in [*upper, *line])
            if is_near and is_plain:
                rows[-1] += line
            else:
                rows.append(list(line))
        return rows
