import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from ocr_core import devices, quantised
from ocr_core.backends import folded
from ocr_core.quantised import FLOATS, Convolution, QuantisedDetector, QuantisedRecogniser, Scale
from ocr_core.training.ranges import measure_ranges
from tests.tiny_networks import DETECTOR, RECOGNISER, network_of

needs_vnni = pytest.mark.skipif(
    not devices._cpu_has_exact_int8(), reason="this processor has no exact products of bytes"
)


def built(config, height):
    """A folded network, itself in bytes, and some ink of a height, as bytes."""
    torch.manual_seed(5)
    network = folded(network_of(config))
    ink = torch.randint(0, 256, (5, 1, height, 96), dtype=torch.uint8)
    ranges = measure_ranges(network, [ink / 255], outliers=0)
    kind = QuantisedDetector if config is DETECTOR else QuantisedRecogniser
    return network, kind(network, ranges), ink


@pytest.mark.parametrize(
    ("low", "high", "value", "expected"),
    [(0, 255, 7.4, 7), (0, 255, 300, 255), (0, 255, -3, 0), (-1, 1, 0, 128), (2, 255, 0, 0)],
)
def test_bytes_are_the_nearest(low, high, value, expected):
    scale = Scale.of(low, high)
    assert scale.to_bytes(torch.tensor([float(value)])).tolist() == [expected]
    assert (scale.zero - scale.zero) * scale.step == 0


@needs_vnni
@pytest.mark.parametrize("gives", [FLOATS, Scale(0.05, 100)])
@pytest.mark.parametrize("plus", [None, Scale(0.02, 30)])
@pytest.mark.parametrize("relu", [True, False])
def test_a_convolution_of_bytes_is_that_of_what_they_stand_for(gives, plus, relu):
    torch.manual_seed(1)
    layer = nn.Conv2d(6, 8, 3, stride=1, padding=1)
    given = Scale(0.01, 17)  # so padding is not the byte 0
    signed, steps = quantised._to_signed(layer.weight.detach())
    values = torch.randint(0, 256, (2, 6, 9, 11), dtype=torch.uint8)
    other = torch.randint(0, 256, (2, 8, 9, 11), dtype=torch.uint8)
    values, other = (v.contiguous(memory_format=torch.channels_last) for v in (values, other))
    weight = signed * steps.view(-1, 1, 1, 1)
    expected = F.conv2d((values.float() - 17) * 0.01, weight, layer.bias, padding=1)
    arguments = [values]
    if plus is not None:
        addend = (other.float() - 30) * 0.02
        arguments.append(addend if gives is FLOATS else other)
        expected = expected + addend
        plus = FLOATS if gives is FLOATS else plus
    expected = expected.relu() if relu else expected
    with torch.inference_mode():
        found = Convolution(layer, given, gives, relu, plus)(*arguments)
    if gives is FLOATS:
        torch.testing.assert_close(found, expected.detach(), atol=1e-4, rtol=1e-4)
    else:
        difference = (found.int() - gives.to_bytes(expected).int()).abs()
        assert difference.max() <= 1
        assert difference.float().mean() < 0.01  # floats that lie between two bytes


@needs_vnni
def test_a_detector_in_bytes_finds_what_it_finds_in_floats():
    network, in_bytes, ink = built(DETECTOR, 64)
    with torch.inference_mode():
        expected, found = network(ink / 255), in_bytes(ink)
    assert found.shape == expected.shape == (5, 1, 32, 48)
    assert (found - expected).abs().mean() < 0.05 < expected.std()
    correlation = np.corrcoef(found.flatten(), expected.flatten())[0, 1]
    assert correlation > 0.97


@needs_vnni
def test_a_recogniser_in_bytes_reads_what_it_reads_in_floats():
    network, in_bytes, ink = built(RECOGNISER, RECOGNISER.height)
    with torch.inference_mode():
        expected, found = network(ink / 255), torch.stack(in_bytes(ink, [96] * 5))
    assert found.shape == expected.shape == (5, 24, 4)
    torch.testing.assert_close(found.exp().sum(dim=2), torch.ones(5, 24))
    assert (found.exp() - expected.exp()).abs().mean() < 0.03 < expected.exp().std()


@needs_vnni
def test_a_tile_gives_the_same_bit_for_bit_whatever_its_neighbours():
    _, in_bytes, ink = built(DETECTOR, 64)
    with torch.inference_mode():
        together, some, alone = in_bytes(ink), in_bytes(ink[[3, 1]]), in_bytes(ink[:1])
    assert torch.equal(some, together[[3, 1]])
    assert torch.equal(alone, together[:1])
    assert not torch.equal(together[3], together[1])


@needs_vnni
def test_a_line_gives_the_same_bit_for_bit_whatever_its_neighbours(monkeypatch):
    _, in_bytes, ink = built(RECOGNISER, RECOGNISER.height)
    with torch.inference_mode():
        together = in_bytes(ink, [96, 96, 96, 64, 32])
        monkeypatch.setattr(quantised, "COLUMNS", 192)  # crops go in twos
        for number, width in ((1, 96), (3, 64), (4, 32)):
            assert torch.equal(in_bytes(ink[[number]], [width])[0], together[number])
        again = in_bytes(ink, [96, 96, 96, 64, 32])
    assert [len(one) for one in together] == [24, 24, 24, 16, 8]
    assert all(torch.equal(one, other) for one, other in zip(together, again, strict=True))


def test_blocks_are_put_together_again():
    values = torch.arange(48.0).view(2, 1, 4, 6)
    blocks = quantised.to_blocks(values)
    assert blocks.shape == (2, 4, 2, 3)
    assert blocks[0, :, 0, 0].tolist() == [0, 1, 6, 7]
    assert torch.equal(quantised.from_blocks(blocks), values)


def test_layers_on_blocks_do_what_layers_on_pixels_do():
    values = torch.rand(2, 3, 6, 8)
    layer = nn.Conv2d(3, 5, 3, padding=1)
    torch.testing.assert_close(
        quantised.blockwise(layer)(quantised.to_blocks(values)),
        quantised.to_blocks(layer(values)),
    )
    transposed = nn.ConvTranspose2d(3, 5, kernel_size=2, stride=2)
    torch.testing.assert_close(
        quantised.blockwise_transposed(transposed)(values), quantised.to_blocks(transposed(values))
    )
