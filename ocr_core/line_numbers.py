"""Numbers in the margin that count the lines of a page, as courts and editors of verse set them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ocr_core.gutters import Gutter, Pieces

MIN_NUMBERS = 5
# Share of the numbers that stand as far from the one before as there are lines between, and how
# far from there they may be, in distances between lines.
MIN_REGULAR = 0.8
MAX_STRAY = 0.25
# Pieces of lines beside the numbers for each line that they count, and words in these: rows of a
# table may be numbered, too, but are in more pieces of fewer words.
MAX_PIECES = 2.5
MIN_WORDS = 3


def find_number_gutters(pieces: Pieces) -> list[Gutter]:
    """The white space between the text and numbers in its left or its right margin, if any."""
    found = (_gutter(pieces, side) for side in (0, 2))
    return [gutter for gutter in found if gutter]


def _gutter(pieces: Pieces, side: int) -> Gutter | None:
    """That of the margin on one side: 0 for the left, 2 for the right."""
    boxes = pieces.boxes
    numbers = np.flatnonzero(pieces.numbers >= 0)
    if len(numbers) < MIN_NUMBERS:
        return None
    first, last = boxes[numbers, 1].min(), boxes[numbers, 3].max()
    beside = (pieces.numbers < 0) & (boxes[:, 3] > first) & (boxes[:, 1] < last)
    text = boxes[beside & (pieces.word_counts > 1)]
    if len(text) < MIN_NUMBERS:
        return None
    outer = float(text[:, 0].min() if side == 0 else text[:, 2].max())
    is_outside = boxes[numbers, 2] < outer if side == 0 else boxes[numbers, 0] > outer
    numbers = numbers[is_outside]
    numbers = numbers[boxes[numbers, 1].argsort()]
    if not _count_lines(pieces.numbers[numbers], pieces.middles[numbers]):
        return None
    line_count = pieces.numbers[numbers[-1]] - pieces.numbers[numbers[0]] + 1
    is_table = beside.sum() > MAX_PIECES * line_count
    if is_table or pieces.word_counts[beside].mean() < MIN_WORDS:
        return None
    own = boxes[numbers]
    inner = float(own[:, 2].max() if side == 0 else own[:, 0].min())
    return Gutter((inner + outer) / 2, float(own[:, 1].min()), float(own[:, 3].max()))


def _count_lines(numbers: NDArray[np.int64], middles: NDArray[np.float64]) -> bool:
    """Whether numbers, from top to bottom, tell how many lines there are down to each."""
    if len(numbers) < MIN_NUMBERS:
        return False
    steps, distances = np.diff(numbers), np.diff(middles)
    pitch = float(np.median(distances[steps > 0] / steps[steps > 0])) if (steps > 0).any() else 0.0
    regular = (steps > 0) & (np.abs(distances - steps * pitch) <= MAX_STRAY * pitch)
    return bool(regular.mean() >= MIN_REGULAR)
