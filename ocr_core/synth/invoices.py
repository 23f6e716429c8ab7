"""Invoices: sender, customer, particulars, positions and sums."""

from __future__ import annotations

from ocr_core.synth import marks
from ocr_core.synth.fonts import FontKind
from ocr_core.synth.sheet import Column, Pen, Sheet
from ocr_core.synth.tables import RULES, Table, draw_table

_KINDS: tuple[tuple[FontKind, ...], ...] = (("text",), ("text",), ("mono",), ("typewriter",))
_TITLES = "INVOICE|Invoice|RECHNUNG|Rechnung|FACTURE|Factura|Fattura|TAX INVOICE|Quotation".split(
    "|"
)
_PARTICULARS = (
    "Invoice No.|Date|Due date|Customer|Kunden-Nr.|Datum|USt-IdNr.|N° client|Order|Terms"
).split("|")
_HEADS = (
    "Pos.|Description|Qty|Unit price|Amount",
    "Nr.|Bezeichnung|Menge|Einzelpreis|Betrag €",
    "Réf|Désignation|Qté|P.U. HT|Montant",
)
_SUMS = "Subtotal|Net|VAT 20%|zzgl. 19% MwSt.|Total TTC|TOTAL|Amount due|Gesamtbetrag".split("|")


def draw_invoice(sheet: Sheet) -> None:
    """Sender, customer, particulars, a table of positions, totals, terms."""
    pen = sheet.pen(sheet.between(8, 11), sheet.pick(_KINDS)).aligned("left")
    side = sheet.width * sheet.between(0.06, 0.1)
    column = Column(side, sheet.width - side)
    y = sheet.height * sheet.between(0.03, 0.07)
    title = sheet.pen(sheet.between(16, 34))
    if sheet.chance(0.5):
        marks.draw_logo(sheet, (column.right - 3 * title.em, y, column.right, y + 1.6 * title.em))
    half = Column(column.left, column.left + 0.6 * column.width)
    sheet.place(sheet.pick(_TITLES), title.aligned("left"), half, y + title.em)
    y = _set_parties(sheet, pen, column, y + 1.8 * title.em)
    y = draw_table(sheet, _draw_positions(sheet, pen), pen, column, y + pen.pitch)
    y = _set_sums(sheet, pen, column, y + pen.pitch)
    if sheet.chance(0.7):
        text = sheet.text("running", pen, sheet.count(80, 500))
        y = sheet.paragraph(text, pen, column, y + pen.pitch, sheet.height * 0.96)
    if sheet.chance(0.4) and y < sheet.height * 0.85:
        _set_payment(sheet, pen, column)


def _set_parties(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    """The customer's address left, numbers and dates right."""
    left = Column(column.left, column.left + 0.42 * column.width)
    labels = Column(column.left + 0.52 * column.width, column.left + 0.72 * column.width)
    values = Column(column.left + 0.74 * column.width, column.right)
    value_pen = pen.aligned(sheet.align("left", "right"))
    y += pen.pitch
    for _ in range(sheet.count(3, 7)):
        sheet.canvas.group += 1
        if sheet.chance(0.85):
            sheet.place(sheet.text(sheet.pick(["address", "contact"]), pen, 34), pen, left, y)
        sheet.canvas.group += 1
        if sheet.chance(0.85):
            label = sheet.pick(_PARTICULARS) + sheet.pick([":", ""])
            sheet.place(sheet.drawable(label, pen), pen, labels, y)
            value = sheet.text(sheet.pick(["number", "code"]), pen, 14)
            sheet.place(value, value_pen, values, y)
        y += pen.pitch
    return y


def _draw_positions(sheet: Sheet, pen: Pen) -> Table:
    heads = sheet.pick(_HEADS).split("|")
    rows = [[sheet.drawable(head, pen) for head in heads]]
    for number in range(1, sheet.count(3, 25)):
        price = 10 ** sheet.between(0, 3.5)
        amount = sheet.count(1, 40)
        name = sheet.text("words", pen, sheet.count(6, 34))
        rows.append([str(number), name, str(amount), f"{price:,.2f}", f"{price * amount:,.2f}"])
    numeric = (False, False, True, True, True)
    return Table(rows, numeric, sheet.pick(RULES), sheet.between(1.2, 2.2))


def _set_sums(sheet: Sheet, pen: Pen, column: Column, y: float) -> float:
    x = column.left + column.width * sheet.between(0.5, 0.65)
    for _ in range(sheet.count(1, 4)):
        if y + pen.pitch > sheet.height * 0.97:
            break
        sheet.canvas.group += 1
        y += pen.pitch
        amount = f"{10 ** sheet.between(1, 5):,.2f}" + sheet.pick(["", " €", " EUR"])
        width = sheet.write(sheet.drawable(amount, pen), pen, column.right, y, "right")
        room = Column(x, column.right - width - pen.em)
        sheet.place(sheet.drawable(sheet.pick(_SUMS), pen), pen, room, y)
    return y


def _set_payment(sheet: Sheet, pen: Pen, column: Column) -> None:
    """Bank and contact in small print at the foot."""
    small = sheet.pen(sheet.points(pen.em) * sheet.between(0.65, 0.85)).aligned(pen.align)
    y = sheet.height * 0.9
    sheet.rule(column, y)
    for _ in range(sheet.count(1, 4)):
        y += 1.25 * small.em
        sheet.canvas.group += 1
        sheet.place(sheet.text(sheet.pick(["code", "contact"]), small, 44), small, column, y)
