"""A region of a page to the cells of a table: columns, rows, and what spans several of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from ocr_core.tables.chunks import Chunk, Line, make_lines, middle, split_at
from ocr_core.tables.columns import columns_of, find_separators
from ocr_core.tables.row_parting import Row
from ocr_core.tables.rows import Band, RowFinder
from ocr_core.tables.slant import STRAIGHT, Slant
from ocr_core.tables.tracks import Track, Tracks
from schemas import Box, Cell

# A level track that covers this share of a table's width parts its rows all across; a track that
# covers this share of the edge between two cells parts them.
ACROSS = 0.6
PARTS = 0.5
# A ruling covers an edge in part between this share of it and all but this share; if so many edges
# are covered in part, rulings are broken.
BROKEN = 0.15
MAX_BROKEN = 0.2
# Where one band between rulings has more of a table's lines, its rows are not what is ruled.
MAX_BAND_SHARE = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A part of a page that may be a table, with level rows and upright columns.

    Attributes:
        tracks: the rulings in it.
        em: the usual height of a line, in pixels.
        slant: how it lies on the page, from which it was straightened.
    """

    box: Box
    chunks: list[Chunk]
    tracks: Tracks
    em: float
    slant: Slant = STRAIGHT


@dataclass(slots=True, eq=False)
class GridCell:
    """A cell in the making: what it covers, and the chunks in it."""

    rows: tuple[int, int]
    columns: tuple[int, int]
    chunks: list[Chunk] = field(default_factory=list)

    @property
    def is_single(self) -> bool:
        return self.rows[0] == self.rows[1] and self.columns[0] == self.columns[1]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Rows, columns and cells of a region.

    Attributes:
        xs, ys: the edges of columns and rows, the outer ones among them.
        cells: by row and column, the empty ones among them.
        inner: the tracks strictly inside.
        is_ruled: whether rulings part its rows and its columns.
    """

    region: Region
    xs: list[float]
    ys: list[float]
    cells: list[GridCell]
    lines: list[Line]
    inner: Tracks
    is_ruled: bool

    @property
    def n_rows(self) -> int:
        return len(self.ys) - 1

    @property
    def n_columns(self) -> int:
        return len(self.xs) - 1

    def to_cells(self) -> tuple[Cell, ...]:
        return tuple(self._cell(cell) for cell in self.cells)

    def _cell(self, cell: GridCell) -> Cell:
        (top, bottom), (left, right) = cell.rows, cell.columns
        box = Box(self.xs[left], self.ys[top], self.xs[right + 1], self.ys[bottom + 1])
        box = self.region.slant.put_back(box)
        return Cell(top, left, bottom - top + 1, right - left + 1, box, cell_text(cell.chunks))


def cell_text(chunks: Sequence[Chunk]) -> str:
    """The text of a cell: its lines from top to bottom, joined by spaces."""
    return " ".join(chunk.text for line in make_lines(chunks) for chunk in line)


def make_grid(region: Region) -> Grid:
    """The rows, columns and cells of a region."""
    em, box = region.em, region.box
    uprights = [
        t for t in region.tracks.uprights if box.left + 0.5 * em < t.at < box.right - 0.5 * em
    ]
    levels = [t for t in region.tracks.levels if box.top + 0.5 * em < t.at < box.bottom - 0.5 * em]
    uprights = [t for t in uprights if t.length >= em]
    levels = [t for t in levels if t.length >= em]
    lines = make_lines(region.chunks)
    separators = find_separators(lines, box, [t.at for t in uprights], em)
    chunks = [part for chunk in region.chunks for part in split_at(chunk, separators)]
    lines = make_lines(chunks)
    across = [t for t in levels if t.covered(box.left, box.right) >= ACROSS]
    is_ruled = _is_ruled(lines, across)
    bands = _bands(lines, [t.at for t in levels], is_head=bool(across))
    rows = RowFinder(bands, separators, is_ruled).rows()
    ys = _edges(rows, [t.at for t in levels], box)
    inner = Tracks(tuple(levels), tuple(uprights))
    grid = Grid(region, [box.left, *separators, box.right], ys, [], lines, inner, is_ruled)
    grid.cells.extend(_Merging(grid).cells())
    return grid


def _is_ruled(lines: Sequence[Line], across: Sequence[Track]) -> bool:
    """Whether rulings part the rows of a table: there are several, and none holds most lines."""
    bands = [band.lines for band in _bands(lines, [track.at for track in across], is_head=False)]
    return len(bands) >= 3 and max(map(len, bands)) <= MAX_BAND_SHARE * len(lines)


def _bands(lines: Sequence[Line], levels: Sequence[float], is_head: bool) -> list[Band]:
    """Lines between levels; empty bands are left out."""
    groups: dict[int, list[Line]] = {}
    for line in lines:
        groups.setdefault(bisect_left(levels, middle(line)), []).append(line)
    numbers = sorted(groups)
    heads = is_head and len(numbers) > 1 and len(groups[numbers[0]]) <= 4
    return [Band(groups[n], heads and n == numbers[0]) for n in numbers]


def _edges(rows: Sequence[Row], levels: Sequence[float], box: Box) -> list[float]:
    """Where rows begin and end: at a ruling between them, else half way."""
    ys = [box.top]
    for upper, lower in pairwise(rows):
        bottom = max(chunk.box.bottom for chunk in upper)
        top = min(chunk.box.top for chunk in lower)
        low, high = max(c.middle for c in upper), min(c.middle for c in lower)
        ruled = [y for y in levels if low <= y <= high]
        ys.append(ruled[-1] if ruled else (bottom + top) / 2)
    # Where rows overlap, half way between two may lie above the row before.
    return list(accumulate([*ys, box.bottom], max))


class _Merging:
    """Makes the cells of a grid: joins places that no ruling parts, or that text runs across."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._places: dict[tuple[int, int], list[Chunk]] = {
            (row, column): [] for row in range(grid.n_rows) for column in range(grid.n_columns)
        }
        self._owner = {place: place for place in self._places}

    def cells(self) -> list[GridCell]:
        """By row and column."""
        for chunk in sorted(
            (chunk for line in self._grid.lines for chunk in line),
            key=lambda chunk: (chunk.middle, chunk.box.left),
        ):
            self._lay(chunk)
        if self._grid.is_ruled:
            self._join_unruled()
        self._join_headings()
        return self._rectangles()

    def _lay(self, chunk: Chunk) -> None:
        """Puts a chunk into its place, and joins the places that it runs across."""
        grid = self._grid
        columns = columns_of(chunk, grid.xs[1:-1])
        columns = self._held_apart(chunk, columns)
        row = bisect_left(grid.ys[1:-1], chunk.middle)
        beside = [other for other in (row - 1, row + 1) if 0 <= other < grid.n_rows]
        rows = [row, *(o for o in beside if self._reaches(chunk, min(row, o), columns))]
        places = [(r, c) for r in sorted(rows) for c in columns]
        self._places[places[0]].append(chunk)
        self._join(places)

    def _held_apart(self, chunk: Chunk, columns: range) -> range:
        """The columns of a chunk, up to a ruling that parts it from the rest."""
        middle = columns_of_middle(chunk, self._grid.xs)
        first, last = middle, middle
        while first > columns[0] and not self._upright_between(chunk, first):
            first -= 1
        while last < columns[-1] and not self._upright_between(chunk, last + 1):
            last += 1
        return range(first, last + 1)

    def _upright_between(self, chunk: Chunk, edge: int) -> bool:
        x = self._grid.xs[edge]
        return any(t.at == x and t.covers(chunk.middle) for t in self._grid.inner.uprights)

    def _reaches(self, chunk: Chunk, upper: int, columns: range) -> bool:
        """Whether a chunk stands astride the edge between two rows, where nothing is ruled."""
        grid = self._grid
        y = grid.ys[upper + 1]
        if abs(chunk.middle - y) > 0.3 * chunk.box.height:
            return False
        left, right = grid.xs[columns[0]], grid.xs[columns[-1] + 1]
        ruled = [t for t in grid.inner.levels if abs(t.at - y) < 1]
        return not any(t.covered(left, right) > 0.3 for t in ruled)

    def _join_unruled(self) -> None:
        """Joins neighbours with no ruling between, where another row or column has one there.

        Where rulings were found in pieces only, one that is not there may have been missed.
        """
        grid = self._grid
        columns, rows = list(pairwise(grid.xs)), list(pairwise(grid.ys))
        for track in grid.inner.uprights if _are_whole(grid.inner.uprights, rows) else ():
            if track.at in grid.xs[1:-1]:
                left = grid.xs.index(track.at) - 1
                for row, (top, bottom) in enumerate(rows):
                    if track.covered(top, bottom) < PARTS:
                        self._join_if_one((row, left), (row, left + 1))
        for track in grid.inner.levels if _are_whole(grid.inner.levels, columns) else ():
            if track.at in grid.ys[1:-1]:
                upper = grid.ys.index(track.at) - 1
                for column, (left_x, right_x) in enumerate(columns):
                    if track.covered(left_x, right_x) < PARTS:
                        self._join_if_one((upper, column), (upper + 1, column))

    def _join_headings(self) -> None:
        """Joins all places of a row with text in the first alone, which heads the rows below it.

        Others call it a projected row header (Smock and others, PubTables-1M, CVPR 2022).
        """
        grid = self._grid
        for row in range(1, grid.n_rows - 1):
            places = [(row, column) for column in range(grid.n_columns)]
            filled = [place for place in places if self._places[place]]
            is_parted = any(
                track.covered(grid.ys[row], grid.ys[row + 1]) >= PARTS
                for track in grid.inner.uprights
            )
            is_alone = all(self._root(place)[0] == row for place in places)
            if filled == places[:1] and grid.n_columns > 2 and not is_parted and is_alone:
                self._join(places)

    def _join_if_one(self, place: tuple[int, int], other: tuple[int, int]) -> None:
        """Joins two places unless both have text side by side, or the lower one has a number."""
        are_full = self._text(place) and self._text(other)
        has_number = any(chunk.is_number for chunk in self._places[other])
        if not (are_full and (place[0] == other[0] or has_number)):
            self._join([place, other])

    def _text(self, place: tuple[int, int]) -> bool:
        root = self._root(place)
        return any(c for p, c in self._places.items() if self._root(p) == root)

    def _root(self, place: tuple[int, int]) -> tuple[int, int]:
        while self._owner[place] != place:
            place = self._owner[place]
        return place

    def _join(self, places: Iterable[tuple[int, int]]) -> None:
        first, *rest = places
        for place in rest:
            self._owner[self._root(place)] = self._root(first)

    def _rectangles(self) -> list[GridCell]:
        """The joined places as rectangles; what is none falls apart into its rows."""
        groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for place in self._places:
            groups.setdefault(self._root(place), []).append(place)
        cells = []
        for members in groups.values():
            rows = sorted({row for row, _ in members})
            columns = sorted({column for _, column in members})
            if len(rows) * len(columns) == len(members):
                cells.append(self._cell((rows[0], rows[-1]), (columns[0], columns[-1])))
                continue
            for row in rows:
                cells += self._runs(row, sorted(c for r, c in members if r == row))
        return sorted(cells, key=lambda cell: (cell.rows[0], cell.columns[0]))

    def _runs(self, row: int, columns: list[int]) -> list[GridCell]:
        """Cells of one row: neighbours stay together."""
        runs = [[columns[0], columns[0]]]
        for column in columns[1:]:
            if column == runs[-1][1] + 1:
                runs[-1][1] = column
            else:
                runs.append([column, column])
        return [self._cell((row, row), (first, last)) for first, last in runs]

    def _cell(self, rows: tuple[int, int], columns: tuple[int, int]) -> GridCell:
        chunks = [
            chunk
            for row in range(rows[0], rows[1] + 1)
            for column in range(columns[0], columns[1] + 1)
            for chunk in self._places[row, column]
        ]
        return GridCell(rows, columns, chunks)


def _are_whole(tracks: Sequence[Track], spans: Sequence[tuple[float, float]]) -> bool:
    """Whether rulings run along edges of cells from end to end, or not at all."""
    shares = [track.covered(start, end) for track in tracks for start, end in spans]
    partly = sum(BROKEN < share < 1 - BROKEN for share in shares)
    return partly <= MAX_BROKEN * len(shares)


def columns_of_middle(chunk: Chunk, xs: Sequence[float]) -> int:
    """The column in which the middle of a chunk lies."""
    x = (chunk.box.left + chunk.box.right) / 2
    return bisect_left(xs[1:-1], x)


def grid_box(grid: Grid) -> Box:
    """The box around the cells of a grid on the page."""
    return grid.region.slant.box_around(Box(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1]))
