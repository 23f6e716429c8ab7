"""The restorer: a worn crop, and noise that hides what it lacks, to what it lacks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ocr_core.restoration.schedules import ScheduleName

# Sides of crops are padded to multiples of this: two levels, each of half the size.
MULTIPLE = 4


@dataclass(frozen=True, slots=True)
class RestorerConfig:
    """What is needed to rebuild a restorer, and to sample with it.

    Attributes:
        height: of the crops, in pixels; a multiple of 4.
        channels: at full size, at half and at a quarter of it.
        depth: residual blocks at a quarter, each of which sees 16 pixels further on either side.
        embedding: features of the time.
        schedule: of the noise.
        steps: of diffusion, T.
    """

    height: int = 40
    channels: tuple[int, int, int] = (16, 32, 48)
    depth: int = 6
    embedding: int = 64
    schedule: ScheduleName = "cosine"
    steps: int = 100


class RestorerNetwork(nn.Module):
    """Guesses the residual, clean minus worn, of a line crop (a U-Net, arXiv:1505.04597).

    It looks at the worn crop and at the residual under noise, and knows how much noise there is
    (arXiv:2006.11239). Without normalisation, which costs restored pictures their contrast
    (arXiv:1707.02921). Untrained, it guesses that nothing is to be changed.

    Shapes:
        worn:    (N, 1, H, W) float, 0 paper to 1 ink; H and W multiples of 4
        noisy:   (N, 1, H, W) the residual after `times` steps of noise
        times:   (N,) int64, 1 to T
        returns: (N, 1, H, W) float32, the residual
    """

    def __init__(self, config: RestorerConfig) -> None:
        super().__init__()
        self.config = config
        full, half, quarter = config.channels
        self.time = nn.Sequential(
            nn.Linear(config.embedding, config.embedding), nn.ReLU(inplace=True)
        )
        self.enter = nn.Conv2d(2, full, 3, padding=1)
        self.down = nn.ModuleList(
            nn.Conv2d(before, after, 3, stride=2, padding=1)
            for before, after in ((full, half), (half, quarter))
        )
        self.look = _Block(half, config.embedding)
        self.bottom = nn.ModuleList(_Block(quarter, config.embedding) for _ in range(config.depth))
        self.up = nn.ModuleList(
            nn.Conv2d(before, after, 1) for before, after in ((quarter, half), (half, full))
        )
        self.join = _Block(half, config.embedding)
        self.finish = _Block(full, config.embedding)
        self.leave = nn.Conv2d(full, 1, 3, padding=1)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)  # type: ignore[arg-type]

    def forward(self, worn: Tensor, noisy: Tensor, times: Tensor) -> Tensor:
        time = self.time(self._embed(times))
        full = torch.relu(self.enter(torch.cat([worn, noisy], dim=1)))
        half = self.look(self.down[0](full), time)
        quarter = self.down[1](half)
        for block in self.bottom:
            quarter = block(quarter, time)
        half = self.join(half + _doubled(self.up[0](quarter)), time)
        full = self.finish(full + _doubled(self.up[1](half)), time)
        residual: Tensor = self.leave(torch.relu(full))
        return residual.float()

    def _embed(self, times: Tensor) -> Tensor:
        """(N, embedding): sines and cosines of each time (arXiv:1706.03762, section 3.5)."""
        half = self.config.embedding // 2
        places = torch.arange(half, device=times.device) / half
        angles = times[:, None] * torch.exp(-math.log(1000.0) * places)
        return torch.cat([angles.sin(), angles.cos()], dim=1)


class _Block(nn.Module):
    """Two convolutions that add to their input; the time scales and shifts between them."""

    def __init__(self, channels: int, embedding: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.at = nn.Linear(embedding, 2 * channels)
        nn.init.zeros_(self.at.weight)
        nn.init.zeros_(self.at.bias)
        with torch.no_grad():  # many blocks follow each other, and nothing keeps their sums small
            self.second.weight.mul_(0.1)

    def forward(self, values: Tensor, time: Tensor) -> Tensor:
        scale, shift = self.at(time)[:, :, None, None].chunk(2, dim=1)
        inner = torch.relu(self.first(torch.relu(values)) * (1 + scale) + shift)
        added: Tensor = values + self.second(inner)
        return added


def _doubled(values: Tensor) -> Tensor:
    return F.interpolate(values, scale_factor=2.0, mode="nearest")
