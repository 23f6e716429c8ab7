"""By which library, where and in which precision networks run.

Imports nothing heavy before it is settled, so that help can name the libraries.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ocr_core.errors import ConfigError

if TYPE_CHECKING:
    import torch

    from ocr_core.networks import CropRecogniser, TileDetector
    from ocr_core.weights import Weights

# The first is the default: in int8 it takes less time than the other, which has float32 alone; see
# `interchange/README.md`.
BACKENDS = ("torch", "onnx")


@dataclass(frozen=True, slots=True)
class Running:
    """How networks are opened.

    Attributes:
        device: on which they run.
        open_detector, open_recogniser: make networks of their weights.
    """

    device: torch.device
    open_detector: Callable[[Weights], TileDetector]
    open_recogniser: Callable[[Weights], CropRecogniser]


def choose(backend: str, device: str, precision: str) -> Running:
    """How networks run with these settings; see `ocr_core.load`.

    Raises:
        ConfigError: they do not go together, or not on this machine.
    """
    check(backend, device, precision)
    from ocr_core import devices

    if backend == "onnx":
        from ocr_core.interchange.onnx_networks import OnnxDetector, OnnxRecogniser

        return Running(devices.choose("cpu"), OnnxDetector, OnnxRecogniser)
    from ocr_core.backends import TorchDetector, TorchRecogniser

    chosen = devices.choose(device)
    return Running(
        chosen,
        partial(TorchDetector, device=chosen, precision=precision),
        partial(TorchRecogniser, device=chosen, precision=precision),
    )


def check(backend: str, device: str, precision: str) -> None:
    """Makes sure that a library can do what is asked of it, as far as can be told without it.

    Raises:
        ConfigError: there is no such library, it is not installed, or it cannot.
    """
    if backend not in BACKENDS:
        raise ConfigError(f"--backend is {' or '.join(BACKENDS)}, not {backend!r}")
    if backend != "onnx":
        return
    if device not in {"auto", "cpu"}:
        raise ConfigError(f"--backend onnx runs on CPUs, not with --device {device}")
    if precision not in {"auto", "float32"}:
        raise ConfigError(f"--backend onnx runs in float32, not with --precision {precision}")
    for package in ("onnxruntime", "onnx"):
        if importlib.util.find_spec(package) is None:
            raise ConfigError(
                f"--backend onnx needs the package {package}: pip install 'beam-ocr[onnx]'"
            )


def add_backend_argument(parser: argparse.ArgumentParser) -> None:
    """Declares the flag of the library."""
    parser.add_argument(
        "--backend",
        choices=BACKENDS,
        default=BACKENDS[0],
        help="what runs the networks: onnx is ONNX Runtime on a CPU, in float32, of the extra "
        "'onnx': .75 of the time of torch in float32, more than in int8 (default: %(default)s)",
    )
