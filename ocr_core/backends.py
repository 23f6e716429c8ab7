"""The shipped networks as the engine wants them: arrays in, arrays out, on one device."""

from __future__ import annotations

import copy
import threading
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils import fuse_conv_bn_eval

from ocr_core import devices
from ocr_core.charset import Charset
from ocr_core.detector import Detector, DetectorConfig
from ocr_core.errors import WeightsError
from ocr_core.recogniser import STRIDE, Recogniser, RecogniserConfig
from ocr_core.weights import Weights, fill

# Two tiles, overlapping by 128 pixels, cover the long side of 1280 at which pages are looked at.
TILE_SIDE = 704
Config = TypeVar("Config", DetectorConfig, RecogniserConfig)


class TorchDetector:
    """A `Detector` that looks at square tiles; see `ocr_core.networks.TileDetector`."""

    def __init__(self, weights: Weights, device: torch.device) -> None:
        network = Detector(_config(DetectorConfig, weights))
        self._network = _Runnable(network, weights, device)

    @property
    def side(self) -> int:
        return TILE_SIDE

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        return self._network(tiles)[:, 0]


class TorchRecogniser:
    """A `Recogniser` that reads padded crops; see `ocr_core.networks.CropRecogniser`.

    The LSTM also runs over the padding. That makes no line depend on its neighbours, because what
    a crop is padded to follows from its own width, and it spares packing and unpacking.
    """

    def __init__(self, weights: Weights, device: torch.device) -> None:
        config = _config(RecogniserConfig, weights)
        self.charset = Charset(config.charset)
        self.height = config.height
        self._network = _Runnable(Recogniser(config), weights, device)

    def __call__(
        self, crops: NDArray[np.uint8], widths: NDArray[np.integer]
    ) -> list[NDArray[np.float32]]:
        steps = -(-np.asarray(widths) // STRIDE)
        read = self._network(crops)
        return [one[:count] for one, count in zip(read, steps, strict=True)]


class _Runnable:
    """A network with its weights, ready for arrays of grey pixels.

    Raises:
        WeightsError: the tensors do not fit the network that their config describes.
    """

    def __init__(self, network: nn.Module, weights: Weights, device: torch.device) -> None:
        fill(network, weights)
        self._device = device
        self._network = folded(network.eval()).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        # Several bundles may run in one process; side by side they would double the memory of a
        # GPU and thrash the caches of a CPU without being faster.
        self._turn = threading.Lock() if device.type == "cuda" else threading.Semaphore(64)

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(N, H, W) uint8 to what the network gives, float32."""
        with self._turn, torch.inference_mode(), devices.autocast(self._device):
            output: Tensor = self._network(self._ink(pixels))
            return np.asarray(output.float().cpu().numpy(), dtype=np.float32)

    def _ink(self, pixels: NDArray[np.uint8]) -> Tensor:
        """(N, 1, H, W) float32, 0 paper to 1 ink."""
        given = torch.from_numpy(np.ascontiguousarray(pixels)).to(self._device)
        ink = 1 - given[:, None].float() / 255
        return ink.contiguous(memory_format=torch.channels_last)


def folded(network: nn.Module) -> nn.Module:
    """A copy with every BatchNorm folded into the convolution before it; the outputs are equal."""
    network = copy.deepcopy(network)
    for module in network.modules():
        if isinstance(module, nn.Sequential):
            _fold_pairs(module)
    return network


def _fold_pairs(layers: nn.Sequential) -> None:
    for i in range(len(layers) - 1):
        first, second = layers[i], layers[i + 1]
        if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
            layers[i] = fuse_conv_bn_eval(first, second)
            layers[i + 1] = nn.Identity()


def _config(kind: type[Config], weights: Weights) -> Config:
    """The config of a network as its weights file has it.

    Raises:
        WeightsError: it was written for another version of the network.
    """
    known = {field.name for field in fields(kind)}
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in weights.config.items()
    }
    if set(given) != known:
        raise WeightsError(f"the {weights.network}'s config does not fit this version of beam-ocr")
    return kind(**given)
