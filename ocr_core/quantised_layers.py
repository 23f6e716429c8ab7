"""Layers in bytes: convolutions and linear layers, and what their bytes stand for.

What a layer is given is held in unsigned bytes with one step for the whole tensor, its weights in
signed bytes with a step for each channel (arXiv:1712.05877). Sums of products are exact integers.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

# The greatest weight. Without VNNI, x86 adds up products of bytes in pairs of 16 bits each: with
# one bit less to the weights no pair overflows (2 * 255 * 63 < 32768), and every CPU with AVX2
# gives the same sums as one with VNNI.
GREATEST = 63


@dataclass(frozen=True, slots=True)
class Scale:
    """What bytes stand for: value = (byte - zero) * step."""

    step: float
    zero: int

    @classmethod
    def of(cls, low: float, high: float) -> Scale:
        """Bytes for the values from `low` to `high`; nought is always among them, exactly."""
        low, high = min(low, 0.0), max(high, 1e-6)
        step = (high - low) / 255
        return cls(step, round(-low / step))

    def to_bytes(self, values: Tensor) -> Tensor:
        """The nearest bytes, uint8."""
        levels = torch.add(self.zero, values.float(), alpha=1 / self.step)
        return levels.round_().clamp_(0, 255).byte()


# Paper is 0 and ink 1, so 255 steps.
INK = Scale(1 / 255, 0)
# An LSTM's outputs are products of a sigmoid and a tanh.
BETWEEN_ONES = Scale(1 / 127, 128)
FLOATS = Scale(1.0, 0)


class Convolution:
    """A convolution from bytes to bytes, or to floats.

    Attributes:
        gives: the scale of what comes out; `FLOATS` for floats.

    Shapes:
        values:  (N, C, H, W)   uint8 of the scale `given`
        plus:    (N, D, H', W') what is added before the ReLU, if it was built so; written over
        returns: (N, D, H', W') uint8 of the scale `gives`, or float32
    """

    def __init__(
        self, layer: nn.Conv2d, given: Scale, gives: Scale, relu: bool, plus: Scale | None = None
    ) -> None:
        self.gives = gives
        signed, steps = to_signed(layer.weight.detach())
        padding = [int(side) for side in layer.padding]
        geometry = (list(layer.stride), padding, [1, 1], layer.groups)
        typical = [1, layer.in_channels, 64, 64]
        packed = torch.ops.onednn.qconv_prepack(
            signed, steps, given.step, given.zero, *geometry, typical
        )
        # As PyTorch's operators want them, in order.
        zeros = torch.zeros(len(signed), dtype=torch.int32)
        self._before = (given.step, given.zero, packed, steps, zeros)
        self._bias = None if layer.bias is None else layer.bias.detach().float()
        kind = torch.float32 if gives is FLOATS else torch.uint8
        self._geometry = (*geometry, gives.step, gives.zero, kind)
        self._addition = None if plus is None else (plus.step, plus.zero, "sum", 1.0)
        self._after: tuple[str, list[float], str] = ("relu" if relu else "none", [], "")

    def __call__(self, values: Tensor, plus: Tensor | None = None) -> Tensor:
        result: Tensor
        if self._addition is None:
            result = torch.ops.onednn.qconv2d_pointwise(
                values, *self._before, self._bias, *self._geometry, *self._after
            )
        else:
            result = torch.ops.onednn.qconv2d_pointwise.binary(
                values, *self._before, plus, self._bias, *self._geometry, *self._addition,
                *self._after,
            )  # fmt: skip
        return result


class Linear:
    """A linear layer from bytes to floats.

    Shapes:
        values:  (N, C) uint8, of the scale `given`
        returns: (N, D) float32
    """

    def __init__(self, layer: nn.Linear, given: Scale) -> None:
        self._given = given
        signed, self._steps = to_signed(layer.weight.detach())
        self._zeros = torch.zeros(len(signed), dtype=torch.int32)
        self._bias = layer.bias.detach().float()
        self._weights = torch.ops.onednn.qlinear_prepack(signed, None)

    def __call__(self, values: Tensor) -> Tensor:
        result: Tensor = torch.ops.onednn.qlinear_pointwise(
            values, self._given.step, self._given.zero, self._weights, self._steps, self._zeros,
            self._bias, 1.0, 0, torch.float32, "none", [], "",
        )  # fmt: skip
        return result


def to_signed(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Weights as int8, and the step of each output channel."""
    rows = weight.flatten(1).abs().amax(dim=1)
    steps = (rows / GREATEST).clamp(min=1e-12)
    shape = (-1, *[1] * (weight.ndim - 1))
    return (weight / steps.view(shape)).round().to(torch.int8), steps
