"""Reading a few lines with the shipped recogniser, to see whether a text layer tells the truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from ocr_core import weights
from ocr_core.backends import TorchRecogniser
from ocr_core.ctc import decode_best_path
from ocr_core.errors import WeightsError
from ocr_core.networks import CropRecogniser, read_crops

_MAX_PIXELS = 1 << 19


class CropReader:
    """Crops to their texts."""

    def __init__(self, recogniser: CropRecogniser) -> None:
        self._recogniser = recogniser

    def __call__(self, crops: Sequence[NDArray[np.uint8]]) -> list[str]:
        charset = self._recogniser.charset
        read = read_crops(self._recogniser, crops, _MAX_PIXELS) if crops else []
        return [decode_best_path(one, charset).text for one in read]


def shipped_reader() -> CropReader | None:
    """A reader with the shipped weights; None where they are missing or do not fit."""
    try:
        _, path = weights.find()
        found = weights.load_file(path, "recogniser")
        return CropReader(TorchRecogniser(found, torch.device("cpu")))
    except WeightsError:
        return None
