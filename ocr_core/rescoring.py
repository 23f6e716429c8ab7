"""Lines read with doubt, read again with an ear for language.

Of the readings that the recogniser itself gives a real chance, that one is taken which it and a
language model of characters together find likeliest. A line without doubt is left alone. All
digits are one to the model, so between digits it has no say; and what it has never seen costs no
more than what is rare, so codes and names are not bent into words.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ocr_core.charset import Charset
from ocr_core.ctc import BLANK, Decoded, Run, decode_best_path, decode_runs, runs_of
from ocr_core.language_model import LanguageModel, State
from ocr_core.lattice import Labels, Stretch, find_stretches

# Chosen on synthetic lines in held-out typefaces: text, numbers and codes, of moderate wear.
# What the model says counts so much of what the recogniser says, in log-probabilities, ...
WEIGHT = 0.35
# ... and each character more is worth this, or short readings would always win.
BONUS = 0.7
# No character is held to be less likely than this, or codes and names would be read as words.
UNLIKELIEST = -4.0
# A line whose characters are less certain than this on average is no text, or past help.
READABLE = 0.6
# Ways to read a line that are followed at a time.
WAYS = 8
# Characters after a stretch that have a say in how sure its reading is.
FOLLOWING = 2
# Ways that are worse than the best one by more than this, in log-probability, are given up.
HOPELESS = 3.0


def decoder(
    model: LanguageModel | None, charset: Charset
) -> Callable[[NDArray[np.float32]], Decoded]:
    """What decodes the lines of a recogniser: along with a model, or by their best path alone."""
    return Rescorer(model, charset) if model else partial(decode_best_path, charset=charset)


class Way(NamedTuple):  # a page makes thousands, and a dataclass takes three times as long
    """One way to read a line up to some step.

    Attributes:
        state: of the model, after what was read.
        last: the code of the last character.
        chosen: the number of the reading of each stretch.
    """

    score: float
    state: State
    last: int
    chosen: tuple[int, ...]


class Rescorer:
    """Decodes lines with the help of a language model."""

    def __init__(self, model: LanguageModel, charset: Charset) -> None:
        self._model = model
        self._charset = charset
        self._codes = b"\0" + model.encode(charset.characters)
        (self._space,) = model.encode(" ")

    def __call__(self, log_probabilities: NDArray[np.float32]) -> Decoded:
        """The text that recogniser and model together find likeliest.

        Shapes:
            log_probabilities: (T, C) float32, C = 1 + len(charset)
        """
        path = log_probabilities.argmax(axis=1)
        runs = list(runs_of(path, log_probabilities))
        if sum(run.confidence for run in runs) < READABLE * len(runs):
            return decode_runs(runs, self._charset)
        stretches = find_stretches(log_probabilities, path, runs)
        if stretches:
            chosen = self._choose(runs, stretches)
            confidences = self._confidences(runs, stretches, chosen)
            runs = _replaced(runs, stretches, chosen, confidences, log_probabilities)
        return decode_runs(runs, self._charset)

    def _choose(self, runs: Sequence[Run], stretches: Sequence[Stretch]) -> tuple[int, ...]:
        """The number of the best reading of each stretch."""
        ways = [self._start()]
        position = 0
        for stretch in stretches:
            ways = self._passed(ways, self._coded(_labels(runs, position, stretch.start)))
            ways = self._branched(ways, stretch)
            position = stretch.end
        rest = self._coded(_labels(runs, position, math.inf)) + bytes([self._space])
        return max(self._passed(ways, rest), key=_score).chosen

    def _confidences(
        self, runs: Sequence[Run], stretches: Sequence[Stretch], chosen: Sequence[int]
    ) -> list[float]:
        """The probability of the reading chosen for each stretch, if all others are right."""
        way, text, confidences = self._start(), self._text(runs, stretches, chosen), []
        for place, (stretch, number) in enumerate(zip(stretches, chosen, strict=True)):
            before, own, *after = text[2 * place :]
            [way] = self._passed([way], before)
            follows = b"".join(after[:FOLLOWING])[:FOLLOWING]
            scores = [
                self._extended(way, self._coded(labels) + follows, log_probability, ()).score
                for labels, log_probability in stretch.readings
            ]
            shares = [math.exp(score - max(scores)) for score in scores]
            confidences.append(shares[number] / sum(shares))
            [way] = self._passed([way], own)
        return confidences

    def _text(
        self, runs: Sequence[Run], stretches: Sequence[Stretch], chosen: Sequence[int]
    ) -> list[bytes]:
        """The codes of a line: in turn what is beyond doubt and the reading of a stretch."""
        text, position = [], 0
        for stretch, number in zip(stretches, chosen, strict=True):
            text.append(self._coded(_labels(runs, position, stretch.start)))
            text.append(self._coded(stretch.readings[number][0]))
            position = stretch.end
        rest = self._coded(_labels(runs, position, math.inf))
        return [*text, rest + bytes([self._space])]

    def _start(self) -> Way:
        space = bytes([self._space])
        return Way(0.0, self._model.state_after(space), self._space, ())

    def _coded(self, labels: Labels) -> bytes:
        return bytes(self._codes[label] for label in labels)

    def _passed(self, ways: list[Way], codes: bytes) -> list[Way]:
        """The ways with some codes that are beyond doubt after them."""
        passed = 0
        while passed < len(codes) and len(ways) > 1:  # after some codes all are in one state
            code = codes[passed : passed + 1]
            ways = _best_of([self._extended(way, code, 0.0, way.chosen) for way in ways])
            passed += 1
        if passed == len(codes):
            return ways
        rest = codes[passed:]  # with nothing left to compare
        return [
            Way(way.score, self._model.state_after(rest, way.state), rest[-1], way.chosen)
            for way in ways
        ]

    def _branched(self, ways: Sequence[Way], stretch: Stretch) -> list[Way]:
        """The ways with each reading of a stretch after them, the best of these."""
        codes = [self._coded(labels) for labels, _ in stretch.readings]
        return _best_of(
            [
                self._extended(way, codes[number], log_probability, (*way.chosen, number))
                for way in ways
                for number, (_, log_probability) in enumerate(stretch.readings)
            ]
        )

    def _extended(self, way: Way, codes: bytes, score: float, chosen: tuple[int, ...]) -> Way:
        """A way with some codes after it, which the recogniser scores as told."""
        state, last, total = way.state, way.last, way.score + score
        for code in codes:
            if code == last == self._space:
                continue
            log_probability, state = self._model.follow(state, code)
            if log_probability < UNLIKELIEST:
                log_probability = UNLIKELIEST
            total += WEIGHT * log_probability + BONUS
            last = code
        return Way(total, state, last, chosen)


def _best_of(ways: Sequence[Way]) -> list[Way]:
    """The best ways; of those that go on alike, only the best."""
    best: dict[tuple[State, int], Way] = {}
    for way in sorted(ways, key=_score, reverse=True):
        best.setdefault((way.state, way.last), way)
    least = max(way.score for way in ways) - HOPELESS
    return [way for way in best.values() if way.score > least][:WAYS]


def _score(way: Way) -> float:
    return way.score


def _labels(runs: Sequence[Run], start: float, end: float) -> Labels:
    """The labels of the runs that begin in some steps."""
    return tuple(run.label for run in runs if start <= run.start < end)


def _replaced(
    runs: Sequence[Run],
    stretches: Sequence[Stretch],
    chosen: Sequence[int],
    confidences: Sequence[float],
    log_probabilities: NDArray[np.float32],
) -> list[Run]:
    """The runs of a line with the readings that were chosen, and the confidences in these.

    The characters of a stretch share the confidence in its reading: theirs multiply to it.
    """
    result: list[Run] = []
    starts = [run.start for run in runs]
    position = 0
    for stretch, number, confidence in zip(stretches, chosen, confidences, strict=True):
        first, end = (bisect_left(starts, step) for step in (stretch.start, stretch.end))
        result += runs[position:first]
        own = list(runs[first:end])
        labels, _ = stretch.readings[number]
        if labels != tuple(run.label for run in own):
            own = _aligned(labels, stretch, log_probabilities)
            if first > position:  # what goes before may reach into the stretch
                result[-1] = result[-1]._replace(end=min(result[-1].end, stretch.start))
            if own and end > first and own[-1].label == runs[end - 1].label:
                own[-1] = own[-1]._replace(end=max(own[-1].end, runs[end - 1].end))
        share = confidence ** (1 / max(len(own), 1))
        result += [run._replace(confidence=share) for run in own]
        position = end
    return result + list(runs[position:])


def _aligned(labels: Labels, stretch: Stretch, log_probabilities: NDArray[np.float32]) -> list[Run]:
    """The runs of the likeliest path through a stretch that reads as some labels (Viterbi)."""
    if not labels:
        return []
    rows = log_probabilities[stretch.start : stretch.end]
    states = _likeliest_states(labels, rows)
    runs = []
    for number, label in enumerate(labels):
        own = np.flatnonzero(states == 2 * number + 1)
        first, last = stretch.start + int(own[0]), stretch.start + int(own[-1])
        confidence = min(float(np.exp(rows[own, label].max())), 1.0)
        runs.append(Run(label, first, last + 1, confidence))
    return runs


def _likeliest_states(labels: Labels, rows: NDArray[np.float32]) -> NDArray[np.int64]:
    """The state at each step: twice n + 1 for label n, and twice n for the blank before it."""
    states = np.full(2 * len(labels) + 1, BLANK)
    states[1::2] = labels
    may_skip = np.zeros(len(states), bool)  # whether the blank before a state may be left out
    may_skip[3::2] = states[3::2] != states[1:-2:2]
    scores = np.full(len(states), -np.inf)
    scores[:2] = rows[0, states[:2]]
    steps_back = []
    for row in rows[1:]:
        one, two = np.full((2, len(states)), -np.inf)
        one[1:] = scores[:-1]
        two[2:] = np.where(may_skip[2:], scores[:-2], -np.inf)
        moves = np.stack([scores, one, two])
        steps_back.append(moves.argmax(axis=0))
        scores = moves.max(axis=0) + row[states]
    visited = [len(states) - 2 + int(scores[-1] > scores[-2])]
    for back in reversed(steps_back):
        visited.append(visited[-1] - int(back[visited[-1]]))
    return np.array(visited[::-1])
