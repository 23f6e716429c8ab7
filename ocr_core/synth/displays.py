"""Pages of few words: titles, slides, advertisements, cards, single words, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from ocr_core.synth import charts, marks
from ocr_core.synth.fonts import FontKind
from ocr_core.synth.sheet import Column, Pen, Sheet

_SHOWY: tuple[FontKind, ...] = ("text", "display")
_FIELDS = (
    "Name|Surname|Date of birth|Nationality|Geburtsdatum|No.|Valid until|Adresse|Sex|Prénom"
).split("|")
_MACHINE_READABLE = "ABCDEFGHIKLMNOPRSTUVZ0123456789<<<<<<"


def draw_title_page(sheet: Sheet) -> None:
    """Centred lines of very different sizes, an ornament, rules."""
    column = Column(sheet.width * 0.06, sheet.width * 0.94)
    y = sheet.height * sheet.between(0.05, 0.2)
    while y < sheet.height * 0.88:
        size = sheet.between(8, 20) if sheet.chance(0.6) else sheet.between(20, 72)
        pen = replace(sheet.pen(size, _SHOWY), align="centre", leading=sheet.between(1.05, 1.4))
        if sheet.chance(0.4):
            pen = pen.tracked(sheet.between(0.03, 0.35))
        kind = sheet.pick(["heading", "heading", "words", "running"])
        text = sheet.text(kind, pen, sheet.count(4, 50))
        if sheet.chance(0.4):
            text = sheet.drawable(text.upper(), pen)
        sheet.canvas.group += 1
        y = sheet.paragraph(text, pen, column, y, min(sheet.height * 0.96, y + 4 * pen.pitch))
        y = _ornament(sheet, y) + pen.em * sheet.between(0.2, 3)


def _ornament(sheet: Sheet, y: float) -> float:
    """A rule or a device below a title, most often neither; gives where it ends."""
    if sheet.chance(0.15):
        half = sheet.width * sheet.between(0.05, 0.3)
        sheet.rule(Column(sheet.width / 2 - half, sheet.width / 2 + half), y)
    if sheet.chance(0.12) and y < sheet.height * 0.6:
        half = sheet.width * sheet.between(0.08, 0.2)
        middle = sheet.width / 2
        marks.draw_logo(sheet, (middle - half, y, middle + half, y + 1.5 * half))
        y += 1.5 * half
    return y


def draw_slide(sheet: Sheet) -> None:
    """A title and a few points or a chart, on a dark ground at times."""
    tint = 255
    if sheet.chance(0.35):
        tint = _darken(sheet, (0, 0, sheet.width, sheet.height))
    elif sheet.chance(0.3):
        sheet.canvas.fill((0, 0, sheet.width, sheet.height * 0.17), sheet.count(10, 70))
    side = sheet.width * sheet.between(0.04, 0.1)
    column = Column(side, sheet.width - side)
    align = sheet.align("left", "centre")
    title = replace(sheet.pen(sheet.between(28, 48)), tint=tint, leading=1.15, align=align)
    text = sheet.text("heading", title, 50)
    y = sheet.paragraph(text, title, column, sheet.height * 0.05, sheet.height * 0.3)
    pen = replace(sheet.pen(sheet.between(14, 28)), tint=tint, align="left")
    y, bottom = y + pen.pitch, sheet.height * 0.92
    if tint > 0 and sheet.chance(0.4):
        edge = column.left + column.width * 0.45
        charts.draw_chart(sheet, (edge, y, column.right, bottom))
        column = Column(column.left, edge - pen.em)
    while y + pen.pitch < bottom and not sheet.chance(0.12):
        sheet.canvas.group += 1
        text = sheet.pick(["• ", "– ", "", "• "]) + sheet.text("running", pen, sheet.count(8, 70))
        y = sheet.paragraph(sheet.drawable(text, pen), pen, column, y, bottom)
        y += pen.pitch * sheet.between(0, 0.8)
    sheet.canvas.group += 1
    number = str(sheet.count(1, 80))
    sheet.write(number, pen.sized(0.5), sheet.width - side, sheet.height * 0.97, "right")


def _darken(sheet: Sheet, box: marks.Area) -> int:
    """A dark panel; gives the tint of what is written on it."""
    sheet.canvas.fill(box, sheet.pick([255, sheet.count(130, 240)]))
    return -1


def draw_advertisement(sheet: Sheet) -> None:
    """Blocks of text on panels, many of them dark, between pictures."""
    edges = np.cumsum([sheet.between(0.5, 1.5) for _ in range(sheet.count(2, 5))])
    tops = [0.0, *(float(edge) for edge in edges / edges[-1] * sheet.height)]
    for top, bottom in pairwise(tops):
        n_wide = sheet.pick([1, 1, 2, 3])
        wide = sheet.width / n_wide
        for i in range(n_wide):
            sheet.canvas.group += 1
            _draw_panel(sheet, (i * wide, top, (i + 1) * wide, bottom))


def _draw_panel(sheet: Sheet, area: marks.Area) -> None:
    left, top, right, bottom = area
    inset = sheet.px(sheet.between(3, 14))
    box = (left + inset, top + inset, right - inset, bottom - inset)
    form = sheet.rng.random()
    tint = 255
    if form < 0.2:
        marks.draw_picture(sheet, box)
        return
    if form < 0.55:
        tint = _darken(sheet, box)
    elif form < 0.75:
        sheet.canvas.fill(box, sheet.count(10, 80))
    elif form < 0.9:
        sheet.canvas.frame(box, sheet.px(sheet.between(0.7, 4)))
    _fill_panel(sheet, box, inset, tint)


def _fill_panel(sheet: Sheet, box: marks.Area, inset: float, tint: int) -> None:
    """Lines of different sizes, the first one large, as many as there is room for."""
    column = Column(box[0] + inset, box[2] - inset)
    y, bottom = box[1] + inset, box[3] - inset
    align = sheet.align("left", "centre")
    size = sheet.between(9, 44)
    while y + 1.5 * sheet.px(size) < bottom:
        leading = sheet.between(1.05, 1.4)
        pen = replace(sheet.pen(size, _SHOWY), tint=tint, align=align, leading=leading)
        if column.width < 3 * pen.em:
            break
        kind = sheet.pick(["heading", "running", "price_row", "contact"])
        text = sheet.text(kind, pen, sheet.count(5, 90))
        y = sheet.paragraph(text, pen, column, y, bottom) + 0.4 * pen.em
        size = sheet.between(7, 24)


def draw_card(sheet: Sheet) -> None:
    """An identity or visiting card: a portrait, labels, values, a code."""
    if sheet.chance(0.5):
        sheet.canvas.fill((0, 0, sheet.width, sheet.height), sheet.count(5, 50))
    side = sheet.width * 0.05
    column = Column(side, sheet.width - side)
    head = replace(sheet.pen(sheet.between(8, 14)), leading=1.15)
    text = sheet.text("heading", head, 30)
    y = sheet.paragraph(text, head, column, sheet.height * 0.05, sheet.height * 0.3)
    fields = column
    if sheet.chance(0.6):
        wide = sheet.width * sheet.between(0.2, 0.3)
        top = y + head.em * 0.5
        low = min(y + 1.3 * wide, sheet.height * 0.9)
        marks.draw_picture(sheet, (side, top, side + wide, low))
        fields = Column(2 * side + wide, column.right)
    pens = sheet.pen(sheet.between(4, 6)), sheet.pen(sheet.between(7, 10), ("text", "mono"))
    _draw_fields(sheet, pens, fields, y + head.em)
    if sheet.chance(0.4):
        code = sheet.pen(9, ("mono",))
        letters = "".join(sheet.pick(_MACHINE_READABLE) for _ in range(44))
        sheet.canvas.group += 1
        sheet.place(sheet.drawable(letters, code), code, column, sheet.height * 0.95)


def _draw_fields(sheet: Sheet, pens: Sequence[Pen], column: Column, y: float) -> None:
    """Small labels over values."""
    label, value = (pen.aligned("left") for pen in pens)
    while y + label.em + 1.6 * value.em < sheet.height * 0.84:
        if sheet.chance(0.7):
            sheet.canvas.group += 1
            y += label.em
            sheet.place(sheet.drawable(sheet.pick(_FIELDS), label), label, column, y)
        y += value.em * 1.1
        sheet.canvas.group += 1
        text = sheet.text(sheet.pick(["words", "number", "address", "code"]), value, 26)
        sheet.place(sheet.drawable(text.upper(), value), value, column, y)
        y += value.em * sheet.between(0.4, 0.9)


def draw_single_words(sheet: Sheet) -> None:
    """One to a few words or numbers, large, on plain or dark ground, framed at times."""
    tint = 255
    if sheet.chance(0.25):
        tint = _darken(sheet, (0, 0, sheet.width, sheet.height))
    n = sheet.pick([1, 1, 1, 2, 3])
    for i in range(n):
        size = sheet.points(sheet.height / n * sheet.between(0.2, 0.67))
        pen = replace(sheet.pen(size, ("text", "mono", "display")), tint=tint)
        kind = sheet.pick(["words", "number", "code", "heading"])
        text = sheet.fit(sheet.text(kind, pen, sheet.count(1, 12)), pen, sheet.width * 0.92)
        baseline = sheet.height / n * (i + 0.5) + 0.33 * pen.em
        sheet.canvas.group += 1
        sheet.write(text, pen, sheet.width / 2, baseline, "centre")
    if tint > 0 and sheet.chance(0.3):
        inset = sheet.height * sheet.between(0.01, 0.04)
        box = (inset, inset, sheet.width - inset, sheet.height - inset)
        sheet.canvas.frame(box, sheet.px(sheet.between(1, 4)))


def draw_wordless(sheet: Sheet) -> None:
    """Nothing, or only pictures and marks."""
    for _ in range(sheet.pick([0, 1, 1, 2, 4])):
        x, y = sheet.between(-0.1, 0.7) * sheet.width, sheet.between(-0.1, 0.7) * sheet.height
        wide, high = sheet.between(0.2, 1) * sheet.width, sheet.between(0.1, 0.8) * sheet.height
        marks.draw_picture(sheet, (x, y, x + wide, y + high))
