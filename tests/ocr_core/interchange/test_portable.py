import json

import numpy as np
import pytest
import torch

from ocr_core import backends, weights
from ocr_core.interchange.portable import on_pixels, portable
from tests import tiny_networks
from tests.tiny_networks import DETECTOR, RECOGNISER, network_of


@pytest.fixture(params=[DETECTOR, RECOGNISER], ids=["detector", "recogniser"])
def file(request, tmp_path):
    """The weights of a tiny network."""
    path = tiny_networks.save(tmp_path, network_of(request.param))
    return weights.load_file(path, path.stem)


def test_pixels_become_what_the_network_says_of_their_ink(file):
    network = backends.rebuild(file)
    for pixels in portable(file).samples():
        with torch.inference_mode():
            first, *_ = on_pixels(network)(torch.from_numpy(pixels))
            expected = network(1 - torch.from_numpy(pixels)[:, None].float() / 255)
        torch.testing.assert_close(first, expected.reshape(first.shape))


def test_a_detector_also_gives_logits(tmp_path):
    path = tiny_networks.save(tmp_path, network_of(DETECTOR))
    network = portable(weights.load_file(path, "detector"))
    assert list(network.outputs) == ["probability", "logits"]
    with torch.inference_mode():
        probability, logits = network.module(network.example())
    torch.testing.assert_close(logits.sigmoid(), probability)
    assert probability.shape == (2, 32, 64)


def test_samples_differ_in_all_axes_that_are_left_open_and_hold_ink_and_paper(file):
    network = portable(file)
    samples = network.samples()
    for axis in network.axes:
        assert len({pixels.shape[axis] for pixels in samples}) == len(samples)
    closed = {0, 1, 2} - set(network.axes)
    assert closed == ({1} if network.height else set())
    for pixels in samples:
        assert pixels.dtype == np.uint8
        assert pixels.min() == 0
        assert pixels.max() > 250


def test_metadata_has_all_that_reading_needs(tmp_path):
    path = tiny_networks.save(tmp_path, network_of(RECOGNISER))
    file = weights.load_file(path, "recogniser")
    told = portable(file).metadata
    assert told["format"] == "beam-ocr-model/1"
    assert (told["network"], told["charset"]) == ("recogniser", "ab ")
    assert (told["height"], told["stride"]) == ("16", "4")
    assert json.loads(told["config"]) == file.config
    assert told["weights_digest"] == file.digest
    assert told["version"]


def test_a_detector_states_no_height_and_no_charset(tmp_path):
    path = tiny_networks.save(tmp_path, network_of(DETECTOR))
    told = portable(weights.load_file(path, "detector")).metadata
    assert told["stride"] == "2"
    assert not {"height", "charset"} & set(told)
