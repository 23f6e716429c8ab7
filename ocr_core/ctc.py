"""Label probabilities to text and confidences (connectionist temporal classification)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ocr_core.charset import Charset

BLANK = 0


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and for each of its characters how sure and where it was read.

    Attributes:
        confidences: probability, 0 to 1, of each character: the largest over its steps.
        starts, ends: the steps that each character spans; the end is exclusive.
    """

    text: str
    confidences: tuple[float, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


class Run(NamedTuple):  # a page has thousands, and a dataclass takes three times as long
    """One label, not a blank, that a path holds for some steps in a row; the end is exclusive.

    Attributes:
        confidence: its probability at its best step, 0 to 1.
    """

    label: int
    start: int
    end: int
    confidence: float


def decode_best_path(log_probabilities: NDArray[np.float32], charset: Charset) -> Decoded:
    """The text of the likeliest label at each step (Graves 2006, section 3.2).

    Shapes:
        log_probabilities: (T, C) float32, C = 1 + len(charset)
    """
    return decode_runs(runs_of(log_probabilities.argmax(axis=1), log_probabilities), charset)


def runs_of(
    path: NDArray[np.int64], log_probabilities: NDArray[np.float32], offset: int = 0
) -> Iterator[Run]:
    """The runs of a path, the first of whose steps has the number `offset`.

    Shapes:
        path: (T,) a label at each step
        log_probabilities: (T, C) float32
    """
    if len(path) == 0:
        return
    edges = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    along = log_probabilities[np.arange(len(path)), path]
    best = np.exp(np.maximum.reduceat(along, edges[:-1])).tolist()
    labels = path[edges[:-1]].tolist()
    for (start, end), label, confidence in zip(pairwise(edges), labels, best, strict=True):
        if label != BLANK:
            yield Run(label, offset + start, offset + end, min(confidence, 1.0))


def decode_runs(runs: Iterable[Run], charset: Charset) -> Decoded:
    """The text of some runs, in order.

    A space before the first or after the last character is dropped, and several become one.
    """
    kept: list[tuple[str, Run]] = []
    for run in runs:
        character = charset.characters[run.label - 1]
        if character != " " or (kept and kept[-1][0] != " "):
            kept.append((character, run))
    if kept and kept[-1][0] == " ":
        kept.pop()
    return Decoded(
        "".join(character for character, _ in kept),
        tuple(run.confidence for _, run in kept),
        tuple(run.start for _, run in kept),
        tuple(run.end for _, run in kept),
    )
