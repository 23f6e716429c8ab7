"""Label probabilities to text and confidences (connectionist temporal classification)."""

from __future__ import annotations

from dataclasses import dataclass

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


def decode_best_path(log_probabilities: NDArray[np.float32], charset: Charset) -> Decoded:
    """The text of the likeliest label at each step (Graves 2006, section 3.2).

    The space that a path puts before the first or after the last character is dropped, and a run
    of spaces becomes one.

    Shapes:
        log_probabilities: (T, C) float32, C = 1 + len(charset)
    """
    if len(log_probabilities) == 0:
        return Decoded("", (), (), ())
    path = log_probabilities.argmax(axis=1)
    edges = np.flatnonzero(np.diff(path)) + 1
    starts = np.concatenate([[0], edges])
    ends = np.concatenate([edges, [len(path)]])
    best = np.exp(np.maximum.reduceat(log_probabilities.max(axis=1), starts))
    characters: list[tuple[str, float, int, int]] = []
    for start, end, confidence in zip(starts, ends, best, strict=True):
        label = path[start]
        if label == BLANK:
            continue
        character = charset.characters[label - 1]
        if character == " " and (not characters or characters[-1][0] == " "):
            continue
        characters.append((character, min(float(confidence), 1.0), int(start), int(end)))
    if characters and characters[-1][0] == " ":
        characters.pop()
    return Decoded(
        "".join(c[0] for c in characters),
        tuple(c[1] for c in characters),
        tuple(c[2] for c in characters),
        tuple(c[3] for c in characters),
    )
