import numpy as np
import pytest
import torch
from torch import nn

from ocr_core import devices, quantised
from ocr_core.backends import folded
from ocr_core.quantised import QuantisedDetector, QuantisedRecogniser
from ocr_core.training.ranges import measure_ranges
from tests.tiny_networks import DETECTOR, RECOGNISER, network_of

needs_int8 = pytest.mark.skipif(
    not devices._cpu_has_int8(), reason="this processor has no fast products of bytes"
)


def built(config, height):
    """A folded network, itself in bytes, and some ink of a height, as bytes."""
    torch.manual_seed(5)
    network = folded(network_of(config))
    ink = torch.randint(0, 256, (5, 1, height, 96), dtype=torch.uint8)
    ranges = measure_ranges(network, [ink / 255], outliers=0)
    kind = QuantisedDetector if config is DETECTOR else QuantisedRecogniser
    return network, kind(network, ranges), ink


@needs_int8
def test_a_detector_in_bytes_finds_what_it_finds_in_floats():
    network, in_bytes, ink = built(DETECTOR, 64)
    with torch.inference_mode():
        expected, found = network(ink / 255), in_bytes(ink)
    assert found.shape == expected.shape == (5, 1, 32, 48)
    assert (found - expected).abs().mean() < 0.05 < expected.std()
    correlation = np.corrcoef(found.flatten(), expected.flatten())[0, 1]
    assert correlation > 0.97


@needs_int8
def test_a_recogniser_in_bytes_reads_what_it_reads_in_floats():
    network, in_bytes, ink = built(RECOGNISER, RECOGNISER.height)
    with torch.inference_mode():
        expected, found = network(ink / 255), torch.stack(in_bytes(ink, [96] * 5))
    assert found.shape == expected.shape == (5, 24, 4)
    torch.testing.assert_close(found.exp().sum(dim=2), torch.ones(5, 24))
    assert (found.exp() - expected.exp()).abs().mean() < 0.03 < expected.exp().std()


@needs_int8
def test_a_tile_gives_the_same_bit_for_bit_whatever_its_neighbours():
    _, in_bytes, ink = built(DETECTOR, 64)
    with torch.inference_mode():
        together, some, alone = in_bytes(ink), in_bytes(ink[[3, 1]]), in_bytes(ink[:1])
    assert torch.equal(some, together[[3, 1]])
    assert torch.equal(alone, together[:1])
    assert not torch.equal(together[3], together[1])


@needs_int8
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
