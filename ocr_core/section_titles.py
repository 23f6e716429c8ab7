"""Titles of sections that are numbered within each other: `2.1 Materials`, `A.2.3. Proofs`.

Such a number tells a title from the text below it where nothing else does: in its size, close above
its text, on a page of little running text. A number of one level, as in `3 Results`, is also that
of an item, a house or a page, and tells it only together with what follows.
"""

from __future__ import annotations

import re

# More words are a sentence.
MAX_WORDS = 12
# The text that a title stands above has so many words in its first line.
MIN_TEXT_WORDS = 5

_NUMBER = re.compile(r"(?P<number>(?:\d{1,2}|[A-Z])(?P<levels>(?:\.\d{1,3})*))\.?\s+(?=[^\W\d_])")
# Not a title, but a price or a measure: `2.50 Coffee`, `1.5 kg`; or a line of a list of contents.
_AMOUNT = re.compile(r"\d{1,2}\.(?:\d|\d\d) +(?:kg|g|mg|km|m|cm|mm|l|ml|%)\b")
_SENTENCE_END = re.compile(r"[.!?:;,][\"”’»)\]]*$")
_PAGE_AT_END = re.compile(r"(?:\s|\.)\d{1,4}$")


def is_title(text: str) -> bool:
    """Whether a line is a title with a number of two levels or more, as far as its text tells.

    >>> is_title("2.1 Materials and methods"), is_title("2.1 Materials and methods . . 17")
    (True, False)
    """
    found = _NUMBER.match(text)
    if not found or not found["levels"] or _AMOUNT.match(text):
        return False
    is_short = len(text.split()) <= MAX_WORDS
    return is_short and not _SENTENCE_END.search(text) and not ends_in_page(text)


def ends_in_page(text: str) -> bool:
    """Whether a line ends in a number of its own, as in a list of contents.

    >>> ends_in_page("2 Results . . . 17"), ends_in_page("2 Results of SARS-2")
    (True, False)
    """
    return bool(_PAGE_AT_END.search(text))


def heads(text: str, below: str) -> bool:
    """Whether a line is the title of what the line below it begins.

    >>> heads("3 Results", "3.1 Of the first kind"), heads("3 Results", "4 Outlook")
    (True, False)
    """
    number, next_number = number_of(text), number_of(below)
    if number and next_number.startswith(f"{number}."):
        return is_title(below)
    if not is_title(text):
        return False
    return is_title(below) or (len(below.split()) >= MIN_TEXT_WORDS and not below[:1].islower())


def number_of(text: str) -> str:
    """The number that a line begins with, without a dot at its end; empty where there is none.

    >>> number_of("4.3.2. Tests"), number_of("A Study")
    ('4.3.2', 'A')
    """
    found = _NUMBER.match(text)
    return found["number"] if found else ""
