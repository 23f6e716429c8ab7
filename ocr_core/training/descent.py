"""One step of learning, whoever counts them."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


def descend(
    network: nn.Module, optimiser: torch.optim.Optimizer, loss: Tensor, clip_norm: float
) -> bool:
    """Moves a network's parameters against the gradient of a loss; whether it did.

    A loss or a gradient that is no number moves nothing, or nothing would be left of the network.

    Args:
        clip_norm: longest gradient that is followed, by its Euclidean norm.
    """
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    norm = nn.utils.clip_grad_norm_(network.parameters(), clip_norm)
    moves = math.isfinite(float(loss.detach())) and math.isfinite(float(norm))
    if moves:
        optimiser.step()
    return moves
