"""Words that a hyphen divides at the end of a line, and what they are whole."""

from __future__ import annotations

from itertools import pairwise

from ocr_core.exporters.structure import FilledBlock
from ocr_core.hyphens import DIVIDERS, HYPHENS


def divided_words(filled: FilledBlock) -> dict[int, str]:
    """The whole words of a block that begin at the end of a line, by the number of that line.

    The text of a block joins words that were divided; a line that ends in a hyphen of another kind
    is not among them.
    """
    tokens = frozenset(filled.block.text.split())
    found = {}
    for number, (line, following) in enumerate(pairwise(filled.lines)):
        if line.text.endswith((*HYPHENS, *DIVIDERS)) and following.text.strip():
            first, second = line.text.split()[-1], following.text.split()[0]
            whole = next(
                (word for word in (first[:-1] + second, first + second) if word in tokens), ""
            )
            if whole and first not in tokens:
                found[number] = whole
    return found
