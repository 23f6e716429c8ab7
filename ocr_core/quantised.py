"""The networks in bytes: products of 8-bit integers, several times as fast as of floats.

Post-training static quantisation (arXiv:1712.05877). The steps of bytes follow from the ranges that
a weights file states for its layers, so what is read depends on the file and the pixels alone. Sums
of products are exact integers: an item's result does not depend on what else is in the batch. The
LSTM stays in float32: in bytes it was no faster, as so few rows take each of its many small steps.

BatchNorm must be folded into the convolutions before; see `ocr_core.backends.folded`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ocr_core.balance import ChannelRanges, Ranges, balanced
from ocr_core.detector import Detector
from ocr_core.errors import WeightsError
from ocr_core.quantised_layers import BETWEEN_ONES, FLOATS, INK, Convolution, Linear, Scale
from ocr_core.recogniser import Recogniser
from ocr_core.recurrence import RaggedLstm

# Columns of crops that go through the recogniser's convolutions together, at most: few enough for
# what they give to stay in the processor's cache.
COLUMNS = 2048


class Stage:
    """A stage of either network: a convolution that shrinks, then some that add to their input.

    Attributes:
        gives: the scale of what comes out.
    """

    def __init__(self, stage: nn.Module, given: Scale, scales: Sequence[Scale]) -> None:
        self._shrink = Convolution(_first(stage.get_submodule("shrink")), given, scales[0], True)
        self.gives = self._shrink.gives
        self._blocks = []
        blocks = stage.get_submodule("blocks").children()
        for block, scale in zip(blocks, scales[1:], strict=True):
            layer = Convolution(_first(block), self.gives, scale, relu=True, plus=self.gives)
            self._blocks.append(layer)
            self.gives = layer.gives

    def __call__(self, values: Tensor) -> Tensor:
        values = self._shrink(values)
        for block in self._blocks:
            values = block(values, values.clone())
        return values


class QuantisedDetector:
    """A `Detector` in bytes.

    Its head works on blocks of 2 × 2 pixels at half the resolution, whose channels stand side by
    side: there the transposed convolution is a plain one, and nothing is as wide as the finest map.

    Shapes:
        ink:     (N, 1, H, W)      uint8, 0 paper to 255 ink; H and W multiples of 32
        returns: (N, 1, H/2, W/2)  float32 probability, 0 to 1

    Raises:
        WeightsError: the ranges do not fit the network.
    """

    def __init__(self, network: Detector, ranges: ChannelRanges) -> None:
        network, usual = balanced(network, ranges)
        scale = _scales(usual)
        self._stages = _stages("stages", network.stages, scale, last="laterals.3.0")
        finest, *coarser = (stage.gives for stage in self._stages)
        self._joined = scale("join.0")
        fine, *middle, coarsest = network.laterals
        self._coarsest = Convolution(_first(coarsest), coarser[-1], FLOATS, relu=False)
        self._middle = [
            Convolution(_first(lateral), given, FLOATS, relu=False, plus=FLOATS)
            for lateral, given in zip(middle, coarser[1:-1], strict=True)
        ]
        self._fine = Convolution(
            _first(fine), coarser[0], self._joined, relu=False, plus=self._joined
        )
        head, inner = network.probability, scale("probability.enlarge")
        self._join = Convolution(_first(network.join), self._joined, inner, relu=True)
        enlarge, outer = blockwise_transposed(head.enlarge), scale("probability.out")
        self._enlarge = Convolution(enlarge, inner, outer, relu=True, plus=finest)
        self._out = Convolution(blockwise(head.out), outer, FLOATS, relu=False)

    def __call__(self, ink: Tensor) -> Tensor:
        scales = []
        values = ink
        for stage in self._stages:
            values = stage(values)
            scales.append(values)
        finest, fine, *middle, coarsest = scales
        joined = self._coarsest(coarsest)
        for lateral, values in zip(reversed(self._middle), reversed(middle), strict=True):
            joined = lateral(values, _doubled(joined))
        joined = self._fine(fine, _doubled(self._joined.to_bytes(joined)))
        blocks = self._enlarge(self._join(joined), to_blocks(finest))
        return from_blocks(self._out(blocks)).sigmoid()


class QuantisedRecogniser:
    """A `Recogniser` whose convolutions and scores are made in bytes.

    Shapes:
        ink:     (N, 1, H, W)  uint8, 0 paper to 255 ink, the widest first
        widths:  to which of their columns crops are read, multiples of 4
        returns: N × (widths[i] / 4, C)  float32 log-probabilities

    Raises:
        WeightsError: the ranges do not fit the network.
    """

    def __init__(self, network: Recogniser, ranges: ChannelRanges) -> None:
        network, usual = balanced(network, ranges)
        scale = _scales(usual)
        self._stages = _stages("features", network.features, scale, last="collapse.0")
        given = self._stages[-1].gives
        self._collapse = Convolution(_first(network.collapse), given, FLOATS, relu=True)
        self._sequence = RaggedLstm(network.sequence, encode=BETWEEN_ONES.to_bytes)
        self._head = Linear(network.head, BETWEEN_ONES)

    def __call__(self, ink: Tensor, widths: Sequence[int]) -> list[Tensor]:
        rows = [row for part, width in _of_one_width(ink, widths) for row in self._row(part, width)]
        scores = self._head(torch.cat(self._sequence(rows)))
        return list(scores.log_softmax(dim=-1).split([len(row) for row in rows]))

    def _row(self, values: Tensor, width: int) -> Tensor:
        """(N, T, D) features of each step."""
        values = values[..., :width].contiguous(memory_format=torch.channels_last)
        for stage in self._stages:
            values = stage(values)
        row: Tensor = self._collapse(values)  # (N, D, 1, T)
        return row.squeeze(2).transpose(1, 2)


def _of_one_width(ink: Tensor, widths: Sequence[int]) -> Iterator[tuple[Tensor, int]]:
    """Crops of one width, at most as many as have `COLUMNS` columns, and their width.

    They go in ones, twos, fours and so on: kernels are made anew for every other number.
    """
    start = 0
    for width, group in itertools.groupby(widths):
        end = start + len(list(group))
        while start < end:
            most = min(end - start, max(COLUMNS // width, 1))
            count = 1 << (most.bit_length() - 1)
            yield ink[start : start + count], width
            start += count


def to_blocks(values: Tensor) -> Tensor:
    """Pixels in blocks of 2 × 2: the channels of upper left, upper right, lower left, lower right.

    Shapes:
        values:  (N, C, H, W)
        returns: (N, 4 C, H/2, W/2)
    """
    count, channels, height, width = values.shape
    pixels = values.permute(0, 2, 3, 1).reshape(count, height // 2, 2, width // 2, 2 * channels)
    blocks = pixels.transpose(2, 3).reshape(count, height // 2, width // 2, 4 * channels)
    return blocks.permute(0, 3, 1, 2)


def from_blocks(blocks: Tensor) -> Tensor:
    """The reverse of `to_blocks`, for a single channel.

    Shapes:
        blocks:  (N, 4, H, W)
        returns: (N, 1, 2 H, 2 W)
    """
    return F.pixel_shuffle(blocks.contiguous(), 2)


def blockwise_transposed(layer: nn.ConvTranspose2d) -> nn.Conv2d:
    """The convolution that gives the blocks of what a transposed one of 2 × 2 pixels gives."""
    result = nn.Conv2d(layer.in_channels, 4 * layer.out_channels, kernel_size=1)
    with torch.no_grad():
        result.weight.copy_(layer.weight.permute(2, 3, 1, 0).reshape(result.weight.shape))
        result.bias.copy_(layer.bias.repeat(4))  # type: ignore[union-attr]
    return result


def blockwise(layer: nn.Conv2d) -> nn.Conv2d:
    """The convolution from blocks to blocks that does what one of 3 × 3 pixels does to pixels."""
    result = nn.Conv2d(4 * layer.in_channels, 4 * layer.out_channels, kernel_size=3, padding=1)
    with torch.no_grad():
        result.weight.zero_()
        # Output block row, column; input block row, column; channels.
        weight = result.weight.view(2, 2, layer.out_channels, 2, 2, layer.in_channels, 3, 3)
        for to_y, to_x, y, x in itertools.product(range(2), range(2), range(3), range(3)):
            block_y, from_y = divmod(to_y + y - 1, 2)
            block_x, from_x = divmod(to_x + x - 1, 2)
            target = weight[to_y, to_x, :, from_y, from_x, :, block_y + 1, block_x + 1]
            target.copy_(layer.weight[:, :, y, x])
        result.bias.copy_(layer.bias.repeat(4))  # type: ignore[union-attr]
    return result


def _first(pair: nn.Module) -> nn.Conv2d:
    """The convolution of a pair with the normalisation that was folded into it."""
    layer = pair.get_submodule("0")
    if not isinstance(layer, nn.Conv2d):
        raise TypeError(f"not a convolution: {layer}")
    return layer


def _doubled(values: Tensor) -> Tensor:
    return F.interpolate(values, scale_factor=2.0, mode="nearest")


def _scales(ranges: Ranges) -> Callable[[str], Scale]:
    """The scale of what a layer is given, by its name."""

    def scale(name: str) -> Scale:
        try:
            low, high = ranges[name]
        except KeyError as error:
            raise WeightsError(f"the weights state no range for {name}") from error
        return Scale.of(low, high)

    return scale


def _stages(name: str, stages: nn.Module, scale: Callable[[str], Scale], last: str) -> list[Stage]:
    """The stages of a network in bytes; `last` is the layer that the last of them is input to."""
    parts = list(stages.children())
    result = []
    given = INK
    for number, stage in enumerate(parts):
        blocks = range(len(list(stage.get_submodule("blocks").children())))
        after = last if number == len(parts) - 1 else f"{name}.{number + 1}.shrink.0"
        names = [*(f"{name}.{number}.blocks.{block}.0" for block in blocks), after]
        result.append(Stage(stage, given, [scale(one) for one in names]))
        given = result[-1].gives
    return result
