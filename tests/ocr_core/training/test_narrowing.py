import pytest
import torch

from ocr_core.errors import ConfigError
from ocr_core.training.narrowing import narrow
from tests.tiny_networks import RECOGNISER, network_of


@pytest.fixture
def pictures():
    torch.manual_seed(1)
    return [torch.rand(1, 1, RECOGNISER.height, 64) for _ in range(20)]


def error(network, smaller, pictures):
    with torch.inference_mode():
        pairs = [(network.look(one), smaller.look(one)) for one in pictures]
    return float(
        sum((a - b).square().sum() for a, b in pairs) / sum(a.square().sum() for a, _ in pairs)
    )


def test_channels_that_tell_nothing_are_left_out_and_nothing_changes(pictures):
    network = network_of(RECOGNISER)
    dead = {0: 1, 2: 3, 4: 0}  # of a stage, a channel
    with torch.no_grad():
        for stage, channel in dead.items():
            layers = network.features[stage]
            for pair in (layers.shrink, *layers.blocks):
                pair[1].weight[channel] = 0
                pair[1].bias[channel] = 0
    fewer = [many - (stage in dead) for stage, many in enumerate(RECOGNISER.channels)]
    smaller = narrow(network, pictures, fewer)
    assert smaller.config.channels == tuple(fewer)
    assert error(network, smaller, pictures) < 1e-3


def test_the_more_channels_stay_the_closer_it_comes(pictures):
    network = network_of(RECOGNISER)
    errors = [error(network, narrow(network, pictures, few), pictures) for few in CHANNELS]
    assert errors[0] < 1e-6
    assert errors[0] < errors[1] < errors[2] < 1


CHANNELS = (RECOGNISER.channels, (3, 3, 6, 6, 6), (1, 2, 2, 2, 2))


@pytest.mark.parametrize("channels", [(4, 4, 8, 8), (4, 4, 9, 8, 8), (4, 0, 8, 8, 8)])
def test_no_more_channels_can_stay_than_there_are(pictures, channels):
    with pytest.raises(ConfigError, match="--channels"):
        narrow(network_of(RECOGNISER), pictures, channels)
