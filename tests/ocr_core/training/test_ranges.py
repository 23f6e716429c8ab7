import argparse
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from ocr_core import weights
from ocr_core.training import held_out, ranges
from tests import tiny_networks
from tests.ocr_core.training.stand_ins import OnePage, SameLines
from tests.tiny_networks import DETECTOR, RECOGNISER, network_of


@pytest.fixture
def pages():
    return OnePage(SimpleNamespace(pixels=np.full((70, 40), 51, np.uint8)))


@pytest.fixture
def lines():
    return SameLines([SimpleNamespace(pixels=np.full((16, 65), 0, np.uint8))] * 2)


def test_a_layer_has_the_range_of_each_channel_that_it_is_given():
    network = nn.Sequential(nn.Conv2d(1, 2, 1), nn.ReLU(), nn.Conv2d(2, 1, 1))
    network[0].weight.data = torch.tensor([3.0, -2.0]).view(2, 1, 1, 1)
    network[0].bias.data = torch.tensor([0.5, 1.0])
    pictures = [torch.tensor([[[[0.0, 0.25]]]]), torch.tensor([[[[1.0]]]])]
    assert ranges.measure_ranges(network, pictures) == {
        "0": ([0.0], [1.0]),
        "2": ([0.5, 0.0], [3.5, 1.0]),
    }


def test_a_few_outliers_do_not_count():
    network = nn.Conv2d(1, 1, 1)
    picture = torch.linspace(0, 1, 10_000).view(1, 1, 100, 100).clone()
    picture[0, 0, 5, 5] = 50
    ((low, high),) = ranges.measure_ranges(nn.Sequential(network), [picture], 2e-4).values()
    assert (low, high) == (pytest.approx([0], abs=1e-3), pytest.approx([1], abs=1e-3))


def test_nothing_is_left_behind_in_a_network():
    network = nn.Sequential(nn.Conv2d(1, 1, 1))
    with pytest.raises(RuntimeError):
        ranges.measure_ranges(network, [torch.zeros(1, 2, 4, 4)])
    assert not network[0]._forward_pre_hooks


def test_pages_and_lines_are_ink_on_whole_grids(pages, lines):
    page = next(ranges.page_pictures(pages))
    assert page.shape == (1, 1, 96, 64)
    assert page[0, 0, :70, :40].mean() == pytest.approx(0.8)
    assert page[0, 0, 70:].max() == page[0, 0, :, 40:].max() == 0
    line = next(ranges.line_pictures(lines))
    assert line.shape == (1, 1, 16, 128)
    assert line[..., :65].min() == 1
    assert line[..., 65:].max() == 0


@pytest.fixture
def made_up(monkeypatch, pages, lines):
    """No typefaces and no texts: makers that always make the same."""
    monkeypatch.setattr(held_out, "find_faces", lambda *_: [])
    monkeypatch.setattr(held_out, "load_corpora", lambda _: [])
    monkeypatch.setattr(held_out, "TextSource", lambda *_: None)
    monkeypatch.setattr(ranges, "PageMaker", lambda *_: pages)
    monkeypatch.setattr(ranges, "LineMaker", lambda *_: lines)


def quantise(*arguments):
    parser = argparse.ArgumentParser()
    ranges.add_arguments(parser)
    return ranges.main(parser.parse_args([str(argument) for argument in arguments]))


def test_the_command_adds_ranges_and_changes_nothing_else(tmp_path, made_up, capsys):
    tiny_networks.save(tmp_path, network_of(DETECTOR))
    path = tiny_networks.save(tmp_path, network_of(RECOGNISER))
    before = weights.load_file(path, "recogniser")
    assert quantise(tmp_path) == 0
    after = weights.load_file(path, "recogniser")
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert not before.ranges
    assert len(after.ranges["features.1.shrink.0"][1]) == RECOGNISER.channels[0]
    assert (after.config, after.calibration) == (before.config, before.calibration)
    assert all(torch.equal(after.tensors[name], value) for name, value in before.tensors.items())
    assert "join.0" in weights.load_file(tmp_path / "detector.safetensors", "detector").ranges


def test_the_command_takes_a_single_file(tmp_path, made_up, capsys):
    path = tiny_networks.save(tmp_path, network_of(RECOGNISER)).rename(tmp_path / "mine.weights")
    assert quantise(path) == 0
    assert capsys.readouterr().out == f"{path}: ranges of recogniser measured\n"
    assert weights.load_file(path, "recogniser").ranges
