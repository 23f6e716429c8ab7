"""The words of a page that were read with doubt, put right with much restraint.

A wrong correction is worse than none, for it looks right. So a word is changed only if it was read
with doubt, no lexicon knows it, the page does not have it twice with confidence, and a proposal is
likely both as a word and in what the recogniser saw. What was read is kept beside it, and every
edit says why.

Words of other pages of a document have no say: pages leave the one stage in which they are read one
by one, and to hold all of a document until its last page is read would put what the recogniser saw
of each line, some hundreds of kilobytes a page, into a shuffle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ocr_core.correction import languages
from ocr_core.correction.judging import accepted
from ocr_core.correction.lexicons import Lexicon
from ocr_core.correction.lines import HYPHENS, Corrector, core_of, put_right, strangeness_of
from ocr_core.correction.proposals import Vocabulary
from schemas import Line, Page

AnyCorrector = TypeVar("AnyCorrector", bound=Corrector)

# Words read with this confidence tell what the page has.
SURE = 0.97
# Of each language, how many edits were right and how many were judged: on real pages in English,
# German and French, and on synthetic pages and lines, most of them worn much worse than those
# (see `judging`), each page after fitting on the others; of Spanish without two that words lacking
# accents gave, which are no longer proposed.
MEASURED: Mapping[str, tuple[int, int]] = {
    "en": (59, 62),
    "de": (87, 93),
    "fr": (48, 51),
    "es": (24, 26),
    "it": (64, 70),
    "pt": (36, 38),
    "nl": (35, 38),
}
# A language is left alone if fewer of its edits were right.
LEAST_PRECISION = 0.9
CORRECTED = frozenset(
    language for language, (right, all_) in MEASURED.items() if right >= LEAST_PRECISION * all_
)


def correct_page(page: Page, lexicon_of: Callable[[str], Lexicon] | None) -> Page:
    """The page with its language, its words in doubt put right, and no evidence any more.

    Args:
        lexicon_of: gives the lexicon of one of `CORRECTED`; without it all words stay.
    """
    told = tell_language(page)
    return correct_lines(told, lexicon_for(told, lexicon_of))


def tell_language(page: Page) -> Page:
    """The page with the language of its words, if that can be told."""
    if page.language:
        return page
    cores = (core_of(word.raw_text).lower() for line in page.lines for word in line.words)
    return replace(page, language=languages.language_of(core for core in cores if core.isalpha()))


def lexicon_for(page: Page, lexicon_of: Callable[[str], Lexicon] | None) -> Lexicon | None:
    """What a page is to be corrected by, if at all; the first page of a language loads it."""
    if lexicon_of is None or page.language not in CORRECTED:
        return None
    return lexicon_of(page.language) if any(line.evidence for line in page.lines) else None


def correct_lines(page: Page, lexicon: Lexicon | None) -> Page:
    """The page with its words in doubt put right, and no evidence any more."""
    lines = page.lines
    if lexicon:
        lines = _corrected(lines, make_corrector(lines, lexicon, Corrector))
    lines = tuple(replace(line, evidence=None) if line.evidence else line for line in lines)
    return replace(page, lines=lines)


def make_corrector(
    lines: Sequence[Line], lexicon: Lexicon, kind: type[AnyCorrector]
) -> AnyCorrector:
    """What looks for words to put right, by a lexicon and by all lines of a page."""
    words = [(core_of(w.raw_text).lower(), w) for line in lines for w in line.words]
    sure = Counter(core for core, word in words if word.confidence >= SURE)
    tokens = Counter(core for core, _ in words)
    vocabulary = Vocabulary(lexicon, sure)
    return kind(vocabulary, tokens, strangeness_of(tokens, vocabulary))


def _corrected(lines: Sequence[Line], corrector: Corrector) -> tuple[Line, ...]:
    continued = _continued_lines(lines)
    found = [
        corrector.find(line, skips_first=index in continued) for index, line in enumerate(lines)
    ]
    is_accepted = iter(accepted([finding.verdict for own in found for finding in own]))
    return tuple(
        put_right(line, [finding for finding in own if next(is_accepted)])
        for line, own in zip(lines, found, strict=True)
    )


def _continued_lines(lines: Sequence[Line]) -> set[int]:
    """Lines whose first word is the rest of one that a hyphen divides, found by their place."""
    divided = [line.quad.box for line in lines if line.raw_text.endswith(HYPHENS)]
    return {
        index
        for index, box in enumerate(line.quad.box for line in lines)
        if any(
            0 < box.centre[1] - above.centre[1] < 3 * above.height
            and min(box.right, above.right) > max(box.left, above.left)
            for above in divided
        )
    }
