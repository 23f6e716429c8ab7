import math

import pytest
import torch
from torch import nn

from ocr_core.training.descent import descend


def step(loss_of, clip_norm=100.0):
    """Whether a network with one weight of 1 moved, and where to."""
    network = nn.Linear(1, 1, bias=False)
    nn.init.ones_(network.weight)
    moved = descend(
        network, torch.optim.SGD(network.parameters(), lr=0.1), loss_of(network.weight), clip_norm
    )
    return moved, network.weight.item()


def test_a_step_goes_down_the_gradient():
    assert step(lambda weight: 2 * weight.sum()) == (True, pytest.approx(0.8))


def test_a_long_gradient_is_clipped():
    assert step(lambda weight: 50 * weight.sum(), 1.0) == (True, pytest.approx(0.9))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_is_no_number_moves_nothing(bad):
    assert step(lambda weight: bad * weight.sum()) == (False, 1.0)
    # A loss of 0 whose gradient is infinite.
    assert step(lambda weight: (weight - 1).abs().sqrt().sum()) == (False, 1.0)
