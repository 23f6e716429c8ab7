"""What the lines of a table tell of its cells: columns, numbers, and how text is wrapped."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import pairwise

from ocr_core.tables.chunks import Chunk
from ocr_core.tables.columns import columns_of

# Chunks whose middles lie within this share of a line's height stand on one line, ...
LEVEL = 0.4
# ... and the lines of a cell lie at least this far apart, in line heights.
LEAST_PITCH = 0.6
# Of the distances of lines in columns, the one that is taken for that of lines in a cell.
PITCH_SHARE = 20
SPACE = 0.2


class CellLines:
    """The chunks of one table by column.

    Args:
        chunks: from top to bottom.
        separators: the x between columns.

    Attributes:
        height: of the middle chunk, in pixels.
        pitch: the distance of lines in a cell, in pixels; 0 if no column has two lines.
    """

    def __init__(self, chunks: Sequence[Chunk], separators: Sequence[float]) -> None:
        self._columns_of = {id(chunk): columns_of(chunk, separators) for chunk in chunks}
        self._numbers = {id(chunk) for chunk in chunks if chunk.is_number}
        self.height = statistics.median_high([chunk.box.height for chunk in chunks])
        self._by_column: dict[int, list[Chunk]] = {}
        for chunk in chunks:
            columns = self.columns(chunk)
            if len(columns) == 1:
                self._by_column.setdefault(columns[0], []).append(chunk)
        self._widths = {
            column: max(chunk.box.width for chunk in own) for column, own in self._by_column.items()
        }
        self._numeric = {
            column
            for column, own in self._by_column.items()
            if 2 * sum(id(chunk) in self._numbers for chunk in own) >= len(own)
        }
        self.pitch = self._find_pitch()

    def columns(self, chunk: Chunk) -> range:
        """The columns that a chunk reaches into."""
        return self._columns_of[id(chunk)]

    def is_number(self, chunk: Chunk) -> bool:
        """Whether it is a number where numbers stand."""
        return self.columns(chunk)[0] in self._numeric and id(chunk) in self._numbers

    def are_level(self, chunk: Chunk, other: Chunk) -> bool:
        """Whether two chunks stand on one line."""
        return abs(chunk.middle - other.middle) < LEVEL * self.height

    def had_room(self, upper: Chunk, lower: Chunk) -> bool:
        """Whether the first word of a line would have had room on the line above it."""
        width = upper.box.width + SPACE * lower.box.height + lower.words[0].box.width
        return width <= self._widths.get(self.columns(upper)[0], 0.0)

    def _find_pitch(self) -> float:
        distances = sorted(
            lower.middle - upper.middle
            for own in self._by_column.values()
            for upper, lower in pairwise(own)
            if lower.middle - upper.middle > LEAST_PITCH * self.height
        )
        return distances[len(distances) // PITCH_SHARE] if distances else 0.0
