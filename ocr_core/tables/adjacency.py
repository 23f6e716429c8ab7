"""How much of a page's tables was found: F1 of the neighbourhoods of their cells.

After Göbel, Hassan, Oro and Orsi, A methodology for evaluating algorithms for table understanding
in PDF documents (DocEng 2012), as used in the ICDAR 2013 table competition: each cell that is not
empty has a neighbour to its right and one below, empty ones are passed over, and what counts is
how many of these pairs are found. A pair is found when both its cells are and they are neighbours
in the same direction. As in the competition of ICDAR 2019 (Gao and others), cells are matched by
how much their text overlaps; with an overlap of 1 that is their content.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ocr_core.tables.model import PlacedWord
from schemas import Box

Direction = Literal["right", "below"]
# Two cells as numbers in a list of cells, and how one lies to the other.
Pair = tuple[int, int, Direction]


@dataclass(frozen=True, slots=True)
class WordedCell:
    """A cell of a table and the words in it; none if it is empty."""

    row: int
    column: int
    row_span: int
    column_span: int
    words: tuple[PlacedWord, ...]

    @property
    def rows(self) -> range:
        return range(self.row, self.row + self.row_span)

    @property
    def columns(self) -> range:
        return range(self.column, self.column + self.column_span)


@dataclass(frozen=True, slots=True)
class AdjacencyCounts:
    """Pairs of neighbours that are in the truth, that were found, and that are in both."""

    truth: int
    found: int
    both: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where there is nothing to find and to have."""
        total = self.truth + self.found
        return 2 * self.both / total if total else 1.0

    def __add__(self, other: AdjacencyCounts) -> AdjacencyCounts:
        return AdjacencyCounts(
            self.truth + other.truth, self.found + other.found, self.both + other.both
        )


def count_adjacencies(
    truth: Sequence[Sequence[WordedCell]],
    found: Sequence[Sequence[WordedCell]],
    least_overlap: float,
) -> AdjacencyCounts:
    """The pairs of neighbours of all tables of a page; a table more or less counts in full.

    Args:
        least_overlap: of the text of a cell that was found and of one of the truth, 0 to 1.
    """
    wanted = [cell for table in truth for cell in table]
    had = [cell for table in found for cell in table]
    match = _matches(wanted, had, least_overlap)
    pairs = _numbered_pairs(truth)
    found_pairs = _numbered_pairs(found)
    matched = {(match.get(a), match.get(b), direction) for a, b, direction in found_pairs}
    return AdjacencyCounts(len(pairs), len(found_pairs), len(pairs & matched))


def neighbours(cells: Sequence[WordedCell]) -> set[Pair]:
    """The pairs of cells of a table, by number, that have nothing but empty ones between them.

    A cell that spans others is a neighbour of each that it touches.
    """
    filled = [number for number, cell in enumerate(cells) if cell.words]
    pairs: set[Pair] = set()
    for row in {row for number in filled for row in cells[number].rows}:
        across = [number for number in filled if row in cells[number].rows]
        across.sort(key=lambda number: cells[number].column)
        pairs |= {(a, b, "right") for a, b in pairwise(across)}
    for column in {column for number in filled for column in cells[number].columns}:
        down = [number for number in filled if column in cells[number].columns]
        down.sort(key=lambda number: cells[number].row)
        pairs |= {(a, b, "below") for a, b in pairwise(down)}
    return pairs


def _numbered_pairs(tables: Sequence[Sequence[WordedCell]]) -> set[Pair]:
    """The pairs of several tables, whose cells count on from one to the next."""
    pairs: set[Pair] = set()
    start = 0
    for cells in tables:
        pairs |= {(start + a, start + b, direction) for a, b, direction in neighbours(cells)}
        start += len(cells)
    return pairs


def _matches(
    wanted: Sequence[WordedCell], had: Sequence[WordedCell], least_overlap: float
) -> dict[int, int]:
    """For each cell that was found the one that it is, one to one, those most alike first."""
    alike = sorted(_overlaps(wanted, had, least_overlap), reverse=True)
    match: dict[int, int] = {}
    taken: set[int] = set()
    for _, number, target in alike:
        if number not in match and target not in taken:
            match[number] = target
            taken.add(target)
    return match


def _overlaps(
    wanted: Sequence[WordedCell], had: Sequence[WordedCell], least_overlap: float
) -> Iterator[tuple[float, int, int]]:
    for number, cell in enumerate(had):
        for target, other in enumerate(wanted):
            if cell.words and other.words:
                share = text_overlap(cell.words, other.words)
                if share >= least_overlap - 1e-9:
                    yield share, number, target


def text_overlap(words: Sequence[PlacedWord], others: Sequence[PlacedWord]) -> float:
    """How much of two texts stands in the same place, 0 to 1.

    This is the share of the characters of both whose words meet one of the other text. Readers
    differ in how tightly they frame a word, and in where they part words; so words meet if they
    stand on one line and share half of the narrower one's width.
    """
    met = sum(len(w.text) for w in words if any(_meet(w.box, o.box) for o in others))
    met += sum(len(o.text) for o in others if any(_meet(w.box, o.box) for w in words))
    total = sum(len(word.text) for word in [*words, *others])
    return met / total if total else 1.0


def _meet(a: Box, b: Box) -> bool:
    high = min(a.bottom, b.bottom) - max(a.top, b.top)
    wide = min(a.right, b.right) - max(a.left, b.left)
    return high >= 0.5 * min(a.height, b.height) and wide >= 0.5 * min(a.width, b.width)
