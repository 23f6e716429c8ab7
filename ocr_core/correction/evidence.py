"""What a recogniser saw along a line, and how well other texts agree with it.

A correction may only choose among what the image allows: of each candidate the probability is
computed that it stands there, over all ways in which the steps of the network can spell it (CTC's
forward algorithm; Graves et al. 2006, section 4.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ocr_core.charset import Charset
from ocr_core.ctc import BLANK, Decoded
from schemas import Evidence, Line, Word

# A label that never has this probability on a line is not kept; each of its steps counts so much.
FAINTEST = 1e-4
_FLOOR = float(np.log(FAINTEST)) - 1


def keep(
    log_probabilities: NDArray[np.float32], charset: Charset, decoded: Decoded, line: Line
) -> Line:
    """The line with what has to be kept, to judge corrections of it later.

    Args:
        decoded: what the line was made from; spaces of it may be gone from the line.

    Shapes:
        log_probabilities: (T, C) float32, C = 1 + len(charset)
    """
    seen = log_probabilities.max(axis=0) > np.log(FAINTEST)
    seen[BLANK] = True
    labels = np.flatnonzero(seen)
    characters = "".join(charset.characters[label - 1] for label in labels[1:].tolist())
    spans = tuple(_spans(decoded, line.words, len(log_probabilities)))
    kept = Evidence(characters, log_probabilities[:, labels].astype(np.float16), spans)
    return replace(line, evidence=kept)


def _spans(decoded: Decoded, words: Sequence[Word], steps: int) -> Iterator[tuple[int, int]]:
    """The steps of each word, from the end of the character before it to the start of the next."""
    places = [place for place, character in enumerate(decoded.text) if character != " "]
    position = 0
    for word in words:
        first, last = places[position], places[position + len(word.raw_text) - 1]
        position += len(word.raw_text)
        before = decoded.ends[first - 1] if first else 0
        after = decoded.starts[last + 1] if last + 1 < len(decoded.text) else steps
        yield before, after


def scores(evidence: Evidence, texts: Sequence[str], first: int, end: int) -> NDArray[np.float64]:
    """The log-probability that each of some texts, not empty, stands between two steps.

    Shapes:
        returns: (N,) float64, N = len(texts); -inf for a text with more characters than steps
    """
    rows = with_floor(evidence.log_probabilities[first:end])
    states = _states(texts, evidence.characters)
    may_skip = np.zeros(states.shape, bool)
    may_skip[:, 3:] = states[:, 3:] != states[:, 1:-2]
    may_skip[:, ::2] = False
    ends = 2 * np.array([len(text) for text in texts])
    forward = np.full(states.shape, -np.inf)
    forward[:, :2] = rows[0, states[:, :2]]
    for row in rows[1:]:
        stayed = forward
        moved = np.full_like(stayed, -np.inf)
        moved[:, 1:] = stayed[:, :-1]
        skipped = np.full_like(stayed, -np.inf)
        skipped[:, 2:] = np.where(may_skip[:, 2:], stayed[:, :-2], -np.inf)
        forward = np.logaddexp(np.logaddexp(stayed, moved), skipped) + row[states]
    which = np.arange(len(texts))
    total: NDArray[np.float64] = np.logaddexp(forward[which, ends], forward[which, ends - 1])
    return total


def with_floor(log_probabilities: NDArray[np.float16]) -> NDArray[np.float64]:
    """What was kept, and of what was never seen, in one more column.

    Shapes:
        returns: (T, 2 + K) float64, K characters
    """
    steps = len(log_probabilities)
    floor = np.full((steps, 1), _FLOOR)
    return np.concatenate([np.maximum(log_probabilities, _FLOOR), floor], axis=1)


def _states(texts: Sequence[str], characters: str) -> NDArray[np.int64]:
    """(N, 2 L + 1): the columns of a blank, a character, a blank and so on, padded with blanks."""
    columns = {character: column for column, character in enumerate(characters, start=1)}
    unseen = 1 + len(characters)
    states = np.full((len(texts), 2 * max(map(len, texts)) + 1), BLANK)
    for own, text in zip(states, texts, strict=True):
        own[1 : 2 * len(text) : 2] = [columns.get(character, unseen) for character in text]
    return states
