"""What synthetic pages say: running text, words, numbers, codes, prices, addresses."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from ocr_core.charset import Charset, canonical
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.numbers import (
    amount,
    date,
    digits,
    few_digits,
    figure,
    phone,
    pick,
    price,
    reference,
    time_of_day,
)
from ocr_core.synth.till_text import till_line

Rng = np.random.Generator
_SYMBOLS = "!#$%&*+-/:;<=>?@[]_()'\",."


@dataclass(frozen=True, slots=True)
class TextMix:
    """How often each kind of line is drawn, relative to the others.

    Language-blind kinds (shuffled words, numbers, codes, random characters) are more than a third,
    so that the recogniser reads what stands there and not what a language would say.
    """

    running: float = 0.40
    words: float = 0.12
    heading: float = 0.08
    number: float = 0.12
    price_row: float = 0.08
    code: float = 0.05
    address: float = 0.05
    contact: float = 0.04
    random: float = 0.06
    item: float = 0.03
    till: float = 0.04


class TextSource:
    """Draws texts by kind; every draw depends on the generator that is passed alone."""

    def __init__(
        self, corpora: Sequence[Corpus], charset: Charset, mix: TextMix | None = None
    ) -> None:
        self._corpora = list(corpora)
        self._charset = charset
        mix = mix or TextMix()
        self._kinds = [(name, float(getattr(mix, name))) for name in TextMix.__slots__]
        # English is a third; the others share the rest by what there is to read in them.
        sizes = [min(len(corpus.paragraphs) + 2000, 15_000) for corpus in self._corpora]
        sizes[0] = max(sizes[0], (sum(sizes[1:]) or 2) // 2)
        self._language_edges = np.cumsum(sizes) / sum(sizes)

    @property
    def first(self) -> Corpus:
        """The language that every face can draw."""
        return self._corpora[0]

    def corpus(self, rng: Rng) -> Corpus:
        """A language."""
        return self._corpora[int(np.searchsorted(self._language_edges, rng.random()))]

    def line(self, rng: Rng, max_characters: int, corpus: Corpus | None = None) -> str:
        """One line of any kind, of at most `max_characters`, never empty."""
        corpus = corpus or self.corpus(rng)
        draw = _DRAWS[_choose(rng, self._kinds)]
        text = self._clean(draw(rng, corpus, max_characters))
        if "·" in text or rng.random() < 0.02:
            text = self._with_rare(rng, text)
        return _cut(text, max_characters) or str(rng.integers(10, 9999))

    def running(self, rng: Rng, corpus: Corpus, max_characters: int) -> str:
        """Running text of about `max_characters`, from any place of a paragraph."""
        return self._clean(_running(rng, corpus, max_characters))

    def of_kind(self, kind: str, rng: Rng, corpus: Corpus, max_characters: int) -> str:
        """A line of one of `TextMix`'s kinds."""
        return _cut(self._clean(_DRAWS[kind](rng, corpus, max_characters)), max_characters)

    def _clean(self, text: str) -> str:
        text = " ".join(canonical(text).split())
        if self._charset.holds(text):
            return text
        return " ".join("".join(c for c in text if self._charset.holds(c)).split())

    def _with_rare(self, rng: Rng, text: str) -> str:
        """Puts a character in that running text seldom shows, so that each class is seen."""
        words = text.split()
        if not words:
            return text
        at = int(rng.integers(len(words)))
        rare = self._charset.characters[int(rng.integers(1, len(self._charset)))]
        words[at] = rare if rng.random() < 0.4 else words[at] + rare
        return " ".join(words)


def _choose(rng: Rng, weighted: Sequence[tuple[str, float]]) -> str:
    edges = list(accumulate(weight for _, weight in weighted))
    at = rng.random() * edges[-1]
    return next(name for (name, _), edge in zip(weighted, edges, strict=True) if at < edge)


def _cut(text: str, max_characters: int) -> str:
    """The first words of a text that fit; a word that does not fit alone is broken."""
    if len(text) <= max_characters:
        return text
    cut = text.rfind(" ", 0, max_characters + 1)
    return text[: cut if cut > max_characters // 2 else max_characters].strip()


def _running(rng: Rng, corpus: Corpus, n: int) -> str:
    """Running text; half of it with the quotes and dashes of print instead of a keyboard's."""
    text = _excerpt(rng, corpus, n)
    return printed(text)[:n].strip() if rng.random() < 0.5 else text


def printed(text: str) -> str:
    """Curved quotes, and dashes that touch their words."""
    text = re.sub(r'(^|(?<=[\s(\[—-]))"(?=\S)', "“", text)
    text = re.sub(r'(?<=\S)"(?!\w)', "”", text)
    text = re.sub(r"(^|(?<=[\s(\[“—-]))'(?=\w)", "‘", text).replace("'", "’")
    return re.sub(r"(?<=\S) ?--? (?=\S)", "—", text)


def _excerpt(rng: Rng, corpus: Corpus, n: int) -> str:
    if not corpus.paragraphs:
        return _words(rng, corpus, n)
    paragraph = corpus.paragraphs[int(rng.integers(len(corpus.paragraphs)))]
    while len(paragraph) < n:
        paragraph += " " + corpus.paragraphs[int(rng.integers(len(corpus.paragraphs)))]
    start = int(rng.integers(max(1, len(paragraph) - n))) if rng.random() < 0.8 else 0
    if start:
        start = paragraph.find(" ", start - 1) + 1
    text = paragraph[start : start + n + 1]
    if len(text) > n and rng.random() < 0.85:
        return _cut(text, n)
    text = text[:n].strip()
    broken = start + len(text) < len(paragraph) and text[-1:].isalpha()
    return text[: n - 1] + "-" if broken else text  # a line end that hyphenates its last word


def _words(rng: Rng, corpus: Corpus, n: int) -> str:
    words: list[str] = []
    while sum(map(len, words)) + len(words) < n:
        word = corpus.word(rng)
        style = rng.random()
        if style < 0.25:
            word = word.capitalize()
        elif style < 0.32:
            word = word.upper()
        if rng.random() < 0.22:
            word = _punctuate(rng, word)
        words.append(word)
    return " ".join(words)


def _punctuate(rng: Rng, word: str) -> str:
    marks = pick(rng, ["()", "[]", "“”", '""', "''", "‘’", "«»", "„“", "<>", "{}"])
    form = rng.random()
    if form < 0.5:
        return word + pick(rng, ",,,...;:!?")
    if form < 0.8:
        return marks[0] + word + marks[1]
    return word + pick(rng, "'s|’s| –| —|—|...|…|/| &|*|†|¹|²".split("|"))


def _heading(rng: Rng, corpus: Corpus, n: int) -> str:
    text = _cut(_running(rng, corpus, n), min(n, int(rng.integers(8, 50)))).rstrip(".,;-")
    style = rng.random()
    if style < 0.5:
        text = text.upper()
    elif style < 0.8:
        text = text.title()
    if rng.random() < 0.25:
        numeral = pick(rng, "I II III IV V VI IX XII A B 1 2 3.1".split())
        text = f"{numeral}{pick(rng, ['.', ')', '', ':', ' –'])} {text}"
    return text


def _number(rng: Rng, corpus: Corpus, n: int) -> str:
    forms: list[Callable[[], str]] = [
        lambda: date(rng),
        lambda: price(rng),
        lambda: digits(rng, int(rng.integers(1, 14))),
        lambda: time_of_day(rng),
        lambda: pick(rng, "+-±~<>≥") + amount(rng),
        lambda: digits(rng, 3) + pick(rng, "-. /") + digits(rng, int(rng.integers(3, 8))),
        lambda: reference(rng),
        lambda: f"({amount(rng)})",
        lambda: figure(rng),
        lambda: figure(rng),
        lambda: "/".join(few_digits(rng) for _ in range(int(rng.integers(2, 4)))),
        lambda: corpus.word(rng),
    ]
    parts = [forms[int(rng.integers(len(forms)))]() for _ in range(int(rng.integers(1, 7)))]
    return " ".join(parts)[: max(n, 4)].strip()


def _price_row(rng: Rng, corpus: Corpus, n: int) -> str:
    name = " ".join(corpus.word(rng) for _ in range(int(rng.integers(1, 5))))
    if rng.random() < 0.6:
        name = name.upper() if rng.random() < 0.7 else name.title()
    if rng.random() < 0.3:
        name = f"{rng.integers(1, 20)} {pick(rng, ['x ', 'X ', '@ ', 'PCS ', 'kg ', ''])}{name}"
    form = rng.random()
    if form < 0.35:
        return name + ":" * int(rng.random() < 0.5) + f" {price(rng)}"
    if form < 0.5:
        return f"{name} " + "." * int(rng.integers(3, 20)) + f" {amount(rng)}"
    if form < 0.6:
        return f"{name} {amount(rng)} {amount(rng)} {amount(rng)}"
    if form < 0.7:
        return f"{rng.integers(1, 30)} {pick(rng, 'xX@*')} {price(rng)}"
    return name if form < 0.8 else f"{pick(rng, _RECEIPT_WORDS)} {price(rng)}"


_TITLES = "Mr. Mrs. Dr. Herr Frau M. Mme Messrs.".split()
_COMPANIES = "Ltd.|SDN BHD|GmbH|Inc.|& Co.".split("|")
_RECEIPT_WORDS = (
    "TOTAL:|Total|SUBTOTAL|Sub-Total:|CASH|CHANGE|TAX|GST 6%|GST @6%|VAT 20%|ROUNDING ADJ:|Qty|"
    "AMOUNT|Amount Due|TOTAL SALES (INCLUSIVE GST)|Discount|VISA|MASTERCARD|Balance|Invoice No:|"
    "Receipt #:|DATE:|Time:|CASHIER:|Table:|TEL:|FAX:|GST REG NO:|GST ID:|TAX INVOICE|"
    "DESCRIPTION|Price|ITEM|MwSt 19%|Summe|Gesamtbetrag|Rechnung Nr.|Montant|Total TTC|Importe|"
    "IVA 21%|Totale|(RM)|S/N|Bill No:"
).split("|")


def _code(rng: Rng, corpus: Corpus, n: int) -> str:
    alphabet = pick(
        rng,
        [
            string.ascii_uppercase + string.digits,
            string.digits + "-/.",
            string.ascii_letters + string.digits,
            string.digits + string.ascii_uppercase + "-",
            "Il1|!iO0oQ5S8B2Z6G",
        ],
    )
    groups = [
        "".join(pick(rng, alphabet) for _ in range(int(rng.integers(2, 13))))
        for _ in range(int(rng.integers(1, 4)))
    ]
    return " ".join(groups)[:n].strip()


def _address(rng: Rng, corpus: Corpus, n: int) -> str:
    name = corpus.word(rng).capitalize()
    street = pick(rng, "Street St. Road Avenue straße strasse Jalan rue Via".split())
    form = int(rng.integers(6))
    return [
        f"{rng.integers(1, 400)}, {name} {street}",
        f"{name}{street.lower()} {rng.integers(1, 200)}",
        f"{digits(rng, 5)} {name.upper()}, {corpus.word(rng).upper()}",
        f"{pick(rng, _TITLES)} {pick(rng, string.ascii_uppercase)}. {name}",
        f"{name} {corpus.word(rng).capitalize()} {pick(rng, _COMPANIES)}",
        f"NO. {rng.integers(1, 99)}-{pick(rng, 'GAB1')}, {street.upper()} {name.upper()},",
    ][form]


def _contact(rng: Rng, corpus: Corpus, n: int) -> str:
    first, second = (corpus.word(rng).replace("'", "") for _ in range(2))
    site = second + pick(rng, [".com", ".org", ".de", ".co.uk", ".fr", ".net", ".com.my", ".eu"])
    form = int(rng.integers(5))
    joint = pick(rng, "._-")
    scheme = pick(rng, ["http", "https"])
    number = phone(rng)
    page = pick(rng, ["", ".html", "?id=" + digits(rng, 4)])
    file = pick(rng, [".txt", ".pdf", "/", "_" + digits(rng, 3)])
    return [
        f"{first}{joint}{second}@{site}",
        f"www.{site}",
        f"{scheme}://{site}/{first}{page}",
        number,
        f"/{first}/{second}{file}",
    ][form]


def _random(rng: Rng, corpus: Corpus, n: int) -> str:
    words = []
    letters = "".join(sorted(set("".join(corpus.words[:300]))))
    for _ in range(int(rng.integers(1, 7))):
        alphabet = pick(
            rng, [string.ascii_letters, string.digits + _SYMBOLS, letters, string.printable[:94]]
        )
        words.append("".join(pick(rng, alphabet) for _ in range(int(rng.integers(1, 10)))))
    return " ".join(words)[:n].strip()


def _item(rng: Rng, corpus: Corpus, n: int) -> str:
    """An entry of a list, or a box to tick."""
    mark = pick(rng, "•••●●○■■□▪☐☑☒✓✓–-*→›")
    text = _running(rng, corpus, max(4, n - 2))
    return mark if rng.random() < 0.1 else f"{mark} {text}"


_DRAWS: dict[str, Callable[[Rng, Corpus, int], str]] = {
    "running": _running,
    "words": _words,
    "heading": _heading,
    "number": _number,
    "price_row": _price_row,
    "code": _code,
    "address": _address,
    "contact": _contact,
    "random": _random,
    "item": _item,
    "till": till_line,
}
