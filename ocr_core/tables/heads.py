"""The head of a table whose columns show: a line above it that its columns part without rest.

What stands above amounts is often as wide as its column, so that the white between heads is less
than between the cells below, and does not tell columns by itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from ocr_core.tables.chunks import Chunk, Line, around, make_chunk, make_lines, middle
from ocr_core.tables.grid import Grid, grid_box
from ocr_core.tables.model import PlacedWord
from schemas import Box

# From the middle of the line to the table, in line heights.
MAX_DISTANCE = 1.6
# How far a word may reach out of the table, in line heights.
OUTSIDE = 1.5
# White between words of two columns, in line heights: more than between words of a sentence.
LEAST_WHITE = 0.6
# A head fills so many columns, and so much of all of them.
MIN_FILLED, FILLED = 3, 0.6


class Headed(NamedTuple):
    """A table with its head: the box around both, and the chunks of the page.

    Those of the head are parted by the columns of the table.
    """

    box: Box
    chunks: list[Chunk]


def with_head(grid: Grid, chunks: Sequence[Chunk], em: float) -> Headed | None:
    """The table with the line above it, if that is its head; else None.

    Args:
        chunks: of the page, but for those of other tables.
        em: the usual height of a line, in pixels.
    """
    box = grid_box(grid)
    above = [
        chunk
        for chunk in chunks
        if box.top - MAX_DISTANCE * em < chunk.middle < box.top
        and min(chunk.box.right, box.right) > max(chunk.box.left, box.left)
    ]
    if not above:
        return None
    line = max(make_lines(above), key=middle)
    level = grid.region.slant.straighten(line)
    columns = [[_column(grid, word.box) for word in chunk.words] for chunk in level]
    if not _fits(grid, level, list(chain(*columns)), em):
        return None
    parted = [part for chunk, own in zip(line, columns, strict=True) for part in _parts(chunk, own)]
    taken = {id(chunk) for chunk in line}
    others = [chunk for chunk in chunks if id(chunk) not in taken]
    return Headed(box.union(around(line)), [*parted, *others])


def _column(grid: Grid, box: Box) -> int:
    return bisect_right(grid.xs[1:-1], box.centre[0])


def _parts(chunk: Chunk, columns: Sequence[int]) -> Iterator[Chunk]:
    """A chunk parted where one column ends and another begins."""
    placed = zip(columns, chunk.words, strict=True)
    for _, run in groupby(placed, key=itemgetter(0)):
        yield make_chunk(chunk.piece, [word for _, word in run])


def _fits(grid: Grid, line: Line, columns: Sequence[int], em: float) -> bool:
    words = [word for chunk in line for word in chunk.words]
    rooms = _rooms(grid, em)
    if not all(
        rooms[column][0] <= word.box.left and word.box.right <= rooms[column][1]
        for word, column in zip(words, columns, strict=True)
    ):
        return False
    return len(set(columns)) >= max(MIN_FILLED, FILLED * grid.n_columns) and all(
        white >= LEAST_WHITE * em for white in _whites(words, columns)
    )


def _rooms(grid: Grid, em: float) -> list[tuple[float, float]]:
    """How far each column's head may reach: to what stands in the columns beside it."""
    lefts, rights = grid.xs[1:], grid.xs[:-1]
    for chunk in (chunk for line in grid.lines for chunk in line):
        first, last = (bisect_right(grid.xs[1:-1], x) for x in (chunk.box.left, chunk.box.right))
        if first == last:
            lefts[first] = min(lefts[first], chunk.box.left)
            rights[first] = max(rights[first], chunk.box.right)
    outer = grid.xs[0] - OUTSIDE * em, grid.xs[-1] + OUTSIDE * em
    return list(zip([outer[0], *rights[:-1]], [*lefts[1:], outer[1]], strict=True))


def _whites(words: Iterable[PlacedWord], columns: Iterable[int]) -> list[float]:
    """How much white there is where one column ends and another begins."""
    return [
        right.box.left - left.box.right
        for (left, own), (right, other) in pairwise(zip(words, columns, strict=True))
        if own != other
    ]
