"""Pages of books: running heads, chapters, drop caps, footnotes, title pages, indexes."""

from __future__ import annotations

from dataclasses import replace

from ocr_core.synth.sheet import Column, Pen, Sheet


def draw_book_page(sheet: Sheet) -> None:
    """A page of running text as novels and treatises have it."""
    margin = sheet.width * sheet.between(0.06, 0.16)
    column = Column(margin, sheet.width - sheet.width * sheet.between(0.06, 0.16))
    pen = replace(
        sheet.pen(sheet.between(8, 12.5)),
        align="justify" if sheet.chance(0.85) else "left",
        indents=(sheet.between(0.8, 2.5),) if sheet.chance(0.85) else (),
        hyphenates=sheet.chance(0.7),
    )
    y = _running_head(sheet, pen, column)
    bottom = sheet.height * sheet.between(0.86, 0.95)
    if sheet.chance(0.25):
        y = _chapter_heading(sheet, pen, column, y)
    notes = _footnotes(sheet, pen, column, bottom) if sheet.chance(0.25) else bottom
    if sheet.chance(0.15):  # the last page of a chapter
        notes = y + (notes - y) * sheet.between(0.2, 0.9)
    fill_column(sheet, pen, column, (y, notes))
    if sheet.chance(0.25):
        _page_number(sheet, pen, column, sheet.height * sheet.between(0.955, 0.975))


def fill_column(sheet: Sheet, pen: Pen, column: Column, span: tuple[float, float]) -> float:
    """Sets paragraphs from top to bottom of a span, now and then with a subheading."""
    y, bottom = span
    per_line = column.width / max(1.0, 0.45 * pen.em)
    gap = sheet.pick([0.0, 0.0, 0.4, 0.8]) * pen.pitch if pen.indents else 0.6 * pen.pitch
    while y + pen.pitch <= bottom:
        lines = sheet.between(0.7, 9) if sheet.chance(0.6) else sheet.between(5, 25)
        text = sheet.text("running", pen, max(20, int(lines * per_line)))
        y = sheet.paragraph(text, pen, column, y, bottom) + gap
        if sheet.chance(0.06) and y + 4 * pen.pitch < bottom:
            y = _subheading(sheet, pen, column, y)
    return y


def _subheading(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    head = sheet.pen(sheet.points(pen.em) * sheet.between(1.0, 1.4))
    head = head.aligned(sheet.align("left", "centre"))
    top = y + 0.8 * pen.pitch
    y = sheet.paragraph(sheet.text("heading", head, 50), head, column, top, y + 5 * head.pitch)
    return y + 0.4 * pen.pitch


def _running_head(sheet: Sheet, pen: Pen, column: Column) -> float:
    """Title and page number at the top; gives where the text may begin."""
    y = sheet.height * sheet.between(0.04, 0.08)
    if sheet.chance(0.2):
        return y + pen.pitch
    head = sheet.pen(sheet.points(pen.em) * sheet.between(0.8, 1.05))
    if sheet.chance(0.4):
        head = head.tracked(sheet.between(0.05, 0.25))
    baseline = y + head.em
    number = str(sheet.count(1, 999))
    title = sheet.fit(sheet.text("heading", head, 45), head, column.width * 0.7)
    where = sheet.pick(["left", "right", "none"])
    sheet.write(title, head, column.middle, baseline, "centre")
    if where == "left":
        sheet.write(number, head, column.left, baseline, "left")
    elif where == "right":
        sheet.write(number, head, column.right, baseline, "right")
    if sheet.chance(0.25):
        baseline += 0.45 * head.em
        sheet.rule(column, baseline)
    return baseline + sheet.between(1.0, 2.5) * pen.pitch


def _page_number(sheet: Sheet, pen: Pen, column: Column, baseline: float) -> None:
    number = str(sheet.count(1, 999))
    text = sheet.pick([number, number, f"– {number} –", f"[{number}]", f"Page {number}"])
    sheet.write(sheet.drawable(text, pen), pen, column.middle, baseline, "centre")


def _chapter_heading(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    """A heading with room about it, the first letters of the chapter large at times."""
    y += pen.pitch * sheet.between(1, 6)
    head = sheet.pen(sheet.between(12, 26), ("text", "display"))
    head = replace(head, align="centre", leading=1.3)
    if sheet.chance(0.3):
        head = head.tracked(sheet.between(0.05, 0.3))
    if sheet.chance(0.6):
        y = sheet.paragraph(f"CHAPTER {sheet.count(1, 40)}.", head, column, y) + 0.6 * head.em
    small = head.sized(0.7)
    y = sheet.paragraph(sheet.text("heading", small, 60), small, column, y, y + 4 * small.pitch)
    y += pen.pitch * sheet.between(0.8, 3)
    return _drop_cap(sheet, pen, column, y) if sheet.chance(0.5) else y


def _drop_cap(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    """A paragraph whose first letter reaches down two or three lines."""
    lines = sheet.count(2, 3)
    text = sheet.text("running", pen, int(column.width / (0.45 * pen.em) * sheet.between(4, 9)))
    if not text[:1].isalpha():
        return y
    points = sheet.points((lines - 1) * pen.pitch + 0.7 * pen.em) / 0.7
    cap = sheet.pen(points, ("text", "display"))
    letter = sheet.drawable(text[0].upper(), cap)
    baseline = y + (lines - 0.5) * pen.pitch + 0.3 * pen.em
    width = sheet.write(letter, cap, column.left, baseline, "left") + 0.25 * pen.em
    body = replace(pen, indents=(width / pen.em,) * lines)
    sheet.canvas.group += 1
    end = sheet.paragraph(text[1:].strip() or "a", body, column, y)
    return max(end, y + lines * pen.pitch)


def _footnotes(sheet: Sheet, pen: Pen, column: Column, bottom: float) -> float:
    """Notes in small type at the foot; gives where the text above must end."""
    small = sheet.pen(sheet.points(pen.em) * sheet.between(0.7, 0.85))
    small = replace(small, leading=min(small.leading, 1.3), align=pen.align)
    top = bottom - small.pitch * sheet.count(1, 8)
    if sheet.chance(0.7):
        width = column.width * sheet.pick([0.2, 0.35, 1.0])
        sheet.rule(Column(column.left, column.left + width), top)
    y = top + 0.5 * small.pitch
    number = 1
    while y + small.pitch <= bottom:
        mark = sheet.drawable(sheet.pick(["*", "†", "¹", f"{number}", f"{number}."]), small)
        text = sheet.text("running", small, sheet.count(40, 250))
        y = sheet.paragraph(f"{mark} {text}", small, column, y, bottom)
        number += 1
    return top - 0.5 * pen.pitch
