"""Fewer channels in a recogniser's convolutions, at little cost to what it knows.

Stage by stage those channels are kept on whose values the next layers depend most, and every
convolution is fitted anew by least squares: from what the narrow network gives it to what the wide
one made of the same pictures (He et al. 2017, arXiv:1707.06168).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ocr_core.errors import ConfigError
from ocr_core.recogniser import Recogniser

# Places of a picture that a convolution is fitted on, chosen by chance.
PLACES = 400
# How strongly weights are held to what they were, relative to the values that they multiply.
_RIDGE = 1e-4


@dataclass(frozen=True, slots=True)
class _Flow:
    """What is passed on between two layers, picture by picture, each (1, C, H, W).

    Attributes:
        wide, narrow: by either network.
        kept: the channels of the wide one that the narrow one has, (C,) int64.
    """

    wide: list[Tensor]
    narrow: list[Tensor]
    kept: Tensor


@torch.inference_mode()
def narrow(network: Recogniser, pictures: Sequence[Tensor], channels: Sequence[int]) -> Recogniser:
    """A recogniser with fewer channels that makes of pictures what another one does.

    Shapes:
        pictures: each (1, 1, H, W) float32, 0 paper to 1 ink, W a multiple of 4

    Raises:
        ConfigError: a stage has not that many channels.
    """
    before = network.config.channels
    if len(channels) != len(before) or not all(
        0 < few <= many for few, many in zip(channels, before, strict=True)
    ):
        raise ConfigError(f"--channels {channels}: the stages have {before} to choose from")
    result = Recogniser(replace(network.config, channels=tuple(channels))).eval()
    result.sequence.load_state_dict(network.sequence.state_dict())
    result.head.load_state_dict(network.head.state_dict())
    flow = _Flow(list(pictures), list(pictures), torch.arange(1))
    torch.manual_seed(0)
    stages = list(network.features)
    for number, (wide, slim, count) in enumerate(
        zip(stages, result.features, channels, strict=True)
    ):
        is_last = number + 1 == len(stages)
        following = network.collapse if is_last else stages[number + 1].get_submodule("shrink")
        kept = _most_telling([wide(one) for one in flow.wide], _users(wide, following), count)
        flow = _through_stage(wide, slim, flow, kept)
    _fit(network.collapse, result.collapse, flow, torch.arange(network.config.row))
    return result


def _users(stage: nn.Module, following: nn.Module) -> Iterator[Tensor]:
    """The weights of the convolutions that are given what a stage gives."""
    for pair in [*stage.get_submodule("blocks").children(), following]:
        yield pair.get_parameter("0.weight")


def _most_telling(values: Sequence[Tensor], users: Iterator[Tensor], count: int) -> Tensor:
    """The channels on which most depends, in order."""
    spread = torch.cat([one[0].flatten(1) for one in values], dim=1).std(dim=1)
    used = torch.stack([weight.flatten(2).norm(dim=2).norm(dim=0) for weight in users]).sum(dim=0)
    return (spread * used).topk(count).indices.sort().values


def _through_stage(wide: nn.Module, slim: nn.Module, flow: _Flow, kept: Tensor) -> _Flow:
    """What comes out of a stage, whose narrow convolutions are fitted on the way."""
    first, other = wide.get_submodule("shrink"), slim.get_submodule("shrink")
    _fit(first, other, flow, kept)
    flow = _Flow(
        [first(one).relu() for one in flow.wide], [other(one).relu() for one in flow.narrow], kept
    )
    blocks = (stage.get_submodule("blocks").children() for stage in (wide, slim))
    for block, small in zip(*blocks, strict=True):
        _fit(block, small, flow, kept)
        flow = _Flow(
            [(one + block(one)).relu() for one in flow.wide],
            [(one + small(one)).relu() for one in flow.narrow],
            kept,
        )
    return flow


def _fit(wide: nn.Module, slim: nn.Module, flow: _Flow, kept: Tensor) -> None:
    """Gives a narrow convolution, with its normalisation, the weights that come closest.

    Args:
        wide, slim: a convolution and a BatchNorm each; of the wide one's channels `kept` count.
    """
    layer, norm = wide.get_submodule("0"), wide.get_submodule("1")
    if not isinstance(layer, nn.Conv2d):
        raise TypeError(f"not a convolution: {layer}")
    held = layer.weight[kept][:, flow.kept].flatten(1).T.double()
    held = torch.cat([held, torch.zeros(1, len(kept), dtype=torch.float64)])
    square = torch.zeros(len(held), len(held), dtype=torch.float64)
    product = torch.zeros_like(held)
    for given, wanted in zip(flow.narrow, flow.wide, strict=True):
        inputs, outputs = _places(layer, given, layer(wanted)[:, kept])
        square += inputs.T @ inputs
        product += inputs.T @ outputs
    ridge = _RIDGE * square.diagonal().mean() * torch.eye(len(held), dtype=torch.float64)
    ridge[-1, -1] = 1e-9  # the shift is free
    weights = held + torch.linalg.solve(square + ridge, product - square @ held)
    slim.get_parameter("0.weight").copy_(
        weights[:-1].T.reshape(slim.get_parameter("0.weight").shape)
    )
    for name, values in norm.state_dict().items():
        slim.get_submodule("1").state_dict()[name].copy_(values[kept] if values.ndim else values)
    slim.get_buffer("1.running_mean").sub_(weights[-1].float())


def _places(layer: nn.Conv2d, given: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
    """What a convolution sees at some places, with a one behind it, and what it should give."""
    size = (int(layer.kernel_size[0]), int(layer.kernel_size[1]))
    padding = (int(layer.padding[0]), int(layer.padding[1]))
    stride = (int(layer.stride[0]), int(layer.stride[1]))
    inputs = F.unfold(given, size, padding=padding, stride=stride)[0].T.double()
    outputs = wanted[0].flatten(1).T.double()
    if len(inputs) > PLACES:
        chosen = torch.randperm(len(inputs))[:PLACES]
        inputs, outputs = inputs[chosen], outputs[chosen]
    ones = torch.ones(len(inputs), 1, dtype=torch.float64)
    return torch.cat([inputs, ones], dim=1), outputs
