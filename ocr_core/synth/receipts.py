"""Receipts: long, narrow, in monospaced or condensed faces, names left and prices right."""

from __future__ import annotations

from dataclasses import replace

from ocr_core.synth import marks, tills
from ocr_core.synth.fonts import FontKind
from ocr_core.synth.sheet import Align, Column, Pen, Sheet
from ocr_core.synth.till_text import till_name, till_price
from ocr_core.synth.typeset import set_line

_KINDS: tuple[tuple[FontKind, ...], ...] = (("mono",), ("mono", "typewriter"), ("text",))
_LABELS = "Bill No|Date|Time|Cashier|Table|Invoice|Till|Order|Datum|Kasse|GST ID|Ref".split("|")
_HEADS = (("ITEM", "AMOUNT"), ("DESCRIPTION", "RM"), ("Artikel", "EUR"), ("Qty Item", "Total"))
_TOTALS = (
    "TOTAL|Total:|SUBTOTAL|CASH|CHANGE|GST 6%|VAT 20%|Rounding|Summe EUR|VISA|Balance Due|"
    "TOTAL TTC|Discount"
).split("|")
_THANKS = (
    "THANK YOU|*** THANK YOU ***|Please come again|Vielen Dank!|MERCI DE VOTRE VISITE|"
    "GOODS SOLD ARE NOT RETURNABLE|www.shop.com"
).split("|")


def draw_receipt(sheet: Sheet) -> None:
    """A till's receipt from the shop's name to its thanks."""
    side = sheet.width * sheet.between(0.02, 0.1)
    column = Column(side, sheet.width - side)
    size = column.width / sheet.between(18, 30)  # 36 to 50 characters to the line
    pen = sheet.pen(sheet.points(size), sheet.pick(_KINDS))
    leading = sheet.between(1.0, 1.5) if sheet.chance(0.7) else sheet.between(1.5, 2.3)
    pen = _of_till(sheet, replace(pen, leading=leading, style=replace(pen.style, jitter=0.0)))
    y = sheet.height * sheet.between(0.01, 0.05) + pen.em
    y = _shop(sheet, pen, column, y)
    bottom = sheet.height * 0.985 - pen.em
    parts = [_particulars, _items, _totals, _separator, _closing, _dense]
    middle = [_separator, _dense, _separator] if sheet.chance(0.4) else [_separator]
    order = [_particulars, _separator, _items, *middle, _totals, _separator, _closing]
    while y < bottom:
        if not order:
            if sheet.chance(0.5):
                break
            order = [sheet.pick(parts)]
        y = order.pop(0)(sheet, pen, column, y)
        y += pen.pitch * (sheet.between(0, 1.5) if sheet.chance(0.6) else 0.0)


def _of_till(sheet: Sheet, pen: Pen) -> Pen:
    """The pen; where its face is one of pixels, most often as a till sets it."""
    face = pen.style.face
    if not tills.is_till_face(face) or sheet.chance(0.2):
        return pen
    return replace(pen, style=tills.till_style(face, pen.style.size_px, sheet.rng))


def _doubled(sheet: Sheet, pen: Pen) -> Pen:
    """A pen of letters that are twice as high, twice as wide, or both."""
    form = sheet.rng.random()
    if form < 0.35:
        return replace(pen, style=tills.double_width(pen.style))
    high = tills.double_height(pen.style)
    return replace(pen, style=high if form < 0.75 else tills.double_width(high))


def _advance(sheet: Sheet, pen: Pen, y: float) -> bool:
    return y + pen.pitch < sheet.height * 0.985


def _shop(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    centre = replace(pen, align="centre")
    if sheet.chance(0.25):
        size = sheet.width * sheet.between(0.1, 0.25)
        middle = (column.left + column.right) / 2
        marks.draw_logo(sheet, (middle - size, y - pen.em, middle + size, y + size * 0.7))
        y += size * 0.7 + pen.pitch
    if sheet.chance(0.35):
        y = _title(sheet, pen, column, y)
    elif sheet.chance(0.7):
        name = sheet.pen(sheet.points(pen.em) * sheet.between(1.0, 2.4), ("text", "mono"))
        name = replace(name, align="centre")
        text = sheet.text("heading", name, 28)
        y = sheet.paragraph(text, name, column, y, y + 2.1 * name.pitch) + 0.5 * pen.pitch
    for _ in range(sheet.count(1, 6)):
        kind = sheet.pick(["address", "address", "contact", "code", "number", "till", "till"])
        text = sheet.text(kind, pen, 40)
        sheet.place(text, centre, column, y + 0.5 * pen.em)
        y += pen.pitch
    return y + 0.5 * pen.em


def _title(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    """A line or two in letters of double size; gives the next baseline of the pen."""
    big = replace(_doubled(sheet, pen), align="centre")
    for _ in range(sheet.count(1, 2)):
        if y + 2 * big.pitch > sheet.height * 0.985:
            break
        y += big.pitch - pen.pitch
        text = sheet.text(sheet.pick(["till", "heading"]), big, 24).upper()
        sheet.place(sheet.drawable(text, big), big, column, y)
        y += pen.pitch
    return y + 0.5 * pen.em


def _particulars(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    """Labels and their values: bill, date, cashier, table."""
    middle = column.left + column.width * sheet.between(0.2, 0.4)
    form = sheet.pick(["run", "aligned", "right"])
    apart = form != "run" and sheet.chance(0.5)  # a column of colons
    for _ in range(sheet.count(1, 6)):
        if not _advance(sheet, pen, y):
            break
        label = sheet.pick(_LABELS) + ("" if apart else sheet.pick([":", " :", "", " #"]))
        value = sheet.text(sheet.pick(["number", "code", "words"]), pen, 16)
        if form == "run":
            sheet.place(f"{label} {value}", replace(pen, align="left"), column, y)
        else:
            if apart:
                sheet.write(":", pen, middle - 0.7 * pen.em, y, "right")
            sheet.place(label, replace(pen, align="left"), Column(column.left, middle - pen.em), y)
            align: Align = "right" if form == "right" else "left"
            sheet.place(value, replace(pen, align=align), Column(middle, column.right), y)
        y += pen.pitch
    return y


def _items(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    """Goods with their prices, at times on two lines, at times with a quantity."""
    form = sheet.pick(["one", "two", "below", "quantity", "columns"])
    upper = sheet.chance(0.6)
    if sheet.chance(0.4):
        heads = sheet.pick(_HEADS)
        y = _row(sheet, pen, column, (*heads, y))
    for _ in range(sheet.count(1, 14)):
        if not _advance(sheet, pen, y + pen.pitch):
            break
        name = sheet.text("words", pen, sheet.count(5, 28))
        if sheet.chance(0.5):
            name = till_name(sheet.rng, sheet.corpus)
        name = sheet.drawable(name.upper() if upper else name, pen)
        if form in {"two", "below"}:
            sheet.place(name, replace(pen, align="left"), column, y)
            y += pen.pitch
        if form == "two":
            name = f"{sheet.count(1, 20)} {sheet.pick('xX@')} {_price(sheet)}"
        elif form == "quantity":
            name = f"{sheet.count(1, 20)} {name}"
        if form in {"below", "columns"}:
            _set_in_columns(sheet, pen, column, (name if form == "columns" else "", y))
            y += pen.pitch
        else:
            y = _row(sheet, pen, column, (name, _price(sheet), y))
    return y


def _set_in_columns(sheet: Sheet, pen: Pen, column: Column, item: tuple[str, float]) -> None:
    """Name, if it is not above, quantity, price and amount, each in a column of its own."""
    name, y = item
    amount = sheet.count(1, 12)
    price = sheet.between(0.5, 60)
    room = Column(column.left, column.left + column.width * 0.35)
    if name:
        sheet.place(name, replace(pen, align="left"), room, y)
    values = (f"{amount}", f"{price:.2f}", f"{amount * price:.2f}")
    for share, value in zip((0.46, 0.7, 1.0), values, strict=True):
        sheet.write(value, pen, column.left + column.width * share, y, "right")


def _price(sheet: Sheet) -> str:
    if sheet.chance(0.5):
        return till_price(sheet.rng)
    value = f"{10 ** sheet.between(-0.3, 2.6):.2f}"
    if sheet.chance(0.3):
        value = value.replace(".", ",")
    sign = sheet.pick(["", "", "", "", "$", "RM ", "€"])
    return sign + value + sheet.pick(["", "", "", "", " A", " B", " SR", "-"])


def _row(sheet: Sheet, pen: Pen, column: Column, content: tuple[str, str, float]) -> float:
    """A label left and an amount right; gives the next baseline."""
    label, amount, y = content
    width = sheet.write(sheet.drawable(amount, pen), pen, column.right, y, "right")
    room = Column(column.left, column.right - width - pen.em)
    sheet.place(sheet.drawable(label, pen), replace(pen, align="left"), room, y)
    return y + pen.pitch


def _totals(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    big = pen
    form = sheet.rng.random()
    if form < 0.2:
        size = round(pen.em * sheet.between(1.2, 1.8))
        big = replace(pen, style=replace(pen.style, size_px=size))
    elif form < 0.4:
        big = replace(pen, style=tills.double_height(pen.style))
    inner = Column(column.left + column.width * sheet.pick([0.0, 0.0, 0.3]), column.right)
    for number in range(sheet.count(1, 7)):
        line = big if number == 1 else pen
        y += line.pitch - pen.pitch
        if not _advance(sheet, pen, y):
            break
        y = _row(sheet, line, inner, (sheet.pick(_TOTALS), _price(sheet), y))
    return y


def _separator(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    """A line of dashes, stars or equal signs: no text to be found."""
    if not _advance(sheet, pen, y):
        return y
    form = sheet.rng.random()
    if form < 0.25:
        return y
    if form < 0.45:
        sheet.rule(column, y - 0.3 * pen.em)
        return y + pen.pitch
    sign = sheet.pick("-=*_.")
    width = column.width * sheet.pick([1.0, 1.0, 0.8])
    signs = sheet.fit(sign * 90, pen, width)
    line = set_line(signs, pen.style, sheet.rng)
    left = round((column.left + column.right - line.width) / 2)
    sheet.canvas.stamp(line.ink, left + line.ink_left, round(y) + line.ink_top)
    return y + pen.pitch


def _dense(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    """Rates of tax, quantities, codes: what there is no reading of but sign by sign."""
    align = sheet.align("left", "left", "centre", "right")
    for _ in range(sheet.count(1, 7)):
        if not _advance(sheet, pen, y):
            break
        sheet.place(sheet.text("till", pen, 40), replace(pen, align=align), column, y)
        y += pen.pitch
    return _title(sheet, pen, column, y) if sheet.chance(0.3) else y


def _closing(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    """Thanks, terms, a bar code."""
    for _ in range(sheet.count(1, 5)):
        if not _advance(sheet, pen, y):
            return y
        text = sheet.pick(_THANKS) if sheet.chance(0.6) else sheet.text("running", pen, 36)
        sheet.place(sheet.drawable(text, pen), replace(pen, align="centre"), column, y)
        y += pen.pitch
    if sheet.chance(0.3) and y + 5 * pen.em < sheet.height:
        inset = column.width * 0.2
        marks.draw_bar_code(sheet, (column.left + inset, y, column.right - inset, y + 3 * pen.em))
        y += 5 * pen.em
    return y
