"""What a line may say besides its best path: the stretches that are in doubt, and their readings.

Most steps of most lines are beyond doubt, and cost no more than a glance. Where the network itself
gives another label, or a space, or nothing at all, a real chance, all readings of the few steps
around are listed with their probabilities. Nothing is proposed that the picture does not propose.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_core.ctc import BLANK, Run

Labels = tuple[int, ...]

# A label with a smaller probability has no real chance, and nor has a reading that is so much
# less likely than the best one of its stretch.
CHANCE = 0.04
# Stretches end at steps whose likeliest label has this probability.
SURE = 0.9
# Labels with less are not followed when readings are listed.
FAINT = 0.02
# Readings of a stretch that are kept: so many, and one more for every so many steps.
READINGS, STEPS_A_READING = 4, 2
# Longer stretches are not in doubt but unreadable, and stay as they are.
LONGEST = 24


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some steps of a line in doubt; the end is exclusive.

    Attributes:
        readings: the labels that may stand there and their log-probability, likeliest first.
    """

    start: int
    end: int
    readings: tuple[tuple[Labels, float], ...]


def find_stretches(
    log_probabilities: NDArray[np.float32], path: NDArray[np.int64], runs: Sequence[Run]
) -> list[Stretch]:
    """The stretches of a line that can be read in more than one way, in order.

    Shapes:
        log_probabilities: (T, C) float32
        path: (T,) the likeliest label at each step, whose runs are `runs`
    """
    best = log_probabilities[np.arange(len(path)), path]
    unsure = best < math.log(1 - CHANCE)
    if not unsure.any():
        return []
    doubted = _other_labels(log_probabilities, path, unsure)
    for steps in _in_question(log_probabilities, runs):
        doubted[steps] = True
    stretches = []
    for start, end in _extents(doubted, best < math.log(SURE), path):
        if end - start <= LONGEST:
            previous = int(path[start - 1]) if start else BLANK
            readings = _readings(log_probabilities[start:end], previous)
            if len(readings) > 1:
                stretches.append(Stretch(start, end, readings))
    return stretches


def _other_labels(
    log_probabilities: NDArray[np.float32], path: NDArray[np.int64], unsure: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Steps at which a label has a real chance that is not the path's there or beside it."""
    steps = np.flatnonzero(unsure)
    chances = log_probabilities[steps] > math.log(CHANCE)
    rows = np.arange(len(steps))
    beside = np.concatenate([[BLANK], path, [BLANK]])
    for shift in range(3):
        chances[rows, beside[steps + shift]] = False
    chances[:, BLANK] = False
    doubted = np.zeros(len(path), bool)
    doubted[steps] = chances.any(axis=1)
    return doubted


def _in_question(log_probabilities: NDArray[np.float32], runs: Sequence[Run]) -> Iterator[slice]:
    """Steps that may be something else as a whole.

    A run of a label may be blank, and the blank between two runs of one label may be that label.
    """
    least = math.log(CHANCE)
    for run in runs:
        if run.confidence < 1 - CHANCE:
            steps = slice(run.start, run.end)
            if log_probabilities[steps, BLANK].min() > least:
                yield steps
    for run, following in pairwise(runs):
        if run.label == following.label and run.end < following.start:
            steps = slice(run.end, following.start)
            if log_probabilities[steps, run.label].min() > least:
                yield steps


def _extents(
    doubted: NDArray[np.bool_], unsure: NDArray[np.bool_], path: NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    """First step and end of each stretch: the doubted steps and the unsure ones around them.

    A label that is sure right after them belongs to the stretch: what goes before decides whether
    it begins there.
    """
    end = 0
    for step in np.flatnonzero(doubted).tolist():
        if step < end:
            continue
        start = step
        while start > end and unsure[start - 1]:
            start -= 1
        end = step + 1
        while end < len(path) and unsure[end]:
            end += 1
        if end < len(path) and path[end] != BLANK:
            end += 1
        yield start, end


def _readings(
    log_probabilities: NDArray[np.float32], previous: int
) -> tuple[tuple[Labels, float], ...]:
    """The likeliest readings of some steps, by prefix search (Graves 2006, section 3.2).

    Args:
        previous: the label of the step before.
    """
    count = READINGS + len(log_probabilities) // STEPS_A_READING
    # Of each beginning, the probability of the paths that end in a blank and of those that do not.
    beginnings: dict[Labels, list[float]] = {(): [1.0, 0.0] if previous == BLANK else [0.0, 1.0]}
    for chances in _chances(log_probabilities):
        longer: dict[Labels, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for beginning, (blank, held) in beginnings.items():
            last = beginning[-1] if beginning else previous
            for label, chance in chances:
                if label == BLANK:
                    longer[beginning][0] += chance * (blank + held)
                elif label != last:
                    longer[(*beginning, label)][1] += chance * (blank + held)
                else:
                    longer[beginning][1] += chance * held
                    if blank:
                        longer[(*beginning, label)][1] += chance * blank
        beginnings = dict(_likeliest(longer, 2 * count, FAINT * CHANCE))
    best = _likeliest(beginnings, count, CHANCE)
    return tuple((labels, math.log(sum(parts))) for labels, parts in best)


def _chances(log_probabilities: NDArray[np.float32]) -> list[list[tuple[int, float]]]:
    """The labels that are followed at each step, and their probabilities."""
    least = np.minimum(log_probabilities.max(axis=1), math.log(FAINT))
    steps, labels = np.nonzero(log_probabilities >= least[:, None])
    chances: list[list[tuple[int, float]]] = [[] for _ in log_probabilities]
    probabilities = np.exp(log_probabilities[steps, labels])
    for step, label, probability in zip(
        steps.tolist(), labels.tolist(), probabilities.tolist(), strict=True
    ):
        chances[step].append((label, probability))
    return chances


def _likeliest(
    sums: dict[Labels, list[float]], count: int, least: float
) -> list[tuple[Labels, list[float]]]:
    """At most so many, best first, and none that is less likely than a share of the best."""
    best = sorted(sums.items(), key=_probability, reverse=True)[:count]
    least *= _probability(best[0])
    return [entry for entry in best if _probability(entry) > least]


def _probability(entry: tuple[Labels, list[float]]) -> float:
    return entry[1][0] + entry[1][1]
