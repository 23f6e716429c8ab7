"""The network that reads plates: convolutions, an LSTM and CTC, over whole pictures of plates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from ocr_core import weights
from ocr_core.backends import config_of
from ocr_core.charset import Charset
from ocr_core.errors import WeightsError
from ocr_core.recipes.plates.formats import decode_plate
from ocr_core.recogniser import Recogniser, RecogniserConfig
from ocr_core.weights import Weights

Pixels = NDArray[np.uint8]
NAME = "plates"
# Of the pixels of a plate, the brightest and the darkest share that may be noise; and the least
# contrast, in grey levels, that is ink.
_NOISE, _LEAST_CONTRAST = 0.005, 8.0


@dataclass(frozen=True, slots=True)
class PlateConfig(RecogniserConfig):
    """What is needed to rebuild a reader of plates.

    Attributes:
        width: of its pictures, in pixels; a multiple of 4. The network reads any width, but has
            learnt from plates that fill one.
        evens: whether it is shown dark ink on a white ground, whatever the plate has.
    """

    width: int = 128
    evens: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a picture of a plate says.

    Attributes:
        confidence: probability, 0 to 1, that its least certain character was read right; 0 of
            an empty text.
    """

    text: str
    confidence: float


class PlateReader:
    """Reads pictures of plates with a trained network."""

    def __init__(self, network: Recogniser) -> None:
        if not isinstance(network.config, PlateConfig):
            raise TypeError("a reader of plates needs a network that was built from a PlateConfig")
        self._config = network.config
        self._charset = Charset(network.config.charset)
        self._network = network.eval()

    @property
    def has_letters(self) -> bool:
        """Whether it reads real plates, and not digits alone."""
        return not self._config.charset.isdigit()

    def read(self, pictures: Sequence[Pixels], batch: int = 64) -> list[Reading]:
        """What each picture says, in order.

        Shapes:
            pictures: each (H, W) uint8, of any size
        """
        readings: list[Reading] = []
        for start in range(0, len(pictures), batch):
            fitted = [fit_picture(one, self._config) for one in pictures[start : start + batch]]
            readings += self._read_batch(np.stack(fitted))
        return readings

    def _read_batch(self, fitted: Pixels) -> list[Reading]:
        with torch.inference_mode():
            paths = self._network(to_crops(fitted)).numpy()
        decoded = [decode_plate(path, self._charset) for path in paths]
        return [Reading(text, min(confidences, default=0.0)) for text, confidences in decoded]


def fit_picture(picture: Pixels, config: PlateConfig) -> Pixels:
    """A grey picture at the size that the network reads; plates are stretched, as all are."""
    size = config.width, config.height
    if picture.shape != size[::-1]:
        is_larger = picture.shape[0] > config.height
        method = cv2.INTER_AREA if is_larger else cv2.INTER_CUBIC
        picture = np.asarray(cv2.resize(picture, size, interpolation=method), dtype=np.uint8)
    return even_out(picture) if config.evens else picture


def even_out(picture: Pixels) -> Pixels:
    """A picture with its ground white and its ink black, where ink is what there is less of.

    A network that had to learn by itself that ink may be darker or lighter than its ground wrote
    nothing but blanks for ten epochs, and one that is shown such pictures for one.

    Shapes:
        picture: (H, W) uint8
        returns: (H, W) uint8
    """
    values = picture.astype(np.float32)
    values -= np.median(values)
    darkest, brightest = np.quantile(values, (_NOISE, 1 - _NOISE))
    furthest = brightest if brightest > -darkest else darkest
    contrast = np.copysign(max(abs(furthest), _LEAST_CONTRAST), furthest)
    return np.asarray(255 - np.clip(values / contrast * 255, 0, 255), dtype=np.uint8)


def to_crops(pictures: Pixels) -> torch.Tensor:
    """Pictures as the network takes them.

    Shapes:
        pictures: (N, H, W) uint8, 0 black to 255 white
        returns:  (N, 1, H, W) float32, 0 white to 1 black
    """
    return 1 - torch.from_numpy(pictures)[:, None].float() / 255


def load(path: Path) -> PlateReader:
    """The reader in a weights file.

    Raises:
        WeightsError: the file is missing, damaged, or holds another network.
    """
    given = weights.load_file(path, NAME)
    network = Recogniser(config_of(PlateConfig, given))
    weights.fill(network, given)
    return PlateReader(network)


def start_from(network: Recogniser, path: Path) -> None:
    """Gives a network what a recogniser of lines has learnt, and its labels where both have them.

    Raises:
        WeightsError: the file is missing or damaged, or its recogniser is of another shape or
            lacks a character.
    """
    given = weights.load_file(path, "recogniser")
    missing = set(network.config.charset) - set(given.config["charset"])
    if missing:
        raise WeightsError(f"{path} cannot write {''.join(sorted(missing))}")
    labels = [0, *Charset(given.config["charset"]).encode(network.config.charset)]
    chosen = {
        name: tensor[labels] if name.startswith("head.") else tensor
        for name, tensor in given.tensors.items()
    }
    weights.fill(network, Weights(NAME, asdict(network.config), chosen, {}, given.digest))
