"""What else the image allows a word to be, found in what the recogniser saw along it.

Where a word was read with doubt other characters had a chance, more or fewer of them; each such
change has a cost, and texts that differ by a few changes of little cost are worth a look at. This
takes no index of the lexicon, and finds what two characters read as one and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ocr_core.correction.evidence import with_floor
from ocr_core.ctc import BLANK
from schemas import Evidence

# In nats; the image makes nothing more unlikely that is worth a look.
MOST_COST = 8.0
# A text differs by so many changes, of so many that are the cheapest.
MOST_CHANGES = 3
FEW = 24


class Change(NamedTuple):
    """Other characters, or none, in place of a character, or of none, of a text.

    Attributes:
        start, end: what they replace; alike for characters that were left out.
        cost: by how much the image makes them less likely, in nats, by its likeliest step.
    """

    start: int
    end: int
    text: str
    cost: float


def variants(text: str, changes: Sequence[Change]) -> Iterator[str]:
    """The texts that some changes make of a text, each once.

    >>> sorted(variants("cat", [Change(0, 1, "e", 3.0), Change(3, 3, "s", 4.0)]))
    ['cats', 'eat', 'eats']
    """
    cheapest = sorted(changes, key=lambda change: change.cost)[:FEW]
    by_place = sorted(cheapest, key=lambda change: (change.start, change.end))
    found = {made for _, made in _changed(text, by_place, MOST_COST, MOST_CHANGES)}
    yield from sorted(found - {text})


def _changed(
    text: str, changes: Sequence[Change], budget: float, most: int
) -> Iterator[tuple[Change, str]]:
    """The first change, and the text, of all that one change or more make; they do not overlap."""
    for number, change in enumerate(changes):
        if change.cost > budget:
            continue
        yield change, text[: change.start] + change.text + text[change.end :]
        if most == 1:
            continue
        rest = changes[number + 1 :]
        for following, made in _changed(text, rest, budget - change.cost, most - 1):
            both_come_in = change.start == change.end == following.start == following.end
            if following.start >= change.end and not both_come_in:
                yield change, text[: change.start] + change.text + made[change.end :]


def changes_of(evidence: Evidence, text: str, first: int, end: int) -> list[Change]:
    """What the image allows to change about a text that was read between two steps.

    Only characters come in that may stand in a word: letters, digits, and spaces, which part one.
    """
    rows = with_floor(evidence.log_probabilities[first:end])
    places = align(rows, _columns(evidence, text))
    if places is None:
        return []
    usable = [c.isalnum() or c == " " for c in evidence.characters]
    columns = 1 + np.flatnonzero(usable)
    characters = [evidence.characters[column - 1] for column in columns.tolist()]
    edges = [(0, 0), *places, (len(rows), len(rows))]
    found: list[Change] = []
    for index, (start, stop) in enumerate(places):
        own = rows[start:stop, _column(evidence, text[index])]
        lost = float((own - rows[start:stop, BLANK]).sum())
        found.append(Change(index, index + 1, "", max(lost, 0.0)))
        window = rows[edges[index][1] : edges[index + 2][0]]
        costs = float(own.max()) - window[:, columns].max(axis=0)
        found += _cheap(index, index + 1, characters, costs)
    for index in range(len(text) + 1):
        window = rows[edges[index][0] : edges[index + 1][1]]
        costs = -window[:, columns].max(axis=0)
        beside = text[max(index - 1, 0) : index + 1]  # what they are themselves, twice
        costs[[character in beside for character in characters]] = np.inf
        found += _cheap(index, index, characters, costs)
    return [change for change in found if change.text != text[change.start : change.end]]


def _cheap(
    start: int, end: int, characters: Sequence[str], costs: NDArray[np.float64]
) -> Iterator[Change]:
    for number in np.flatnonzero(costs <= MOST_COST).tolist():
        yield Change(start, end, characters[number], max(float(costs[number]), 0.0))


def align(rows: NDArray[np.float64], columns: Sequence[int]) -> list[tuple[int, int]] | None:
    """First step and end of each character on the likeliest path (Viterbi), or None without any.

    Args:
        columns: of the characters of a text, in `rows`.

    Shapes:
        rows: (T, 1 + K) float64, log-probabilities; column 0 is of no character
    """
    states = np.full(2 * len(columns) + 1, BLANK)
    states[1::2] = columns
    may_skip = np.zeros(len(states), bool)
    may_skip[3::2] = states[3::2] != states[1:-2:2]
    scores = np.full(len(states), -np.inf)
    scores[:2] = rows[0, states[:2]]
    steps_back = []
    for row in rows[1:]:
        moves = np.full((3, len(states)), -np.inf)
        moves[0], moves[1, 1:] = scores, scores[:-1]
        moves[2, 2:] = np.where(may_skip[2:], scores[:-2], -np.inf)
        steps_back.append(moves.argmax(axis=0))
        scores = moves.max(axis=0) + row[states]
    state = len(states) - 2 + int(scores[-1] > scores[-2])
    if not np.isfinite(scores[state]):
        return None
    visited = [state]
    for back in reversed(steps_back):
        visited.append(visited[-1] - int(back[visited[-1]]))
    path = np.array(visited[::-1])
    own = (np.flatnonzero(path == 2 * number + 1) for number in range(len(columns)))
    return [(int(steps[0]), int(steps[-1]) + 1) for steps in own]


def _columns(evidence: Evidence, text: str) -> list[int]:
    return [_column(evidence, character) for character in text]


def _column(evidence: Evidence, character: str) -> int:
    """Of `evidence.with_floor`; the last for what was never seen."""
    place = evidence.characters.find(character)
    return 1 + (place if place >= 0 else len(evidence.characters))
