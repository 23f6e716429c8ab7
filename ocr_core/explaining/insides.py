"""What the recogniser's layers make of a crop, caught on its way through the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ocr_core import batching
from ocr_core.backends import to_array
from ocr_core.recogniser import Recogniser


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """What comes out of one layer.

    Attributes:
        values: (D, h, w) float32, D channels; h is 1 after the convolutions.
    """

    name: str
    values: NDArray[np.float32]


def look_inside(network: Recogniser, crop: NDArray[np.uint8]) -> list[Inside]:
    """What each stage of the convolutions, and the row of features, hold of a crop.

    The crop is padded as it is when it is read; what belongs to the padding is left out. Of a crop
    that is wider than the widest bucket it is the first piece.

    Shapes:
        crop: (H, W) uint8, H = network.config.height
    """
    piece = batching.cut_to_pieces([crop])[0].pixels
    width = piece.shape[1]
    padded = np.full((len(piece), int(batching.bucket_widths(np.array([width]))[0])), 255, np.uint8)
    padded[:, :width] = piece
    layers: list[tuple[str, nn.Module]] = [
        (f"stage {number}", stage) for number, stage in enumerate(network.features, start=1)
    ]
    layers.append(("row of features", network.collapse))
    found: list[Inside] = []
    hooks = [layer.register_forward_hook(_keep(name, found)) for name, layer in layers]
    try:
        with torch.inference_mode():
            network.eval()(1 - torch.from_numpy(padded)[None, None].float() / 255)
    finally:
        for hook in hooks:
            hook.remove()
    share = width / padded.shape[1]
    return [Inside(one.name, _left_part(one.values, share)) for one in found]


def _keep(name: str, found: list[Inside]) -> Callable[[nn.Module, object, Tensor], None]:
    def hook(_: nn.Module, __: object, output: Tensor) -> None:
        found.append(Inside(name, to_array(output)[0]))

    return hook


def _left_part(values: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    return values[:, :, : max(1, -int(-values.shape[2] * share // 1))]


def telling(inside: Inside, count: int) -> list[int]:
    """The channels in which most happens, by their spread, most first."""
    spread = inside.values.reshape(len(inside.values), -1).std(axis=1)
    return [int(channel) for channel in np.argsort(-spread, kind="stable")[:count]]


def n_parameters(network: nn.Module) -> int:
    """How many numbers the network has learnt."""
    return sum(parameter.numel() for parameter in network.parameters())
