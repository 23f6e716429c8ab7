"""Lines before and after, below each other in one picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
_GAP, _GREY = 4, 128


def draw_rows(rows: Sequence[Sequence[Pixels]]) -> Pixels:
    """Each row's pictures below each other, and rows below rows, on grey.

    Shapes:
        rows:    N × M × (H, W) uint8
        returns: (H', W') uint8
    """
    pictures = [picture for row in rows for picture in row]
    width = max((picture.shape[1] for picture in pictures), default=1)
    strips = []
    for row in rows:
        for number, picture in enumerate(row):
            below = 3 * _GAP if number == len(row) - 1 else 0
            room = ((_GAP // 2, _GAP // 2 + below), (0, width - picture.shape[1]))
            strips.append(np.pad(picture, room, constant_values=_GREY))
    return np.vstack(strips) if strips else np.full((1, 1), _GREY, np.uint8)
