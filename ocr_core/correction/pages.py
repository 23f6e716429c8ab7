"""The words of a page that were read with doubt, put right with much restraint.

A wrong correction is worse than none, for it looks right. So a word is changed only if it was read
with doubt, no lexicon knows it, the page has it only once, and a proposal is likely both as a word
and in what the recogniser saw. What was read is kept beside it, and every edit says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from ocr_core.correction import languages
from ocr_core.correction.lexicons import LANGUAGES, Lexicon
from ocr_core.correction.lines import HYPHENS, Corrector, core_of
from schemas import Line, Page


def correct_page(page: Page, lexicon_of: Callable[[str], Lexicon] | None) -> Page:
    """The page with its language, its words in doubt put right, and no evidence any more.

    Args:
        lexicon_of: gives the lexicon of one of `lexicons.LANGUAGES`; without it all words stay.
    """
    cores = [core_of(word.raw_text).lower() for line in page.lines for word in line.words]
    language = page.language or languages.language_of(core for core in cores if core.isalpha())
    lines = page.lines
    if lexicon_of and language in LANGUAGES and any(line.evidence for line in lines):
        corrector = Corrector(lexicon_of(language), Counter(cores))
        continued = _continued_lines(lines)
        lines = tuple(
            corrector.correct(line, skips_first=index in continued)
            for index, line in enumerate(lines)
        )
    lines = tuple(replace(line, evidence=None) if line.evidence else line for line in lines)
    return replace(page, lines=lines, language=language)


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
