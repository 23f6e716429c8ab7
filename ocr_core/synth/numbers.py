"""Numbers as pages print them: dates, times, amounts, prices, figures with units, references."""

from __future__ import annotations

import string
from collections.abc import Sequence

import numpy as np

Rng = np.random.Generator
_MONTHS = "January February March April May June July August September October November December"


def pick(rng: Rng, items: Sequence[str] | str) -> str:
    """One of some texts, or of the characters of one."""
    return items[int(rng.integers(len(items)))]


def digits(rng: Rng, n: int) -> str:
    """`n` digits, at times all alike."""
    if rng.random() < 0.08:  # runs of one digit, which CTC is prone to shorten
        return pick(rng, string.digits) * n
    return "".join(map(str, rng.integers(0, 10, n)))


def few_digits(rng: Rng) -> str:
    """One to four digits."""
    return digits(rng, int(rng.integers(1, 5)))


def date(rng: Rng) -> str:
    """A day as one of many forms writes it."""
    day, month, year = rng.integers(1, 29), rng.integers(1, 13), rng.integers(1880, 2030)
    name = pick(rng, _MONTHS.split())
    form = int(rng.integers(9))
    return [
        f"{day:02}/{month:02}/{year}", f"{day}.{month}.{year}", f"{year}-{month:02}-{day:02}",
        f"{day} {name} {year}", f"{name} {day}, {year}",
        f"{day:02}-{name[:3].upper()}-{year % 100:02}", f"{day:02}.{month:02}.{year % 100:02}",
        f"{name[:3]}. {day}, {year}", f"{day}th {name}, {year}",
    ][form]  # fmt: skip


def time_of_day(rng: Rng) -> str:
    """A time to the minute or second."""
    clock = f"{rng.integers(0, 24):02}:{rng.integers(0, 60):02}"
    return clock + pick(rng, ["", f":{rng.integers(0, 60):02}", " PM", " AM", "h", " Uhr"])


def amount(rng: Rng) -> str:
    """An amount with or without cents, by English or continental rules."""
    value = int(10 ** rng.uniform(0, 7))
    whole, cents = divmod(value, 100)
    form = rng.random()
    if form < 0.35:
        return f"{whole}.{cents:02}"
    if form < 0.55:
        return f"{whole:,}.{cents:02}"
    if form < 0.75:
        return f"{whole:,}".replace(",", pick(rng, ". ")) + f",{cents:02}"
    return f"{whole:,}" if form < 0.85 else str(whole)


def price(rng: Rng) -> str:
    """An amount, most often with a currency."""
    value = amount(rng)
    form = rng.random()
    if form < 0.3:
        return value
    if form < 0.7:
        return pick(rng, ["$", "€", "£", "RM", "RM ", "$ ", "EUR ", "USD ", "Rs.", "¥"]) + value
    return value + pick(rng, " €|€| EUR| %|%| kr|-| SR| Z| T|*| A".split("|"))


def figure(rng: Rng) -> str:
    """Digits that letters and signs touch, as tables and reports have them."""
    n = few_digits(rng)
    year = int(rng.integers(0, 40))
    forms = [
        lambda: f"{n}.{digits(rng, 1)}{pick(rng, ['x', 'X', '%', 'k', 'kg', 'm', 'bn', ' cm'])}",
        lambda: n + pick(rng, "MM kt oz bps ML mm pcs x E A st".split()),
        lambda: f"{pick(rng, ['FY', 'Q', 'H', 'CY', 'V', 'No', 'A', 'T'])}{year:02}",
        lambda: f"{pick(rng, 'QH')}{rng.integers(1, 5)}{pick(rng, '’ /-')}{year:02}",
        lambda: f"20{year:02}{pick(rng, 'EAFPe')}",
        lambda: f"{pick(rng, '$€£')}{n}.{digits(rng, 2)}{pick(rng, ['', 'M', 'MM', 'k', 'bn'])}",
        lambda: f"{pick(rng, '@*#')}{rng.integers(0, 30)}{pick(rng, ['%', '', '.00'])}",
        lambda: f"{rng.integers(1, 20)}{pick(rng, 'xX*')}{amount(rng)}",
        lambda: pick(rng, ["q/q", "y/y", "n/a", "w/o", "c/o", "N/A", "1st", "2nd", "3rd", "4th"]),
        lambda: f"{digits(rng, 1)}{pick(rng, 'OIlSBZ')}{digits(rng, 2)}",
    ]  # fmt: skip
    return forms[int(rng.integers(len(forms)))]()


def reference(rng: Rng) -> str:
    """A number that something goes by."""
    kind = pick(rng, "No. Nr. No # N° p. pp. § Art. Fig.".split())
    return f"{kind} {few_digits(rng)}"


def phone(rng: Rng) -> str:
    """A telephone number behind its label."""
    name = pick(rng, "Tel Tel. Phone Fax TEL Mobil".split()) + pick(rng, [": ", ". ", " "])
    area = pick(rng, "+0(") + digits(rng, 2)
    return name + area + pick(rng, ["-", " ", ") "]) + digits(rng, 7)
