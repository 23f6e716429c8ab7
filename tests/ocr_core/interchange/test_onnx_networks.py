import numpy as np
import pytest
import torch

from ocr_core import weights
from ocr_core.backends import TorchDetector, TorchRecogniser
from ocr_core.interchange.onnx_networks import OnnxDetector, OnnxRecogniser
from tests import tiny_networks
from tests.tiny_networks import DETECTOR, RECOGNISER, network_of

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

CPU = torch.device("cpu")


def stored(tmp_path, config):
    path = tiny_networks.save(tmp_path, network_of(config))
    return weights.load_file(path, path.stem)


def shipped(path):
    if not path.exists():
        pytest.skip("no weights have been trained yet")
    return weights.load_file(path, weights.network_of(path))


def crops_of(height):
    """Lines of noise, padded with white, and their widths."""
    crops = np.random.default_rng(0).integers(0, 256, (5, height, 320), dtype=np.uint8)
    widths = np.array([70, 320, 128, 9, 90])
    for crop, width in zip(crops, widths, strict=True):
        crop[:, width:] = 255
    return crops, widths


def test_tiles_give_the_maps_that_torch_gives(tmp_path):
    file = stored(tmp_path, DETECTOR)
    tiles = np.random.default_rng(0).integers(0, 256, (2, 64, 128), dtype=np.uint8)
    maps = OnnxDetector(file)(tiles)
    assert maps.dtype == np.float32
    np.testing.assert_allclose(maps, TorchDetector(file, CPU, "float32")(tiles), atol=1e-5)


def test_lines_of_several_widths_read_as_torch_reads_them(tmp_path):
    file = stored(tmp_path, RECOGNISER)
    crops, widths = crops_of(16)
    expected = TorchRecogniser(file, CPU, "float32")(crops, widths)
    recogniser = OnnxRecogniser(file)
    assert (recogniser.height, recogniser.charset.characters) == (16, "ab ")
    given = recogniser(crops, widths)
    assert [len(one) for one in given] == [18, 80, 32, 3, 23]
    for one, other in zip(given, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_the_shipped_networks_say_the_same_by_either_backend():
    detector, recogniser = weights.find()
    rng = np.random.default_rng(0)
    tiles = rng.integers(0, 256, (1, 128, 192), dtype=np.uint8)
    file = shipped(detector)
    maps = OnnxDetector(file)(tiles)
    np.testing.assert_allclose(maps, TorchDetector(file, CPU, "float32")(tiles), atol=1e-5)
    for path in (recogniser, weights.find_larger()):
        file = shipped(path)
        crops, widths = crops_of(file.config["height"])
        expected = TorchRecogniser(file, CPU, "float32")(crops, widths)
        for one, other in zip(OnnxRecogniser(file)(crops, widths), expected, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-3)


@pytest.mark.parametrize("is_shipped", [False, True])
def test_a_line_reads_the_same_bit_for_bit_whatever_its_neighbours(tmp_path, is_shipped):
    file = shipped(weights.find()[1]) if is_shipped else stored(tmp_path, RECOGNISER)
    recogniser = OnnxRecogniser(file)
    crops, widths = crops_of(recogniser.height)
    crops, widths = np.concatenate([crops] * 3), np.concatenate([widths] * 3)
    together = recogniser(crops, widths)
    for number in range(5):
        [alone] = recogniser(crops[[number]], widths[[number]])
        np.testing.assert_array_equal(alone, together[number])
        np.testing.assert_array_equal(alone, together[number + 10])
    [narrow] = recogniser(crops[:1, :, :70], widths[:1])  # the padding is the recogniser's own
    np.testing.assert_array_equal(narrow, together[0])


def test_a_tile_gives_the_same_bit_for_bit_whatever_its_neighbours(tmp_path):
    detector = OnnxDetector(stored(tmp_path, DETECTOR))
    tiles = np.random.default_rng(0).integers(0, 256, (3, 64, 128), dtype=np.uint8)
    together = detector(tiles)
    np.testing.assert_array_equal(detector(tiles[1:2]), together[1:2])
    np.testing.assert_array_equal(detector(tiles[::-1]), together[::-1])
