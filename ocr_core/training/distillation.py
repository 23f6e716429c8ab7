"""A recogniser that learns from a better one what can be seen at each step of a line.

The label of a line is one text, even where the crop is past reading; a teacher tells what else it
could be, and where (arXiv:1503.02531). Networks trained by CTC agree on where labels stand only if
one descends from the other, so the teacher of a network is the one that it was pruned from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ocr_core.networks import CropRecogniser, read_crops
from ocr_core.synth.lines import LineSample, LineSource

# What the divergence from the teacher counts beside the loss of CTC.
SHARE = 1.0
# Labels less likely than this, about 1 in 60 million, are all the same to a learner.
_LEAST = np.float16(-18.0)
_MAX_PIXELS = 1 << 18


class TaughtLines:
    """Lines of another source, and what a recogniser sees on them.

    Args:
        source: makes the lines.
        teacher: makes the recogniser; called once, by the process that makes data.
    """

    def __init__(self, source: LineSource, teacher: Callable[[], CropRecogniser]) -> None:
        self._source = source
        self._load = teacher
        self._teacher: CropRecogniser | None = None

    def make(self, seed: int, strength: float = 1.0) -> list[LineSample]:
        """The block of a seed."""
        samples = self._source.make(seed, strength)
        if not samples:
            return []
        self._teacher = teacher = self._teacher or self._load()
        seen = read_crops(teacher, [sample.pixels for sample in samples], _MAX_PIXELS)
        return [
            replace(sample, taught=np.maximum(one, _LEAST).astype(np.float16))
            for sample, one in zip(samples, seen, strict=True)
        ]


def divergences(read: Tensor, taught: Sequence[Tensor]) -> Tensor:
    """How far each line's probabilities are from the teacher's: Kullback-Leibler, over all steps.

    Shapes:
        read:    (N, T, C) log-probabilities
        taught:  N × (T_i, C) log-probabilities, T_i at most T
        returns: (N,) nats
    """
    return torch.stack(
        [
            F.kl_div(one[: len(given)], given.to(one.device), reduction="sum", log_target=True)
            for one, given in zip(read, taught, strict=True)
        ]
    )
