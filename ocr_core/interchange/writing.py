"""Weights files to files of other formats, each held against its network before it is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray

from ocr_core import backends
from ocr_core.errors import WeightsError
from ocr_core.interchange import onnx_models, torchscript
from ocr_core.interchange.portable import Portable, on_pixels, portable
from ocr_core.weights import Weights

# By which logits may differ. Rounding comes to 0.00005 in the shipped networks; a layer that was
# translated wrongly, to whole numbers.
MOST = 1e-3
# Pixels and the name of an output to that output.
Answer = Callable[[NDArray[np.uint8], str], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format that networks are written in.

    Attributes:
        suffix: of its files.
        save: writes a network.
        open: reads what was written, so that it answers.
    """

    suffix: str
    save: Callable[[Portable, Path], None]
    open: Callable[[Path, Portable], Answer]


def _save_onnx(network: Portable, path: Path) -> None:
    path.write_bytes(onnx_models.to_onnx(network))


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "onnx": Format(".onnx", _save_onnx, lambda path, _: onnx_models.Session(path.read_bytes())),
        "torchscript": Format(
            ".pt", torchscript.save, lambda path, network: torchscript.Script(path, network.outputs)
        ),
    }
)


def write(weights: Weights, path: Path, form: Format) -> float:
    """Writes the network of a weights file, whole and right or not at all.

    Returns:
        By how much its logits differ from the network's at most, on pages of letters.

    Raises:
        ConfigError: the packages that the format needs are not installed.
        WeightsError: the weights do not fit this version of the network, or the file says
            something else than they do.
    """
    network = portable(weights)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        form.save(network, part)
        difference = greatest_difference(weights, network, form.open(part, network))
        if not difference <= MOST:  # nor is it no number at all
            raise WeightsError(
                f"{path} was not written: its logits would differ from those of the "
                f"{weights.network} by {difference:.2g}, and {MOST:g} is the most that may be"
            )
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return difference


@torch.inference_mode()
def greatest_difference(weights: Weights, network: Portable, answer: Answer) -> float:
    """By how much logits differ at most from those of the network as it was trained."""
    trained = on_pixels(backends.rebuild(weights))
    name = list(network.outputs)[-1]
    differences = []
    for pixels in network.samples():
        expected = trained(torch.from_numpy(pixels))[-1].numpy()
        given = answer(pixels, name)
        if given.shape != expected.shape:
            return float("inf")
        differences.append(np.abs(given - expected).max())
    return float(np.max(differences))
