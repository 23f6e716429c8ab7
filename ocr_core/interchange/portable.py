"""Networks as other programs are given them: pixels in, and what there is to know beside them."""

from __future__ import annotations

import importlib.metadata
import json
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ocr_core import backends
from ocr_core.detector import Detector
from ocr_core.recogniser import STRIDE, Recogniser
from ocr_core.tiling import MAP_STRIDE
from ocr_core.weights import Weights

FORMAT = "beam-ocr-model/1"
INPUT = "pixels"
# Number, height and width of what the exporters watch a network look at.
_TRACED = (2, 64, 128)
# On these, what was exported is held against the network that it comes from; a recogniser's are
# as high as its crops.
_COMPARED = ((1, 64, 64), (3, 96, 160), (2, 128, 1024))


@dataclass(frozen=True, slots=True, eq=False)
class Portable:
    """A network that takes pixels as they are, with names for what it gives.

    Attributes:
        module: pixels (N, H, W) uint8, 0 for ink and 255 for paper, to a tuple of `outputs`.
        outputs: name of each -> names of its axes that differ from call to call, by their number.
            The last one is in logits, or differs from them by what all labels share.
        height: of the pixels, where it is fixed.
        metadata: what goes into the file.
    """

    module: nn.Module
    outputs: dict[str, dict[int, str]]
    height: int | None
    metadata: dict[str, str]

    @property
    def axes(self) -> dict[int, str]:
        """The axes of the pixels that differ from call to call, by their number."""
        return {0: "count", 2: "width"} | ({} if self.height else {1: "height"})

    def example(self) -> Tensor:
        """Pixels to trace the module with."""
        return torch.from_numpy(self._pixels(*_TRACED))

    def samples(self) -> list[NDArray[np.uint8]]:
        """Pixels to compare answers on, in several numbers and sizes."""
        return [self._pixels(*shape) for shape in _COMPARED]

    def _pixels(self, count: int, height: int, width: int) -> NDArray[np.uint8]:
        rng = np.random.default_rng(count)
        pixels = np.full((count, self.height or height, width), 255, np.uint8)
        for page in pixels:
            for bottom in range(min(28, len(page) - 3), len(page), 40):
                letters = "".join(map(chr, rng.integers(ord("A"), ord("z"), width // 12)))
                cv2.putText(page, letters, (4, bottom), cv2.FONT_HERSHEY_COMPLEX, 0.7, 0, 1)
            page -= rng.integers(0, 40, page.shape, dtype=np.uint8).clip(max=page)
        return pixels


class DetectorOnPixels(nn.Module):
    """A detector that takes pixels.

    Shapes:
        pixels:  (N, H, W) uint8, 0 for ink and 255 for paper; H and W multiples of 32
        returns: (N, H/2, W/2) float32 probability of text, 0 to 1, and the same as logits
    """

    def __init__(self, network: Detector) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        logits = self.network.train_maps(_ink(pixels)).logits.squeeze(1)
        return logits.sigmoid(), logits


class RecogniserOnPixels(nn.Module):
    """A recogniser that takes pixels.

    Shapes:
        pixels:  (N, H, W) uint8, 0 for ink and 255 for paper
        returns: (N, W/4, C) float32 log-probabilities, as `Recogniser` gives them
    """

    def __init__(self, network: Recogniser) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixels: Tensor) -> tuple[Tensor]:
        return (self.network(_ink(pixels)),)


def portable(weights: Weights) -> Portable:
    """The network of a weights file, in float32.

    Raises:
        WeightsError: it does not fit this version of the network.
    """
    network = backends.folded(backends.rebuild(weights)).requires_grad_(False)
    module = on_pixels(network)
    metadata = {
        "format": FORMAT,
        "network": weights.network,
        "config": json.dumps(weights.config, ensure_ascii=False, sort_keys=True),
        "weights_digest": weights.digest,
        "version": importlib.metadata.version("beam-ocr"),
    }
    if isinstance(network, Detector):
        metadata["stride"] = str(MAP_STRIDE)
        axes = {0: "count", 1: "map_height", 2: "map_width"}
        outputs = {"probability": axes, "logits": axes}
        return Portable(module, outputs, None, metadata)
    config = network.config
    metadata |= {"stride": str(STRIDE), "height": str(config.height), "charset": config.charset}
    outputs = {"log_probabilities": {0: "count", 1: "steps"}}
    return Portable(module, outputs, config.height, metadata)


def on_pixels(network: Detector | Recogniser) -> nn.Module:
    """The network behind what makes ink of pixels."""
    if isinstance(network, Detector):
        return DetectorOnPixels(network)
    return RecogniserOnPixels(network)


def _ink(pixels: Tensor) -> Tensor:
    """(N, 1, H, W), 0 paper to 1 ink."""
    return 1 - pixels.float().unsqueeze(1) / 255
