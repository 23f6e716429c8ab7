"""Line crops to line crops that are easier to read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ocr_core import devices, weights
from ocr_core.errors import WeightsError
from ocr_core.restoration.network import MULTIPLE, RestorerConfig, RestorerNetwork
from ocr_core.restoration.samplers import sample_ddim
from ocr_core.restoration.schedules import make_schedule
from ocr_core.weights import Weights, fill

NAME = "restorer"
STEPS = 4  # of DDIM
Pixels = NDArray[np.uint8]
_CPU = torch.device("cpu")
_SHIPPED = weights.find()[1].parent


class Restorer:
    """Restores worn crops. The same crop comes out the same, whatever its neighbours.

    Attributes:
        height: of the crops that it takes, in pixels.
        steps: of sampling.
    """

    def __init__(self, network: RestorerNetwork, device: torch.device = _CPU, steps: int = STEPS):
        self.height = network.config.height
        self.steps = steps
        self._network = network.to(device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
        self._schedule = make_schedule(network.config.schedule, network.config.steps)
        self._device = device

    def restore(self, crops: Sequence[Pixels]) -> list[Pixels]:
        """The crops as they were before they were worn, as far as can be told.

        Shapes:
            crops:   N × (H, W_i) uint8, 0 black ink, 255 white paper; H = height
            returns: N × (H, W_i) uint8

        Raises:
            ValueError: a crop is of another height, or empty.
        """
        # One at a time: in a batch the last bits of a sum depend on how many there are.
        return [self._restore_one(crop) for crop in crops]

    def _restore_one(self, crop: Pixels) -> Pixels:
        if crop.ndim != 2 or crop.shape[0] != self.height or crop.shape[1] == 0:
            raise ValueError(f"crops are {self.height} pixels high and not empty: {crop.shape}")
        width = crop.shape[1]
        room = -width % MULTIPLE
        padded = np.pad(crop, ((0, 0), (0, room)), constant_values=255)
        worn = (1 - torch.from_numpy(padded).float() / 255)[None, None]
        with torch.inference_mode(), devices.autocast(self._device):
            residual = self._residual(worn.to(self._device), _noise(padded))
        ink = (worn + residual.cpu()).clamp(0, 1)[0, 0, :, :width]
        return np.asarray(torch.round(255 * (1 - ink)).byte().numpy(), dtype=np.uint8)

    def _residual(self, worn: Tensor, noise: Tensor) -> Tensor:
        def denoise(noisy: Tensor, times: Tensor) -> Tensor:
            guess: Tensor = self._network(worn, noisy, times)
            return guess

        return sample_ddim(denoise, noise.to(worn), self._schedule, self.steps)


def open_restorer(weights: Weights, device: torch.device = _CPU, steps: int = STEPS) -> Restorer:
    """The restorer that a weights file holds.

    Raises:
        WeightsError: it is of another version, or its tensors do not fit its config.
    """
    if set(weights.config) != {field.name for field in fields(RestorerConfig)}:
        raise WeightsError("the restorer's config does not fit this version of beam-ocr")
    config = {**weights.config, "channels": tuple(weights.config["channels"])}
    network = RestorerNetwork(RestorerConfig(**config))
    fill(network, weights)
    return Restorer(network, device, steps)


def find_restorer(weights_folder: Path | None = None) -> Path | None:
    """The weights file of the restorer: of one's own, or else the shipped one; None without either.

    Args:
        weights_folder: a folder that may hold `restorer.safetensors`; what is no folder holds none.
    """
    folders = [folder for folder in (weights_folder, _SHIPPED) if folder is not None]
    paths = [folder / f"{NAME}.safetensors" for folder in folders]
    return next((path for path in paths if path.exists()), None)


def _noise(crop: Pixels) -> Tensor:
    """(1, 1, H, W) noise that the crop itself decides."""
    digest = hashlib.blake2b(crop.tobytes(), digest_size=7).digest()
    generator = torch.Generator().manual_seed(int.from_bytes(digest, "big"))
    return torch.randn((1, 1, *crop.shape), generator=generator)
