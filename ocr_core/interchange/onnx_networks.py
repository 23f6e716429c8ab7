"""The networks as the engine wants them, run by ONNX Runtime on a CPU, in float32."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ocr_core import backends, batching
from ocr_core.charset import Charset
from ocr_core.interchange.onnx_models import Session, to_onnx
from ocr_core.interchange.portable import portable
from ocr_core.weights import Weights


class OnnxDetector:
    """A detector that looks at one tile at a time; see `ocr_core.networks.TileDetector`.

    The model is made from the weights in memory: they stay the one thing that is distributed.

    Raises:
        ConfigError: the packages of the extra `onnx` are not installed.
        WeightsError: the weights do not fit this version of the network.
    """

    def __init__(self, weights: Weights) -> None:
        self._session = Session(to_onnx(portable(weights)))

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.concatenate([self._session(tile[None], "probability") for tile in tiles])


class OnnxRecogniser:
    """A recogniser that reads padded crops; see `ocr_core.networks.CropRecogniser`.

    As in `backends.TorchRecogniser`, the LSTM also runs over the padding of a crop's bucket.

    Raises:
        ConfigError: the packages of the extra `onnx` are not installed.
        WeightsError: the weights do not fit this version of the network.
    """

    def __init__(self, weights: Weights) -> None:
        network = portable(weights)
        self.charset = Charset(network.metadata["charset"])
        self.height = int(network.metadata["height"])
        self._session = Session(to_onnx(network))

    def __call__(
        self, crops: NDArray[np.uint8], widths: NDArray[np.integer]
    ) -> list[NDArray[np.float32]]:
        return backends.read_in_buckets(self._read, crops, widths)

    def _read(
        self, crops: NDArray[np.uint8], widths: Sequence[int]
    ) -> Iterator[NDArray[np.float32]]:
        """What is read on crops, the widest first; each width is a batch."""
        start = 0
        for width, group in groupby(widths):
            end = start + len(list(group))
            part = batching.fill_up(list(crops[start:end, :, :width]))
            yield from self._session(part, "log_probabilities")[: end - start]
            start = end
