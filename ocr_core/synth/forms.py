"""Forms: labels, lines, boxes and what was filled into them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from ocr_core.synth.fonts import FontKind
from ocr_core.synth.sheet import Column, Pen, Sheet

_Part = Callable[[Sheet, tuple[Pen, Pen], Column, tuple[float, float]], float]
_FILLINGS: tuple[tuple[FontKind, ...], ...] = (("typewriter",), ("text",), ("mono",), ("display",))


def draw_form(sheet: Sheet) -> None:
    """Sections of fields from the top of a sheet to its foot."""
    label = replace(sheet.pen(sheet.between(6, 10)), align="left")
    label = replace(label, style=replace(label.style, word_gap=min(label.style.word_gap, 1.1)))
    value = sheet.pen(sheet.between(8.5, 13), sheet.pick(_FILLINGS))
    value = replace(value, align="left", tint=sheet.count(150, 255))
    side = sheet.width * sheet.between(0.04, 0.1)
    column = Column(side, sheet.width - side)
    y = _form_head(sheet, column, sheet.height * sheet.between(0.03, 0.07))
    bottom = sheet.height * 0.95
    pitch = max(label.em, value.em) * sheet.between(1.35, 2.6)
    kinds: list[_Part] = [
        _lined_fields,
        _lined_fields,
        _boxed_fields,
        _check_boxes,
        _fine_print,
        _comb,
    ]
    while y + 3 * pitch < bottom:
        if sheet.chance(0.35):
            y = _section(sheet, label, column, y)
        part = sheet.pick(kinds)
        for _ in range(sheet.count(1, 5)):
            if y + 3 * pitch > bottom:
                break
            y = part(sheet, (label, value), column, (y, pitch))
        y += pitch * sheet.between(0, 0.8)


def _form_head(sheet: Sheet, column: Column, y: float) -> float:
    title = replace(sheet.pen(sheet.between(11, 22)), align=sheet.align("left", "centre"))
    y = sheet.paragraph(sheet.text("heading", title, 50), title, column, y, y + 3 * title.pitch)
    small = sheet.pen(sheet.between(6, 8))
    sheet.write(sheet.text("code", small, 12), small, column.right, y + small.em, "right")
    return y + 2.2 * small.em


def _section(sheet: Sheet, label: Pen, column: Column, y: float) -> float:
    """A heading on a bar, dark at times."""
    head = sheet.pen(sheet.points(label.em) * sheet.between(1.0, 1.35))
    high = 1.6 * head.em
    box = (column.left, y, column.right, y + high)
    form = sheet.rng.random()
    if form < 0.4:
        sheet.canvas.fill(box, sheet.pick([255, sheet.count(140, 240)]))
        head = replace(head, tint=-1)
    elif form < 0.7:
        sheet.shade(box, head.em, sheet.count(15, 70))
    elif form < 0.85:
        sheet.canvas.frame(box, sheet.px(0.7))
    sheet.canvas.group += 1
    inner = Column(column.left + 0.5 * head.em, column.right)
    text = f"{sheet.pick(['1.', '2.', 'A', 'B.', 'III', ''])} " + sheet.text("heading", head, 40)
    baseline = y + 0.5 * high + 0.33 * head.em
    sheet.place(sheet.drawable(text, head), head.aligned("left"), inner, baseline)
    return y + high + 0.5 * label.em


def _label(sheet: Sheet, pen: Pen, n: int) -> str:
    text = sheet.text("heading", pen, n).rstrip(".:")
    return sheet.drawable(text + sheet.pick([":", ":", "", " :", "*"]), pen)


def _value(sheet: Sheet, pen: Pen) -> str:
    kind = sheet.pick(["words", "number", "address", "code", "contact", "words"])
    return sheet.text(kind, pen, sheet.count(3, 36))


def _cells(sheet: Sheet, column: Column) -> list[Column]:
    """One to four fields side by side."""
    n = sheet.pick([1, 1, 2, 2, 3, 4])
    edges = [0.0, *sorted(sheet.between(i / n - 0.06, i / n + 0.06) for i in range(1, n)), 1.0]
    at = [column.left + edge * column.width for edge in edges]
    return [Column(left, right) for left, right in pairwise(at)]


def _lined_fields(
    sheet: Sheet, pens: tuple[Pen, Pen], column: Column, place: tuple[float, float]
) -> float:
    """Label, then a line to write on, filled in or not."""
    label, value = pens
    y, pitch = place
    baseline = y + 0.75 * pitch
    for cell in _cells(sheet, column):
        sheet.canvas.group += 1
        room = Column(cell.left, cell.left + 0.5 * cell.width)
        used = sheet.place(_label(sheet, label, 22), label, room, baseline)
        start = cell.left + used + 0.4 * label.em
        end = cell.right - 1.0 * label.em
        if end - start < 2 * value.em:
            continue
        if sheet.chance(0.8):
            line = baseline + label.em * sheet.between(0.0, 0.25)
            sheet.rule(Column(start, end), line, sheet.between(0.4, 1))
        if sheet.chance(0.65):
            raised = baseline - value.em * sheet.between(-0.12, 0.15)
            inset = sheet.between(0.1, 1.5) * value.em
            sheet.place(_value(sheet, value), value, Column(start + inset, end), raised)
    return y + pitch


def _boxed_fields(
    sheet: Sheet, pens: tuple[Pen, Pen], column: Column, place: tuple[float, float]
) -> float:
    """Boxes side by side, a small label in the corner and the value below it."""
    label, value = pens
    y, _ = place
    high = 1.25 * label.em + value.em * sheet.between(1.25, 1.8)
    thick = sheet.px(sheet.between(0.4, 1.2))
    for cell in _cells(sheet, column):
        sheet.canvas.frame((cell.left, y, cell.right, y + high), thick)
        sheet.canvas.group += 1
        inner = Column(cell.left + 0.4 * label.em, cell.right - 0.4 * label.em)
        sheet.place(_label(sheet, label, 30), label, inner, y + 1.05 * label.em)
        if sheet.chance(0.7):
            sheet.canvas.group += 1
            left = inner.left + sheet.between(0, 0.3) * cell.width
            baseline = y + high - value.em * sheet.between(0.1, 0.35)
            sheet.place(_value(sheet, value), value, Column(left, inner.right), baseline)
    return y + high


def _check_boxes(
    sheet: Sheet, pens: tuple[Pen, Pen], column: Column, place: tuple[float, float]
) -> float:
    """Small squares with a label each, some of them crossed."""
    label, _ = pens
    y, pitch = place
    baseline = y + 0.75 * pitch
    side = label.em * sheet.between(0.7, 1.0)
    for cell in _cells(sheet, column):
        sheet.canvas.group += 1
        top = baseline - side + 0.08 * label.em
        box = (cell.left, top, cell.left + side, top + side)
        sheet.canvas.frame(box, sheet.px(0.7))
        if sheet.chance(0.35):
            sheet.canvas.rule(box[:2], box[2:], sheet.px(1))
            sheet.canvas.rule((box[2], top), (cell.left, top + side), sheet.px(1))
        inner = Column(cell.left + side + 0.5 * label.em, cell.right - label.em)
        sheet.place(_label(sheet, label, 40), label, inner, baseline)
    return y + pitch


def _fine_print(
    sheet: Sheet, pens: tuple[Pen, Pen], column: Column, place: tuple[float, float]
) -> float:
    label, _ = pens
    y, pitch = place
    text = sheet.text("running", label, sheet.count(60, 500))
    body = replace(label, leading=min(label.leading, 1.3))
    sheet.canvas.group += 1
    return sheet.paragraph(text, body, column, y, y + 3 * pitch) + 0.3 * label.em


def _comb(sheet: Sheet, pens: tuple[Pen, Pen], column: Column, place: tuple[float, float]) -> float:
    """A label over a row of boxes with one character in each."""
    label, value = pens
    y, _ = place
    side = value.em * sheet.between(1.2, 1.5)
    sheet.canvas.group += 1
    sheet.place(_label(sheet, label, 30), label, column, y + label.em)
    top = y + 1.4 * label.em
    n = max(2, min(int(column.width / side), sheet.count(4, 24)))
    thick = sheet.px(sheet.between(0.4, 0.9))
    text = sheet.text("code", value, n).replace(" ", "")[: sheet.count(0, n)]
    sheet.canvas.group += 1
    for i in range(n):
        left = column.left + i * side
        sheet.canvas.frame((left, top, left + side, top + side), thick)
        if i < len(text):
            baseline = top + side / 2 + 0.34 * value.em
            sheet.write(text[i], value, left + side / 2, baseline, "centre")
    return top + side + 0.4 * label.em
