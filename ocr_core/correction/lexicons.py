"""The words of a language and how often they are used, and which of them are near to a word.

English is the list that symspellpy brings along; the others, and what else English has, are those
of `wordfreq`. Words of a user's own count as if they were common.
"""

from __future__ import annotations

import functools
import importlib.resources
import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import symspellpy
import wordfreq
from symspellpy import SymSpell, Verbosity
from symspellpy.editdistance import DistanceAlgorithm, EditDistance

from ocr_core.charset import canonical
from ocr_core.errors import ConfigError

# Those that are corrected, by their codes (BCP 47).
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
# A word as frequent as this, of all words, is one: rarer entries are often misspellings. Nor are
# rarer words candidates; they would take most of the time and memory.
KNOWN = 1e-6
# English has a list of words beside their frequencies: what it lacks has to be more frequent, since
# most of it is words without the space between them, misspellings, and endings of words.
KNOWN_UNLISTED = 3e-6
# How frequent a user's own words are held to be, and words that nobody lists.
OWN, UNLISTED = 1e-5, 1e-9
# Words from this length on may have two wrong letters.
LONG = 9
# Threads that want the same one wait for whoever is first.
_LOADING = threading.Lock()
_SYMSPELL_EN = "frequency_dictionary_en_82_765.txt"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that may have been meant; lower case."""

    word: str
    log_frequency: float


class Lexicon:
    """What a language, or several, say of words; all words are given in lower case.

    Args:
        frequencies: of each word, among all words of a text.
        known: what counts as a word however rare it is.
        least: anything else does from this frequency on.
    """

    def __init__(
        self,
        frequencies: Mapping[str, float],
        known: frozenset[str] = frozenset(),
        least: float = KNOWN,
    ) -> None:
        # Unlike typists, recognisers do not swap letters: a swap is two edits here.
        comparer = EditDistance(DistanceAlgorithm.LEVENSHTEIN)
        self._speller = SymSpell(2, prefix_length=7, distance_comparer=comparer)
        self._frequencies = frequencies
        self._known = known
        self._least = least
        for word, frequency in frequencies.items():
            if frequency >= KNOWN and word.isalpha() and word in self:
                self._speller.create_dictionary_entry(word, round(frequency * 1e12))

    def __contains__(self, word: str) -> bool:
        return word in self._known or self._frequencies.get(word, 0.0) >= self._least

    def log_frequency(self, word: str) -> float:
        """Natural logarithm of how often a word is used, of all words."""
        return math.log(max(self._frequencies.get(word, 0.0), UNLISTED))

    def candidates(self, word: str) -> list[Candidate]:
        """The common words that are one letter away, or two if the word is long."""
        distance = 2 if len(word) >= LONG else 1
        found = self._speller.lookup(word, Verbosity.ALL, distance)
        return [Candidate(str(one.term), self.log_frequency(one.term)) for one in found]


def load(language: str, own: tuple[str, ...] = ()) -> Lexicon:
    """The lexicon of a language, with a user's own words if there are any; kept for the next call.

    Args:
        own: as `own_words` reads them.

    Raises:
        ConfigError: there is none for this language.
    """
    if language not in LANGUAGES:
        raise ConfigError(f"there is no lexicon for {language!r}, only for {', '.join(LANGUAGES)}")
    with _LOADING:
        return _loaded(language, own)


@functools.cache
def _loaded(language: str, own: tuple[str, ...]) -> Lexicon:
    frequencies = {
        word: frequency
        for word, frequency in wordfreq.get_frequency_dict(language, "large").items()
        if frequency >= UNLISTED
    }
    frequencies |= dict.fromkeys(own, OWN)
    if language == "en":
        return Lexicon(frequencies, frozenset(_symspell_words()), KNOWN_UNLISTED)
    return Lexicon(frequencies)


def own_words(path: Path) -> tuple[str, ...]:
    """The words of a user's file, one a line, in lower case.

    Raises:
        ConfigError: it cannot be read as text.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the words of {path}: {error}") from error
    lines = (canonical(line).strip().lower() for line in text.splitlines())
    return tuple(line for line in lines if line)


def _symspell_words() -> list[str]:
    text = importlib.resources.files(symspellpy).joinpath(_SYMSPELL_EN).read_text("utf-8-sig")
    return [line.rsplit(" ", 1)[0] for line in text.splitlines()]
