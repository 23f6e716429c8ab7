"""The recogniser: line crops to label probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

# One step of the output for so many pixel columns of a crop.
STRIDE = 4


@dataclass(frozen=True, slots=True)
class RecogniserConfig:
    """What is needed to rebuild a recogniser.

    Attributes:
        charset: the characters in label order; see `ocr_core.charset`.
        height: of the crops, in pixels; a multiple of 8.
        channels: of the five stages of convolutions.
        depths: convolutions in each stage, the first of which shrinks its input.
        row: features of each step, before the LSTM.
        hidden: units of the LSTM in each direction.
        layers: of the LSTM.
    """

    charset: str
    height: int = 40
    channels: tuple[int, ...] = (24, 48, 96, 128, 160)
    depths: tuple[int, ...] = (1, 1, 2, 1, 1)
    row: int = 192
    hidden: int = 192
    layers: int = 1


class Recogniser(nn.Module):
    """Reads a line of text from its crop (CRNN, arXiv:1507.05717).

    Convolutions shrink the crop to one row of features, one for every four pixel columns; an
    LSTM reads the row in both directions; a linear layer scores each label at each step.

    Shapes:
        crops:   (N, 1, H, W)   float, 0 paper to 1 ink; H = config.height, W a multiple of 4
        returns: (N, W/4, C)    log-probabilities; C = 1 + len(config.charset), label 0 is blank
    """

    def __init__(self, config: RecogniserConfig) -> None:
        super().__init__()
        self.config = config
        # (2, 2) twice gives the stride of 4; after that only the height shrinks.
        strides = ((2, 2), (2, 2), (2, 1), (2, 1), (1, 1))
        stages = []
        before = 1
        for width, depth, stride in zip(config.channels, config.depths, strides, strict=True):
            stages.append(_Stage(before, width, depth, stride))
            before = width
        self.features = nn.Sequential(*stages)
        rows = -(-config.height // 16)
        self.collapse = nn.Sequential(
            nn.Conv2d(before, config.row, kernel_size=(rows, 1), bias=False),
            nn.BatchNorm2d(config.row),
            nn.ReLU(inplace=True),
        )
        self.sequence = nn.LSTM(
            config.row,
            config.hidden,
            num_layers=config.layers,
            bidirectional=True,
            batch_first=True,
        )
        self.head = nn.Linear(2 * config.hidden, 1 + len(config.charset))

    def forward(self, crops: Tensor) -> Tensor:
        return self.label(self.look(crops))

    def look(self, crops: Tensor) -> Tensor:
        """The features of each step, (N, W/4, D), D = config.row."""
        row: Tensor = self.collapse(self.features(crops))  # (N, D, 1, T)
        return row.squeeze(2).transpose(1, 2)

    def label(self, steps: Tensor) -> Tensor:
        """The log-probabilities of labels that features mean."""
        context, _ = self.sequence(steps)  # (N, T, 2 * hidden)
        scores: Tensor = self.head(context)  # (N, T, C)
        return scores.float().log_softmax(dim=-1)


class _Stage(nn.Module):
    """Convolutions at one width; all but the first add to their input (arXiv:1512.03385)."""

    def __init__(self, before: int, width: int, depth: int, stride: tuple[int, int]) -> None:
        super().__init__()
        self.shrink = _convolution(before, width, stride)
        self.blocks = nn.ModuleList(_convolution(width, width, (1, 1)) for _ in range(depth - 1))

    def forward(self, values: Tensor) -> Tensor:
        values = torch.relu(self.shrink(values))
        for block in self.blocks:
            values = torch.relu(values + block(values))
        return values


def _convolution(before: int, width: int, stride: tuple[int, int]) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, width, kernel_size=3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(width),
    )
