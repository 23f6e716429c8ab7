import numpy as np
import torch

from ocr_core.explaining import insides
from ocr_core.explaining.insides import Inside
from ocr_core.recogniser import Recogniser, RecogniserConfig

CONFIG = RecogniserConfig("abcde ", channels=(2, 3, 4, 5, 6), row=7, hidden=4)


def network():
    torch.manual_seed(0)
    return Recogniser(CONFIG)


def crop(width):
    return np.random.default_rng(0).integers(0, 256, (40, width), np.uint8)


def test_every_layer_tells_its_shape():
    found = insides.look_inside(network(), crop(128))
    assert [one.name for one in found] == [
        *(f"stage {number}" for number in range(1, 6)), "row of features",
    ]  # fmt: skip
    assert [one.values.shape for one in found] == [
        (2, 20, 64), (3, 10, 32), (4, 5, 32), (5, 3, 32), (6, 3, 32), (7, 1, 32),
    ]  # fmt: skip


def test_padding_is_left_out():
    found = insides.look_inside(network(), crop(70))  # its bucket is 128 pixels wide
    assert [one.values.shape[2] for one in found] == [35, 18, 18, 18, 18, 18]


def test_what_is_seen_is_what_the_network_goes_on_with():
    own = network().eval()
    pixels = crop(128)
    with torch.inference_mode():
        steps = own.look(1 - torch.from_numpy(pixels)[None, None].float() / 255)
    row = insides.look_inside(own, pixels)[-1].values
    np.testing.assert_array_equal(row[:, 0].T, steps[0].numpy())


def test_nothing_stays_hooked():
    own = network()
    insides.look_inside(own, crop(64))
    assert not any(module._forward_hooks for module in own.modules())


def test_the_liveliest_channels_are_told():
    values = np.zeros((3, 1, 4), np.float32)
    values[1, 0, 0], values[2, 0, 0] = 1, 5
    assert insides.telling(Inside("", values), 2) == [2, 1]


def test_parameters_are_counted():
    assert insides.n_parameters(torch.nn.Linear(3, 2)) == 8
