"""Tables column by column, so that none reaches over the gutter between two columns of text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from ocr_core.gutters import Gutter
from ocr_core.tables.model import Piece, Table
from schemas import Box, Ruling

TableFinder = Callable[[Sequence[Piece], Sequence[Ruling]], list[Table]]

# Rulings that run across a gutter: one may stand between articles, more are of a table whose cells
# hold so much text that they look like columns.
MAX_CROSSING = 1
# For each piece of a table, how many that are not in it may stand within it.
MAX_STRANGE = 0.1


def find_in_columns(
    find_tables: TableFinder,
    pieces: Sequence[Piece],
    rulings: Sequence[Ruling],
    gutters: Sequence[Gutter],
) -> list[Table]:
    """The tables of a level page, each within one column."""
    parting = [gutter for gutter in gutters if _crossings(gutter, rulings) <= MAX_CROSSING]
    columns: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for number, piece in enumerate(pieces):
        columns[_side(piece.box, parting)].append(number)
    tables: list[Table] = []
    for side, numbers in columns.items():
        own = [ruling for ruling in rulings if _agree(side, _side(_box(ruling), parting))]
        found = find_tables([pieces[number] for number in numbers], own)
        tables += [_numbered(table, numbers) for table in found]
    return [table for table in tables if _is_whole(table, pieces)]


def _numbered(table: Table, numbers: Sequence[int]) -> Table:
    """A table with the numbers that its pieces have on the page."""
    return replace(table, pieces=tuple(numbers[piece] for piece in table.pieces))


def _is_whole(table: Table, pieces: Sequence[Piece]) -> bool:
    """Whether hardly anything stands within a table that is not in it.

    A gutter that ends half way down a receipt leaves its upper and its lower half for a table.
    """
    box, own = table.box, set(table.pieces)
    strange = 0
    for number, piece in enumerate(pieces):
        x, y = piece.box.centre
        is_inside = box.left < x < box.right and box.top < y < box.bottom
        strange += is_inside and number not in own
    return strange <= MAX_STRANGE * len(own)


def _crossings(gutter: Gutter, rulings: Sequence[Ruling]) -> int:
    """How many level rulings run across a gutter between its ends."""
    return sum(
        ruling.is_level
        and ruling.start[0] < gutter.x - gutter.slack
        and ruling.end[0] > gutter.x + gutter.slack
        and gutter.top < (ruling.start[1] + ruling.end[1]) / 2 < gutter.bottom
        for ruling in rulings
    )


def _side(box: Box, gutters: Sequence[Gutter]) -> tuple[int, ...]:
    """For each gutter -1 on its left, 1 on its right, and 0 beyond its ends or across it."""
    x, y = box.centre
    sides = []
    for gutter in gutters:
        is_across = box.left + gutter.slack < gutter.x < box.right - gutter.slack
        is_beside = gutter.top <= y <= gutter.bottom and not is_across
        sides.append((1 if x > gutter.x else -1) if is_beside else 0)
    return tuple(sides)


def _agree(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    """Whether no gutter has the two on different sides."""
    return all(a * b >= 0 for a, b in zip(first, second, strict=True))


def _box(ruling: Ruling) -> Box:
    (x0, y0), (x1, y1) = ruling.start, ruling.end
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
