"""The weights of the restorer: found, told apart by their digest, and opened.

Imports nothing heavy before a restorer is asked for.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_core.errors import ConfigError, WeightsError

if TYPE_CHECKING:
    import torch

    from ocr_core.language_model import LanguageModel
    from ocr_core.networks import CropRestorer
    from ocr_core.reading import LineReader
    from ocr_core.restored_lines import LineRestorer


def find(weights: Path | None) -> Path:
    """The weights file of the restorer.

    Args:
        weights: as `ocr_core.load` takes it; a folder may hold a restorer of its own.

    Raises:
        ConfigError: there is none.
    """
    from ocr_core.restoration.restorer import find_restorer

    found = find_restorer(weights if weights and weights.is_dir() else None)
    if found is None:
        where = f"in {weights}" if weights else "with the package"
        raise ConfigError(
            f"restoring needs restorer.safetensors, and there is none {where}: "
            "`beam-ocr restorer` trains one"
        )
    return found


def digest(weights: Path | None) -> str:
    """SHA-256 of the weights file, in hexadecimal.

    Raises:
        ConfigError: there is none.
    """
    return hashlib.sha256(find(weights).read_bytes()).hexdigest()


def open_for(
    reader: LineReader, model: LanguageModel | None, weights: Path | None, device: torch.device
) -> LineRestorer:
    """What restores lines and reads them once more.

    Args:
        model: tells what is usual, if there is one.

    Raises:
        ConfigError: there are no such weights.
        WeightsError: they are damaged, or made for crops of another height.
    """
    from ocr_core import devices
    from ocr_core.engine_options import DEFAULTS
    from ocr_core.restored_lines import LineRestorer

    max_crop_pixels = devices.batch_pixels(device, DEFAULTS.max_crop_pixels)
    restorer = open_restorer(weights, reader.height, device)
    return LineRestorer(restorer, reader, model, max_crop_pixels)


def open_restorer(weights: Path | None, height: int, device: torch.device) -> CropRestorer:
    """The network, ready to restore crops.

    Args:
        height: of the crops, in pixels.

    Raises:
        ConfigError: there is none.
        WeightsError: its weights are damaged, or made for crops of another height.
    """
    from ocr_core.restoration import restorer
    from ocr_core.weights import load_file

    path = find(weights)
    opened = restorer.open_restorer(load_file(path, "restorer"), device)
    if opened.height != height:
        raise WeightsError(f"{path} restores lines {opened.height} pixels high, not {height}")
    return opened
