"""Networks as TorchScript, for programs in C++ that hold PyTorch but none of our code."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ocr_core.interchange.portable import Portable

# The name under which the metadata lies in a file, for `_extra_files` of `torch.jit.load`.
METADATA = "metadata.json"


class Script:
    """A TorchScript file that PyTorch runs.

    Attributes:
        metadata: that the file states.
    """

    def __init__(self, path: Path, outputs: Mapping[str, object]) -> None:
        extra = {METADATA: ""}
        with _without_warnings():
            self._module = torch.jit.load(str(path), map_location="cpu", _extra_files=extra)
        self._outputs = list(outputs)
        self.metadata: Mapping[str, str] = json.loads(extra[METADATA])

    def __call__(self, pixels: NDArray[np.uint8], output: str) -> NDArray[np.float32]:
        """The output of that name."""
        with torch.inference_mode():
            given = self._module(torch.from_numpy(pixels))[self._outputs.index(output)]
        return np.asarray(given.numpy(), np.float32)


def save(network: Portable, path: Path) -> None:
    """Writes a network as TorchScript, with its metadata beside it in the file."""
    with _without_warnings(), torch.no_grad():
        module = torch.jit.trace(network.module, network.example(), check_trace=False)
        extra = {METADATA: json.dumps(network.metadata, ensure_ascii=False)}
        torch.jit.save(module, str(path), _extra_files=extra)


def _without_warnings() -> warnings.catch_warnings[None]:
    # That `torch.export` is to follow TorchScript, whose files fit no program without our version
    # of PyTorch; and that what an LSTM makes sure of before it begins is not in the trace.
    return warnings.catch_warnings(action="ignore")
