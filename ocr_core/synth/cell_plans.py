"""What synthetic tables with known cells say: texts by row and column, spans, and rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ocr_core.synth.sheet import Align, Pen, Sheet

Ruling = Literal["grid", "open", "rows", "columns", "frame", "booktabs", "head", "stripes", "none"]
RULINGS: tuple[Ruling, ...] = (
    "grid",
    "open",
    "rows",
    "columns",
    "frame",
    "booktabs",
    "head",
    "stripes",
    "none",
)
ColumnKind = Literal["name", "prose", "code", "date", "whole", "decimal", "percent"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell to be drawn.

    Attributes:
        row, column: where it begins, from 0; it covers `row_span` rows and `column_span` columns.
        text: empty for an empty cell.
        is_head: whether it heads columns.
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    align: Align = "left"
    is_head: bool = False

    @property
    def places(self) -> Iterator[tuple[int, int]]:
        """Each row and column that it covers."""
        for row in range(self.row, self.row + self.row_span):
            for column in range(self.column, self.column + self.column_span):
                yield row, column


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A table to be drawn.

    Attributes:
        slots: they cover each row and column once.
        kinds: of what stands in each column.
        n_head: rows of the head.
    """

    ruling: Ruling
    slots: tuple[Slot, ...]
    kinds: tuple[ColumnKind, ...]
    n_rows: int
    n_head: int


def plan_table(sheet: Sheet, pen: Pen, ruling: Ruling, n_rows: int, n_columns: int) -> TablePlan:
    """A table with a head of one or two rows and `n_rows` rows in all."""
    kinds = _draw_kinds(sheet, ruling, n_columns)
    has_spans = ruling in ("grid", "open", "booktabs", "rows") and n_columns >= 4
    n_head = 2 if has_spans and n_rows > 4 and sheet.chance(0.35) else 1
    slots = list(_head(sheet, pen, kinds, n_head))
    sections = _sections(sheet, ruling, (n_head, n_rows))
    aligns = [_align(sheet, kind) for kind in kinds]
    empty = sheet.pick([0.0, 0.0, 0.05, 0.15, 0.3])
    for row in range(n_head, n_rows):
        if row in sections:
            text = sheet.text("heading", pen, sheet.count(8, 28))
            slots.append(Slot(row, 0, text, column_span=n_columns))
            continue
        for column, kind in enumerate(kinds):
            is_empty = column > 0 and sheet.chance(empty)
            text = "" if is_empty else _content(sheet, pen, kind)
            slots.append(Slot(row, column, text, align=aligns[column]))
    if ruling == "grid" and sheet.chance(0.4):
        slots = _merged_down(sheet, slots, sections)
    return TablePlan(ruling, tuple(slots), kinds, n_rows, n_head)


def _draw_kinds(sheet: Sheet, ruling: Ruling, n_columns: int) -> tuple[ColumnKind, ...]:
    first: ColumnKind = sheet.pick(("name", "name", "name", "code", "date"))
    numbers: tuple[ColumnKind, ...] = ("whole", "decimal", "decimal", "percent", "date", "code")
    rest: list[ColumnKind] = [sheet.pick(numbers) for _ in range(n_columns - 1)]
    if sheet.chance(0.5):
        rest[0] = "name"
    if sheet.chance(0.35):
        rest[sheet.count(0, len(rest) - 1)] = "prose"
    is_bare = ruling in ("none", "head", "stripes")
    if is_bare and not {"whole", "decimal", "percent"} & set(rest):
        rest[-1] = "decimal"
    return (first, *rest)


def _head(sheet: Sheet, pen: Pen, kinds: tuple[ColumnKind, ...], n_head: int) -> Iterator[Slot]:
    """One row of heads, or two of which the upper spans some columns."""
    align = sheet.align("left", "centre", "centre")
    if n_head == 1:
        for column, kind in enumerate(kinds):
            yield Slot(0, column, _title(sheet, pen, kind), align=align, is_head=True)
        return
    yield Slot(0, 0, _title(sheet, pen, "name"), row_span=2, is_head=True)
    column = 1
    while column < len(kinds):
        span = min(sheet.count(2, 4), len(kinds) - column)
        title = sheet.text("words", pen, sheet.count(5, 14))
        yield Slot(0, column, title, column_span=span, align="centre", is_head=True)
        for number in range(column, column + span):
            text = _title(sheet, pen, kinds[number])
            yield Slot(1, number, text, align="centre", is_head=True)
        column += span


def _title(sheet: Sheet, pen: Pen, kind: ColumnKind) -> str:
    n = sheet.count(4, 20) if kind in ("name", "prose") else sheet.count(3, 10)
    return sheet.text("words", pen, n)


def _sections(sheet: Sheet, ruling: Ruling, rows: tuple[int, int]) -> set[int]:
    """Rows of the body that are one heading each."""
    first, end = rows
    if ruling not in ("grid", "booktabs", "rows", "head") or end - first < 7:
        return set()
    if not sheet.chance(0.2):
        return set()
    return {first, sheet.count(first + 3, end - 3)}


def _align(sheet: Sheet, kind: ColumnKind) -> Align:
    if kind in ("whole", "decimal", "percent"):
        return sheet.align("right", "right", "right", "centre")
    return sheet.align("left", "left", "centre") if kind in ("code", "date") else "left"


def _content(sheet: Sheet, pen: Pen, kind: ColumnKind) -> str:
    if kind == "prose":
        return sheet.text("running", pen, sheet.count(10, 110))
    if kind in ("name", "code"):
        n = sheet.count(3, 26)
        return sheet.text("words" if kind == "name" else "code", pen, n)
    value = int(10 ** sheet.between(0, 5.5))
    form = {
        "whole": f"{value:,}",
        "decimal": f"{value / 100:,.2f}",
        "percent": f"{value % 1000 / 10}%",
        "date": f"{sheet.count(1, 31):02}.{sheet.count(1, 12):02}.{sheet.count(1900, 2030)}",
    }[kind]
    if kind != "date" and sheet.chance(0.05):
        form = sheet.pick(["-", "n/a", f"({form})", f"-{form}"])
    return sheet.drawable(form, pen)


def _merged_down(sheet: Sheet, slots: list[Slot], sections: set[int]) -> list[Slot]:
    """The slots, some of the first column's made one with the one below."""
    merged: list[Slot] = []
    skipped: set[int] = set()
    bodies = {slot.row: slot for slot in slots if slot.column == 0 and not slot.is_head}
    for slot in slots:
        below = bodies.get(slot.row + 1)
        if slot.column == 0 and slot.row in skipped:
            continue
        can_grow = slot.column == 0 and not slot.is_head and below is not None
        if can_grow and not {slot.row, slot.row + 1} & sections and sheet.chance(0.25):
            skipped.add(slot.row + 1)
            slot = Slot(slot.row, 0, slot.text, row_span=2, align=slot.align)
        merged.append(slot)
    return merged
