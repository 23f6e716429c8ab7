import copy

import pytest
import torch

from ocr_core import balance
from ocr_core.backends import folded
from ocr_core.errors import WeightsError
from ocr_core.training.ranges import measure_ranges
from tests.tiny_networks import DETECTOR, RECOGNISER, network_of

HEIGHTS = {DETECTOR: 64, RECOGNISER: RECOGNISER.height}


@pytest.fixture(params=[DETECTOR, RECOGNISER], ids=["detector", "recogniser"])
def measured(request):
    """A folded network, pictures, and the ranges of its channels on them."""
    torch.manual_seed(3)
    network = folded(network_of(request.param))
    pictures = [torch.rand(2, 1, HEIGHTS[request.param], 96) for _ in range(3)]
    return network, pictures, measure_ranges(network, pictures, outliers=0)


def test_balancing_changes_no_output_and_leaves_the_network_as_it_was(measured):
    network, pictures, ranges = measured
    before = copy.deepcopy(network.state_dict())
    result, _ = balance.balanced(network, ranges)
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    with torch.inference_mode():
        torch.testing.assert_close(result(pictures[0]), network(pictures[0]), atol=1e-4, rtol=1e-3)


def test_ranges_are_those_that_the_balanced_network_has(measured):
    network, pictures, ranges = measured
    result, usual = balance.balanced(network, ranges)
    for name, (lows, highs) in measure_ranges(result, pictures, outliers=0).items():
        assert usual[name] == pytest.approx((min(lows), max(highs)), rel=0.01, abs=1e-3)


def test_channels_come_closer_to_one_range(measured):
    network, pictures, ranges = measured
    result, _ = balance.balanced(network, ranges)
    after = measure_ranges(result, pictures, outliers=0)
    name = "probability.out" if "probability.out" in ranges else "collapse.0"

    def spread(highs):
        used = [high for high in highs if high > 0]
        return max(used) / min(used)

    assert spread(ranges[name][1]) > 1.5
    assert spread(after[name][1]) < spread(ranges[name][1])


def test_ranges_of_another_network_are_refused(measured):
    network, _, ranges = measured
    name = next(name for name in ranges if ".blocks." in name)
    with pytest.raises(WeightsError, match=f"no ranges for {name}"):
        balance.balanced(network, {key: ranges[key] for key in ranges if key != name})
    with pytest.raises(WeightsError, match="do not fit"):
        balance.balanced(network, {**ranges, name: ([0.0] * 3, [1.0] * 3)})
