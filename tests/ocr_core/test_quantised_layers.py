import pytest
import torch
from torch import nn
from torch.nn import functional as F

from ocr_core import devices, quantised_layers
from ocr_core.quantised_layers import FLOATS, Convolution, Linear, Scale

needs_int8 = pytest.mark.skipif(
    not devices._cpu_has_int8(), reason="this processor has no fast products of bytes"
)


@pytest.mark.parametrize(
    ("low", "high", "value", "expected"),
    [(0, 255, 7.4, 7), (0, 255, 300, 255), (0, 255, -3, 0), (-1, 1, 0, 128), (2, 255, 0, 0)],
)
def test_bytes_are_the_nearest(low, high, value, expected):
    scale = Scale.of(low, high)
    assert scale.to_bytes(torch.tensor([float(value)])).tolist() == [expected]
    assert (scale.zero - scale.zero) * scale.step == 0


@needs_int8
@pytest.mark.parametrize("gives", [FLOATS, Scale(0.05, 100)])
@pytest.mark.parametrize("plus", [None, Scale(0.02, 30)])
@pytest.mark.parametrize("relu", [True, False])
def test_a_convolution_of_bytes_is_that_of_what_they_stand_for(gives, plus, relu):
    torch.manual_seed(1)
    layer = nn.Conv2d(6, 8, 3, stride=1, padding=1)
    given = Scale(0.01, 17)  # so padding is not the byte 0
    signed, steps = quantised_layers.to_signed(layer.weight.detach())
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


@needs_int8
@torch.inference_mode()
def test_no_sum_of_products_overflows():
    """The greatest weights on the greatest inputs, which pairs of 16 bits would cut off."""
    width = 96
    for sign in (1, -1):
        layer = nn.Conv2d(width, 16, 1, bias=False)
        layer.weight.fill_(0.5 * sign)
        linear = nn.Linear(width, 16)
        linear.weight.fill_(0.5 * sign)
        linear.bias.zero_()
        ones = torch.full((1, width, 4, 4), 255, dtype=torch.uint8)
        ones = ones.contiguous(memory_format=torch.channels_last)
        given = Scale(1 / 255, 0)
        found = Convolution(layer, given, FLOATS, relu=False)(ones)
        torch.testing.assert_close(found, torch.full_like(found, sign * width / 2))
        scores = Linear(linear, given)(torch.full((4, width), 255, dtype=torch.uint8))
        torch.testing.assert_close(scores, torch.full_like(scores, sign * width / 2))


@needs_int8
@torch.inference_mode()
def test_groups_of_channels_are_convolved_apart():
    torch.manual_seed(2)
    layer = nn.Conv2d(8, 6, 1, groups=2)
    values = torch.randint(0, 256, (1, 8, 1, 5), dtype=torch.uint8)
    values = values.contiguous(memory_format=torch.channels_last)
    found = Convolution(layer, Scale(0.01, 0), FLOATS, relu=False)(values)
    torch.testing.assert_close(found, layer(values.float() * 0.01), atol=0.1, rtol=0)
