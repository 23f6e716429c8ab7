"""Which lines of a table make one row: those that rulings hold together, and wrapped text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr_core.tables.chunks import Chunk, Line, middle
from ocr_core.tables.columns import columns_of

# Distances between lines, beside the least in the table: of one row, and of two rows at least.
CLOSE = 1.17
APART = 1.25
# Of lines that close to each other, how many must be wrapped text if distances are to tell rows.
MIN_WRAPPED = 0.8
# Beside the height of a line, the largest distance within a row.
MAX_PITCH = 1.75
# A band between rulings with more lines than this, that look like rows each, is several rows.
MAX_BAND_LINES = 2
# So are lines of which this share has numbers in columns of numbers.
MIN_ACCOUNTS = 0.5


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
        self._separators = separators
        self._is_ruled = is_ruled
        lines = [line for band in bands for line in band.lines]
        chunks = [chunk for line in lines for chunk in line]
        self._columns_of = {id(chunk): columns_of(chunk, separators) for chunk in chunks}
        self._height = _median([chunk.box.height for chunk in chunks])
        self._rights = self._column_rights(lines)
        self._numeric = self._numeric_columns(lines)
        self._pitch, self._is_spaced = self._spacing(lines)

    def rows(self) -> list[list[Line]]:
        """The lines of each row."""
        rows: list[list[Line]] = []
        for band in self._bands:
            if self._is_ruled and not self._holds_rows(band):
                rows.append(list(band.lines))
            elif self._is_spaced and not band.is_head:
                rows += self._split_by_distance(band)
            else:
                rows += self._split(band)
        return rows

    def _split(self, band: Band) -> list[list[Line]]:
        """The rows of a band, told by wrapped text and by distances."""
        rows = [[band.lines[0]]]
        for line in band.lines[1:]:
            if self._continues(rows[-1], line, band.is_head):
                rows[-1].append(line)
            else:
                rows.append([line])
        return rows

    def _split_by_distance(self, band: Band) -> list[list[Line]]:
        """The rows of a band that stand apart by more than the lines within them do."""
        rows = [[band.lines[0]]]
        for upper, line in pairwise(band.lines):
            if middle(line) - middle(upper) > CLOSE * self._pitch:
                rows.append([])
            rows[-1].append(line)
        return rows

    def _spacing(self, lines: Sequence[Line]) -> tuple[float, bool]:
        """The distance of lines in a cell, and whether rows stand further apart than that.

        They do if there are such gaps, and if lines that are close are mostly wrapped text: where
        rows stand close, too, a wider gap only sets groups of rows apart.
        """
        columns: dict[int, list[Chunk]] = {}
        for line in lines:
            for chunk in line:
                if len(self._columns(chunk)) == 1:
                    columns.setdefault(self._columns(chunk)[0], []).append(chunk)
        pairs = [pair for own in columns.values() for pair in pairwise(own)]
        distances = sorted(b.middle - a.middle for a, b in pairs)
        distances = [gap for gap in distances if gap > 0.6 * self._height]
        if not distances:
            return 0.0, False
        pitch = distances[len(distances) // 20]
        close = [(a, b) for a, b in pairs if b.middle - a.middle <= CLOSE * pitch]
        wrapped = sum(self._may_be_wrapped([[a]], [b]) for a, b in close)
        apart = sum(middle(b) - middle(a) >= APART * pitch for a, b in pairwise(lines))
        is_low = pitch <= MAX_PITCH * self._height
        return pitch, is_low and apart >= 2 and wrapped >= MIN_WRAPPED * len(close)

    def _continues(self, row: list[Line], line: Line, is_head: bool) -> bool:
        """Whether a line goes on with the row above it."""
        gap = middle(line) - middle(row[-1])
        if gap > MAX_PITCH * self._height:
            return False
        above = {c for chunk in row[-1] for c in self._columns(chunk)}
        every = {c for upper in row for chunk in upper for c in self._columns(chunk)}
        own = {c for chunk in line for c in self._columns(chunk)}
        if is_head:
            both = [*row[-1], *line]
            return all(len(self._columns(chunk)) == 1 for chunk in both)
        if gap > CLOSE * self._pitch or not self._may_be_wrapped(row, line):
            return False
        return own < every and bool(own & above)

    def _may_be_wrapped(self, row: list[Line], line: Line) -> bool:
        """Whether no word that begins a cell's next line would have had room on the one above."""
        for chunk in line:
            columns = self._columns(chunk)
            if len(columns) > 1:
                return False
            column = columns[0]
            if column in self._numeric and chunk.is_number:
                return False
            over = [c for upper in row[-1:] for c in upper if column in self._columns(c)]
            if not over:
                continue
            end = max(c.box.right for c in over)
            space = 0.2 * chunk.box.height
            if end + space + chunk.words[0].box.width <= self._rights[column]:
                return False
        return True

    def _holds_rows(self, band: Band) -> bool:
        """Whether the lines of a band are rows of their own though no rulings part them."""
        if len(band.lines) < 2 or band.is_head:
            return False
        if self._are_accounts(band.lines):
            return True
        if len(band.lines) <= MAX_BAND_LINES:
            return False
        n_columns = len(self._separators) + 1
        full = 0
        for line in band.lines:
            own = {c for chunk in line for c in self._columns(chunk)}
            full += 0 in own and len(own) >= max(2, 0.5 * n_columns)
        wrapped = sum(self._may_be_wrapped([a], b) for a, b in pairwise(band.lines))
        return full >= 0.6 * len(band.lines) and wrapped <= 0.4 * (len(band.lines) - 1)

    def _are_accounts(self, lines: Sequence[Line]) -> bool:
        """Whether most lines have a number where numbers stand: these are not wrapped.

        Of two lines it has to be the same column.
        """
        own = [{self._columns(c)[0] for c in line if c.is_number} & self._numeric for line in lines]
        if len(lines) == 2:
            return bool(own[0] & own[1])
        return sum(map(bool, own)) >= MIN_ACCOUNTS * len(lines)

    def _columns(self, chunk: Chunk) -> range:
        return self._columns_of[id(chunk)]

    def _column_rights(self, lines: Sequence[Line]) -> dict[int, float]:
        """How far the text of each column reaches."""
        rights: dict[int, float] = {}
        for line in lines:
            for chunk in line:
                columns = self._columns(chunk)
                if len(columns) == 1:
                    rights[columns[0]] = max(rights.get(columns[0], 0.0), chunk.box.right)
        return rights

    def _numeric_columns(self, lines: Sequence[Line]) -> set[int]:
        """Columns of which half or more is numbers."""
        counts: dict[int, list[bool]] = {}
        for line in lines:
            for chunk in line:
                counts.setdefault(self._columns(chunk)[0], []).append(chunk.is_number)
        return {column for column, are in counts.items() if 2 * sum(are) >= len(are)}


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 1.0
