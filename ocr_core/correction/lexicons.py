"""The words of a language and how often they are used.

English is the list that symspellpy brings along; the others, and what else English has, are those
of `wordfreq`. Words of a user's own count as if they were common. Common words are kept as they
are, the many rare ones as hashes, which take a tenth of the memory.
"""

from __future__ import annotations

import functools
import importlib.resources
import itertools
import math
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import symspellpy
import wordfreq

from ocr_core.charset import canonical
from ocr_core.errors import ConfigError

# Those that are corrected, by their codes (BCP 47).
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
# A word as frequent as this, of all words, is one: rarer entries are often misspellings.
KNOWN = 1e-6
# English has a list of words beside their frequencies: what it lacks has to be more frequent, since
# most of it is words without the space between them, misspellings, and endings of words.
KNOWN_UNLISTED = 3e-6
# How frequent a user's own words are held to be, and words that nobody lists.
OWN, UNLISTED = 1e-5, 1e-9
# `wordfreq` has no other spelling of words with it, and nor have lexicons.
_SHARP_S = str.maketrans({"ß": "ss"})
# What typewriters without umlauts wrote.
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# `wordfreq` gives frequencies in steps of a hundredth of a power of ten.
_STEPS = 100
# Threads that want the same one wait for whoever is first.
_LOADING = threading.Lock()
_SYMSPELL_EN = "frequency_dictionary_en_82_765.txt"


class WordTable:
    """A small number for each of many words, in nine bytes a word.

    Words are told apart by 64 bits of their hashes: of a million, no two are likely to be alike.

    Args:
        numbers: from 1 to 255.
    """

    def __init__(self, words: Iterable[str], numbers: Iterable[int]) -> None:
        hashes = np.fromiter(map(hash, words), np.int64)
        order = np.argsort(hashes)
        self._hashes = hashes[order]
        self._numbers = np.fromiter(numbers, np.uint8, len(hashes))[order]

    def get(self, word: str) -> int:
        """The number of a word, or 0."""
        own = np.int64(hash(word))
        place = int(self._hashes.searchsorted(own))
        if place == len(self._hashes) or self._hashes[place] != own:
            return 0
        return int(self._numbers[place])


_NONE = WordTable((), ())


class Lexicon:
    """What a language, or several, say of words; all words are given in lower case.

    Args:
        frequencies: of each common word, among all words of a text.
        listed: what counts as a word however rare it is.
        least: anything else does from this frequency on.
        rare: of other words, `_STEPS` times the power of ten by which they are rarer than `KNOWN`.
    """

    def __init__(
        self,
        frequencies: Mapping[str, float],
        listed: WordTable = _NONE,
        least: float = KNOWN,
        rare: WordTable = _NONE,
    ) -> None:
        self._common = {
            _spelling(word): math.log(frequency) for word, frequency in frequencies.items()
        }
        self._listed = listed
        self._least = math.log(least)
        self._rare = rare

    def __contains__(self, word: str) -> bool:
        word = _spelling(word)
        return self._common.get(word, -math.inf) >= self._least or bool(self._listed.get(word))

    def log_frequency(self, word: str) -> float:
        """Natural logarithm of how often a word is used, of all words."""
        word = _spelling(word)
        common = self._common.get(word)
        if common is not None:
            return common
        steps = self._rare.get(word)
        return math.log(KNOWN) - steps * math.log(10) / _STEPS if steps else math.log(UNLISTED)

    def is_common(self, word: str) -> bool:
        """Whether a word is one that may have been meant."""
        return _spelling(word) in self._common and word in self


def _spelling(word: str) -> str:
    return word.translate(_SHARP_S) if "ß" in word else word


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
    common: dict[str, float] = {}
    rare: dict[str, int] = {}
    for steps, words in enumerate(by_rarity(language, "large")):
        if 10 ** (-steps / _STEPS) >= KNOWN:
            common |= dict.fromkeys(filter(str.isalpha, words), 10 ** (-steps / _STEPS))
        else:
            rare |= dict.fromkeys(words, steps - round(-_STEPS * math.log10(KNOWN)))
    if language == "de":
        common = {word.translate(_UMLAUTS): often for word, often in common.items()} | common
    common |= dict.fromkeys(own, OWN)
    rare_words = WordTable(rare, rare.values())
    if language != "en":
        return Lexicon(common, rare=rare_words)
    listed = set(_symspell_words())
    return Lexicon(common, WordTable(listed, itertools.repeat(1)), KNOWN_UNLISTED, rare_words)


def by_rarity(language: str, size: str) -> Iterator[list[str]]:
    """The words of a language in steps: those at n are 10 ** (-n / 100) of all words of a text.

    As `wordfreq` has them, read at a fraction of the time and memory that its own table takes.

    Args:
        size: `small` for the words that are common, `large` for many more.
    """
    yield from wordfreq.read_cBpack(wordfreq.available_languages(size)[language])


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
