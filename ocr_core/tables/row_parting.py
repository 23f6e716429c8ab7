"""Where rows of a table meet that no ruling parts: the parting that costs least.

Cells of a row may hold one line or several, and begin, or have their middle, at one height; so
lines of one row need not stand on one baseline, nor lines of a cell next to each other. A row is a
run of chunks from top to bottom, and costs what speaks against it: numbers on top of each other,
words that would have had room on the line above, lines further apart than those of a cell, and
cells that neither begin nor are centred at one height. The cheapest runs are found by dynamic
programming, as paragraphs are broken into lines (Knuth and Plass, Breaking paragraphs into lines,
1981).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocr_core.tables.cell_lines import CellLines
from ocr_core.tables.chunks import Chunk

# Chunks whose middles lie no further apart are never parted, in lines of a cell.
ATOM = 0.5
# Distances of lines beside those of lines in a cell: at most, and of two rows that are spaced.
CLOSE = 1.17
APART = 1.25
# Beside the height of a line, the largest distance within a row.
MAX_PITCH = 1.75
# How far cells may lie from where their row has them, in lines.
MAX_SHIFT = 0.2

# What a row costs, and what speaks against one: see `_Growing`.
ROW = 0.6
TWO_NUMBERS = 2.5
NUMBER_BELOW_TEXT = 0.8
HAD_ROOM = 1.0
WRAPPED = 0.3
FAR = 1.5
ACROSS = 1.5
CUT_CLOSE = 1.0
SHIFTED = 1.0
# A run that costs so much more than its lines would as rows is not made longer.
HOPELESS = 3.0

Row = list[Chunk]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a table sets its rows.

    Attributes:
        is_spaced: whether rows stand further apart than lines of a cell.
        is_centred: whether the cells of a row have their middles at one height, and not their tops.
    """

    is_spaced: bool
    is_centred: bool


MANNERS = tuple(Manner(spaced, centred) for spaced in (False, True) for centred in (False, True))


def part_rows(
    bands: Sequence[Sequence[Chunk]], cells: CellLines, cut_cost: float = 0.0
) -> list[list[Row]]:
    """The rows of each band of a table, all set in the manner that costs least.

    Args:
        cut_cost: what it costs to part a band, if rulings part most rows already.
    """
    partings = [_Parting(band, cells, cut_cost) for band in bands]
    trials = [[parting.best(manner) for parting in partings] for manner in MANNERS]
    best = min(trials, key=lambda parted: sum(cost for cost, _ in parted))
    return [rows for _, rows in best]


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of atoms that may be a row, and what speaks against it in any manner.

    Attributes:
        end: the number of the atom behind its last.
        joined: what speaks against its lines being in one cell.
        n_wrapped: how many lines go on with a cell.
        hung, centred: how far its cells are from beginning, and from being centred, at one height.
    """

    end: int
    joined: float
    n_wrapped: int
    hung: float
    centred: float

    def cost(self, manner: Manner) -> float:
        wrapped = 0.0 if manner.is_spaced else WRAPPED * self.n_wrapped
        return ROW + self.joined + wrapped + (self.centred if manner.is_centred else self.hung)


class _Parting:
    """The ways to part one band into rows."""

    def __init__(self, chunks: Sequence[Chunk], cells: CellLines, cut_cost: float) -> None:
        self._atoms = _atoms(chunks, cells)
        self._cut_cost = cut_cost
        self._close = _close_costs(self._atoms, cells)
        self._runs = [_runs_from(start, self._atoms, cells) for start in range(len(self._atoms))]

    def best(self, manner: Manner) -> tuple[float, list[Row]]:
        """What the cheapest rows cost, and the rows."""
        n_atoms = len(self._atoms)
        costs = [0.0] + [float("inf")] * n_atoms
        starts = [0] * (n_atoms + 1)
        for start, runs in enumerate(self._runs):
            before = costs[start] + (self._cut_cost if start else 0.0)
            before += self._close[start] if manner.is_spaced else 0.0
            for run in runs:
                cost = before + run.cost(manner)
                if cost < costs[run.end]:
                    costs[run.end], starts[run.end] = cost, start
        rows: list[Row] = []
        end = n_atoms
        while end:
            rows.append([chunk for atom in self._atoms[starts[end] : end] for chunk in atom])
            end = starts[end]
        return costs[-1], rows[::-1]


def _atoms(chunks: Sequence[Chunk], cells: CellLines) -> list[Row]:
    """Chunks in groups between which a row may end, from top to bottom."""
    least = ATOM * max(cells.pitch, cells.height)
    atoms: list[Row] = []
    for chunk in sorted(chunks, key=lambda chunk: chunk.middle):
        if atoms and chunk.middle - atoms[-1][-1].middle <= least:
            atoms[-1].append(chunk)
        else:
            atoms.append([chunk])
    return atoms


def _close_costs(atoms: Sequence[Row], cells: CellLines) -> list[float]:
    """Before each atom, what it costs to part lines that are as close as those of a cell."""
    costs = []
    last: dict[int, Chunk] = {}
    for atom in atoms:
        above = [(last.get(cells.columns(chunk)[0]), chunk) for chunk in atom]
        distances = [chunk.middle - upper.middle for upper, chunk in above if upper]
        close = sum(distance <= CLOSE * cells.pitch for distance in distances)
        costs.append(CUT_CLOSE * min(close, 2))
        last.update((cells.columns(chunk)[0], chunk) for chunk in atom)
    return costs


def _runs_from(start: int, atoms: Sequence[Row], cells: CellLines) -> list[_Run]:
    """The runs that begin with an atom, up to where going on is out of the question.

    The first of a table may be its head, which may be set in another manner than the rows.
    """
    growing = _Growing(cells)
    runs = []
    for end in range(start + 1, len(atoms) + 1):
        growing.add(atoms[end - 1])
        hung, centred = growing.misalignments()
        if start == 0:
            hung = centred = min(hung, centred)
        joined = growing.joined + growing.across
        runs.append(_Run(end, joined, growing.n_wrapped, hung, centred))
        is_far = end < len(atoms) and growing.distance_to(atoms[end]) > MAX_PITCH * cells.height
        if is_far or growing.joined > HOPELESS + ROW * (end - start):
            break
    return runs


class _Growing:
    """A run to which atoms are added.

    Attributes:
        joined: what speaks against its lines being in one cell.
        n_wrapped: how many lines go on with a cell.
    """

    def __init__(self, cells: CellLines) -> None:
        self._cells = cells
        self._firsts: dict[int, Chunk] = {}
        self._lasts: dict[int, Chunk] = {}
        self._bottom = 0.0
        self._n_atoms = 0
        self._has_across = False
        self.joined = 0.0
        self.n_wrapped = 0

    def add(self, atom: Row) -> None:
        self._n_atoms += 1
        for chunk in atom:
            columns = self._cells.columns(chunk)
            self._has_across |= len(columns) > 1
            upper = self._lasts.get(columns[0])
            if upper is None:
                self._firsts[columns[0]] = chunk
            elif not self._cells.are_level(upper, chunk):
                self.joined += self._cost_of(upper, chunk)
                self.n_wrapped += 1
            self._lasts[columns[0]] = chunk
        self._bottom = atom[-1].middle

    @property
    def across(self) -> float:
        """What speaks against a text over several columns being one of several lines."""
        return ACROSS if self._has_across and self._n_atoms > 1 else 0.0

    def distance_to(self, following: Row) -> float:
        """How far below the last line another atom begins."""
        return following[0].middle - self._bottom

    def misalignments(self) -> tuple[float, float]:
        """How far cells are from beginning, and from being centred, at one height."""
        top = min(chunk.middle for chunk in self._firsts.values())
        bottom = max(chunk.middle for chunk in self._lasts.values())
        pitch = max(self._cells.pitch, self._cells.height)
        if bottom - top < ATOM * pitch:
            return 0.0, 0.0
        hung = centred = 0.0
        for column, first in self._firsts.items():
            shift = abs(first.middle + self._lasts[column].middle - top - bottom) / 2
            hung += min(1.0, max(0.0, (first.middle - top) / pitch - MAX_SHIFT))
            centred += min(1.0, max(0.0, shift / pitch - MAX_SHIFT))
        return SHIFTED * hung, SHIFTED * centred

    def _cost_of(self, upper: Chunk, lower: Chunk) -> float:
        """What speaks against two lines in one cell."""
        cells = self._cells
        cost = FAR if lower.middle - upper.middle > APART * cells.pitch else 0.0
        if cells.is_number(lower):
            return cost + (TWO_NUMBERS if upper.is_number else NUMBER_BELOW_TEXT)
        return cost + (HAD_ROOM if cells.had_room(upper, lower) else 0.0)
