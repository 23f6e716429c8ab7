"""Initials as high as several lines, which begin a paragraph."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# In heights of the usual line: how high an initial is at least, and how far from the lines beside.
MIN_HEIGHT = 1.8
MAX_GAP = 1.2
# Initials that may be words by themselves; others are the beginning of one.
WORDS = frozenset("AIOÀYEÓ")


def find_drop_caps(boxes: NDArray[np.float64], texts: Sequence[str]) -> dict[int, int]:
    """Numbers of initials, and for each the number of the line that goes on with its word.

    Args:
        boxes: (N, 4) left, top, right, bottom on the level page, of each piece of a line.
        texts: of each.
    """
    height = float(np.median(boxes[:, 3] - boxes[:, 1])) if len(boxes) else 0.0
    is_tall = boxes[:, 3] - boxes[:, 1] >= MIN_HEIGHT * height
    found = {}
    for number in np.flatnonzero(is_tall).tolist():
        sign = texts[number].strip("\"'“”‘’«» ")
        beside = _lines_beside(boxes, number, height)
        if len(sign) == 1 and sign.isalpha() and len(beside) >= 2:
            found[number] = min(beside, key=lambda line: boxes[line, 1])
    return found


def _lines_beside(boxes: NDArray[np.float64], number: int, height: float) -> list[int]:
    """The lines that begin right of an initial and stand within its height."""
    own = boxes[number]
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    gaps = boxes[:, 0] - own[2]
    beside = (own[1] - 0.3 * height < middles) & (middles < own[3] + 0.3 * height)
    near = (gaps > -0.5 * height) & (gaps < MAX_GAP * height)
    is_line = boxes[:, 3] - boxes[:, 1] < 0.8 * (own[3] - own[1])
    return [int(line) for line in np.flatnonzero(beside & near & is_line)]


def goes_on(initial: str, line: str) -> bool:
    """Whether a line goes on with the word that an initial begins.

    Letters that are words by themselves may also stand alone, as in `A man`; then the line tells
    by going on with a capital that is not its only one, as in `AFTER the war`.
    """
    first = next(iter(line.split()), "")
    if initial[-1:] not in WORDS:
        return first[:1].isalpha()
    return len(first) > 1 and first.isupper()
