import pytest
import torch

from ocr_core.recipes.chars.network import CharacterNetwork
from ocr_core.recipes.chars.settings import CharsConfig


def parameters(network):
    return sum(one.numel() for one in network.parameters())


def inputs(n=2):
    torch.manual_seed(3)
    return torch.randn(n, 3, 28, 28), torch.rand(n, 1, 28, 28)


def test_the_network_of_two_inputs_has_1_961_278_parameters():
    network = CharacterNetwork(CharsConfig())
    assert parameters(network) == 1_961_278
    assert network.head[0].in_features == 4_608


def test_its_sibling_looks_at_colours_only():
    network = CharacterNetwork(CharsConfig(inputs="colour")).eval()
    colours, binary = inputs()
    torch.testing.assert_close(network(colours, binary), network(colours, 1 - binary))
    assert network.head[0].in_features == 2_304


@pytest.mark.parametrize("which", [0, 1])
def test_both_inputs_count(which):
    network = CharacterNetwork(CharsConfig()).eval()
    given = inputs()
    changed = [2 * one if i == which else one for i, one in enumerate(given)]
    assert network(*given).shape == (2, 62)
    assert not torch.allclose(network(*given), network(*changed))


def test_dropout_is_for_learning_only():
    network = CharacterNetwork(CharsConfig(channels=(4, 4, 4), dense=(8, 8)))
    given = inputs()
    assert not torch.equal(network(*given), network(*given))
    network.eval()
    assert torch.equal(network(*given), network(*given))


def test_scores_of_a_new_network_are_of_usual_size():
    network = CharacterNetwork(CharsConfig()).eval()
    assert 0.05 < float(network(*inputs(8)).detach().std()) < 5


def test_no_unit_is_silent_for_every_picture():
    network = CharacterNetwork(CharsConfig())
    heard = []
    for module in network.head:
        if isinstance(module, torch.nn.ReLU):
            module.register_forward_hook(lambda _, __, out: heard.append((out > 0).any(0)))
    network(*inputs(64))
    assert len(heard) == 2
    assert all(float(one.float().mean()) > 0.99 for one in heard)
