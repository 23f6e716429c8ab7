import pytest
import torch

from ocr_core.restoration.network import RestorerConfig, RestorerNetwork

SMALL = RestorerConfig(height=16, channels=(4, 4, 8), depth=2, embedding=8)


@pytest.fixture
def network():
    torch.manual_seed(1)
    network = RestorerNetwork(SMALL).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return network


def test_the_shipped_shape_has_a_third_of_a_million_parameters():
    count = sum(one.numel() for one in RestorerNetwork(RestorerConfig()).parameters())
    assert count == 364_097


@pytest.mark.parametrize("width", [4, 20, 64])
def test_crops_of_any_width_keep_their_size(network, width):
    worn = torch.rand(2, 1, 16, width)
    assert network(worn, worn, torch.tensor([1, 100])).shape == worn.shape


def test_untrained_it_changes_nothing():
    worn = torch.rand(1, 1, 16, 32)
    guess = RestorerNetwork(SMALL)(worn, torch.randn_like(worn), torch.tensor([50]))
    assert torch.all(guess == 0)


def test_crop_noise_and_time_all_count(network):
    worn, noisy = torch.rand(1, 1, 16, 32), torch.randn(1, 1, 16, 32)
    first = network(worn, noisy, torch.tensor([50]))
    assert not torch.allclose(network(1 - worn, noisy, torch.tensor([50])), first)
    assert not torch.allclose(network(worn, -noisy, torch.tensor([50])), first)
    assert not torch.allclose(network(worn, noisy, torch.tensor([90])), first)


def test_each_crop_of_a_batch_has_its_own_time(network):
    worn, times = torch.rand(3, 1, 16, 32), torch.tensor([1, 40, 100])
    alone = torch.cat([network(worn[n, None], worn[n, None], times[n, None]) for n in range(3)])
    torch.testing.assert_close(network(worn, worn, times), alone)
