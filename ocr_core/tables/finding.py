"""The tables of a level page: ruled ones, half-ruled ones, and those of aligned words alone.

Rulings and aligned gaps each propose regions; a region becomes rows, columns and cells, told by
rulings where there are any and by white space where there are none; and what then does not look
like a table is none. Columns come from words, since a piece may run through several cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ocr_core.tables.bare_regions import find_bare_regions, without_prose
from ocr_core.tables.cell_lines import LEVEL, CellLines
from ocr_core.tables.checks import is_table
from ocr_core.tables.chunks import Chunk, make_chunks, make_lines
from ocr_core.tables.grid import Grid, GridCell, Region, grid_box, make_grid
from ocr_core.tables.heads import with_head
from ocr_core.tables.model import Piece, Table
from ocr_core.tables.ruled_regions import find_ruled_regions
from ocr_core.tables.slant import find_slant
from ocr_core.tables.tracks import Tracks, make_tracks
from schemas import Box, Ruling

# How near to a table without upright rulings text may stand beside it, in heights of a line, and
# how much of it, for each row: where there is more, the rows go on there.
NEAR = 4.0
MAX_BESIDE = 0.25


def find_tables(pieces: Sequence[Piece], rulings: Sequence[Ruling]) -> list[Table]:
    """The tables of a page that has been turned so that its lines run level, from top to bottom.

    What stands in one table is in no other.
    """
    heights = sorted(piece.box.height for piece in pieces if piece.words)
    if not heights:
        return []
    em = heights[len(heights) // 2]
    tracks = make_tracks(rulings, pieces, em)
    chunks = make_chunks(pieces, tracks.uprights)
    ruled = find_ruled_regions(tracks, chunks, em)
    bare = find_bare_regions(make_lines(without_prose(chunks, em)), em)
    grids: list[Grid] = []
    for box in [*(_extended(box, bare, em) for box in ruled), *bare]:
        grid = _grid(box, chunks, tracks, em)
        if grid and not grid.inner.uprights and (headed := with_head(grid, chunks, em)):
            taller = _grid(headed.box, headed.chunks, tracks, em)
            if taller and taller.n_columns == grid.n_columns:
                grid, chunks = taller, headed.chunks
        if grid and is_table(grid) and not _is_torn_out(grid, chunks, em):
            grids.append(grid)
            chunks = [chunk for chunk in chunks if not _holds(grid_box(grid), chunk)]
    grids.sort(key=lambda grid: grid.ys[0])
    return [_table(grid) for grid in grids]


def _is_torn_out(grid: Grid, chunks: Sequence[Chunk], em: float) -> bool:
    """Whether this is but some columns of rows that go on beside it, as amounts on a receipt."""
    if grid.inner.uprights:
        return False
    box = grid_box(grid)
    near = Box(box.left - NEAR * em, box.top, box.right + NEAR * em, box.bottom)
    beside = [chunk for chunk in chunks if not _holds(box, chunk) and chunk.box.overlap(near) > 0]
    level = [chunk for chunk in beside if box.top < chunk.middle < box.bottom]
    return len(level) > MAX_BESIDE * grid.n_rows


def _extended(box: Box, bare: Sequence[Box], em: float) -> Box:
    """A ruled region with the lines beyond its last ruling that go on below each other."""
    for other in bare:
        width = min(box.right, other.right) - max(box.left, other.left)
        is_within = other.left >= box.left - 1.5 * em and other.right <= box.right + 1.5 * em
        if is_within and width > 0.6 * box.width and box.overlap(other) > 0:
            box = box.union(other)
    return box


def _grid(box: Box, chunks: Sequence[Chunk], tracks: Tracks, em: float) -> Grid | None:
    box = Box.around([box, *(chunk.box for chunk in chunks if _reaches_into(chunk, box, em))])
    inside = [chunk for chunk in chunks if _holds(box, chunk)]
    if len(inside) < 4:
        return None
    around = Box.around([box, *(chunk.box for chunk in inside)])
    slant = find_slant(inside, around, em)
    inside = slant.straighten(inside)
    own = slant.straighten_tracks(tracks.within(around, 0.5 * em))
    around = Box.around([around, *(chunk.box for chunk in inside)])
    return make_grid(Region(around, inside, own, em, slant))


def _reaches_into(chunk: Chunk, box: Box, em: float) -> bool:
    """Whether a chunk of a row stands across a side of a region, whose rulings ended early."""
    across = min(chunk.box.right, box.right) - max(chunk.box.left, box.left)
    is_low = chunk.box.width < 0.5 * box.width
    return is_low and across > 0.5 * em and box.top + em < chunk.middle < box.bottom - em


def _holds(box: Box, chunk: Chunk) -> bool:
    x = (chunk.box.left + chunk.box.right) / 2
    return box.left <= x <= box.right and box.top <= chunk.middle <= box.bottom


def _table(grid: Grid) -> Table:
    pieces: dict[int, None] = {}
    for cells in _readings(grid):
        for line in make_lines(cells):
            pieces.update((chunk.piece, None) for chunk in line)
    return Table(grid_box(grid), tuple(pieces), grid.to_cells())


def _readings(grid: Grid) -> Iterator[list[Chunk]]:
    """Chunks that are read line by line: those of a cell, or of a row without wrapped text.

    On a receipt lines that belong together may be taken for a row, and are still read across.
    """
    rows: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.rows[0], []).append(cell)
    chunks = [chunk for line in grid.lines for chunk in line]
    lines = None if grid.inner.uprights else CellLines(chunks, grid.xs[1:-1])
    for cells in rows.values():
        own = [chunk for cell in cells for chunk in cell.chunks]
        if lines and _is_read_across(cells, own, lines):
            yield own
        else:
            yield from (cell.chunks for cell in cells)


def _is_read_across(cells: Sequence[GridCell], own: Sequence[Chunk], lines: CellLines) -> bool:
    """Whether a row has several lines, and none of its cells is a text that had no room on one."""
    middles = [chunk.middle for chunk in own]
    if len(own) < 2 or max(middles) - min(middles) < LEVEL * lines.height:
        return False
    return not any(_is_wrapped(cell, lines) for cell in cells)


def _is_wrapped(cell: GridCell, lines: CellLines) -> bool:
    """Whether most lines of a cell go on with a text that had no room on the one above."""
    pairs = [pair for pair in pairwise(cell.chunks) if not lines.are_level(*pair)]
    full = sum(not lines.is_number(low) and not lines.had_room(up, low) for up, low in pairs)
    return full > 0.5 * len(pairs)
