import numpy as np
import pytest
import torch
from torch import nn

from ocr_core import backends, devices, weights
from ocr_core.backends import TorchDetector, TorchRecogniser, folded
from ocr_core.errors import ConfigError, WeightsError
from ocr_core.training.ranges import measure_ranges
from tests import tiny_networks
from tests.tiny_networks import DETECTOR, RECOGNISER, network_of

CPU = torch.device("cpu")
needs_int8 = pytest.mark.skipif(
    not devices._cpu_has_int8(), reason="this processor has no fast products of bytes"
)


@pytest.fixture(autouse=True)
def float32(monkeypatch):
    """The same precision on every machine."""
    monkeypatch.setattr(devices, "_cpu_has_fast_bfloat16", lambda: False)


def stored(tmp_path, network):
    """The network as it comes out of a weights file."""
    path = tiny_networks.save(tmp_path, network)
    return weights.load_file(path, path.stem)


def with_ranges(tmp_path, network):
    """The same, of a file that states ranges."""
    path = tiny_networks.save(tmp_path, network)
    height = 64 if path.stem == "detector" else RECOGNISER.height
    weights.add_ranges(path, measure_ranges(network, [torch.rand(4, 1, height, 96)], outliers=0))
    return weights.load_file(path, path.stem)


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


@pytest.mark.parametrize("precision", ["float32", pytest.param("int8", marks=needs_int8)])
def test_lines_of_several_widths_share_a_batch_and_mind_neither_it_nor_their_order(
    tmp_path, precision
):
    file = with_ranges(tmp_path, network_of(RECOGNISER))
    recogniser = TorchRecogniser(file, CPU, precision)
    crops = np.random.default_rng(0).integers(0, 256, (5, 16, 320), dtype=np.uint8)
    widths = np.array([70, 320, 128, 9, 90])
    for crop, width in zip(crops, widths, strict=True):
        crop[:, width:] = 255
    together = recogniser(crops, widths)
    for number in range(5):
        alone = recogniser(crops[[number] * 2], widths[[number] * 2])
        np.testing.assert_array_equal(alone[0], together[number])
        np.testing.assert_array_equal(alone[1], together[number])
    narrow = recogniser(crops[:1, :, :70], widths[:1])  # the padding is the recogniser's own
    np.testing.assert_array_equal(narrow[0], together[0])
    assert [len(one) for one in together] == [18, 80, 32, 3, 23]


def test_ink_is_one_and_paper_is_nought(tmp_path):
    """White right of a line, which is how crops are padded, is what the network has as zeros."""
    network = network_of(RECOGNISER)
    recogniser = TorchRecogniser(stored(tmp_path, network), CPU)
    read = np.stack(recogniser(np.full((2, 16, 32), 255, np.uint8), np.array([32, 32])))
    with torch.inference_mode():
        expected = network(torch.zeros(2, 1, 16, 64)).numpy()  # as wide as their bucket
    np.testing.assert_allclose(read, expected[:, :8], atol=0.02)


def test_a_tile_gives_the_same_bit_for_bit_whatever_its_neighbours(tmp_path):
    detector = TorchDetector(stored(tmp_path, network_of(DETECTOR)), CPU)
    tiles = np.random.default_rng(0).integers(0, 256, (3, 64, 128), dtype=np.uint8)
    together = detector(tiles)
    np.testing.assert_array_equal(detector(tiles[1:2]), together[1:2])
    np.testing.assert_array_equal(detector(tiles[::-1]), together[::-1])


@needs_int8
def test_weights_with_ranges_run_in_bytes_and_otherwise_in_floats(tmp_path):
    network = network_of(RECOGNISER)
    crops = np.random.default_rng(0).integers(0, 256, (2, 16, 64), dtype=np.uint8)
    widths = np.array([64, 40])
    without = stored(tmp_path, network)
    floats = TorchRecogniser(without, CPU, "float32")(crops, widths)
    for one, other in zip(TorchRecogniser(without, CPU)(crops, widths), floats, strict=True):
        np.testing.assert_array_equal(one, other)
    file = with_ranges(tmp_path, network)
    auto, in_bytes = (TorchRecogniser(file, CPU, p)(crops, widths) for p in ("auto", "int8"))
    forced = TorchRecogniser(file, CPU, "float32")(crops, widths)
    np.testing.assert_array_equal(auto[0], in_bytes[0])
    np.testing.assert_array_equal(forced[0], floats[0])
    assert [one.shape for one in auto] == [(16, 4), (10, 4)]
    assert 0 < np.abs(np.exp(auto[0]) - np.exp(floats[0])).max() < 0.3


@needs_int8
def test_in_bytes_white_is_paper_and_lines_do_not_mind_their_neighbours(tmp_path):
    network = network_of(RECOGNISER)
    recogniser = TorchRecogniser(with_ranges(tmp_path, network), CPU, "int8")
    crops = np.random.default_rng(0).integers(0, 256, (4, 16, 64), dtype=np.uint8)
    crops[0] = 255
    read = recogniser(crops, np.full(4, 64))
    with torch.inference_mode():
        expected = network(torch.zeros(1, 1, 16, 64))[0].exp().numpy()
    np.testing.assert_allclose(np.exp(read[0]), expected, atol=0.1)
    some = recogniser(crops[[2, 3]], np.full(2, 64))
    np.testing.assert_allclose(some[0], read[2], atol=1e-5)
    assert np.abs(read[2] - read[3]).max() > 0.01


@needs_int8
def test_a_detector_in_bytes_takes_tiles_as_one_in_floats_does(tmp_path):
    file = with_ranges(tmp_path, network_of(DETECTOR))
    tiles = np.random.default_rng(0).integers(0, 256, (2, 64, 128), dtype=np.uint8)
    floats, in_bytes = (TorchDetector(file, CPU, p)(tiles) for p in ("float32", "int8"))
    assert in_bytes.shape == floats.shape == (2, 32, 64)
    assert 0 < np.abs(in_bytes - floats).mean() < 0.05


@needs_int8
def test_int8_without_ranges_is_refused(tmp_path):
    with pytest.raises(WeightsError, match="beam-ocr quantise"):
        TorchDetector(stored(tmp_path, network_of(DETECTOR)), CPU, "int8")


def test_int8_is_refused_where_it_cannot_be_had(tmp_path, monkeypatch):
    monkeypatch.setattr(devices, "_cpu_has_int8", lambda: False)
    file = with_ranges(tmp_path, network_of(DETECTOR))
    with pytest.raises(ConfigError, match="AVX2"):
        TorchDetector(file, CPU, "int8")
    tiles = np.zeros((1, 64, 64), np.uint8)
    expected = TorchDetector(file, CPU, "float32")(tiles)
    np.testing.assert_array_equal(TorchDetector(file, CPU)(tiles), expected)


def test_a_network_is_rebuilt_from_its_file(tmp_path):
    network = network_of(RECOGNISER)
    rebuilt = backends.rebuild(stored(tmp_path, network))
    assert not rebuilt.training
    pictures = torch.rand(1, 1, 16, 32)
    with torch.inference_mode():
        torch.testing.assert_close(rebuilt(pictures), network(pictures), atol=0.02, rtol=0.02)


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
