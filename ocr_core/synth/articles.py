"""Articles in columns and pages of newspapers and magazines."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from ocr_core.synth import marks
from ocr_core.synth.books import fill_column
from ocr_core.synth.sheet import Align, Column, Pen, Sheet


def draw_article(sheet: Sheet) -> None:
    """A page of a journal: title and abstract at times, one to three columns, figures."""
    side = sheet.width * sheet.between(0.06, 0.12)
    whole = Column(side, sheet.width - side)
    pen = _body(sheet, sheet.between(8, 11))
    y = sheet.height * sheet.between(0.05, 0.09)
    if sheet.chance(0.5):
        y = _header(sheet, pen, whole, y)
    if sheet.chance(0.5):
        y = _title(sheet, pen, whole, y)
    bottom = sheet.height * sheet.between(0.88, 0.94)
    columns = split(sheet, whole, sheet.pick([1, 2, 2, 2, 3]), pen)
    for column in columns:
        sheet.canvas.group += 1
        _fill(sheet, pen, column, (y, bottom))
    _rules_between(sheet, columns, (y, bottom), 0.15)
    if sheet.chance(0.6):
        text = sheet.pick([f"{sheet.count(1, 400)}", f"{sheet.count(1, 9)} / {sheet.count(9, 40)}"])
        sheet.canvas.group += 1
        sheet.write(text, pen, sheet.width / 2, bottom + 2 * pen.pitch, "centre")


def split(sheet: Sheet, whole: Column, n: int, pen: Pen) -> list[Column]:
    """Columns of one width; the gutters are wider than any gap between words of a line."""
    gutter = pen.em * (sheet.between(1.3, 1.8) if sheet.chance(0.6) else sheet.between(1.8, 4))
    width = (whole.width - (n - 1) * gutter) / n
    starts = [whole.left + i * (width + gutter) for i in range(n)]
    return [Column(start, start + width) for start in starts]


def _body(sheet: Sheet, points: float) -> Pen:
    pen = sheet.pen(points)
    style = replace(pen.style, word_gap=min(pen.style.word_gap, 1.1))
    return replace(
        pen,
        style=style,
        align="justify" if sheet.chance(0.75) else "left",
        indents=(sheet.between(0.8, 2),) if sheet.chance(0.7) else (),
        hyphenates=sheet.chance(0.75),
        leading=min(pen.leading, 1.5),
    )


def _header(sheet: Sheet, pen: Pen, whole: Column, y: float) -> float:
    head = sheet.pen(sheet.points(pen.em) * sheet.between(0.75, 1))
    half = Column(whole.left, whole.left + whole.width * 0.55)
    sheet.place(sheet.text("heading", head, 50), head.aligned("left"), half, y)
    right = Column(whole.left + whole.width * 0.65, whole.right)
    sheet.place(sheet.text("number", head, 25), head.aligned("right"), right, y)
    if sheet.chance(0.4):
        sheet.rule(whole, y + 0.5 * pen.em)
    return y + 2.2 * pen.pitch


def _title(sheet: Sheet, pen: Pen, whole: Column, y: float) -> float:
    align = sheet.align("centre", "centre", "left")
    title = replace(sheet.pen(sheet.between(14, 26)), align=align, leading=1.2)
    y = sheet.paragraph(sheet.text("heading", title, 90), title, whole, y, y + 4 * title.pitch)
    byline = replace(pen, align=align, indents=(), hyphenates=False)
    for _ in range(sheet.count(0, 3)):
        y += pen.pitch * sheet.between(0.9, 1.6)
        sheet.place(sheet.text(sheet.pick(["address", "contact"]), pen, 60), byline, whole, y)
    y += 1.5 * pen.pitch
    if sheet.chance(0.5):
        small = replace(pen.sized(0.92), indents=())
        inset = whole.width * sheet.between(0, 0.12)
        inner = Column(whole.left + inset, whole.right - inset)
        text = "Abstract. " + sheet.text("running", small, sheet.count(200, 900))
        y = sheet.paragraph(sheet.drawable(text, small), small, inner, y, y + 12 * pen.pitch)
        y += pen.pitch * sheet.between(0.8, 2)
    return y


def _fill(sheet: Sheet, pen: Pen, column: Column, span: tuple[float, float]) -> None:
    """A column of text; a figure with its caption stands in it at times."""
    top, bottom = span
    if not sheet.chance(0.22) or bottom - top < 20 * pen.pitch:
        fill_column(sheet, pen, column, span)
        return
    start = sheet.between(top, top + (bottom - top) * 0.6)
    y = fill_column(sheet, pen, column, (top, start)) + 0.6 * pen.pitch
    high = min(column.width * sheet.between(0.4, 0.9), (bottom - y) * 0.6)
    marks.draw_picture(sheet, (column.left, y, column.right, y + high))
    y = caption(sheet, pen, column, (y + high + 0.4 * pen.pitch, bottom))
    fill_column(sheet, pen, column, (y + pen.pitch, bottom))


def caption(sheet: Sheet, pen: Pen, column: Column, span: tuple[float, float]) -> float:
    """A line or two below a picture; gives where it ends."""
    small = sheet.pen(sheet.points(pen.em) * sheet.between(0.75, 0.95))
    small = replace(small, leading=min(small.leading, 1.3), align=sheet.align("left", "centre"))
    text = f"{sheet.pick(['Fig.', 'Figure', 'Abb.', 'Table', ''])} {sheet.count(1, 20)}. "
    text += sheet.text("running", small, sheet.count(10, 140))
    return sheet.paragraph(sheet.drawable(text, small), small, column, *span)


def _rules_between(
    sheet: Sheet, columns: list[Column], span: tuple[float, float], chance: float
) -> None:
    if not sheet.chance(chance):
        return
    for before, after in pairwise(columns):
        x = (before.right + after.left) / 2
        sheet.canvas.rule((x, span[0]), (x, span[1]), max(1.0, sheet.px(0.5)))


def draw_newspaper(sheet: Sheet) -> None:
    """Stories of different widths under headlines of very different sizes."""
    side = sheet.width * sheet.between(0.02, 0.06)
    whole = Column(side, sheet.width - side)
    pen = replace(_body(sheet, sheet.between(7.5, 10)), leading=sheet.between(1.0, 1.25))
    y = sheet.height * sheet.between(0.02, 0.05)
    if sheet.chance(0.35):
        y = _masthead(sheet, pen, whole, y)
    fitting = int(whole.width / (13 * pen.em))
    columns = split(sheet, whole, max(2, min(fitting, sheet.count(3, 7))), pen)
    bottom = sheet.height * sheet.between(0.95, 0.985)
    ruled = sheet.chance(0.6)
    while bottom - y > 14 * pen.pitch:
        high = min(bottom - y, sheet.height * sheet.between(0.2, 0.6))
        if bottom - y - high < 14 * pen.pitch:
            high = bottom - y
        _stories(sheet, pen, columns, (y, y + high - pen.pitch))
        y += high
        if ruled and y < bottom - pen.pitch:
            sheet.rule(whole, y - 0.4 * pen.pitch)


def _masthead(sheet: Sheet, pen: Pen, whole: Column, y: float) -> float:
    title = sheet.pen(sheet.between(36, 72), ("text", "display"))
    name = sheet.fit(sheet.text("heading", title, 24), title, whole.width * 0.95)
    y += title.em
    sheet.write(name, title, whole.middle, y, "centre")
    y += 0.4 * title.em + pen.em
    for edge in (y - 1.1 * pen.em, y + 0.5 * pen.em):
        sheet.rule(whole, edge, sheet.between(0.5, 1.5))
    third = whole.width / 3
    aligns: tuple[Align, ...] = ("left", "centre", "right")
    for number, align in enumerate(aligns):
        column = Column(whole.left + number * third, whole.left + (number + 1) * third - 2 * pen.em)
        sheet.canvas.group += 1
        text = sheet.text("number", pen, 25)
        sheet.place(text, replace(pen, align=align, indents=()), column, y)
    return y + 1.6 * pen.pitch


def _stories(sheet: Sheet, pen: Pen, columns: list[Column], span: tuple[float, float]) -> None:
    """One row of stories, side by side."""
    at = 0
    while at < len(columns):
        wide = min(sheet.pick([1, 1, 2, 2, 3, 4]), len(columns) - at)
        part = columns[at : at + wide]
        _story(sheet, pen, part, span)
        at += wide
        if at < len(columns) and sheet.chance(0.6):
            x = (part[-1].right + columns[at].left) / 2
            sheet.canvas.rule((x, span[0]), (x, span[1]), max(1.0, sheet.px(0.5)))


def _story(sheet: Sheet, pen: Pen, columns: list[Column], span: tuple[float, float]) -> None:
    top, bottom = span
    whole = Column(columns[0].left, columns[-1].right)
    size = sheet.between(11, 20) * len(columns) ** sheet.between(0.3, 0.9)
    head = replace(sheet.pen(min(size, 72)), align=sheet.align("left", "centre"))
    head = replace(head, leading=sheet.between(1.0, 1.2))
    sheet.canvas.group += 1
    limit = min(top + 4 * head.pitch, bottom)
    y = sheet.paragraph(sheet.text("heading", head, 60), head, whole, top, limit)
    if sheet.chance(0.3):
        sheet.canvas.group += 1
        second = replace(sheet.pen(sheet.points(head.em) * 0.6), align=head.align, leading=1.2)
        text = sheet.text("running", second, 80)
        y = sheet.paragraph(text, second, whole, y, min(bottom, y + 3 * second.pitch))
    y += 0.5 * pen.pitch
    if sheet.chance(0.3) and bottom - y > 0.8 * whole.width:
        high = whole.width * sheet.between(0.3, 0.65)
        marks.draw_picture(sheet, (whole.left, y, whole.right, y + high))
        sheet.canvas.group += 1
        y = caption(sheet, pen, whole, (y + high + 0.4 * pen.pitch, bottom)) + 0.5 * pen.pitch
    for column in columns:
        sheet.canvas.group += 1
        fill_column(sheet, pen, column, (y, bottom))
