"""What a word in doubt may be instead, and how likely that is before anybody looks at the image.

Of four kinds: words of the lexicon that are a letter or two away; two words where a space was
missed; one word where a space was seen that is none; digits and letters that worn type makes alike,
in numbers and in words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from ocr_core.correction.lexicons import Lexicon

# Shorter words have too many neighbours.
MIN_LETTERS = 4
# Halves of a word are so long at least, and their words so frequent: rarer short words are
# initials, abbreviations and words of other languages.
MIN_HALF, FREQUENT, FREQUENT_SHORT = 2, 1e-5, 1e-3
SHORT_HALF = 3
# Log-probabilities of a number, and of letters and digits in a mixture that nobody can predict.
NUMBER, CODE = math.log(1e-5), math.log(1e-8)
# Of a word that is not listed: as a rule, and with a capital inside a sentence, as names have it.
_UNLISTED, _NAME = math.log(1e-9), math.log(1e-7)
_AS_DIGITS = str.maketrans("OoQDlIi|!SsBZzGgq", "00001111155822699")
# Letters that are digits wherever they stand in a number, and those that are only between two
# others: a last one may well be a letter, as in 41B.
_ROUND_OR_STRAIGHT = frozenset("OolI|")
_AS_LETTERS = str.maketrans("01|58", "olisb")
_AS_LETTERS_L = str.maketrans("01|58", "ollsb")
_NUMBER = re.compile(r"[-+]?\d{1,3}(?:[.,' ]?\d{3})*(?:[.,]\d+)?|\d+(?:[.,:/-]\d+)*")


class Proposal(NamedTuple):
    """Another text for a word.

    Attributes:
        prior: log-probability of this text over that of what was read.
        reason: `lexicon`, `split`, `merge`, `shape` or `number`.
    """

    text: str
    prior: float
    reason: str


def proposals(core: str, lexicon: Lexicon, starts_sentence: bool) -> Iterator[Proposal]:
    """What the core of a word, without the punctuation around it, may be instead."""
    if core.isalpha():
        yield from _of_letters(core, lexicon, starts_sentence)
    elif any(character.isdigit() for character in core):
        yield from _of_mixtures(core, lexicon)


def merged(first: str, second: str, lexicon: Lexicon) -> Proposal | None:
    """Two neighbours as one word, if that is one and not both of them are."""
    word = (first + second).lower()
    parts = first.lower(), second.lower()
    if not word.isalpha() or len(word) < MIN_LETTERS or not second.islower():
        return None
    if word not in lexicon or all(_is_half(part, lexicon) for part in parts):
        return None
    own = sum(max(lexicon.log_frequency(part), _UNLISTED) for part in parts)
    return Proposal(first + second, lexicon.log_frequency(word) - own, "merge")


def _of_letters(core: str, lexicon: Lexicon, starts_sentence: bool) -> Iterator[Proposal]:
    is_upper, is_title = core.isupper(), core.istitle()
    if len(core) < MIN_LETTERS or not (core.islower() or is_title or is_upper):
        return
    word = core.lower()
    if word in lexicon or _is_compound(word, lexicon):
        return
    is_name = is_upper or (is_title and not starts_sentence)
    own = max(lexicon.log_frequency(word), _NAME if is_name else _UNLISTED)
    for found in lexicon.candidates(word):
        yield Proposal(_in_case(found.word, core), found.log_frequency - own, "lexicon")
    for first, second in _halves(word, lexicon):
        prior = lexicon.log_frequency(first) + lexicon.log_frequency(second) - own
        text = _in_case(first, core) + " " + (second.upper() if is_upper else second)
        yield Proposal(text, prior, "split")


def _of_mixtures(core: str, lexicon: Lexicon) -> Iterator[Proposal]:
    digits = core.translate(_AS_DIGITS)
    is_mostly_digits = 2 * sum(map(str.isdigit, core)) >= sum(map(str.isalnum, core))
    is_number = is_mostly_digits and _NUMBER.fullmatch(digits) and _may_be_digits(core)
    if digits != core and is_number:
        yield Proposal(digits, NUMBER - CODE, "number")
    for table in (_AS_LETTERS, _AS_LETTERS_L):
        word = core.lower().translate(table)
        if len(word) >= MIN_LETTERS and word.isalpha() and word in lexicon:
            text = word.upper() if _is_shouted(core) else _in_case(word, core)
            yield Proposal(text, lexicon.log_frequency(word) - CODE, "shape")


def _may_be_digits(core: str) -> bool:
    """Whether every letter of a number stands where digits do."""
    if not {"-", "/"}.isdisjoint(core):  # numbers of houses, companies, laws
        return False
    between = re.compile(r"(?<=\d)[^\W\d](?=\d)")
    sure = {match.start() for match in between.finditer(core)}
    return all(
        place in sure or not character.isalpha() or character in _ROUND_OR_STRAIGHT
        for place, character in enumerate(core)
    )


def _halves(word: str, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    for cut in range(1, len(word)):
        first, second = word[:cut], word[cut:]
        if all(_is_half(half, lexicon) for half in (first, second)):
            yield first, second


def _is_half(half: str, lexicon: Lexicon) -> bool:
    if len(half) < MIN_HALF and half != "a":
        return False
    least = FREQUENT_SHORT if len(half) <= SHORT_HALF else FREQUENT
    return lexicon.log_frequency(half) >= math.log(least)


def _is_compound(word: str, lexicon: Lexicon) -> bool:
    """Whether a word is two known ones, each of some length, as in Germanic languages."""
    joints = ("", "s", "es", "n", "en", "-")
    for cut in range(MIN_LETTERS, len(word) - MIN_LETTERS + 1):
        head, tail = word[:cut], word[cut:]
        if tail in lexicon and any(
            head.endswith(joint) and head[: len(head) - len(joint)] in lexicon for joint in joints
        ):
            return True
    return False


def _is_shouted(core: str) -> bool:
    letters = [character for character in core if character.isalpha()]
    return len(letters) > 1 and all(map(str.isupper, letters))


def _in_case(word: str, core: str) -> str:
    """A word of lower case, in the case of what was read."""
    if core.isupper():
        return word.upper()
    return word.capitalize() if core[:1].isupper() else word
