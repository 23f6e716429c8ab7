"""Lines to blocks, in the order in which they are read."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ocr_core import drop_caps, footnotes, hyphens, line_numbers, reading_order
from ocr_core.block_kinds import kinds_of
from ocr_core.figure_places import Placed, find_place, without_tables
from ocr_core.gutters import Boxes, Gutter, Pieces, find_gutters
from ocr_core.level import Frame, reading_angle, turn_of
from ocr_core.paragraphs import Paragraph, Row, may_go_on, split_stretch, usual_distance
from ocr_core.sheet import Part, Sheet
from ocr_core.table_search import TableFinder, find_in_columns
from ocr_core.tables.finding import find_tables
from ocr_core.tables.model import Piece, PlacedWord, Table
from schemas import Block, Box, Line, Page, Quad
from schemas.document import BlockKind

# Kinds whose text runs on from line to line.
FLOWING = frozenset({"paragraph", "heading", "list", "caption", "footnote"})

_NUMBER = re.compile(r"\d{1,4}")


def lay_out_page(page: Page, find_tables: TableFinder = find_tables) -> Page:
    """The page with its lines in reading order and in blocks.

    A table is one block, and read as a whole. What stands across the page's direction, such as the
    label of a chart's axis, comes last.
    """
    if not page.lines:
        figures = [_figure(number, box) for number, box in enumerate(page.figures)]
        return replace(page, lines=(), blocks=tuple(figures))
    frame = Frame(reading_angle(page.lines))
    turns = [turn_of(line, frame.angle_deg) for line in page.lines]
    level = [line for line, turn in zip(page.lines, turns, strict=True) if turn <= 45]
    across = [line for line, turn in zip(page.lines, turns, strict=True) if turn > 45]
    lines = [*level, *across]
    boxes = frame.level([line.quad for line in lines])
    groups = _groups(page, frame, level, boxes[: len(level)], find_tables)
    for number in range(len(level), len(lines)):
        row = _row(lines, boxes, [number], {})
        groups.append(_Group("text", [Paragraph((row,), flows=False)]))
    placed = [Placed(_group_box(group, boxes), group.kind) for group in groups]
    known = hyphens.words_of(line.text for line in lines)
    blocks, ordered = [], []
    for block_id, item in enumerate(_with_figures(page, frame, placed)):
        if isinstance(item, Box):
            blocks.append(_figure(block_id, item))
            continue
        group = groups[item]
        blocks.append(_block(block_id, group, placed[item].box, frame, known))
        for part in group.parts:
            ordered += [replace(lines[member], block_id=block_id) for member in _members(part)]
    skew = math.remainder(frame.angle_deg, 90) + 0.0  # no negative zero
    return replace(page, lines=tuple(ordered), blocks=tuple(blocks), skew_deg=skew)


def _with_figures(page: Page, frame: Frame, blocks: Sequence[Placed]) -> list[int | Box]:
    """The numbers of blocks in reading order, and among them the figures of the page as drawn."""
    order: list[list[int | Box]] = [[number] for number in range(len(blocks))]
    order.append([])
    level = [Box(*frame.level([Quad.from_box(box)])[0].tolist()) for box in page.figures]
    kept = without_tables(level, blocks)
    figures = [(box, drawn) for box, drawn in zip(level, page.figures, strict=True) if box in kept]
    for box, drawn in sorted(figures, key=lambda figure: -figure[0].top):
        order[find_place(box, blocks)].insert(0, drawn)
    return [item for items in order for item in items]


def _figure(block_id: int, box: Box) -> Block:
    return Block(block_id, "figure", Quad.from_box(box), "")


@dataclass(frozen=True, slots=True)
class _Group:
    """Parts of a page that make up a block: items of a list, or else a single one."""

    kind: BlockKind
    parts: list[Part]


def _groups(
    page: Page, frame: Frame, lines: Sequence[Line], boxes: Boxes, find_tables: TableFinder
) -> list[_Group]:
    """The blocks of level lines in reading order, whose members are numbers of lines."""
    rulings = [frame.level_ruling(ruling) for ruling in page.rulings]
    tables = find_in_columns(
        find_tables,
        [_piece(line, box, frame) for line, box in zip(lines, boxes.tolist(), strict=True)],
        rulings,
        find_gutters(_pieces(lines, boxes, [])),
    )
    parts = _parts(lines, boxes, tables)
    (sheet,) = frame.level([Quad.from_box(Box(0, 0, page.width_px, page.height_px))]).tolist()
    return _grouped(parts, kinds_of(parts, Sheet.of(Box(*sheet), parts), rulings))


def _piece(line: Line, box: Sequence[float], frame: Frame) -> Piece:
    placed = frame.level_words(line.words, line.quad.height)
    words = zip(placed, line.words, strict=True)
    return Piece(Box(*box), tuple(PlacedWord(place, word.text) for place, word in words))


def _parts(lines: Sequence[Line], boxes: Boxes, tables: Sequence[Table]) -> list[Part]:
    """Tables and paragraphs in reading order, whose members are numbers of lines."""
    in_tables = {number for table in tables for number in table.pieces}
    free = [number for number in range(len(lines)) if number not in in_tables]
    lines = [lines[number] for number in free]
    caps = drop_caps.find_drop_caps(boxes[free], [line.text for line in lines])
    settled = boxes[free]
    for cap, first in caps.items():
        settled[cap, 1::2] = settled[first, 1::2]
    pieces = _pieces(lines, settled, tables)
    gutters = find_gutters(pieces) + line_numbers.find_number_gutters(pieces)
    rows: list[Row | Table] = []
    for members in reading_order.make_rows(pieces, gutters):
        if members[0] >= len(free):
            rows.append(tables[members[0] - len(free)])
        else:
            row = _row(lines, settled, members, caps)
            rows.append(replace(row, members=tuple(free[member] for member in members)))
    around = np.array([_edges(row.box) for row in rows]).reshape(-1, 4)
    ordered = [rows[index] for index in reading_order.order_rows(around, gutters)]
    return _split(ordered, gutters)


def _pieces(lines: Sequence[Line], boxes: Boxes, tables: Sequence[Table]) -> Pieces:
    """What decides on the order: lines, and after them tables."""
    count = len(tables)
    numbers = [int(line.text) if _NUMBER.fullmatch(line.text) else -1 for line in lines]
    around = np.array([_edges(table.box) for table in tables]).reshape(-1, 4)
    return Pieces(
        np.concatenate([boxes, around]),
        np.array([len(line.words) for line in lines] + [0] * count, dtype=np.int64),
        np.array([line.text[:1].isalpha() for line in lines] + [False] * count, dtype=np.bool_),
        np.array([line.text.endswith(":") for line in lines] + [False] * count, dtype=np.bool_),
        np.array(numbers + [-1] * count, dtype=np.int64),
        np.array([False] * len(lines) + [True] * count, dtype=np.bool_),
    )


def _row(lines: Sequence[Line], boxes: Boxes, members: Sequence[int], caps: dict[int, int]) -> Row:
    own = boxes[list(members)].tolist()
    text = ""
    for before, member in pairwise([-1, *members]):
        goes_on = caps.get(before) == member and drop_caps.goes_on(text, lines[member].text)
        text += lines[member].text if goes_on or not text else f" {lines[member].text}"
    return Row(
        tuple(members),
        _around(boxes, members),
        statistics.median(bottom - top for _, top, _, bottom in own),
        text,
        max((right[0] - left[2] for left, right in pairwise(own)), default=0.0),
    )


def _split(rows: Sequence[Row | Table], gutters: Sequence[Gutter]) -> list[Part]:
    """Rows and tables in reading order, the rows as paragraphs."""
    usual = usual_distance([row for row in rows if isinstance(row, Row)])
    parts: list[Part] = []
    stretch: list[Row] = []
    for row in rows:
        goes_on = (
            isinstance(row, Row)
            and bool(stretch)
            and may_go_on(stretch[-1], row, usual)
            and not any(
                gutter.parts(_edges(stretch[-1].box), _edges(row.box)) for gutter in gutters
            )
        )
        if stretch and not goes_on:
            parts += split_stretch(stretch)
            stretch = []
        if isinstance(row, Row):
            stretch.append(row)
        else:
            parts.append(row)
    return parts + (split_stretch(stretch) if stretch else [])


def _grouped(parts: Sequence[Part], kinds: Sequence[BlockKind]) -> list[_Group]:
    """Items of a list that follow each other are one block."""
    groups: list[_Group] = []
    for part, kind in zip(parts, kinds, strict=True):
        last = groups[-1] if groups else None
        if last and kind == last.kind == "list" and _is_below(last.parts[-1].box, part.box):
            last.parts.append(part)
        else:
            groups.append(_Group(kind, [part]))
    return groups


def _is_below(above: Box, below: Box) -> bool:
    overlap = min(above.right, below.right) - max(above.left, below.left)
    return below.top > above.top and overlap > 0


def _members(part: Part) -> Sequence[int]:
    """The numbers of the lines of a part, in reading order."""
    if isinstance(part, Table):
        return part.pieces
    return [member for row in part.rows for member in row.members]


def _group_box(group: _Group, boxes: Boxes) -> Box:
    """Around all lines and cells of a block."""
    tables = [part.box for part in group.parts if isinstance(part, Table)]
    members = [member for part in group.parts for member in _members(part)]
    return Box.around([_around(boxes, members), *tables]) if members else Box.around(tables)


def _block(block_id: int, group: _Group, box: Box, frame: Frame, known: frozenset[str]) -> Block:
    texts, cells = [], []
    for part in group.parts:
        if isinstance(part, Table):
            cells += [replace(cell, box=frame.quad(cell.box).box) for cell in part.cells]
            texts.append(_table_text(part))
        else:
            rows = [row.text for row in part.rows]
            runs = footnotes.split_notes(rows) if group.kind == "footnote" else [rows]
            flows = group.kind in FLOWING
            texts += [hyphens.join_lines(run, known) if flows else "\n".join(run) for run in runs]
    return Block(block_id, group.kind, frame.quad(box), "\n".join(texts), tuple(cells))


def _table_text(table: Table) -> str:
    """A line for each row of a table, its cells with a tab between."""
    texts = {(cell.row, cell.column): " ".join(cell.text.split()) for cell in table.cells}
    rows = 1 + max((row for row, _ in texts), default=-1)
    columns = 1 + max((column for _, column in texts), default=-1)
    lines = ("\t".join(texts.get((r, c), "") for c in range(columns)) for r in range(rows))
    return "\n".join(line.rstrip("\t") for line in lines)


def _around(boxes: Boxes, members: Sequence[int]) -> Box:
    lefts, tops, rights, bottoms = boxes[list(members)].T.tolist()
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom
