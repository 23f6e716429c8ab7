"""Training by epochs: for small networks on samples that are made, or gathered, beforehand.

`ocr_core.training.loop` learns from an endless stream and counts minutes. A recipe has a fixed set
of samples, goes through it again and again, and stops when what it has not seen gets no better.
"""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ocr_core.devices import autocast
from ocr_core.errors import ConfigError
from ocr_core.recipes.display import Display
from ocr_core.training.descent import descend

Network = TypeVar("Network", bound=nn.Module)
Batch = TypeVar("Batch")
Batch_co = TypeVar("Batch_co", covariant=True)
Rng = np.random.Generator

_CPU = torch.device("cpu")
_LOG = "log.jsonl"
_CHECKPOINT = "checkpoint.pt"
# What may change between a training and its resumption.
_FREE = frozenset({"epochs", "patience", "minutes", "enough"})


@dataclass(frozen=True, slots=True)
class EpochSettings:
    """How long and how fast a network learns.

    Attributes:
        epochs: how often it sees every sample, at most.
        batch: samples in a step.
        rate: learning rate; the peak of it where it falls.
        optimiser: `sgd` is with Nesterov's momentum of 0.9.
        falls: whether the rate falls to zero over the epochs, as a cosine, or stays.
        patience: stop after so many epochs without a lower validation loss.
        enough: stop after an epoch whose mean training loss is no higher; 0 never stops.
        minutes: stop after the epoch in which so many have passed, to be resumed later.
        clip_norm: longest gradient that is followed, by its Euclidean norm.
        average: decay of averaged weights at each step, which are then what is judged and kept; 0
            judges and keeps the weights as they are (Polyak and Juditsky 1992). It begins lower, so
            that what the network was before it learnt is soon forgotten.
        seed: decides the order of samples and what `Samples.take` does at random.
    """

    epochs: int = 20
    batch: int = 256
    rate: float = 1e-3
    optimiser: Literal["adam", "adamw", "sgd"] = "adam"
    falls: bool = True
    patience: int = 5
    enough: float = 0.0
    minutes: float | None = None
    clip_norm: float = 5.0
    average: float = 0.0
    seed: int = 1


class Samples(Protocol[Batch_co]):
    """A set of samples that can be learnt from."""

    def __len__(self) -> int: ...

    def take(self, indices: NDArray[np.int64], rng: Rng | None) -> Batch_co:
        """A batch of these samples.

        Args:
            rng: for what is varied from epoch to epoch; None where nothing may be.
        """


class Arrays:
    """Samples that lie in arrays of equal length, the first axis of which counts them."""

    def __init__(self, *arrays: NDArray[Any]) -> None:
        if len({len(array) for array in arrays}) != 1:
            raise ValueError("arrays of samples must be of one length, and there must be one")
        self._arrays = arrays

    def __len__(self) -> int:
        return len(self._arrays[0])

    def take(self, indices: NDArray[np.int64], rng: Rng | None) -> tuple[Tensor, ...]:
        """The rows of each array, as tensors of its type."""
        return tuple(torch.from_numpy(array[indices]) for array in self._arrays)


@dataclass(frozen=True, slots=True)
class Lesson(Generic[Network, Batch]):
    """What is learnt, from what, and how it is judged.

    Attributes:
        network: begins as it is and ends as it was when its validation loss was lowest.
        training: samples to learn from.
        validation: samples that decide which state is kept.
        loss: the mean loss of a batch, as a scalar; it moves the batch to the network's device.
        measure: figures of a batch, each as a sum and the count to divide by, such as
            `{"accuracy": (right, samples)}`; they are added up over all batches before dividing.
        made_by: flags that decide how samples look; a training goes on with the same only.
    """

    network: Network
    training: Samples[Batch]
    validation: Samples[Batch]
    loss: Callable[[Network, Batch], Tensor]
    measure: Callable[[Network, Batch], Mapping[str, tuple[float, float]]]
    made_by: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """What came of a training so far; saved in its checkpoint and as the provenance of weights.

    Attributes:
        best_epoch: the epoch whose state was kept, from 1; 0 before the first.
        best_loss: validation loss after it.
        epochs: one entry for each epoch: `epoch`, `loss`, `validation_loss`, `rate`,
            `samples_per_s`, `seconds`, and what the lesson measures.
    """

    best_epoch: int = 0
    best_loss: float = math.inf
    epochs: list[dict[str, float]] = field(default_factory=list)

    @property
    def best(self) -> dict[str, float]:
        """The figures of the best epoch."""
        return self.epochs[self.best_epoch - 1]

    def add(self, entry: dict[str, float]) -> bool:
        """Notes an epoch; whether it is the best so far."""
        self.epochs.append(entry)
        is_best = entry["validation_loss"] < self.best_loss
        if is_best:
            self.best_epoch, self.best_loss = len(self.epochs), entry["validation_loss"]
        return is_best

    def is_over(self, settings: EpochSettings) -> bool:
        """Whether all epochs are done, patience is at its end, or the loss is low enough."""
        done = len(self.epochs)
        if done == 0:
            return False
        is_enough = self.epochs[-1]["loss"] <= settings.enough
        return done >= settings.epochs or done - self.best_epoch >= settings.patience or is_enough


def fit(
    lesson: Lesson[Network, Batch],
    settings: EpochSettings,
    folder: Path,
    device: torch.device = _CPU,
) -> Outcome:
    """Trains a network in a folder, from its checkpoint there if it has one.

    The folder gets `log.jsonl`, one line for each epoch, and `checkpoint.pt`, after each epoch and
    whole or not at all. A training that was broken off and resumed is the same as one that was not.

    Raises:
        ConfigError: the checkpoint is of a training with other settings, of another network, or on
            samples made otherwise, or another number of them.
    """
    return _Training(lesson, settings, folder, device).run()


def evaluate(
    lesson: Lesson[Network, Batch], samples: Samples[Batch], batch: int = 256
) -> dict[str, float]:
    """The mean loss of a lesson's network on some samples, as `loss`, and what it measures."""
    network = lesson.network.eval()
    device = next(network.parameters()).device
    loss, sums = 0.0, dict[str, NDArray[np.float64]]()
    with torch.inference_mode(), autocast(device):
        for indices in _parts(np.arange(len(samples)), batch):
            given = samples.take(indices, None)
            loss += float(lesson.loss(network, given)) * len(indices)
            for name, figure in lesson.measure(network, given).items():
                sums[name] = sums.get(name, np.zeros(2)) + np.asarray(figure)
    figures = {name: float(total / max(count, 1e-9)) for name, (total, count) in sums.items()}
    return {"loss": loss / len(samples), **figures}


def read_log(folder: Path) -> list[dict[str, float]]:
    """What `fit` noted of each epoch, the first one first.

    Raises:
        ConfigError: nothing was trained in this folder.
    """
    path = folder / _LOG
    if not path.exists():
        raise ConfigError(f"there is no training in {folder}: it has no {_LOG}")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class _Training(Generic[Network, Batch]):
    """One training while it runs."""

    def __init__(
        self,
        lesson: Lesson[Network, Batch],
        settings: EpochSettings,
        folder: Path,
        device: torch.device,
    ) -> None:
        self._lesson = lesson
        self._settings = settings
        self._folder = folder
        self._device = device
        self._network = lesson.network.to(device)
        self._averaged = copy.deepcopy(self._network) if settings.average else self._network
        self._optimiser = _optimiser(self._network, settings)
        self._best = copy.deepcopy(self._network.state_dict())
        self._outcome = Outcome()
        folder.mkdir(parents=True, exist_ok=True)
        self._resume()

    def run(self) -> Outcome:
        """Epochs until one of the settings says stop; the network is then as it was at its best."""
        began = time.monotonic()
        limit_s = math.inf if self._settings.minutes is None else self._settings.minutes * 60
        with Display(self._settings.epochs, len(self._lesson.training)) as display:
            if self._outcome.is_over(self._settings):
                display.tell("this training is over already: nothing is learnt any more")
            while not self._outcome.is_over(self._settings):
                entry = self._epoch(display)
                if self._outcome.add(entry):
                    self._best = copy.deepcopy(self._averaged.state_dict())
                self._save()
                display.end_epoch(entry, self._outcome.best_epoch)
                if time.monotonic() - began > limit_s:
                    break
        self._network.load_state_dict(self._best)
        self._network.eval()
        return self._outcome

    def _epoch(self, display: Display) -> dict[str, float]:
        """Learns from every sample once, and judges what came of it."""
        began = time.perf_counter()
        number = len(self._outcome.epochs)
        # Of seed and epoch alone: a resumed training goes on as if it had not stopped.
        torch.manual_seed(self._settings.seed * 100_003 + number)
        rng = np.random.default_rng((self._settings.seed, number))
        samples = self._lesson.training
        order = rng.permutation(len(samples))
        total = 0.0
        self._network.train()
        for done, indices in _counted(_parts(order, self._settings.batch)):
            epochs = number + done / len(order)
            self._set_rate(epochs / self._settings.epochs)
            steps = epochs * len(order) / self._settings.batch
            loss = self._step(samples.take(indices, rng), steps)
            total += loss * len(indices)
            display.step(number, len(indices), loss)
        took = time.perf_counter() - began
        judged = replace(self._lesson, network=self._averaged)
        figures = evaluate(judged, judged.validation, self._settings.batch)
        validation_loss = figures.pop("loss")
        return {
            "epoch": number + 1,
            "loss": total / len(order),
            "validation_loss": validation_loss,
            **figures,
            "rate": self._optimiser.param_groups[0]["lr"],
            "samples_per_s": len(order) / max(took, 1e-9),
            "seconds": time.perf_counter() - began,
        }

    def _step(self, batch: Batch, steps: float) -> float:
        with autocast(self._device):
            loss = self._lesson.loss(self._network, batch)
        if descend(self._network, self._optimiser, loss, self._settings.clip_norm):
            self._average(steps)
        return float(loss.detach())

    @torch.no_grad()
    def _average(self, steps: float) -> None:
        """Moves the averaged weights towards those after so many steps."""
        if self._averaged is self._network:
            return
        decay = min(self._settings.average, (1 + steps) / (10 + steps))
        current = self._network.state_dict()
        for name, value in self._averaged.state_dict().items():
            if value.is_floating_point():
                value.lerp_(current[name], 1 - decay)
            else:
                value.copy_(current[name])

    def _set_rate(self, share: float) -> None:
        """The rate after this share of all epochs."""
        factor = 0.5 * (1 + math.cos(math.pi * min(share, 1.0))) if self._settings.falls else 1.0
        for group in self._optimiser.param_groups:
            group["lr"] = self._settings.rate * factor

    def _save(self) -> None:
        state = {
            "network": self._network.state_dict(),
            "averaged": self._averaged.state_dict(),
            "best": self._best,
            "optimiser": self._optimiser.state_dict(),
            "outcome": asdict(self._outcome),
            "settings": asdict(self._settings),
            "samples": self._counts(),
            "made_by": dict(self._lesson.made_by),
        }
        _write_whole(self._folder / _CHECKPOINT, lambda path: torch.save(state, path))
        lines = "".join(json.dumps(entry) + "\n" for entry in self._outcome.epochs)
        _write_whole(self._folder / _LOG, lambda path: path.write_text(lines, encoding="utf-8"))

    def _resume(self) -> None:
        path = self._folder / _CHECKPOINT
        if not path.exists():
            return
        state = torch.load(path, map_location=self._device, weights_only=True)
        given = asdict(self._settings)
        # Checkpoints from before weights were averaged say nothing of it.
        before = {"average": 0.0, **state["settings"]}
        changed = [n for n, v in before.items() if n not in _FREE and given[n] != v]
        if changed:
            raise ConfigError(
                f"{path} is of a training with another {', '.join(changed)}: take another folder"
            )
        made_by = state.get("made_by", {})  # as above
        if other := [f"{n} {v}" for n, v in made_by.items() if self._lesson.made_by.get(n) != v]:
            raise ConfigError(
                f"{path} is of a training with {' '.join(other)}: give that again, or take another"
                " folder"
            )
        try:
            self._network.load_state_dict(state["network"])
            if self._averaged is not self._network:
                self._averaged.load_state_dict(state["averaged"])
        except RuntimeError as error:
            raise ConfigError(f"{path} is of another network: take another folder") from error
        # Dealt out anew, samples that it has learnt from would be among those that judge it.
        if (known := state.get("samples", self._counts())) != self._counts():
            raise ConfigError(
                f"{path} is of a training on {known[0]} samples, judged by {known[1]}, and not on"
                f" {self._counts()[0]} and {self._counts()[1]}: take another folder"
            )
        self._optimiser.load_state_dict(state["optimiser"])
        self._best = state["best"]
        self._outcome = Outcome(**state["outcome"])

    def _counts(self) -> list[int]:
        return [len(self._lesson.training), len(self._lesson.validation)]


def _optimiser(network: nn.Module, settings: EpochSettings) -> torch.optim.Optimizer:
    parameters = [one for one in network.parameters() if one.requires_grad]
    if settings.optimiser == "sgd":
        return torch.optim.SGD(parameters, lr=settings.rate, momentum=0.9, nesterov=True)
    make = torch.optim.AdamW if settings.optimiser == "adamw" else torch.optim.Adam
    return make(parameters, lr=settings.rate)


def _parts(indices: NDArray[np.int64], size: int) -> Iterator[NDArray[np.int64]]:
    """Parts of nearly equal length: none of one sample alone, which cannot be normalised."""
    yield from np.array_split(indices, -(-len(indices) // size))


def _counted(
    parts: Iterator[NDArray[np.int64]],
) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Each part, and how many samples come before it."""
    done = 0
    for part in parts:
        yield done, part
        done += len(part)


def _write_whole(path: Path, write: Callable[[Path], object]) -> None:
    part = path.with_suffix(".part")
    write(part)
    part.replace(path)
