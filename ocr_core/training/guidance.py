"""A recogniser that is guided while it learns, by a decoder that nobody ships.

CTC tells the convolutions only which labels follow each other, not where. A small decoder that
must write the line character by character, looking at their features, tells them more; once they
have learnt it is dropped (guided training of CTC, arXiv:2002.01276; with a transformer's decoder as
PP-OCRv3 and after have it, arXiv:2206.03001).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence

from ocr_core.recogniser import Recogniser, RecogniserConfig

# What the guide's loss counts beside that of CTC, both per character.
WEIGHT = 0.3
# Of the probability of each character, spread over all others.
SMOOTHING = 0.1
_IGNORED = -100


class GuidedRecogniser(Recogniser):
    """A `Recogniser`, with a guide beside it that shares its convolutions.

    Its forward pass is that of a `Recogniser`.
    """

    guide: Guide

    def __init__(self, config: RecogniserConfig) -> None:
        super().__init__(config)
        self.guide = Guide(config.row, 1 + len(config.charset))


class Guide(nn.Module):
    """Writes lines from the features of their crops: a transformer's decoder of one layer.

    Shapes:
        rows:    (N, T, D) features, D a multiple of 4
        steps:   (N,) int64, how many of them belong to each crop
        labels:  N × (L_i,) int64, what the crops say
        returns: the mean loss of a character, and of the end of a line, in nats
    """

    def __init__(self, width: int, labels: int) -> None:
        super().__init__()
        # Label 0, CTC's blank, is the end of a line here; one more is its beginning.
        self._start = labels
        self.embedding = nn.Embedding(labels + 1, width)
        self.decoder = nn.TransformerDecoderLayer(
            width, 4, 2 * width, dropout=0.1, batch_first=True, norm_first=True
        )
        self.head = nn.Linear(width, labels)

    def forward(self, rows: Tensor, steps: Tensor, labels: list[Tensor]) -> Tensor:
        start, end = labels[0].new_tensor([self._start]), labels[0].new_tensor([0])
        given = pad_sequence([torch.cat([start, one]) for one in labels], batch_first=True)
        wanted = pad_sequence(
            [torch.cat([one, end]) for one in labels], batch_first=True, padding_value=_IGNORED
        )
        length, width = given.shape[1], rows.shape[2]
        future = torch.ones(length, length, dtype=torch.bool, device=rows.device).triu(1)
        padding = torch.arange(rows.shape[1], device=rows.device) >= steps[:, None]
        written = self.decoder(
            self.embedding(given) + positions(length, width).to(rows.device),
            rows + positions(rows.shape[1], width).to(rows.device),
            tgt_mask=future,
            memory_key_padding_mask=padding,
        )
        scores = self.head(written).float().flatten(0, 1)
        return F.cross_entropy(scores, wanted.flatten(), label_smoothing=SMOOTHING)


def plain_state(network: Recogniser) -> dict[str, Tensor]:
    """The tensors of a recogniser without those of a guide."""
    own = network.state_dict()
    return {name: value for name, value in own.items() if not name.startswith("guide.")}


def positions(length: int, width: int) -> Tensor:
    """(length, width) float32: sines and cosines of each place (arXiv:1706.03762, section 3.5)."""
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))
    angles = torch.arange(length)[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
