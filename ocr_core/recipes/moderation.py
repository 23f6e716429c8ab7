"""Between what a network was and what it has become.

What little data teaches costs some of what much data taught. Weights on the straight line between
the two keep most of both (arXiv:2109.01903); where on it, what validates says.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping

from torch import Tensor

from ocr_core.recipes.epochs import Batch, Lesson, Network, evaluate
from ocr_core.training.averaging import between

# Of what was learnt; the whole of it first, so that it wins where others are no better.
_SHARES = (1.0, 0.75, 0.5, 0.25, 0.0)


def moderate(lesson: Lesson[Network, Batch], before: Mapping[str, Tensor], batch: int) -> float:
    """Leaves the network of a lesson where, on the way from `before`, validation loss is lowest.

    Args:
        before: its state when it began, with the same normalisation as now.
        batch: samples that are read at a time.

    Returns:
        The share of what was learnt that is left: 1 all, 0 nothing.
    """
    network = lesson.network
    learnt = copy.deepcopy(network.state_dict())

    def loss(share: float) -> float:
        network.load_state_dict(between(before, learnt, share))
        return evaluate(lesson, lesson.validation, batch)["loss"]

    best = min(_SHARES, key=loss)
    network.load_state_dict(between(before, learnt, best))
    return best
