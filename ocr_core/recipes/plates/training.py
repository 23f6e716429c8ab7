"""A training of a reader of plates: what it minimises, what it measures, what it leaves behind."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from ocr_core import weights
from ocr_core.charset import Charset
from ocr_core.ctc import decode_best_path
from ocr_core.recipes.epochs import Lesson, Outcome, Samples, evaluate, fit
from ocr_core.recipes.plates.data import PlateBatch
from ocr_core.recipes.plates.network import NAME
from ocr_core.recipes.plates.settings import PlateSettings
from ocr_core.recogniser import Recogniser

_CPU = torch.device("cpu")


def train(
    settings: PlateSettings,
    samples: tuple[Samples[PlateBatch], Samples[PlateBatch]],
    folder: Path,
    start: Recogniser | None = None,
    device: torch.device = _CPU,
) -> Outcome:
    """Trains a reader, or goes on with the training in `folder`, and writes its weights there.

    Args:
        samples: to learn from, and to judge by.
        start: a network to begin with; None begins anew.

    Raises:
        ConfigError: the folder holds a training with other settings.
    """
    network = start or new_network(settings)
    lesson = Lesson(network, *samples, loss=loss, measure=measure)
    outcome = fit(lesson, settings.training, folder, device)
    provenance = {"settings": asdict(settings), "best_epoch": outcome.best_epoch}
    provenance |= {"figures": outcome.best} if outcome.epochs else {}
    path = folder / f"{NAME}.safetensors"
    weights.save(path, NAME, asdict(settings.network), network.state_dict(), provenance)
    return outcome


def new_network(settings: PlateSettings) -> Recogniser:
    """An untrained network, the same of the same seed."""
    torch.manual_seed(settings.training.seed)
    network = Recogniser(settings.network)
    with torch.no_grad():
        network.head.bias[0] = -1.0  # CTC starts by writing blanks only; less bias shortens that
    return network


def loss(network: Recogniser, batch: PlateBatch) -> Tensor:
    """The mean of CTC losses, each divided by the characters of its plate.

    A plate without characters counts as one of a single character.
    """
    crops, labels, lengths = batch
    device = next(network.parameters()).device
    read = network(crops.to(device)).transpose(0, 1)  # (T, N, C)
    steps = torch.full_like(lengths, len(read))
    return F.ctc_loss(read, labels.to(device), steps, lengths, zero_infinity=True)


def measure(network: Recogniser, batch: PlateBatch) -> dict[str, tuple[float, float]]:
    """How many plates are read without an error."""
    crops, labels, lengths = batch
    charset = Charset(network.config.charset)
    paths = network(crops.to(next(network.parameters()).device)).float().cpu().numpy()
    read = [decode_best_path(path, charset).text for path in paths]
    truths = [charset.decode(one.tolist()) for one in labels.split(lengths.tolist())]
    right = sum(one == truth for one, truth in zip(read, truths, strict=True))
    return {"exact": (right, len(truths))}


def judge(network: Recogniser, samples: Samples[PlateBatch]) -> dict[str, float]:
    """The loss of a network on some samples, and the share that it reads without an error."""
    return evaluate(Lesson(network, samples, samples, loss=loss, measure=measure), samples)
