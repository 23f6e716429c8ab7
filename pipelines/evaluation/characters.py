"""A changed word -> which of its characters were read otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Levenshtein

from pipelines.evaluation.alignment import Step

Mark = Literal["same", "substituted", "missing", "added"]


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters of ground truth and what was read for them; one may be empty.

    Attributes:
        mark: `missing` if nothing was read for them, `added` if they stand for nothing.
    """

    mark: Mark
    truth: str
    read: str


def compare_characters(step: Step, fold_case: bool = False) -> list[Segment]:
    """The characters of the words of a step, spaces between words among them.

    Neighbouring edits are one segment, so that `rn` read as `m` is one substitution.

    >>> from pipelines.evaluation.alignment import Token
    >>> step = Step("changed", (Token("corner", 0),), (Token("comer", 0),))
    >>> [(segment.truth, segment.read) for segment in compare_characters(step)]
    [('co', 'co'), ('rn', 'm'), ('er', 'er')]
    """
    truth = " ".join(token.text for token in step.truth)
    read = " ".join(token.text for token in step.read)
    segments: list[Segment] = []
    truth_at = read_at = 0
    edits = Levenshtein.editops(_keys(truth, fold_case), _keys(read, fold_case))
    for block in edits.as_matching_blocks():
        segments += _between(truth[truth_at : block.a], read[read_at : block.b])
        truth_at, read_at = block.a + block.size, block.b + block.size
        if block.size:
            same = truth[block.a : truth_at], read[block.b : read_at]
            segments.append(Segment("same", *same))
    return segments


def _keys(text: str, fold_case: bool) -> list[str]:
    """The characters as they are compared; each has one, though `ß` folds to two letters."""
    return [character.casefold() if fold_case else character for character in text]


def _between(truth: str, read: str) -> Iterable[Segment]:
    if truth or read:
        mark: Mark = "substituted" if truth and read else "missing" if truth else "added"
        yield Segment(mark, truth, read)
