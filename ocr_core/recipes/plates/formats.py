"""Settles look-alikes by the formats of plates: of O and 0 the one that makes a plate.

A state gives its plates a few formats, such as three letters and three digits, and one die stamps
0 and O, or 1 and I, all but the same. Where a look-alike makes a text of a known format, and the
network holds it not too unlikely, that is what the plate says.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ocr_core.charset import Charset
from ocr_core.ctc import decode_best_path
from ocr_core.recipes.plates.patterns import COMMON_SHAPES, SHAPES

_LOOK_ALIKE = ("0ODQ", "1I", "2Z", "4A", "5S", "6G", "7T", "8B")
_GROUP = {character: group for group in _LOOK_ALIKE for character in group}
# By how much, in natural logarithms, a text of a rare format is less likely than one of a common
# format, and a text of no known format.
_RARE, _UNKNOWN = 2.0, 4.0
_Choice = dict[str, float]  # characters that may stand at one place, with their log-probabilities


def decode_plate(
    log_probabilities: NDArray[np.float32], charset: Charset
) -> tuple[str, tuple[float, ...]]:
    """The text of a plate, and how sure each of its characters is, as one of its look-alikes.

    Shapes:
        log_probabilities: (T, C) float32, C = 1 + len(charset)
    """
    decoded = decode_best_path(log_probabilities, charset)
    choices = [
        _choice(character, log_probabilities[start:end], charset)
        for character, start, end in zip(decoded.text, decoded.starts, decoded.ends, strict=True)
    ]
    confidences = tuple(min(1.0, sum(map(math.exp, choice.values()))) for choice in choices)
    return settle(decoded.text, choices), confidences


def settle(text: str, choices: list[_Choice]) -> str:
    """The likeliest of all texts of a known format, or `text` where none is nearly as likely.

    What is common has an edge over what is rare, and that over what is unknown.

    >>> likely, unlikely = -0.5, -1.2
    >>> settle("AB1CD", [{"A": 0}, {"B": 0}, {"1": likely, "I": unlikely}, {"C": 0}, {"D": 0}])
    'ABICD'
    """
    best, least = text, sum(c[own] for own, c in zip(text, choices, strict=True))
    least += _prior(shape_of(text))
    for shape in sorted(SHAPES):
        if len(shape) == len(text):
            fitting, score = _fit(shape, choices)
            score += _prior(shape)
            if score > least:
                best, least = fitting, score
    return best


def is_of_known_format(text: str) -> bool:
    """Whether some state gives out plates of this form, or it is a word.

    >>> is_of_known_format("ABC123"), is_of_known_format("ABC12D3")
    (True, False)
    """
    return shape_of(text) in SHAPES


def shape_of(text: str) -> str:
    """A text with A for each letter and 9 for each digit.

    >>> shape_of("AB12C")
    'AA99A'
    """
    return "".join("9" if character.isdigit() else "A" for character in text)


def _prior(shape: str) -> float:
    """How likely a format is beside a common one, as a natural logarithm."""
    if shape in COMMON_SHAPES:
        return 0.0
    return -_RARE if shape in SHAPES else -_UNKNOWN


def _choice(character: str, steps: NDArray[np.float32], charset: Charset) -> _Choice:
    """A character that was read, and its look-alikes, with the best they have at its steps."""
    group = [one for one in _GROUP.get(character, character) if charset.holds(one)]
    best = steps.max(axis=0)[charset.encode("".join(group))]
    return dict(zip(group, best.tolist(), strict=True))


def _fit(shape: str, choices: list[_Choice]) -> tuple[str, float]:
    """The likeliest text of a shape and its log-probability; minus infinity if there is none."""
    text, total = "", 0.0
    for kind, choice in zip(shape, choices, strict=True):
        fitting = {one: value for one, value in choice.items() if shape_of(one) == kind}
        if not fitting:
            return "", -math.inf
        best = max(fitting, key=lambda one: fitting[one])
        text, total = text + best, total + fitting[best]
    return text, total
