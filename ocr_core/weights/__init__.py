"""Weights files: safetensors in fp16, with what rebuilds their network and where they come from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError, safe_open

from ocr_core.calibration import RAW, Calibration
from ocr_core.errors import WeightsError

if TYPE_CHECKING:  # it takes half a gigabyte, and to find and hash files it is not wanted
    from torch import Tensor, nn

FORMAT = "beam-ocr-weights/1"
LARGER = "recogniser-large.safetensors"
_SHIPPED = Path(__file__).parent


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """A weights file in memory.

    Attributes:
        network: `detector` or `recogniser`.
        config: the fields of the network's config.
        tensors: the network's state, float32.
        provenance: data, steps, settings and figures of the training.
        digest: SHA-256 over config, ranges, calibration and tensors, in hexadecimal.
        ranges: name of each convolution -> lowest and highest value of each channel that it is
            usually given, for `ocr_core.quantised`; empty where they were not measured.
        calibration: what corrects a recogniser's confidences; `RAW` where it was not fitted.
    """

    network: str
    config: dict[str, Any]
    tensors: dict[str, Tensor]
    provenance: dict[str, Any]
    digest: str
    ranges: dict[str, tuple[list[float], list[float]]] = field(default_factory=dict)
    calibration: Calibration = RAW


def find(given: Path | None = None) -> tuple[Path, Path]:
    """The weights files of detector and recogniser.

    Args:
        given: a folder that holds both, or one file, which takes the place of the shipped file of
            the same network; None for the shipped ones.
    """
    folder = given if given and given.is_dir() else _SHIPPED
    detector, recogniser = (
        folder / f"{network}.safetensors" for network in ("detector", "recogniser")
    )
    if given is None or given.is_dir():
        return detector, recogniser
    return (given, recogniser) if network_of(given) == "detector" else (detector, given)


def find_larger(given: Path | None = None) -> Path | None:
    """The weights file of the recogniser that reads again what the one of `find` is in doubt about.

    It stands beside that one, under a name of its own; None where there is none.
    """
    _, recogniser = find(given)
    larger = recogniser.with_name(LARGER)
    is_beside = recogniser.name == "recogniser.safetensors" and larger.exists()
    return larger if is_beside else None


def for_photographs() -> Path:
    """The shipped detector that has learnt signs on photographs beside pages.

    On pages the one of `find` is better.
    """
    return _SHIPPED / "detector-scenes.safetensors"


def of_recipe(recipe: str, trained: Path) -> Path:
    """What was trained here; or, where nothing was, the weights of the recipe that are shipped."""
    return trained if trained.exists() else _SHIPPED / f"{recipe}.safetensors"


def network_of(path: Path) -> str:
    """Which network a weights file holds.

    Raises:
        WeightsError: it is missing or no weights file.
    """
    return _read(path)[0]["network"]


def save(
    path: Path,
    network: str,
    config: Mapping[str, Any],
    tensors: Mapping[str, Tensor],
    provenance: Mapping[str, Any],
) -> str:
    """Writes a weights file, whole or not at all, and returns its digest."""
    import torch

    halves = {
        name: tensor.detach().to("cpu", torch.float16 if tensor.is_floating_point() else None)
        for name, tensor in sorted(tensors.items())
        if not name.endswith("num_batches_tracked")
    }
    halves = {name: tensor.contiguous() for name, tensor in halves.items()}
    metadata = {
        "format": FORMAT,
        "network": network,
        "config": _to_json(config),
        "provenance": _to_json(provenance),
    }
    return _write(path, metadata, halves)


def add_ranges(path: Path, ranges: Mapping[str, tuple[list[float], list[float]]]) -> str:
    """Writes ranges into a weights file, in place of any that it has; returns its new digest.

    Raises:
        WeightsError: it is missing or no weights file.
    """
    metadata, tensors = _read(path)
    return _write(path, {**metadata, "ranges": _to_json(ranges)}, tensors)


def add_calibration(path: Path, calibration: Calibration) -> str:
    """Writes a calibration into a weights file, as `add_ranges` does; returns its new digest.

    Raises:
        WeightsError: it is missing or no weights file.
    """
    metadata, tensors = _read(path)
    return _write(path, {**metadata, "calibration": _to_json(asdict(calibration))}, tensors)


def load_file(path: Path, network: str) -> Weights:
    """Reads and checks a weights file.

    Raises:
        WeightsError: it is missing, damaged, or holds another network.
    """
    metadata, tensors = _read(path)
    if metadata["network"] != network:
        raise WeightsError(f"{path} holds weights of `{metadata['network']}`, not of `{network}`")
    if _digest(metadata, tensors) != metadata.get("digest"):
        raise WeightsError(f"{path} is damaged: its digest does not match its contents")
    floats = {name: t.float() if t.is_floating_point() else t for name, t in tensors.items()}
    try:
        config, provenance, ranges, calibration = (
            json.loads(metadata.get(key, "{}"))
            for key in ("config", "provenance", "ranges", "calibration")
        )
    except ValueError as error:
        raise WeightsError(f"{path} is damaged: {error}") from error
    ranges = {name: (low, high) for name, (low, high) in ranges.items()}
    return Weights(
        network, config, floats, provenance, metadata["digest"], ranges, Calibration(**calibration)
    )


def fill(network: nn.Module, weights: Weights) -> None:
    """Gives a network its tensors.

    Raises:
        WeightsError: they do not fit it.
    """
    problem = f"the tensors of `{weights.network}` do not fit its config"
    try:
        missing, unexpected = network.load_state_dict(weights.tensors, strict=False)
    except RuntimeError as error:  # of another shape
        raise WeightsError(problem) from error
    if unexpected or any(not name.endswith("num_batches_tracked") for name in missing):
        raise WeightsError(problem)


def _read(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            # Iterating the file object gives nothing; its keys must be asked for.
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError as error:
        raise WeightsError(f"there is no weights file at {path}") from error
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{path} is no readable weights file: {error}") from error
    if metadata.get("format") != FORMAT:
        raise WeightsError(f"{path} is not a beam-ocr weights file")
    return metadata, tensors


def _write(path: Path, metadata: Mapping[str, str], tensors: Mapping[str, Tensor]) -> str:
    from safetensors.torch import save_file

    digest = _digest(metadata, tensors)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    save_file(dict(tensors), part, metadata={**metadata, "digest": digest})
    part.chmod(0o644)  # safetensors lets only their owner read its files
    part.replace(path)
    return digest


def _to_json(value: Mapping[str, Any]) -> str:
    # JSON knows no infinity, whatever Python writes for it.
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True, allow_nan=False)


def _digest(metadata: Mapping[str, str], tensors: Mapping[str, Tensor]) -> str:
    settings = (metadata.get(key, "") for key in ("config", "ranges", "calibration"))
    digest = hashlib.sha256("".join(settings).encode())
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].numpy().tobytes())
    return digest.hexdigest()
