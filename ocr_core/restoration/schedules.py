"""How much of a picture is left, and how much of it is noise, after each step of diffusion."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

ScheduleName = Literal["cosine", "linear"]


@dataclass(frozen=True, slots=True, eq=False)
class NoiseSchedule:
    """What is left of a picture after so many steps (ᾱ of arXiv:2006.11239).

    Attributes:
        kept: (T + 1,) float64, share of the variance that is still the picture's after 0 to T
            steps: 1 at first, hardly any at last.
    """

    kept: Tensor

    @property
    def steps(self) -> int:
        """How many there are, T."""
        return len(self.kept) - 1

    def add_noise(self, clean: Tensor, noise: Tensor, times: Tensor) -> Tensor:
        """Pictures after `times` steps, all at once.

        Shapes:
            clean, noise: (N, 1, H, W) float
            times:        (N,) int64, 0 to T
            returns:      (N, 1, H, W)
        """
        kept = self.kept.to(clean.device)[times].to(clean.dtype)[:, None, None, None]
        return kept.sqrt() * clean + (1 - kept).sqrt() * noise

    def stops(self, count: int) -> list[int]:
        """So many of the times T to 1, evenly spread, T first: where a short sampling looks.

        Raises:
            ValueError: there are not so many, or none is wanted.
        """
        if not 1 <= count <= self.steps:
            raise ValueError(f"a sampling has 1 to {self.steps} steps, not {count}")
        return [round(self.steps * (count - number) / count) for number in range(count)]


def linear_schedule(steps: int) -> NoiseSchedule:
    """Noise that is added in evenly growing amounts (arXiv:2006.11239, section 4).

    Its amounts, 1e-4 to 0.02, are meant for 1,000 steps; of fewer each adds as much more.
    """
    scale = 1000 / steps
    added = torch.linspace(1e-4 * scale, min(0.02 * scale, 0.999), steps, dtype=torch.float64)
    return _after(1 - added)


def cosine_schedule(steps: int, offset: float = 0.008) -> NoiseSchedule:
    """Noise that is added slowly at both ends (arXiv:2102.09672, equation 17)."""
    share = torch.arange(steps + 1, dtype=torch.float64) / steps
    curve = torch.cos((share + offset) / (1 + offset) * math.pi / 2) ** 2
    # No single step may wipe out all that is left, as the last one would.
    return _after((curve[1:] / curve[:-1]).clamp(min=1e-3))


def make_schedule(name: ScheduleName, steps: int) -> NoiseSchedule:
    """The schedule of a name."""
    return {"cosine": cosine_schedule, "linear": linear_schedule}[name](steps)


def _after(ratios: Tensor) -> NoiseSchedule:
    """The schedule whose steps each leave such a share of what was left before."""
    return NoiseSchedule(torch.cat([torch.ones(1, dtype=torch.float64), ratios.cumprod(0)]))
