from dataclasses import asdict

import numpy as np
import pytest
import torch
from torch import nn

from ocr_core import devices, weights
from ocr_core.backends import TILE_SIDE, TorchDetector, TorchRecogniser, folded
from ocr_core.detector import Detector, DetectorConfig
from ocr_core.errors import WeightsError
from ocr_core.recogniser import Recogniser, RecogniserConfig

DETECTOR = DetectorConfig(channels=(4, 4, 8, 8, 8), depths=(1, 1, 2, 1, 1), pyramid=8)
RECOGNISER = RecogniserConfig("ab ", 16, (4, 4, 8, 8, 8), (1, 1, 2, 1, 1), row=8, hidden=6)
CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def float32(monkeypatch):
    """The same precision on every machine."""
    monkeypatch.setattr(devices, "_cpu_has_fast_bfloat16", lambda: False)


def network_of(config, seed=0):
    """A network that says different things about different pictures, as after a training."""
    torch.manual_seed(seed)
    network = Detector(config) if isinstance(config, DetectorConfig) else Recogniser(config)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.3)
            nn.init.uniform_(module.running_var, 0.05, 0.5)
            nn.init.uniform_(module.weight, 0.5, 2)
            nn.init.normal_(module.bias, std=0.3)
        elif isinstance(module, nn.LSTM | nn.Linear):
            for values in module.parameters():
                nn.init.normal_(values)
    return network.eval()


def stored(tmp_path, network):
    """The network as it comes out of a weights file."""
    name = "detector" if isinstance(network, Detector) else "recogniser"
    path = tmp_path / f"{name}.safetensors"
    weights.save(path, name, asdict(network.config), network.state_dict(), {})
    return weights.load_file(path, name)


@pytest.mark.parametrize("config", [DETECTOR, RECOGNISER])
def test_folding_changes_no_output(config):
    network = network_of(config)
    height = 64 if config is DETECTOR else config.height
    pictures = torch.rand(3, 1, height, 96)
    with torch.inference_mode():
        torch.testing.assert_close(
            folded(network)(pictures), network(pictures), atol=1e-4, rtol=1e-4
        )


@pytest.mark.parametrize("config", [DETECTOR, RECOGNISER])
def test_folding_leaves_no_normalisation_and_the_network_as_it_was(config):
    network = network_of(config)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    assert not [m for m in folded(network).modules() if isinstance(m, nn.BatchNorm2d)]
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())


def test_tiles_become_maps_of_half_their_side(tmp_path):
    network = network_of(DETECTOR)
    detector = TorchDetector(stored(tmp_path, network), CPU)
    assert detector.side == TILE_SIDE
    tiles = np.random.default_rng(0).integers(0, 256, (2, 96, 96), dtype=np.uint8)
    maps = detector(tiles)
    assert maps.dtype == np.float32
    with torch.inference_mode():
        expected = network(1 - torch.from_numpy(tiles)[:, None] / 255)[:, 0].numpy()
    np.testing.assert_allclose(maps, expected, atol=0.02)  # weights files hold 16 bits


def test_crops_are_read_as_far_as_they_reach(tmp_path):
    recogniser = TorchRecogniser(stored(tmp_path, network_of(RECOGNISER)), CPU)
    assert recogniser.height == 16
    assert recogniser.charset.characters == "ab "
    crops = np.full((3, 16, 64), 255, np.uint8)
    read = recogniser(crops, np.array([64, 9, 1]))
    assert [one.shape for one in read] == [(16, 4), (3, 4), (1, 4)]
    assert all(one.dtype == np.float32 for one in read)


def test_a_line_reads_the_same_whatever_its_neighbours(tmp_path):
    recogniser = TorchRecogniser(stored(tmp_path, network_of(RECOGNISER)), CPU)
    rng = np.random.default_rng(0)
    line = rng.integers(0, 256, (16, 64), dtype=np.uint8)
    others = rng.integers(0, 256, (5, 16, 64), dtype=np.uint8)
    (first, *_) = recogniser(np.stack([line, others[0]]), np.array([50, 64]))
    *_, last = recogniser(np.stack([*others, line]), np.array([64, 8, 20, 33, 64, 50]))
    np.testing.assert_allclose(first, last, atol=1e-5)
    assert np.abs(first - recogniser(others[:2], np.array([50, 64]))[0]).max() > 0.01


def test_ink_is_one_and_paper_is_nought(tmp_path):
    """White right of a line, which is how crops are padded, is what the network has as zeros."""
    network = network_of(RECOGNISER)
    recogniser = TorchRecogniser(stored(tmp_path, network), CPU)
    read = np.stack(recogniser(np.full((2, 16, 32), 255, np.uint8), np.array([32, 32])))
    with torch.inference_mode():
        expected = network(torch.zeros(2, 1, 16, 32)).numpy()
    np.testing.assert_allclose(read, expected, atol=0.02)


@pytest.mark.parametrize("change", [{"channels": [4, 4, 8, 8, 16]}, {"pyramid": 12}])
def test_tensors_that_do_not_fit_the_config_are_refused(tmp_path, change):
    file = stored(tmp_path, network_of(DETECTOR))
    file.config.update(change)
    with pytest.raises(WeightsError, match="do not fit its config"):
        TorchDetector(file, CPU)


def test_missing_and_strange_tensors_are_refused(tmp_path):
    file = stored(tmp_path, network_of(DETECTOR))
    tensor = file.tensors.pop("join.0.weight")
    with pytest.raises(WeightsError, match="do not fit"):
        TorchDetector(file, CPU)
    file.tensors.update({"join.0.weight": tensor, "more": tensor})
    with pytest.raises(WeightsError, match="do not fit"):
        TorchDetector(file, CPU)


@pytest.mark.parametrize("change", [{"depth": 3}, None])
def test_a_config_of_another_version_is_refused(tmp_path, change):
    file = stored(tmp_path, network_of(RECOGNISER))
    if change:
        file.config.update(change)
    else:
        del file.config["hidden"]
    with pytest.raises(WeightsError, match="version"):
        TorchRecogniser(file, CPU)
