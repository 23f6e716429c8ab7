"""Whether letters follow each other as they do in a language.

The fonts of some PDFs name their glyphs wrongly: the page looks right, and its text layer says
something else. Text in Latin letters that no language would write gives such fonts away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from ocr_core import language_model
from ocr_core.language_model import LanguageModel, State
from ocr_core.text_layer.words import LayerWords

# Mean log-probability of a letter, in nats. Of 127 pages in a dozen languages, Latin among them,
# none had less than -3.5; with each letter replaced by its successor, or
# by another at random, all had less than -3.9 and 99 in 100 less than -4.8.
IMPLAUSIBLE = -3.7
# Letters of a font that are looked at, and how many tell enough.
MOST_LETTERS, LEAST_LETTERS = 200, 40
# A word in Latin letters as running text has them, neither a name in capitals nor code.
_PLAIN = re.compile(r"[^\W\d_A-Z]?[a-z\u00df-\u024f]{2,}[.,;:!?]?")


def has_implausible_font(words: LayerWords) -> bool:
    """Whether the plain words of one of the fonts can hardly be what is printed."""
    return any(likelihood(sample) < IMPLAUSIBLE for sample in _samples(words))


def likelihood(text: str) -> float:
    """Mean log-probability of the characters of a text, in nats; 0 of none."""
    model, total = _model(), 0.0
    state: State = ()
    for code in model.encode(text):
        cost, state = model.follow(state, code)
        total += cost
    return total / len(text) if text else 0.0


def least_likely(texts: Sequence[str], count: int) -> list[int]:
    """Which of some texts follow a language least, at most `count` of them, worst first."""
    scores = [likelihood(text[:MOST_LETTERS]) for text in texts]
    return [int(at) for at in np.argsort(scores, kind="stable")[:count]]


def _samples(words: LayerWords) -> list[str]:
    """Some plain words of each font that has enough of them."""
    found: dict[int, list[str]] = {}
    letters: dict[int, int] = {}
    for text, font in zip(words.texts, words.fonts.tolist(), strict=True):
        if letters.get(font, 0) < MOST_LETTERS and _PLAIN.fullmatch(text):
            found.setdefault(font, []).append(text)
            letters[font] = letters.get(font, 0) + len(text)
    return [" ".join(found[font]) for font, count in letters.items() if count >= LEAST_LETTERS]


@cache  # reading it takes a third of a second
def _model() -> LanguageModel:
    return language_model.load()
