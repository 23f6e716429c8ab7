"""The shipped networks as the engine wants them: arrays in, arrays out, on one device."""

from __future__ import annotations

import copy
import functools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from itertools import groupby
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils import fuse_conv_bn_eval

from ocr_core import batching, devices
from ocr_core.batching import MIN_BATCH
from ocr_core.charset import Charset
from ocr_core.detector import Detector, DetectorConfig
from ocr_core.errors import WeightsError
from ocr_core.quantised import QuantisedDetector, QuantisedRecogniser
from ocr_core.recogniser import STRIDE, Recogniser, RecogniserConfig
from ocr_core.weights import Weights, fill

Config = TypeVar("Config", DetectorConfig, RecogniserConfig)
Network = TypeVar("Network", bound=nn.Module)


class TorchDetector:
    """A `Detector` that looks at tiles; see `ocr_core.networks.TileDetector`.

    On a CPU it takes one tile at a time: what one gives then stays in the caches, and a batch of
    three took 1.6 times as long for each.
    """

    def __init__(self, weights: Weights, device: torch.device, precision: str = "auto") -> None:
        network = folded(_rebuilt(Detector, DetectorConfig, weights))
        self._runner = _Runner(weights, device, precision)
        self._network: Callable[[Tensor], Tensor] = (
            QuantisedDetector(network, weights.ranges)
            if self._runner.is_int8
            else self._runner.placed(network)
        )

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        if self._runner.device.type == "cpu":
            return np.concatenate([self._look(tile[None]) for tile in tiles])
        return self._look(batching.fill_up(list(tiles)))[: len(tiles)]

    def _look(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        with self._runner.turn():
            return to_array(self._network(self._runner.ink(tiles)))[:, 0]


class TorchRecogniser:
    """A `Recogniser` that reads padded crops; see `ocr_core.networks.CropRecogniser`.

    The LSTM also runs over the padding, up to the width of the crop's bucket. That makes no line
    depend on its neighbours, because what a crop is padded to follows from its own width.
    """

    def __init__(self, weights: Weights, device: torch.device, precision: str = "auto") -> None:
        network = folded(_rebuilt(Recogniser, RecogniserConfig, weights))
        self.charset = Charset(network.config.charset)
        self.height = network.config.height
        self._runner = _Runner(weights, device, precision)
        self._read: Callable[[Tensor, Sequence[int]], Iterable[Tensor]]
        if self._runner.is_int8:
            self._read = QuantisedRecogniser(network, weights.ranges)
        else:
            self._read = functools.partial(_read_by_width, self._runner.placed(network))

    def __call__(
        self, crops: NDArray[np.uint8], widths: NDArray[np.integer]
    ) -> list[NDArray[np.float32]]:
        return read_in_buckets(self._read_padded, crops, widths)

    def _read_padded(
        self, crops: NDArray[np.uint8], widths: Sequence[int]
    ) -> list[NDArray[np.float32]]:
        with self._runner.turn():
            return [to_array(one) for one in self._read(self._runner.ink(crops), widths)]


def read_in_buckets(
    read: Callable[[NDArray[np.uint8], Sequence[int]], Iterable[NDArray[np.float32]]],
    crops: NDArray[np.uint8],
    widths: NDArray[np.integer],
) -> list[NDArray[np.float32]]:
    """What `read` says of crops that are padded to the widths of their buckets.

    Args:
        read: takes crops, the widest first, and to which of their columns each is to be read.

    Shapes: those of `ocr_core.networks.CropRecogniser`
    """
    padded = batching.bucket_widths(widths)
    order = np.argsort(-padded, kind="stable")
    room = max(int(padded.max()) - crops.shape[2], 0)
    crops = np.pad(crops, ((0, 0), (0, 0), (0, room)), constant_values=255) if room else crops
    found = list(read(crops[order], padded[order].tolist()))
    place = np.argsort(order)  # where each crop stands in that order
    steps = -(-np.asarray(widths) // STRIDE)
    return [found[at][:count] for at, count in zip(place, steps, strict=True)]


class _Runner:
    """How a network is run: where, in which precision, and by whom at a time.

    Raises:
        ConfigError: the precision cannot be had on this machine.
        WeightsError: it needs ranges that the weights do not state.
    """

    def __init__(self, weights: Weights, device: torch.device, precision: str) -> None:
        self.device = device
        self._precision = _precision(precision, device, weights)
        # Several bundles may run in one process, and networks of several kinds; side by side they
        # would double the memory of a GPU without being faster.
        self._turn = _turn_on_gpu() if device.type == "cuda" else threading.Semaphore(64)

    @property
    def is_int8(self) -> bool:
        return self._precision == "int8"

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The context in which the network runs."""
        floats = devices.autocast(self.device, self._precision)
        with self._turn, torch.inference_mode(), floats:
            yield

    def placed(self, network: Network) -> Network:
        """A network in floats on the device."""
        placed: Network = network.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        return placed

    def ink(self, pixels: NDArray[np.uint8]) -> Tensor:
        """(N, 1, H, W), 0 paper to 255 ink in bytes, to 1 ink in float32."""
        given = torch.from_numpy(np.ascontiguousarray(pixels)).to(self.device)[:, None]
        ink = 255 - given if self.is_int8 else 1 - given.float() / 255
        return ink.contiguous(memory_format=torch.channels_last)


@functools.cache
def _turn_on_gpu() -> threading.Lock:
    """The one lock of this process's GPU."""
    return threading.Lock()


def to_array(output: Tensor) -> NDArray[np.float32]:
    """What a network gives, float32."""
    return np.asarray(output.float().cpu().numpy(), dtype=np.float32)


def _read_by_width(network: nn.Module, ink: Tensor, widths: Sequence[int]) -> Iterator[Tensor]:
    """What a network in floats reads on crops, the widest first; each width is a batch."""
    start = 0
    for width, group in groupby(widths):
        count = len(list(group))
        part = ink[start : start + count, ..., :width]
        if count < MIN_BATCH:
            part = torch.cat([part, torch.zeros_like(part)])
        read = network(part.contiguous(memory_format=torch.channels_last))
        yield from read[:count].float().cpu()  # at once: a GPU is waited for each time
        start += count


def _precision(name: str, device: torch.device, weights: Weights) -> devices.Precision:
    """The precision asked for; `auto` takes int8 only where the weights state ranges."""
    chosen = devices.choose_precision(name, device)
    if chosen == "int8" and not weights.ranges:
        if name == "auto":
            return devices.float_precision(device)
        raise WeightsError(
            f"the {weights.network}'s weights state no ranges for int8: see `beam-ocr quantise`"
        )
    return chosen


def rebuild(weights: Weights) -> Detector | Recogniser:
    """The network of a weights file, in float32, for evaluation.

    Raises:
        WeightsError: its config is of another version, or its tensors do not fit.
    """
    if weights.network == "detector":
        return _rebuilt(Detector, DetectorConfig, weights)
    return _rebuilt(Recogniser, RecogniserConfig, weights)


def _rebuilt(make: Callable[[Config], Network], kind: type[Config], weights: Weights) -> Network:
    network = make(config_of(kind, weights))
    fill(network, weights)
    return network.eval()


def folded(network: Network) -> Network:
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


def config_of(kind: type[Config], weights: Weights) -> Config:
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
