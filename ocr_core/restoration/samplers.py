"""Noise to picture, a step at a time, by a network that guesses the picture from what it sees."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

from ocr_core.restoration.schedules import NoiseSchedule

# What is under some noise: of noisy pictures (N, 1, H, W) and the time at which each stands, (N,)
# int64, a guess at the clean ones, of the same shape.
Denoise = Callable[[Tensor, Tensor], Tensor]
# Differences of ink, which is 0 to 1, are no greater; a guess beyond would grow from step to step.
BOUND = 1.0


def sample_ddpm(
    denoise: Denoise, noise: Tensor, schedule: NoiseSchedule, generator: torch.Generator
) -> Tensor:
    """All steps back, each with fresh noise (arXiv:2006.11239, equations 6 and 7).

    Shapes:
        noise:   (N, 1, H, W), of mean 0 and deviation 1
        returns: (N, 1, H, W), -1 to 1
    """
    state = noise
    for time in range(schedule.steps, 0, -1):
        guess = _guess(denoise, state, time)
        kept, kept_after = schedule.kept[time].item(), schedule.kept[time - 1].item()
        left = kept / kept_after  # α of this step; 1 - α is its β
        of_guess = kept_after**0.5 * (1 - left) / (1 - kept)
        of_state = left**0.5 * (1 - kept_after) / (1 - kept)
        spread = ((1 - left) * (1 - kept_after) / (1 - kept)) ** 0.5
        fresh = torch.randn(state.shape, generator=generator).to(state)
        state = of_guess * guess + of_state * state + spread * fresh
    return state.clamp(-BOUND, BOUND)


def sample_ddim(denoise: Denoise, noise: Tensor, schedule: NoiseSchedule, steps: int) -> Tensor:
    """A few long steps back without chance in them (arXiv:2010.02502, equation 12, σ = 0).

    Shapes: those of `sample_ddpm`

    Raises:
        ValueError: the schedule has not so many steps.
    """
    state = noise
    for time, time_after in pairwise([*schedule.stops(steps), 0]):
        guess = _guess(denoise, state, time)
        kept, kept_after = schedule.kept[time].item(), schedule.kept[time_after].item()
        seen_noise = (state - kept**0.5 * guess) / (1 - kept) ** 0.5
        state = kept_after**0.5 * guess + (1 - kept_after) ** 0.5 * seen_noise
    return state


def _guess(denoise: Denoise, state: Tensor, time: int) -> Tensor:
    times = torch.full((len(state),), time, device=state.device)
    return denoise(state, times).clamp(-BOUND, BOUND)
