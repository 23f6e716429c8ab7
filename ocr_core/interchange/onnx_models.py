"""Networks as ONNX, and the sessions of ONNX Runtime that run them.

`onnx` and `onnxruntime` are an extra: whoever has not asked for it has neither.
"""

from __future__ import annotations

import importlib
import io
import threading
import warnings
from collections.abc import Mapping
from types import ModuleType

import numpy as np
import torch
from numpy.typing import NDArray

from ocr_core.errors import ConfigError, WeightsError, first_line
from ocr_core.interchange.portable import INPUT, Portable

# Runtimes of 2021 and later know it, and all that our networks want is in it.
OPSET = 17
# The exporter keeps its settings in globals.
_EXPORTING = threading.Lock()


class Session:
    """A model that ONNX Runtime runs in the thread that calls it; threads may share it.

    Attributes:
        metadata: that the model states.

    Raises:
        ConfigError: ONNX Runtime is not installed.
        WeightsError: it cannot run the model.
    """

    def __init__(self, model: bytes) -> None:
        runtime = require("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1  # threads are for pages
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # it keeps one for each size, and is no faster
        options.log_severity_level = 3  # errors
        try:
            self._session = runtime.InferenceSession(
                model, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # each trouble has a class of its own
            raise WeightsError(f"ONNX Runtime: {first_line(error, 'no such model')}") from error
        self.metadata: Mapping[str, str] = self._session.get_modelmeta().custom_metadata_map

    def __call__(self, pixels: NDArray[np.uint8], output: str) -> NDArray[np.float32]:
        """The output of that name."""
        [given] = self._session.run([output], {INPUT: np.ascontiguousarray(pixels)})
        return np.asarray(given, np.float32)


def to_onnx(network: Portable) -> bytes:
    """The network as an ONNX model, with its metadata; number and size of pixels are left open.

    Made by PyTorch's older exporter, which takes a second where its successor takes two minutes
    (PyTorch 2.13), keeps the LSTM in one operator, and needs no package but `onnx`.

    Raises:
        ConfigError: `onnx` is not installed.
    """
    onnx = require("onnx")
    model = onnx.load_from_string(_traced(network))
    onnx.helper.set_model_props(model, network.metadata)
    onnx.checker.check_model(model, full_check=True)
    written: bytes = model.SerializeToString()
    return written


def _traced(network: Portable) -> bytes:
    model = io.BytesIO()
    with _EXPORTING, warnings.catch_warnings(), torch.inference_mode():
        # That there is a successor; and that LSTMs with a fixed state fit one size of batch, which
        # comparing their answers in several would show.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.module,
            (network.example(),),
            model,  # type: ignore[arg-type]  # the older exporter takes files in memory too
            dynamo=False,
            opset_version=OPSET,
            input_names=[INPUT],
            output_names=list(network.outputs),
            dynamic_axes={INPUT: network.axes, **network.outputs},
        )
    return model.getvalue()


def require(package: str) -> ModuleType:
    """A package of the extra.

    Raises:
        ConfigError: it is not installed.
    """
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise ConfigError(
            f"ONNX needs the package {package}: pip install 'beam-ocr[onnx]'"
        ) from error
