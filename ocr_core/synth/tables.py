"""Tables: ruled, half ruled, striped, bare; dense ones and those of invoices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ocr_core.synth.sheet import Column, Pen, Sheet, natural_width

Rules = Literal["grid", "rows", "frame", "head", "stripes", "none"]
RULES: tuple[Rules, ...] = (
    "grid",
    "grid",
    "rows",
    "frame",
    "head",
    "head",
    "stripes",
    "none",
    "none",
)


@dataclass(frozen=True, slots=True)
class Table:
    """What a table says and how it is drawn.

    Attributes:
        rows: texts by row and column, the head first; all rows are equally long.
        numeric: for each column, whether it is set flush right.
        pitch: height of a row, in ems.
    """

    rows: Sequence[Sequence[str]]
    numeric: Sequence[bool]
    rules: Rules
    pitch: float


def draw_table_page(sheet: Sheet) -> None:
    """One or two tables with their titles, from edge to edge."""
    side = sheet.width * sheet.between(0.03, 0.1)
    column = Column(side, sheet.width - side)
    y = sheet.height * sheet.between(0.04, 0.1)
    bottom = sheet.height * sheet.between(0.9, 0.97)
    while y < bottom - sheet.height * 0.12:
        pen = sheet.pen(sheet.between(5.5, 11), ("text", "text", "mono", "typewriter"))
        if sheet.chance(0.7):
            title = replace(sheet.pen(sheet.between(9, 16)), align=sheet.align("left", "centre"))
            y = sheet.paragraph(sheet.text("heading", title, 60), title, column, y, bottom)
            y += sheet.between(0.4, 1.5) * pen.em
        high = (bottom - y) * (1.0 if sheet.chance(0.5) else sheet.between(0.3, 0.8))
        y = draw_table(sheet, draw_content(sheet, pen, column.width, high), pen, column, y)
        if sheet.chance(0.5):
            note = sheet.text("running", pen, sheet.count(40, 300))
            y = sheet.paragraph(note, pen, column, y + 0.8 * pen.em, bottom)
        y += pen.em * sheet.between(1.5, 4)


def draw_content(sheet: Sheet, pen: Pen, width: float, height: float) -> Table:
    """A table that fits into a width and a height."""
    pitch = sheet.pick([sheet.between(1.05, 1.3), sheet.between(1.3, 1.8), sheet.between(1.8, 2.6)])
    n_rows = max(2, int(height / (pitch * pen.em)) - 1)
    n_columns = max(2, min(int(width / (5.5 * pen.em)), sheet.count(2, 14)))
    kinds = [_column_kind(sheet, i) for i in range(n_columns)]
    room = int(width / n_columns / (0.5 * pen.em))
    empty = sheet.pick([0.0, 0.0, 0.1, 0.3])
    body = [
        ["" if sheet.chance(empty) else _cell(sheet, pen, kind, room) for kind in kinds]
        for _ in range(n_rows - 1)
    ]
    rows = [[_head(sheet, pen, room) for _ in kinds], *body]
    numeric = [kind in ("whole", "decimal", "price", "percent") for kind in kinds]
    return Table(rows, numeric, sheet.pick(RULES), pitch)


def _column_kind(sheet: Sheet, number: int) -> str:
    if number == 0 and sheet.chance(0.7):
        return sheet.pick(["name", "name", "code", "whole", "date"])
    return sheet.pick(
        ["whole", "whole", "decimal", "decimal", "price", "percent", "date", "code", "name"]
    )


def _head(sheet: Sheet, pen: Pen, room: int) -> str:
    text = sheet.text("heading" if sheet.chance(0.3) else "words", pen, max(4, min(room, 14)))
    return text.upper() if sheet.chance(0.2) and pen.style.face.holds(text.upper()) else text


def _cell(sheet: Sheet, pen: Pen, kind: str, room: int) -> str:
    if kind in ("name", "code"):
        n = max(4, min(room, sheet.count(3, 30)))
        return sheet.text("words" if kind == "name" else "code", pen, n)
    value = int(10 ** sheet.between(0, 6))
    form = {
        "whole": f"{value:,}" if sheet.chance(0.5) else f"{value}",
        "decimal": f"{value / 100:.2f}" if sheet.chance(0.6) else f"{value / 1000:.1f}",
        "price": f"{value / 100:,.2f}",
        "percent": f"{value % 1000 / 10}%",
        "date": f"{sheet.count(1, 31):02}.{sheet.count(1, 12):02}.{sheet.count(1900, 2030)}",
    }[kind]
    if kind != "date" and sheet.chance(0.06):
        form = sheet.pick(["-", "–", "n/a", f"({form})", f"-{form}", "..", f"{form}*"])
    return sheet.drawable(form, pen)


def draw_table(sheet: Sheet, table: Table, pen: Pen, column: Column, y: float) -> float:
    """Sets a table with its top at `y`; gives where it ends."""
    cells = _cell_columns(sheet, table, pen, column)
    pitch = table.pitch * pen.em
    head = pen
    if sheet.chance(0.4):
        face = sheet.pen(10, (pen.style.face.kind,)).style.face
        head = replace(pen, style=replace(pen.style, face=face, jitter=0.0))
    dark = sheet.chance(0.12)
    whole = Column(cells[0].left, cells[-1].right)
    _paint_rows(sheet, table, whole, y, pitch if not dark else -pitch)
    for number, row in enumerate(table.rows):
        line_pen = head if number == 0 else pen
        if number == 0 and dark:
            line_pen = replace(head, tint=-1)
        baseline = y + number * pitch + pitch / 2 + 0.32 * pen.em
        for text, cell, numeric in zip(row, cells, table.numeric, strict=True):
            cell_pen = replace(line_pen, align="right" if numeric else "left")
            if table.rules == "grid":
                sheet.canvas.group += 1
            if text:
                inner = Column(cell.left + 0.35 * pen.em, cell.right - 0.35 * pen.em)
                sheet.place(sheet.drawable(text, cell_pen), cell_pen, inner, baseline)
    bottom = y + len(table.rows) * pitch
    _rule(sheet, table, cells, (y, bottom), pitch)
    sheet.canvas.group += 1
    return bottom


def _cell_columns(sheet: Sheet, table: Table, pen: Pen, column: Column) -> list[Column]:
    """Where each column stands: as wide as it needs, what is left over shared out."""
    gap = 0.7 * pen.em if table.rules == "grid" else sheet.between(1.9, 2.6) * pen.em
    widths = [
        1.04 * max(natural_width(row[i].split() or ["0"], pen.style) for row in table.rows) + gap
        for i in range(len(table.numeric))
    ]
    total = sum(widths)
    shrink = min(1.0, column.width / total)
    spare = (column.width - total * shrink) / len(widths) * sheet.pick([0.0, 0.5, 1.0, 1.0])
    edges = [column.left]
    for width in widths:
        edges.append(edges[-1] + width * shrink + spare)
    inset = 0.0 if table.rules == "grid" else gap / 2 - 0.35 * pen.em
    return [Column(left + inset, right - inset) for left, right in pairwise(edges)]


def _paint_rows(sheet: Sheet, table: Table, whole: Column, y: float, pitch: float) -> None:
    """Stripes, and a panel behind the head; a pitch below 0 asks for a dark panel."""
    em_px = abs(pitch) / table.pitch
    if pitch < 0:
        sheet.canvas.fill(
            (whole.left, y, whole.right, y - pitch), sheet.pick([255, sheet.count(150, 240)])
        )
        pitch = -pitch
    elif sheet.chance(0.2):
        sheet.shade((whole.left, y, whole.right, y + pitch), em_px, sheet.count(15, 80))
    if table.rules == "stripes":
        darkness = sheet.count(12, 60)
        for number in range(1, len(table.rows), 2):
            top = y + number * pitch
            sheet.shade((whole.left, top, whole.right, top + pitch), em_px, darkness)


def _rule(
    sheet: Sheet, table: Table, cells: Sequence[Column], span: tuple[float, float], pitch: float
) -> None:
    top, bottom = span
    left, right = cells[0].left, cells[-1].right
    thick = max(1.0, sheet.px(sheet.between(0.3, 1.2)))
    tint = sheet.pick([255, 255, sheet.count(100, 255)])
    levels: list[float] = []
    if table.rules in ("grid", "rows"):
        levels = [top + i * pitch for i in range(len(table.rows) + 1)]
    elif table.rules == "head":
        levels = [top, top + pitch, bottom]
    for level in levels:
        sheet.canvas.rule((left, level), (right, level), thick, tint)
    if table.rules in ("grid", "frame"):
        sheet.canvas.frame((left, top, right, bottom), thick, tint)
    if table.rules == "grid":
        for cell in cells[1:]:
            sheet.canvas.rule((cell.left, top), (cell.left, bottom), thick, tint)
