"""A network that needs no training."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ocr_core.recogniser import RecogniserConfig
from ocr_core.training.recogniser import LineBatch


class Oracle(nn.Module):
    """Knows what each line of a batch says, but for the first, of which it reads one letter more.

    Its characters are a, b and c.
    """

    def __init__(self, batch: LineBatch) -> None:
        super().__init__()
        self.config = RecogniserConfig("abc", 16)
        self.nothing = nn.Parameter(torch.ones(1))  # tells where it runs
        self._batch = batch

    def forward(self, crops: Tensor) -> Tensor:
        read = torch.full((len(crops), crops.shape[3] // 4, 4), -9.0)
        read[..., 0] = 0.0
        for number, labels in enumerate(self._batch.labels.split(self._batch.lengths.tolist())):
            for place, label in enumerate([*labels.tolist(), *([1] if number == 0 else [])]):
                read[number, 2 * place, label] = 9.0
        return read.log_softmax(-1)
