"""Recognised words to corrected words, by a lexicon and with much restraint.

A wrong correction is worse than none, for it looks right. So a word is changed only if it is plain
letters, unknown, read with doubt, and one letter away from one much likelier word; what the
recogniser wrote is kept beside it.
"""

from __future__ import annotations

import importlib.resources
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import symspellpy
from symspellpy import SymSpell, Verbosity
from symspellpy.editdistance import (
    DistanceAlgorithm,
    EditDistance,
)

from ocr_core.errors import ConfigError
from schemas import Edit, Line, Page, Word

REASON = "lexicon"
MIN_LETTERS = 4
SHORT = 5
# Words read with this confidence or more are left alone. Of edits on real pages 0.85 made 136 that
# were right, 0.9 152 and 0.95 169; the first wrong one came with 0.95.
GATE = 0.9
# A page counts as written in the lexicon's language if it has this many words to judge by ...
MIN_EVIDENCE = 8
# ... and this share of them is known.
MIN_KNOWN = 0.5
# How many times more frequent the best candidate must be than the next. One that differs by a
# confusion of shapes counts as so many times more frequent than it is, and one with a letter more
# or less as so many times rarer: letters are misread more often than lost.
MARGIN = 4.0
CONFUSED = 50.0
RESIZED = 0.1
# Rarer words of the lexicon (by occurrences in its corpus, about 10^12 words) are no candidates.
MIN_FREQUENCY = 500_000

_PUNCTUATION = "\"'“”‘’„‚«»‹›()[]{}.,;:!?…–—*"
_CLOSING = "\"'”’)]»"
_SENTENCE_ENDS = tuple(".!?…:")
_HYPHENS = tuple("-–—¬")
# Letters that worn or blurred type makes alike, in groups: what may be read for what.
_LOOKALIKES = (
    "ceo", "ao", "ce", "il", "ij", "tl", "tf", "fl", "fs", "ft", "rt", "hb", "hk", "nu", "nr", "un",
    "vy", "gq", "yg", "mn", "mw", "vw", "ux", "xz", "sa", "es", "ae", "as", "dl", "bo", "ir", "ad",
)  # fmt: skip
_CONFUSIONS = frozenset((a, b) for group in _LOOKALIKES for a in group for b in group if a != b)


class Lexicon:
    """The words that a language is known to use, with their frequencies."""

    def __init__(self, frequencies: Iterable[tuple[str, int]]) -> None:
        # Unlike typists, recognisers do not swap letters: a swap is two edits here.
        comparer = EditDistance(DistanceAlgorithm.LEVENSHTEIN)
        self._speller = SymSpell(1, prefix_length=7, distance_comparer=comparer)
        known = dict(frequencies)
        self._known = frozenset(known)
        for word, frequency in known.items():
            # The rest would take most of the time and memory, and never be chosen.
            if frequency >= MIN_FREQUENCY and word.isalpha():
                self._speller.create_dictionary_entry(word, frequency)

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def correction(self, word: str, by_shape: bool = False) -> str | None:
        """The one much likelier word that is one letter away from an unknown word, if any.

        `word` is lower case, and so is what is returned. `by_shape` asks for a word in which the
        wrong letter looks like the right one.
        """
        found = self._speller.lookup(word, Verbosity.ALL, 1)
        scored = sorted((_likelihood(word, one.term, one.count), one.term) for one in found)
        if not scored or any(_are_variants(word, one.term) for one in found):
            return None
        likelihood, best = scored[-1]
        if len(scored) > 1 and likelihood < MARGIN * scored[-2][0]:
            return None
        return None if by_shape and not _are_confused(word, best) else str(best)


def load_lexicon(language: str = "en") -> Lexicon:
    """The lexicon of a language; English is the 82,765 words that symspellpy brings along.

    Raises:
        ConfigError: there is none for this language.
    """
    if language != "en":
        raise ConfigError(f"there is no lexicon for {language!r}, only for 'en'")
    name = "frequency_dictionary_en_82_765.txt"
    lines = importlib.resources.files(symspellpy).joinpath(name).read_text("utf-8-sig")
    pairs = (line.rsplit(" ", 1) for line in lines.splitlines())
    return Lexicon((word, int(frequency)) for word, frequency in pairs)


def correct_page(page: Page, lexicon: Lexicon, gate: float = GATE) -> Page:
    """The page with the words put right that the lexicon is sure about.

    A page that does not look as if it were written in the lexicon's language is left alone.
    """
    tokens = Counter(
        core.lower() for line in page.lines for word in line.words if (core := _core(word.raw_text))
    )
    if not _is_in_language_of(lexicon, tokens):
        return page
    continued = _continued_lines(page.lines)
    lines = tuple(
        _correct_line(line, _Judge(lexicon, tokens, gate), skip_first=index in continued)
        for index, line in enumerate(page.lines)
    )
    return replace(page, lines=lines)


@dataclass(frozen=True, slots=True)
class _Judge:
    """What decides on one word.

    Attributes:
        tokens: how often the page has each word, in lower case.
    """

    lexicon: Lexicon
    tokens: Counter[str]
    gate: float

    def correct(self, core: str, confidence: float, starts_sentence: bool) -> str | None:
        """What the word should be, or None if it had better stay."""
        if len(core) < MIN_LETTERS or confidence >= self.gate:
            return None
        if not (core.islower() or (core.istitle() and starts_sentence)):
            return None  # codes, initials, names
        word = core.lower()
        if word in self.lexicon or self.tokens[word] > 1:  # written twice alike: meant so
            return None
        # Names and short words have too many neighbours to go by frequency.
        by_shape = not core.islower() or len(core) <= SHORT
        found = self.lexicon.correction(word, by_shape)
        return found if found is None or core.islower() else found.capitalize()


def _correct_line(line: Line, judge: _Judge, skip_first: bool) -> Line:
    edits: list[Edit] = []
    words: list[Word] = []
    position = 0
    for index, word in enumerate(line.words):
        start = line.raw_text.index(word.raw_text, position)
        position = start + len(word.raw_text)
        core = _core(word.raw_text)
        before = line.words[index - 1].raw_text if index else "."
        starts_sentence = before.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)
        skip = (skip_first and index == 0) or not core
        found = None if skip else judge.correct(core, word.confidence, starts_sentence)
        if found is None:
            words.append(word)
            continue
        offset = start + word.raw_text.index(core)
        edits.append(Edit(offset, offset + len(core), core, found, REASON))
        words.append(replace(word, text=word.raw_text.replace(core, found, 1)))
    if not edits:
        return line
    return replace(line, text=_apply(line.raw_text, edits), words=tuple(words), edits=tuple(edits))


def _apply(text: str, edits: Sequence[Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.start] + edit.after + text[edit.end :]
    return text


def _core(token: str) -> str:
    """The word inside its punctuation, or nothing if it is not one whole word of plain letters."""
    core = token.strip(_PUNCTUATION)
    return core if core.isascii() and core.isalpha() and not token.endswith(_HYPHENS) else ""


def _is_in_language_of(lexicon: Lexicon, tokens: Counter[str]) -> bool:
    # Short words look alike in all languages: "die", "in", "an".
    judged = [word for word in tokens if len(word) >= MIN_LETTERS]
    known = sum(word in lexicon for word in judged)
    return len(judged) >= MIN_EVIDENCE and known >= MIN_KNOWN * len(judged)


def _continued_lines(lines: Sequence[Line]) -> set[int]:
    """Lines whose first word is the rest of one that a hyphen divides, found by their place."""
    divided = [line.quad.box for line in lines if line.raw_text.endswith(_HYPHENS)]
    return {
        index
        for index, box in enumerate(line.quad.box for line in lines)
        if any(
            0 < box.centre[1] - above.centre[1] < 3 * above.height
            and min(box.right, above.right) > max(box.left, above.left)
            for above in divided
        )
    }


def _likelihood(word: str, candidate: str, frequency: int) -> float:
    """How often a word is meant, given its frequency and what was read for it."""
    if len(word) != len(candidate):
        return frequency * RESIZED
    return frequency * (CONFUSED if _are_confused(word, candidate) else 1.0)


def _are_confused(word: str, other: str) -> bool:
    """Whether the letter in which two words differ is one that looks like the other."""
    if len(word) != len(other):
        return False
    return any((a, b) in _CONFUSIONS for a, b in zip(word, other, strict=True) if a != b)


def _are_variants(word: str, other: str) -> bool:
    """Whether two words differ as spellings do, such as "honor" and "honour"."""
    for long, short in (("our", "or"), ("ll", "l"), ("s", "z"), ("ae", "e"), ("oe", "e")):
        word, other = word.replace(long, short), other.replace(long, short)
    return word == other
