import argparse
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from ocr_core import weights
from ocr_core.errors import ConfigError
from ocr_core.training import held_out, pruning
from ocr_core.training.pruning import prune, prune_row
from tests import tiny_networks
from tests.ocr_core.training.stand_ins import SameLines
from tests.tiny_networks import RECOGNISER, network_of


@pytest.fixture
def pictures():
    torch.manual_seed(1)
    return [torch.rand(1, 1, RECOGNISER.height, 64) for _ in range(12)]


@torch.no_grad()
def silence(network, unit, suffix):
    """Makes a unit say the same at every step: it keeps nothing, and lets in a constant."""
    count = RECOGNISER.hidden
    for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        network.sequence.get_parameter(f"{kind}_l0{suffix}")[unit::count] = 0
    bias = network.sequence.get_parameter(f"bias_ih_l0{suffix}")
    bias[unit + count] = -100  # forgets all
    bias[unit + 2 * count] = 0.7


@torch.inference_mode()
def test_units_that_tell_nothing_are_left_out_and_nothing_changes(pictures):
    network = network_of(RECOGNISER)
    for suffix, unit in (("", 2), ("", 5), ("_reverse", 0), ("_reverse", 3)):
        silence(network, unit, suffix)
    smaller = prune(network, pictures, RECOGNISER.hidden - 2)
    assert smaller.config.hidden == RECOGNISER.hidden - 2
    for picture in pictures:
        # The first step of each direction has no step before it, whose part is in the biases.
        torch.testing.assert_close(
            smaller(picture)[:, 4:-4], network(picture)[:, 4:-4], atol=0.05, rtol=0.02
        )


@torch.inference_mode()
def test_what_is_left_comes_close_to_what_was_said(pictures):
    network = network_of(RECOGNISER)
    smaller, smallest = (prune(network, pictures, n) for n in (RECOGNISER.hidden - 1, 1))
    errors = [
        sum((one(picture).exp() - network(picture).exp()).abs().mean() for picture in pictures)
        for one in (smaller, smallest)
    ]
    assert errors[0] < errors[1]
    assert errors[0] / len(pictures) < 0.1


@torch.inference_mode()
def test_features_that_tell_nothing_are_left_out_and_nothing_changes(pictures):
    network = network_of(RECOGNISER)
    norm = network.collapse[1]
    for feature in (1, 4):
        norm.weight[feature], norm.bias[feature] = 0, 0.3  # the same at every step
    smaller = prune_row(network, pictures, RECOGNISER.row - 2)
    assert smaller.config.row == RECOGNISER.row - 2
    for picture in pictures:
        torch.testing.assert_close(smaller(picture), network(picture), atol=0.02, rtol=0.02)


@torch.inference_mode()
def test_fewer_features_come_close_to_what_was_said(pictures):
    network = network_of(RECOGNISER)
    smaller, smallest = (prune_row(network, pictures, n) for n in (RECOGNISER.row - 1, 1))
    errors = [
        sum((one(picture).exp() - network(picture).exp()).abs().mean() for picture in pictures)
        for one in (smaller, smallest)
    ]
    assert errors[0] < errors[1]


@pytest.mark.parametrize("row", [0, RECOGNISER.row])
def test_there_must_be_features_to_leave_out(pictures, row):
    with pytest.raises(ConfigError, match=f"--row {row}"):
        prune_row(network_of(RECOGNISER), pictures, row)


@pytest.mark.parametrize("hidden", [0, RECOGNISER.hidden, RECOGNISER.hidden + 1])
def test_there_must_be_units_to_leave_out(pictures, hidden):
    with pytest.raises(ConfigError, match=f"--hidden {hidden}"):
        prune(network_of(RECOGNISER), pictures, hidden)


def test_the_command_writes_a_file_to_go_on_from(tmp_path, monkeypatch, capsys):
    pixels = np.random.default_rng(1).integers(0, 256, (RECOGNISER.height, 64), dtype=np.uint8)
    monkeypatch.setattr(held_out, "faces_and_texts", lambda _: ([], None))
    monkeypatch.setattr(
        pruning, "LineMaker", lambda *_: SameLines([SimpleNamespace(pixels=pixels)])
    )
    given = tiny_networks.save(tmp_path, network_of(RECOGNISER))
    path = tmp_path / "small.safetensors"
    parser = argparse.ArgumentParser()
    pruning.add_arguments(parser)
    flags = [str(given), "--hidden", "4", "--row", "6", "--channels", *"44687", "--to", str(path)]
    assert pruning.main(parser.parse_args(flags)) == 0
    assert "--start-from" in capsys.readouterr().out
    written = weights.load_file(path, "recogniser")
    assert (written.config["hidden"], written.config["row"]) == (4, 6)
    assert written.config["channels"] == [4, 4, 6, 8, 7]
    assert written.tensors["head.weight"].shape == (1 + len(RECOGNISER.charset), 8)
    assert written.provenance == {
        "pruned_to": {"channels": [4, 4, 6, 8, 7], "row": 6, "hidden": 4},
        "from": {},
    }
