"""Between what a network was and what it has become."""

import copy

import pytest
import torch
from torch import nn

from ocr_core.recipes.epochs import Arrays, Lesson
from ocr_core.recipes.moderation import moderate


def lesson(network, target):
    """Of a network of one weight, which is best if its weight is the target."""
    inputs = torch.ones(8, 1).numpy()
    samples = Arrays(inputs, inputs * target)
    return Lesson(
        network,
        samples,
        samples,
        lambda network, batch: ((network(batch[0]) - batch[1]) ** 2).mean(),
        lambda network, batch: {},
    )


@pytest.mark.parametrize(
    ("target", "share"), [(9.0, 1.0), (4.0, 1.0), (2.9, 0.75), (1.4, 0.25), (-3.0, 0.0)]
)
def test_what_was_learnt_is_kept_as_far_as_it_helps_on_what_judges_it(target, share):
    network = nn.Linear(1, 1, bias=False)
    nn.init.constant_(network.weight, 1.0)
    began = copy.deepcopy(network.state_dict())
    nn.init.constant_(network.weight, 3.6)
    learnt = network.weight.item()
    assert moderate(lesson(network, target), began, batch=4) == share
    assert network.weight.item() == pytest.approx(1 + share * (learnt - 1))


def test_what_is_no_better_moderated_stays_as_it_was_learnt():
    network = nn.Linear(1, 1)
    began = copy.deepcopy(network.state_dict())
    assert moderate(lesson(network, 1.0), began, batch=8) == 1.0
    assert all(torch.equal(began[name], value) for name, value in network.state_dict().items())
