"""In which language a page is written: the one whose common words explain its words best.

Each language that `wordfreq` knows in Latin script votes with the frequencies of its commonest
words; what none of them lists says nothing.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from ocr_core.correction.lexicons import by_rarity

# Codes (BCP 47) of what is told apart.
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "nb", "fi", "pl", "cs", "ca")
# Of each language so many words have a say.
_WORDS = 3000
# A common word of one language that another does not list is held to be so rare there.
_UNLISTED = math.log(1e-5)
# A page needs so many words that somebody lists ...
MIN_WORDS = 6
# ... and the best language must explain them so much better, in nats a word.
MARGIN = 0.3
# A share of the page's words that is listed: of less, no language is told.
MIN_LISTED = 0.25


def language_of(words: Iterable[str]) -> str | None:
    """The language (BCP 47) of the words of a page, or None where it cannot be told.

    Args:
        words: in lower case, without punctuation.
    """
    listed, total = 0, 0
    votes: dict[str, float] = defaultdict(float)
    table = _table()
    for word in words:
        total += 1
        if word in table:
            listed += 1
            for language in LANGUAGES:
                votes[language] += table[word].get(language, _UNLISTED)
    if listed < MIN_WORDS or listed < MIN_LISTED * total:
        return None
    second, best = sorted(LANGUAGES, key=votes.__getitem__)[-2:]
    return best if votes[best] - votes[second] >= MARGIN * listed else None


def log_frequency_anywhere(word: str) -> float:
    """Natural logarithm of how common a word is where it is commonest; minus infinity if nowhere.

    Args:
        word: in lower case.
    """
    return max(_table().get(word, {}).values(), default=-math.inf)


@functools.cache
def _table() -> Mapping[str, Mapping[str, float]]:
    """For each word, its log-frequency in the languages in which it is common."""
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for language in LANGUAGES:
        steps = enumerate(by_rarity(language, "small"))
        ranked = ((word, -step * math.log(10) / 100) for step, words in steps for word in words)
        for word, log_frequency in itertools.islice(ranked, _WORDS):
            if word.isalpha():
                table[word][language] = log_frequency
    return dict(table)
