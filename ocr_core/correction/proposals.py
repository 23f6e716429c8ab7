"""What a word in doubt may be instead, and how likely that is before the image is weighed.

Of several kinds: words of the lexicon, and names that the page has elsewhere, that the image allows
too; two words where a space was missed; one word where a space was seen that is none; digits and
letters that worn type makes alike, in numbers and in words; capitals where none belong.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ocr_core.correction.languages import log_frequency_anywhere
from ocr_core.correction.lexicons import Lexicon

# What a page has so often, read with confidence, is meant so: names and terms.
MEANT = 2
# Shorter words have too many neighbours.
MIN_LETTERS = 3
# Those of a compound are so long.
MIN_PART = 4
# Halves of a word are so long at least, and their words so frequent: rarer short words are
# initials, abbreviations and words of other languages.
MIN_HALF, FREQUENT, FREQUENT_SHORT = 2, 1e-5, 1e-3
SHORT_HALF = 3
# Log-probabilities of a number, and of letters and digits in a mixture that nobody can predict.
NUMBER, CODE = math.log(1e-5), math.log(1e-8)
# Of a word in capitals; letters that are as small ones what they are as capitals; capitals that it
# takes to tell that the rest are too.
SHOUTED = math.log(1e-4)
_SAME_FORM, MIN_CAPITALS = frozenset("cosuvwxz"), 3
# Of a word that is not listed: as a rule, and with a capital inside a sentence, as names have it.
_UNLISTED, _NAME = math.log(1e-9), math.log(1e-7)
# Of a common word of another language, beside how common it is there: a quotation or a name.
_FOREIGN = math.log(1e-2)
# Of a word that the page has elsewhere.
_ON_PAGE = math.log(1e-5)
_AS_DIGITS = str.maketrans("OoQDlIi|!SsBZzGgq", "00001111155822699")
# Letters that are digits wherever they stand in a number, and those that are only between two
# others: a last one may well be a letter, as in 41B.
_ROUND_OR_STRAIGHT = frozenset("OolI|")
_AS_LETTERS = str.maketrans("01|58", "olisb")
_AS_LETTERS_L = str.maketrans("01|58", "ollsb")
_ACCENTED = {"a": "áàâäãå", "c": "ç", "e": "éèêë", "i": "íìîï", "n": "ñ", "o": "óòôöõ", "u": "úùûü"}
_UNACCENTED = {accented: letter for letter, those in _ACCENTED.items() for accented in those}
# How many times as often, in natural logarithms, a word has to be used for that.
_MUCH = math.log(5)
# A spelling of which this many times as many are of another one is in use all the same.
_IN_USE = math.log(20)
_NUMBER = re.compile(
    r"[-+]?\d{1,3}(?:[.,' ]?\d{3})*(?:[.,]\d+)?|\d+(?:[.,:/-]\d+)*|\d+(?:st|nd|rd|th)"
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)$")


class Proposal(NamedTuple):
    """Another text for a word.

    Attributes:
        prior: log-probability of this text over that of what was read.
        reason: `lexicon`, `page`, `split`, `merge`, `shape`, `case` or `number`.
    """

    text: str
    prior: float
    reason: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a page may have.

    Attributes:
        seen: how often the page has a word that was read with confidence, in lower case.
    """

    lexicon: Lexicon
    seen: Counter[str]

    def knows(self, word: str) -> bool:
        return word in self.lexicon or _is_compound(word, self.lexicon)

    def log_frequency(self, word: str) -> float:
        """Of a word that may have been meant; minus infinity of any other."""
        usual = self.lexicon.log_frequency(word) if self.lexicon.is_common(word) else -math.inf
        return max(usual, _ON_PAGE) if self.seen[word] >= MEANT else usual


def is_in_doubt(core: str, vocabulary: Vocabulary) -> bool:
    """Whether a word, without the punctuation around it, may be none."""
    if not core.isalpha():
        return any(character.isdigit() for character in core)
    word = core.lower()
    if len(core) < MIN_LETTERS or vocabulary.seen[word] >= MEANT:
        return False
    return not vocabulary.knows(word) or _is_half_shouted(core)


def proposals(
    core: str, variants: Iterable[str], vocabulary: Vocabulary, starts_sentence: bool
) -> Iterator[Proposal]:
    """What the core of a word in doubt may be instead.

    Args:
        variants: other texts of it that the image allows.
    """
    word = core.lower()
    if _is_half_shouted(core) and vocabulary.knows(word):
        if _lacks_accent(word, word, (), vocabulary.lexicon):
            return
        yield Proposal(core.upper(), SHOUTED - CODE, "case")
    elif core.isalpha():
        yield from _of_letters(core, variants, vocabulary, starts_sentence)
    else:
        yield from _of_mixtures(core, vocabulary.lexicon)


def merged(first: str, second: str, lexicon: Lexicon) -> Proposal | None:
    """Two neighbours as one word, if that is one and not both of them are."""
    word = (first + second).lower()
    parts = first.lower(), second.lower()
    if not word.isalpha() or len(word) < MIN_PART or not second.islower():
        return None
    if word not in lexicon or all(_is_half(part, lexicon) for part in parts):
        return None
    if _lacks_accent(word, "".join(parts), {word}, lexicon):
        return None
    own = sum(max(lexicon.log_frequency(part), _UNLISTED) for part in parts)
    return Proposal(first + second, lexicon.log_frequency(word) - own, "merge")


def _of_letters(
    core: str, variants: Iterable[str], vocabulary: Vocabulary, starts_sentence: bool
) -> Iterator[Proposal]:
    word, lexicon = core.lower(), vocabulary.lexicon
    is_name = core.isupper() or (core.istitle() and not starts_sentence)
    # What lists have of rare words is in part words without the space between them.
    unlisted = max(_NAME if is_name else _UNLISTED, log_frequency_anywhere(word) + _FOREIGN)
    own = max(lexicon.log_frequency(word), unlisted)
    found: dict[str, Proposal] = {}
    shown = set(variants)
    words = {variant.lower() for variant in shown}
    for variant in sorted(shown):
        if " " in variant:
            first, _, second = variant.partition(" ")
            if all(_is_half(half.lower(), lexicon) for half in (first, second)):
                usual = sum(lexicon.log_frequency(half.lower()) for half in (first, second))
                found[variant] = Proposal(variant, usual - unlisted, "split")
            continue
        if not variant.isalpha() or variant.lower() == word:
            continue
        log_frequency = vocabulary.log_frequency(variant.lower())
        if log_frequency == -math.inf or _may_be_spelt_plainly(variant.lower(), word, lexicon):
            continue
        if not _lacks_accent(variant.lower(), word, words, lexicon):
            text = variant if _is_regular(variant) else _in_case(variant.lower(), core)
            reason = "lexicon" if lexicon.is_common(variant.lower()) else "page"
            found[text] = Proposal(text, log_frequency - own, reason)
    yield from found.values()


def _of_mixtures(core: str, lexicon: Lexicon) -> Iterator[Proposal]:
    digits = _as_digits(core)
    if digits != core and _NUMBER.fullmatch(digits) and _may_be_digits(core):
        yield Proposal(digits, NUMBER - CODE, "number")
    for word in {core.lower().translate(table) for table in (_AS_LETTERS, _AS_LETTERS_L)}:
        if len(word) >= MIN_PART and word.isalpha() and word in lexicon:
            text = word.upper() if _is_shouted(core) else _in_case(word, core)
            yield Proposal(text, lexicon.log_frequency(word) - CODE, "shape")


def _as_digits(core: str) -> str:
    """A word with digits for letters that look like them, but for the end of an ordinal."""
    ordinal = _ORDINAL.search(core)
    end = ordinal.start() if ordinal else len(core)
    return core[:end].translate(_AS_DIGITS) + core[end:]


def _may_be_digits(core: str) -> bool:
    """Whether a word is mostly digits, and every letter of it stands where digits do."""
    core = _ORDINAL.sub("", core)
    if not {"-", "/"}.isdisjoint(core):  # numbers of houses, companies, laws
        return False
    if 2 * sum(map(str.isdigit, core)) < sum(map(str.isalnum, core)):
        return False
    between = re.compile(r"(?<=\d)[^\W\d](?=\d)")
    sure = {match.start() for match in between.finditer(core)}
    return all(
        place in sure or not character.isalpha() or character in _ROUND_OR_STRAIGHT
        for place, character in enumerate(core)
    )


def _is_half(half: str, lexicon: Lexicon) -> bool:
    if len(half) < MIN_HALF and half != "a":
        return False
    least = FREQUENT_SHORT if len(half) <= SHORT_HALF else FREQUENT
    return lexicon.log_frequency(half) >= math.log(least)


def _is_compound(word: str, lexicon: Lexicon) -> bool:
    """Whether a word is two known ones, each of some length, as in Germanic languages."""
    joints = ("", "s", "es", "n", "en", "-")
    for cut in range(MIN_PART, len(word) - MIN_PART + 1):
        head, tail = word[:cut], word[cut:]
        if tail in lexicon and any(
            head.endswith(joint) and head[: len(head) - len(joint)] in lexicon for joint in joints
        ):
            return True
    return False


def _lacks_accent(word: str, read: str, shown: Container[str], lexicon: Lexicon) -> bool:
    """Whether a word is rather another one with an accent: `meme`, and `taches` for `tiches`.

    Where a letter was read as it is, that one has to be much more usual; where it was not, it must
    not be much rarer, unless the image shows that one as well and can choose.

    Args:
        read: what was read in the word's place.
        shown: the words that the image allows there.
    """
    own = lexicon.log_frequency(word)
    for place, letter in enumerate(word):
        is_read = len(read) == len(word) and read[place] == letter
        for accented in _ACCENTED.get(letter, ""):
            other = word[:place] + accented + word[place + 1 :]
            is_chosen = is_read or other in shown
            if lexicon.log_frequency(other) > own + (_MUCH if is_chosen else -_MUCH):
                return True
    return False


def _may_be_spelt_plainly(word: str, read: str, lexicon: Lexicon) -> bool:
    """Whether a word has an accent that may be none: `aîné` for `aîná`, where `ainé` is in use.

    Where one accent of a word was misread, others that were read prove little; where a language
    spells the word both ways, its lexicon proves nothing either.

    Args:
        read: what was read in the word's place.
    """
    kept = Counter(filter(_UNACCENTED.get, word)) & Counter(filter(_UNACCENTED.get, read))
    if kept.total() == sum(letter in _UNACCENTED for letter in read):
        return False
    plain = (word.replace(letter, _UNACCENTED[letter], 1) for letter in kept)
    least = lexicon.log_frequency(word) - _IN_USE
    return any(lexicon.log_frequency(other) > least for other in plain)


def _is_regular(text: str) -> bool:
    return text.islower() or text.isupper() or text.istitle()


def _is_half_shouted(core: str) -> bool:
    """Whether a word is in capitals, but for letters whose small form is the same: `oRANGE`."""
    small = [character for character in core if character.islower()]
    return bool(small) and _SAME_FORM.issuperset(small) and len(core) - len(small) >= MIN_CAPITALS


def _is_shouted(core: str) -> bool:
    letters = [character for character in core if character.isalpha()]
    return len(letters) > 1 and all(map(str.isupper, letters))


def _in_case(word: str, core: str) -> str:
    """A word of lower case, in the case of most of what was read."""
    rest = core[1:]
    if sum(map(str.isupper, rest)) > sum(map(str.islower, rest)):
        return word.upper()
    return word.capitalize() if core[:1].isupper() else word
