"""What tills print: dense lines of names, codes, amounts, tax rates and the signs among them."""

from __future__ import annotations

import string

import numpy as np

from ocr_core.synth.corpus import Corpus
from ocr_core.synth.numbers import digits, few_digits, pick

Rng = np.random.Generator
_LABELS = (
    "TEL|Tel|Fax|FAX|H/P|Bill No|BILL|Receipt #|RECEIPT NO|Invoice #|INV NO|Doc No.|Ref#|TRN|Slip|"
    "GST ID|GST ID NO|GST REG NO|GST No|CO. REG NO|ROC NO|VAT Reg|VAT No|Reg|ID NO|Date|DATE|Time|"
    "Cashier|CASHIER|Clerk|Till|Table|TABLE NO|Pax(s)|Counter|Terminal|POS|Member|Card No|Approval|"
    "Trace #|Batch|Ticket|Order #|Queue|Item(s)|QTY(S)|Total Qty|Printed|Served by|Salesperson"
).split("|")
_TOTALS = (
    "TOTAL|Total|SUB TOTAL|SubTotal|NETT TOTAL|Net Total|TOTAL (GST INCL)|TOTAL INCL. GST|"
    "Total Excl. Tax|TOTAL AMT|AMOUNT DUE|CASH|Cash|CHANGE|Change|TENDERED|ROUNDING|Rounding Adj|"
    "Round Amt|DISC|Discount|SAVING|Deposit|Balance|VISA|MASTER|DEBIT|E-WALLET|SVC CHG 10%|"
    "Service Tax|VAT|Tax|TOTAL GST|Total Savings|PAID|Credit"
).split("|")
_HEADS = (
    "QTY DESC AMT|ITEM QTY PRICE|Item Qty U/P Amt|CODE DESC QTY|DESC. U/PRICE AMOUNT|Qty(s) Price|"
    "Tax Code Amt(RM) Tax(RM)|GST SUMMARY|Tax Rate Net Tax|DESCRIPTION DISC% AMT|RM|($)|Amt ($)|"
    "CODE/DESC PRICE DISC AMOUNT(RM)|% NET VAT GROSS|Summary Amount(RM) GST(RM)|TAX INVOICE|"
    "SIMPLIFIED TAX INVOICE|CASH BILL|OFFICIAL RECEIPT|** COPY **|DUPLICATE|REPRINT|TAKE AWAY|"
    "DINE IN|CREDIT NOTE|CASH SALES|*** VOID ***"
).split("|")
_CLOSINGS = (
    "*** THANK YOU ***|THANK YOU & PLEASE COME AGAIN!|GOODS SOLD ARE NOT RETURNABLE|NO REFUND|"
    "EXCHANGE WITHIN 7 DAYS WITH RECEIPT|CUSTOMER COPY|HAVE A NICE DAY :)|PRICES INCLUDE GST|"
    "* = TAXABLE ITEM|Items marked (*) are zero rated|PLEASE KEEP THIS RECEIPT|WELCOME|"
    "E. & O. E.|This is a computer generated receipt|FOLLOW US @SHOP"
).split("|")
_FIRMS = (
    "SDN BHD|SDN. BHD.|ENTERPRISE|TRADING|& SONS|& CO.|(M) SDN BHD|MART|LTD|PTE LTD|PLT|GMBH|"
    "HARDWARE|MINI MARKET|RESTAURANT|CAFE|S/B"
).split("|")
_STREETS = "JALAN|JLN|LORONG|Jalan|ROAD|ST.|AVENUE|LOT|NO.|TAMAN|BLK|LEVEL|RUE|PERSIARAN".split("|")
_TAX_CODES = "SR|ZR|ZRL|ZRE|ES|OS|S|Z|T|A|B|E|NR|TX".split("|")
_UNITS = "PCS|PC|PKT|EA|KG|kg|UNIT|BTL|CTN|BOX|SET|L|ML|GM|g|OZ|U|X".split("|")
_SYLLABLES = (
    "MA|ME|MI|MO|MU|KA|KE|KI|WAH|WE|HA|HU|GA|GU|SU|SI|BA|BU|RA|RI|TA|TI|LA|LI|NA|NG|KUM|HAM|MEN|"
    "WON|SAM|HIM|ZA|YO|JA|PU|DO|CHE|AN|EM|OM|UN"
).split("|")


def till_line(rng: Rng, corpus: Corpus, n: int) -> str:
    """A line of a receipt; the caller cuts it to about `n` characters."""
    draws = (
        _labelled, _labelled, _labelled, _item, _item, _item, _quantity, _quantity, _tax, _tax,
        _total, _total, _shop, _place, _place, _signs, _fixed, _when,
    )  # fmt: skip
    return draws[int(rng.integers(len(draws)))](rng, corpus)


def till_price(rng: Rng) -> str:
    """An amount as tills print it, with its currency and tax code."""
    form = rng.random()
    value = f"{10 ** rng.uniform(-1.2, 3.3):,.2f}"
    if form < 0.5:
        return value
    if form < 0.65:
        return pick(rng, ["RM", "RM ", "$", "S$", "£", "€ ", "MYR ", "Rs. "]) + value
    if form < 0.9:
        return value + pick(rng, ["", " ", " *", "*", "-"]) + pick(rng, _TAX_CODES)
    return "-" + value if form < 0.97 else f"({value})"


def till_name(rng: Rng, corpus: Corpus) -> str:
    """What is sold: a few words, often in capitals, with sizes, codes and brackets."""
    words = [_word(rng, corpus) for _ in range(int(rng.integers(1, 4)))]
    if rng.random() < 0.35:
        words.append(_size(rng))
    if rng.random() < 0.15:
        words.append(f"({_size(rng) if rng.random() < 0.5 else _word(rng, corpus)})")
    if rng.random() < 0.12:
        words.insert(0, pick(rng, ["#", "*", "@", "-", "** ", "+"]) + words.pop(0))
    text = pick(rng, [" ", " ", " ", "-", "/", " & "]).join(words)
    return text.upper() if rng.random() < 0.75 else text


def _labelled(rng: Rng, corpus: Corpus) -> str:
    """A label and its value."""
    label = pick(rng, _LABELS) + pick(rng, [":", " :", ": ", " : ", " ", ".: ", " # "])
    values = (
        _date_and_time(rng), _code(rng), _phone(rng), digits(rng, int(rng.integers(2, 13))),
        _code(rng), _initials(rng, corpus), f"{few_digits(rng)} {_code(rng)}",
    )  # fmt: skip
    return label + pick(rng, values)


def _item(rng: Rng, corpus: Corpus) -> str:
    name = till_name(rng, corpus)
    form = rng.random()
    if form < 0.3:
        name = f"{_code(rng)} {name}"
    elif form < 0.45:
        name = f"{rng.integers(1, 20)} {name}"
    return name if rng.random() < 0.4 else f"{name} {till_price(rng)}"


def _quantity(rng: Rng, corpus: Corpus) -> str:
    """How many at what price: `3x8.00`, `1 PCS @ 2.50 2.50 SR`."""
    count = pick(
        rng, [str(rng.integers(1, 30)), f"{rng.uniform(0, 9):.3f}", f"{rng.integers(9)}.0"]
    )
    if rng.random() < 0.3:
        count += pick(rng, ["", " "]) + pick(rng, _UNITS)
    times = pick(rng, ["x", "X", " x ", " X ", " @ ", " @", "*", " @RM"])
    text = f"{count}{times}{10 ** rng.uniform(-0.5, 2.5):.2f}"
    if rng.random() < 0.25:
        text = f"{_code(rng)} {text}"
    return text if rng.random() < 0.4 else f"{text} {till_price(rng)}"


def _tax(rng: Rng, corpus: Corpus) -> str:
    """Rates of tax and what they come to."""
    rate = pick(rng, ["0", "6", "6", "7", "8", "10", "15", "19", "20", "5.5", "6.00", "17.5"])
    code = pick(rng, [*_TAX_CODES, "GST", "GST", "VAT", "SST", "MwSt", "TVA", "IVA", "Tax"])
    joint = pick(rng, [" @ {}%", "@{}%", " {}%", "({}%)", " ({}%)", "={}%", " @{}% :", " {} %:"])
    text = pick(rng, ["", "", "", "Add ", "TOTAL ", "Incl. ", "*"]) + code + joint.format(rate)
    amounts = [f"{10 ** rng.uniform(-1.5, 3):,.2f}" for _ in range(int(rng.integers(0, 3)))]
    return " ".join([text, *amounts])


def _total(rng: Rng, corpus: Corpus) -> str:
    label = pick(rng, _TOTALS) + pick(rng, ["", ":", " :", " RM", " (RM)", " (RM):", " $"])
    return f"{label} {till_price(rng)}"


def _shop(rng: Rng, corpus: Corpus) -> str:
    """The shop's name, its register number in brackets."""
    name = _initials(rng, corpus) if rng.random() < 0.4 else _word(rng, corpus).upper()
    if rng.random() < 0.5:
        name += pick(rng, [" ", " & "]) + _word(rng, corpus).upper()
    name += " " + pick(rng, _FIRMS)
    if rng.random() < 0.5:
        name += f" ({digits(rng, int(rng.integers(5, 8)))}-{pick(rng, string.ascii_uppercase)})"
    return name


def _place(rng: Rng, corpus: Corpus) -> str:
    """A piece of an address."""
    unit = pick(rng, [
        f"NO.{rng.integers(1, 99)}", f"{rng.integers(1, 99)}-{pick(rng, 'GAB123')}",
        f"#{rng.integers(1, 12):02}-{few_digits(rng)}", f"LOT {few_digits(rng)}",
        f"G{rng.integers(1, 60)} & G{rng.integers(1, 60)}", f"{few_digits(rng)}/{few_digits(rng)}",
    ])  # fmt: skip
    street = f"{pick(rng, _STREETS)} {_word(rng, corpus)}"
    section = f"{pick(rng, ['SS ', 'U', 'PJU ', 'BU', ''])}{rng.integers(1, 30)}/{few_digits(rng)}"
    form = int(rng.integers(4))
    text = [
        f"{unit}, {street},",
        f"{unit}, {pick(rng, _STREETS)} {section}{pick(rng, [',', '', 'A,', 'M'])}",
        f"{digits(rng, 5)} {_word(rng, corpus)}, {_word(rng, corpus)}{pick(rng, ['.', '', ','])}",
        f"{street} {section}",
    ][form]
    return text.upper() if rng.random() < 0.7 else text.title()


def _signs(rng: Rng, corpus: Corpus) -> str:
    """Short runs in which signs and alike letters and digits stand close."""
    alphabets = ("%#@&*:=+-()/.", "MHWNKRX", "0O8B6GS5Q", "%xkX&8", "#H*", string.digits, "MmHnWw")
    groups = []
    for _ in range(int(rng.integers(1, 6))):
        signs = pick(rng, alphabets) + pick(rng, alphabets)
        groups.append("".join(pick(rng, signs) for _ in range(int(rng.integers(1, 8)))))
    return " ".join(groups)


def _when(rng: Rng, corpus: Corpus) -> str:
    return _date_and_time(rng) + pick(rng, ["", "", f" {few_digits(rng)}", f" #{digits(rng, 6)}"])


def _fixed(rng: Rng, corpus: Corpus) -> str:
    return pick(rng, _HEADS if rng.random() < 0.6 else _CLOSINGS)


def _word(rng: Rng, corpus: Corpus) -> str:
    """A word of the language, or a name that no language has."""
    if rng.random() < 0.6:
        return corpus.word(rng)
    name = "".join(pick(rng, _SYLLABLES) for _ in range(int(rng.integers(2, 4))))
    return name if rng.random() < 0.6 else name.title()


def _initials(rng: Rng, corpus: Corpus) -> str:
    """A name with letters that stand for others."""
    letters = [pick(rng, string.ascii_uppercase) for _ in range(int(rng.integers(1, 3)))]
    joint = pick(rng, [".", ". ", " ", ""])
    return f"{joint.join(letters)}{joint.strip()} {_word(rng, corpus)}".upper()


def _code(rng: Rng) -> str:
    """Letters and digits that something goes by."""
    forms = (
        digits(rng, int(rng.integers(4, 14))),
        pick(rng, string.ascii_uppercase) * int(rng.integers(1, 3)) + digits(rng, 6),
        "".join(pick(rng, string.ascii_uppercase) for _ in range(3)) + digits(rng, 5),
        f"{digits(rng, 2)}-{digits(rng, 3)}-{pick(rng, string.ascii_uppercase)}",
        f"#{digits(rng, int(rng.integers(1, 6)))}",
        f"{digits(rng, 4)}/{digits(rng, 3)}",
        "".join(pick(rng, string.ascii_uppercase + string.digits) for _ in range(8)),
        f"{'X' * 4}-{'X' * 4}-{digits(rng, 4)}" if rng.random() < 0.3 else "*" * 8 + digits(rng, 4),
    )
    return pick(rng, forms)


def _size(rng: Rng) -> str:
    """How much of something: `500ML`, `12X13`, `1.5L`."""
    n = few_digits(rng)
    return pick(rng, [f"{n}{pick(rng, _UNITS)}", f"{n}X{few_digits(rng)}", f"{n}'S", f"1.5{n[0]}L",
                      f"{n}MM", f"{n}%", f"{n}G", f"NO.{n}"])  # fmt: skip


def _phone(rng: Rng) -> str:
    area = pick(rng, ["03", "05", "012", "016", "07", "+60", "(03)", "1-800", "020"])
    joint = pick(rng, ["-", " - ", " ", "-"])
    return area + joint + digits(rng, 4) + pick(rng, ["", " ", "", "-"]) + digits(rng, 4)


def _date_and_time(rng: Rng) -> str:
    day, month, year = rng.integers(1, 29), rng.integers(1, 13), rng.integers(1999, 2030)
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    date = pick(rng, [
        f"{day:02}/{month:02}/{year}", f"{day:02}-{month:02}-{year % 100:02}",
        f"{day:02} {months[month - 1]} {year}", f"{year}-{month:02}-{day:02}",
        f"{day}/{month}/{year}", f"{day:02}-{months[month - 1].upper()}-{year}",
    ])  # fmt: skip
    clock = f"{rng.integers(0, 24):02}:{rng.integers(0, 60):02}"
    if rng.random() < 0.5:
        clock += f":{rng.integers(0, 60):02}"
    clock += pick(rng, ["", "", "PM", " PM", "AM", " AM", "pm"])
    return date if rng.random() < 0.3 else date + pick(rng, [" ", " ", "  ", " / "]) + clock
