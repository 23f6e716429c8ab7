"""The detector: page pixels to the probability of text at each pixel."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True, slots=True)
class DetectorConfig:
    """What is needed to rebuild a detector.

    Attributes:
        channels: of the five stages, each of which halves its input.
        depths: convolutions in each stage.
        pyramid: channels at which the stages are joined.
    """

    channels: tuple[int, ...] = (16, 32, 48, 64, 96)
    depths: tuple[int, ...] = (1, 2, 2, 2, 2)
    pyramid: int = 32


@dataclass(frozen=True, slots=True, eq=False)
class DetectorMaps:
    """What a detector gives in training, all (N, 1, H/2, W/2).

    Attributes:
        logits: of the probability that a pixel belongs to a shrunken line.
        threshold: the probability above which it should count, 0 to 1.
        binary: the soft step of probability over threshold.
    """

    logits: Tensor
    threshold: Tensor
    binary: Tensor


class Detector(nn.Module):
    """Finds lines of text (DBNet, arXiv:1911.08947).

    Convolutions look at ever coarser scales; a feature pyramid (arXiv:1612.03144) joins them at a
    quarter of the resolution; a head that also sees the finest stage, so that gaps of a pixel or
    two between lines stay open, gives maps at half of the resolution.

    Shapes:
        pixels:  (N, 1, H, W)      float, 0 paper to 1 ink; H and W multiples of 32
        returns: (N, 1, H/2, W/2)  probability, 0 to 1
    """

    def __init__(self, config: DetectorConfig) -> None:
        super().__init__()
        self.config = config
        before = (1, *config.channels[:-1])
        self.stages = nn.ModuleList(
            _Stage(*shape) for shape in zip(before, config.channels, config.depths, strict=True)
        )
        self.laterals = nn.ModuleList(
            _convolution(width, config.pyramid, kernel=1) for width in config.channels[1:]
        )
        self.join = _convolution(config.pyramid, config.pyramid)
        self.probability = _Head(config.pyramid, config.channels[0])
        self.threshold = _Head(config.pyramid, config.channels[0])

    def forward(self, pixels: Tensor) -> Tensor:
        logits: Tensor = self.probability(*self._features(pixels))
        return logits.float().sigmoid()

    def train_maps(self, pixels: Tensor) -> DetectorMaps:
        """All maps that the loss compares; see `forward` for the shape of `pixels`."""
        features = self._features(pixels)
        logits = self.probability(*features).float()
        threshold = self.threshold(*features).float().sigmoid()
        # Equation 1 of the paper, with its amplification of 50.
        binary = torch.sigmoid(50 * (logits.sigmoid() - threshold))
        return DetectorMaps(logits, threshold, binary)

    def _features(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """The joined pyramid at a quarter of the resolution, and the first stage at half."""
        scales = []
        values = pixels
        for stage in self.stages:
            values = stage(values)
            scales.append(values)
        finest, *coarser = scales
        joined = self.laterals[-1](coarser[-1])
        for lateral, values in zip(
            reversed(list(self.laterals)[:-1]), reversed(coarser[:-1]), strict=True
        ):
            joined = lateral(values) + F.interpolate(joined, scale_factor=2.0, mode="nearest")
        return torch.relu(self.join(joined)), finest


class _Stage(nn.Module):
    """Halves the resolution, then adds to what it sees (arXiv:1512.03385)."""

    def __init__(self, before: int, width: int, depth: int) -> None:
        super().__init__()
        self.shrink = _convolution(before, width, stride=2)
        self.blocks = nn.ModuleList(_convolution(width, width) for _ in range(depth - 1))

    def forward(self, values: Tensor) -> Tensor:
        values = torch.relu(self.shrink(values))
        for block in self.blocks:
            values = torch.relu(values + block(values))
        return values


class _Head(nn.Module):
    """One map at half of the resolution."""

    def __init__(self, pyramid: int, finest: int) -> None:
        super().__init__()
        self.enlarge = nn.ConvTranspose2d(pyramid, finest, kernel_size=2, stride=2)
        self.out = nn.Conv2d(finest, 1, kernel_size=3, padding=1)

    def forward(self, joined: Tensor, finest: Tensor) -> Tensor:
        scores: Tensor = self.out(torch.relu(self.enlarge(joined) + finest))
        return scores


def _convolution(before: int, width: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, width, kernel, stride=stride, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(width),
    )
