"""Letters, memos and lists: what offices write, half of it on typewriters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr_core.synth import marks
from ocr_core.synth.books import fill_column
from ocr_core.synth.fonts import FontKind
from ocr_core.synth.sheet import Column, Pen, Sheet, word_width

_SUBJECTS = ("Re:", "Betr.:", "Objet :", "Subject:", "")
_SALUTATIONS = (
    "Dear Sir,|Dear Mr. Smith,|Gentlemen:|Sehr geehrte Damen und Herren,|Monsieur,|Lieber Freund!|"
    "Estimado señor:|Gentile Signora,"
).split("|")
_CLOSINGS = (
    "Yours sincerely,|Yours faithfully|Mit freundlichen Grüßen|Veuillez agréer,|Hochachtungsvoll|"
    "Best regards,"
).split("|")
_KINDS: tuple[tuple[FontKind, ...], ...] = (("typewriter",), ("text",))


def draw_letter(sheet: Sheet) -> None:
    """Letterhead, date, address, salutation, paragraphs, signature, foot."""
    pen = replace(sheet.pen(sheet.between(9, 12.5), sheet.pick(_KINDS)), leading=sheet.leading())
    if pen.style.face.kind == "typewriter" and sheet.chance(0.3):
        pen = replace(pen, leading=sheet.between(1.8, 2.3))
    elif sheet.chance(0.15):  # single spaced, so tight that lines all but touch
        pen = replace(pen, leading=sheet.between(0.88, 1.02))
    side = sheet.width * sheet.between(0.08, 0.15)
    column = Column(side, sheet.width - sheet.width * sheet.between(0.06, 0.14))
    y = sheet.height * sheet.between(0.03, 0.07)
    if sheet.chance(0.6):
        y = _letterhead(sheet, column, y)
    y = _opening(sheet, pen, column, y + pen.pitch)
    bottom = sheet.height * sheet.between(0.9, 0.94)
    end = y + (bottom - y) * (1.0 if sheet.chance(0.4) else sheet.between(0.2, 0.85))
    body = replace(pen, indents=(sheet.between(1, 5),) if sheet.chance(0.4) else (),
                   align="justify" if sheet.chance(0.15) else "left")  # fmt: skip
    y = fill_column(sheet, body, column, (y, end)) + 0.8 * pen.pitch
    if y + 8 * pen.pitch < bottom:
        _closing(sheet, pen, column, y)
    if sheet.chance(0.3):
        _foot(sheet, column)


def _letterhead(sheet: Sheet, column: Column, y: float) -> float:
    """The sender's name, large, with address and numbers small."""
    align = sheet.align("left", "centre", "right")
    name = replace(sheet.pen(sheet.between(13, 30), ("text", "text", "display")), align=align)
    if sheet.chance(0.3):
        name = name.tracked(sheet.between(0.05, 0.3))
    if sheet.chance(0.3):
        side = sheet.between(1.2, 3) * name.em
        x = column.right - side if align == "left" else column.left
        marks.draw_logo(sheet, (x, y, x + side, y + side))
    text = sheet.text("heading", name, 30)
    inner = Column(column.left + column.width * 0.2, column.right - column.width * 0.2)
    y = sheet.paragraph(text, name, inner if align == "centre" else column, y, y + 2 * name.pitch)
    small = replace(sheet.pen(sheet.between(6.5, 9)), align=align)
    for _ in range(sheet.count(1, 4)):
        y += small.pitch
        line = sheet.text(sheet.pick(["address", "contact", "number"]), small, 60)
        sheet.place(line, small, column, y)
    if sheet.chance(0.4):
        y += 0.8 * small.em
        sheet.rule(column, y, sheet.between(0.5, 2))
    return y + small.em


def _opening(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    """References, date, address, subject, salutation."""
    y += pen.pitch * sheet.between(0.5, 3)
    place = sheet.text("address", pen, 14).split()[-1]
    date = f"{place}, {sheet.count(1, 31)}. {sheet.count(1, 12)}. {sheet.count(1900, 2030)}"
    right = Column(column.left + column.width * 0.55, column.right)
    align = sheet.align("left", "right")
    sheet.place(sheet.drawable(date, pen), replace(pen, align=align), right, y)
    y += pen.pitch * sheet.between(1, 3)
    address = Column(column.left, column.left + column.width * 0.5)
    for _ in range(sheet.count(0, 5)):
        sheet.place(sheet.text("address", pen, 36), replace(pen, align="left"), address, y)
        y += pen.pitch
    y += pen.pitch * sheet.between(0.5, 2.5)
    left = pen.aligned("left")
    if sheet.chance(0.6):
        style = replace(pen.style, underline=sheet.chance(0.35))
        subject = f"{sheet.pick(_SUBJECTS)} {sheet.text('heading', pen, 60)}"
        sheet.place(sheet.drawable(subject, pen), replace(left, style=style), column, y)
        y += pen.pitch * sheet.between(1.2, 2.5)
    if sheet.chance(0.7):
        sheet.place(sheet.drawable(sheet.pick(_SALUTATIONS), pen), left, column, y)
        y += pen.pitch * 0.7
    return y


def _closing(sheet: Sheet, pen: Pen, column: Column, y: float) -> None:
    x = column.left + column.width * sheet.pick([0.0, 0.0, 0.5])
    place = Column(x, column.right)
    left = replace(pen, align="left")
    sheet.place(sheet.drawable(sheet.pick(_CLOSINGS), pen), left, place, y + pen.em)
    if sheet.chance(0.75):
        high = sheet.between(1.5, 4) * pen.em
        start = x + sheet.between(0, 3) * pen.em
        top = y + 1.3 * pen.em
        marks.draw_scribble(sheet, (start, top, start + sheet.between(6, 16) * pen.em, top + high))
    y += pen.pitch + 3.5 * pen.em
    for _ in range(sheet.count(1, 3)):
        sheet.place(sheet.text("address", pen, 30), left, place, y + pen.em)
        y += pen.pitch


def _foot(sheet: Sheet, column: Column) -> None:
    """Two to four narrow columns of small print at the foot of the page."""
    small = replace(sheet.pen(sheet.between(5, 7.5)), leading=1.15)
    n = sheet.count(1, 4)
    top = sheet.height * 0.985 - 3 * small.pitch
    if sheet.chance(0.5):
        sheet.rule(column, top - small.em)
    for number in range(n):
        left = column.left + number * column.width / n
        part = Column(left, left + column.width / n - 1.6 * small.em)
        sheet.canvas.group += 1
        for line in range(sheet.count(1, 3)):
            text = sheet.text(sheet.pick(["contact", "code", "address"]), small, 40)
            sheet.place(text, small, part, top + (line + 1) * small.pitch)


def draw_list(sheet: Sheet) -> None:
    """A page of headings and bulleted or numbered points, code at times."""
    pen = sheet.pen(sheet.between(8.5, 13), ("text", "text", "mono", "typewriter"))
    side = sheet.width * sheet.between(0.06, 0.14)
    column = Column(side, sheet.width - side)
    y, bottom = sheet.height * sheet.between(0.04, 0.1), sheet.height * 0.95
    while y + 3 * pen.pitch < bottom:
        head = sheet.pen(sheet.points(pen.em) * sheet.between(1.1, 1.8))
        y = sheet.paragraph(sheet.text("heading", head, 60), head, column, y, bottom)
        y = _points(sheet, pen, column, (y + 0.5 * pen.pitch, bottom)) + pen.pitch
        if sheet.chance(0.4):
            text = sheet.text("running", pen, sheet.count(60, 500))
            y = sheet.paragraph(text, pen, column, y, bottom) + pen.pitch


def _points(sheet: Sheet, pen: Pen, column: Column, span: tuple[float, float]) -> float:
    """Points of a list under each other; gives where they end."""
    y, bottom = span
    sign = sheet.pick(["•", "-", "–", "*", "→", "☐", "a", "1", "(1)"])
    inset = sheet.between(0, 3) * pen.em
    hanging = sheet.between(1.1, 2.6) * pen.em
    pen = replace(pen, align="left")
    gap = pen.pitch * sheet.pick([0.0, 0.3, 0.8])
    for number in range(1, sheet.count(2, 12) + 1):
        if y + pen.pitch > bottom:
            break
        mark = sheet.drawable(_mark(sign, number), pen)
        sheet.write(mark, pen, column.left + inset, y + pen.pitch / 2 + 0.3 * pen.em, "left")
        hanging = max(hanging, word_width(mark, pen.style) + 0.4 * pen.em)
        inner = Column(column.left + inset + hanging, column.right)
        text = sheet.text("running", pen, sheet.count(10, 160))
        y = sheet.paragraph(text, pen, inner, y, bottom) + gap
    return y


def _mark(sign: str, number: int) -> str:
    if sign == "a":
        return f"{chr(96 + number)})"
    return {"1": f"{number}.", "(1)": f"({number})"}.get(sign, sign)


def draw_index(sheet: Sheet) -> None:
    """Contents or an index: entries, dot leaders, page numbers."""
    pen = replace(sheet.pen(sheet.between(8, 12), ("text", "text", "typewriter")), align="left")
    side = sheet.width * sheet.between(0.08, 0.15)
    whole = Column(side, sheet.width - side)
    y, bottom = sheet.height * sheet.between(0.05, 0.12), sheet.height * 0.95
    title = replace(sheet.pen(sheet.between(13, 22)), align="centre")
    y = sheet.paragraph(sheet.text("heading", title, 24), title, whole, y) + pen.pitch
    leader = sheet.pick([".", ". ", ".", "none"])
    levels: Sequence[float] = (0.0, 0.0, 1.5, 3.0) if sheet.chance(0.6) else (0.0,)
    while y + pen.pitch < bottom:
        y += pen.pitch
        left = whole.left + sheet.pick(levels) * pen.em
        text = sheet.text("heading", pen, sheet.count(8, 60))
        entry = sheet.fit(text, pen, 0.7 * (whole.right - left))
        _entry(sheet, pen, (entry, leader), Column(left, whole.right), y)


def _entry(sheet: Sheet, pen: Pen, what: tuple[str, str], column: Column, baseline: float) -> None:
    entry, leader = what
    number = str(sheet.count(1, 700))
    used = sheet.write(entry, pen, column.left, baseline, "left")
    width = word_width(number, pen.style)
    free = column.width - used - width - 0.8 * pen.em
    if leader != "none" and free > 2 * pen.em:
        # in the middle of the gap, so that neither end is wide enough to part the segment
        dots = sheet.fit(leader * (200 // len(leader)), pen, free)
        sheet.write(dots, pen, column.left + used + 0.4 * pen.em + free / 2, baseline, "centre")
    sheet.write(number, pen, column.right, baseline, "right")
