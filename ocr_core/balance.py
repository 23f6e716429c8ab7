"""Brings the channels of what passes between layers to like ranges, before they share one step.

Where a channel's greatest value is a tenth of another's, bytes with one step for both are too
coarse for it. ReLU commutes with a positive factor: what a layer gives in a channel may be divided
by it if the next layers' weights for that channel are multiplied, and the network gives the same
(cross-layer equalisation, arXiv:1906.04721, section 4.1).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

from ocr_core.detector import Detector
from ocr_core.errors import WeightsError

Network = TypeVar("Network", bound=nn.Module)
# Name of a convolution -> lowest and highest value of each channel that it is usually given.
ChannelRanges = Mapping[str, tuple[Sequence[float], Sequence[float]]]
# The same over all channels.
Ranges = dict[str, tuple[float, float]]
# How far ranges are brought together: 0 not at all, 1 wholly. Weights lose precision by it, as
# those of one output share a step too; of 0, 0.5 and 1 this read closest to floats.
SHARE = 0.5
LEAST_FACTOR = 0.02


@dataclass(frozen=True, slots=True)
class _Chain:
    """Values that are added up or handed on, and so must be scaled alike.

    Attributes:
        makers: names of the layers that give them.
        users: names of the layers that are given them.
    """

    makers: tuple[str, ...]
    users: tuple[str, ...]


def balanced(network: Network, ranges: ChannelRanges) -> tuple[Network, Ranges]:
    """A copy that gives the same with channels of like ranges, and what these then are.

    BatchNorm must be folded into the convolutions before.

    Raises:
        WeightsError: the ranges do not fit the network.
    """
    network = copy.deepcopy(network)
    layers = dict(network.named_modules())
    lows, highs = ({name: torch.tensor(r[end]) for name, r in ranges.items()} for end in (0, 1))
    for chain in _chains(network):
        if missing := [name for name in chain.users if name not in ranges]:
            raise WeightsError(f"the weights state no ranges for {missing[0]}")
        try:
            greatest = torch.stack([highs[name] for name in chain.users]).amax(dim=0)
            factors = (greatest / greatest.max()).clamp(min=LEAST_FACTOR) ** SHARE
            for name in chain.makers:
                _scale_outputs(layers[name], 1 / factors)
            for name in chain.users:
                _scale_inputs(layers[name], factors)
                lows[name], highs[name] = lows[name] / factors, highs[name] / factors
        except RuntimeError as error:  # of another number of channels
            raise WeightsError("the weights' ranges do not fit their network") from error
    return network, {name: (float(lows[name].min()), float(highs[name].max())) for name in ranges}


def _chains(network: nn.Module) -> Iterator[_Chain]:
    is_detector = isinstance(network, Detector)
    prefix = "stages" if is_detector else "features"
    stages = list(network.get_submodule(prefix).children())
    for number, stage in enumerate(stages):
        count = len(list(stage.get_submodule("blocks").children()))
        blocks = [f"{prefix}.{number}.blocks.{block}.0" for block in range(count)]
        makers, users = [f"{prefix}.{number}.shrink.0", *blocks], blocks
        if number + 1 < len(stages):
            users = [*users, f"{prefix}.{number + 1}.shrink.0"]
        elif not is_detector:
            users = [*users, "collapse.0"]
        if is_detector:
            makers += ["probability.enlarge"] if number == 0 else []
            users = [*users, f"laterals.{number - 1}.0" if number else "probability.out"]
        yield _Chain(tuple(makers), tuple(users))
    if is_detector:
        yield _Chain(("join.0",), ("probability.enlarge",))


@torch.no_grad()
def _scale_outputs(layer: nn.Module, factors: Tensor) -> None:
    weight, bias = layer.get_parameter("weight"), layer.get_parameter("bias")
    weight.mul_(_along(layer, factors, is_output=True))
    bias.mul_(factors)


@torch.no_grad()
def _scale_inputs(layer: nn.Module, factors: Tensor) -> None:
    layer.get_parameter("weight").mul_(_along(layer, factors, is_output=False))


def _along(layer: nn.Module, factors: Tensor, is_output: bool) -> Tensor:
    """Factors along the axis of a layer's weights that is its outputs' or its inputs' channels."""
    is_first = is_output != isinstance(layer, nn.ConvTranspose2d)
    return factors.view(-1, 1, 1, 1) if is_first else factors.view(1, -1, 1, 1)
