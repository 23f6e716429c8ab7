"""The one training loop: steps, schedule, averaging, evaluation, checkpoints."""

from __future__ import annotations

import copy
import json
import math
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import torch
from torch import Tensor, nn

from ocr_core.devices import autocast
from ocr_core.training.descent import descend

Network = TypeVar("Network", bound=nn.Module)
Batch = TypeVar("Batch")

# Trainings with different seeds see different data: each has so many seeds of its own.
SEED_SPACE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class LoopSettings:
    """How long and how fast a network learns.

    Attributes:
        minutes: length of the schedule, in minutes of training over all resumptions. Resuming
            with more minutes raises the rate again: a warm restart.
        session_minutes: stop after so many minutes and leave the rest to a later resumption.
        rate: peak learning rate of AdamW; it falls to zero as a cosine.
        ema: decay of the averaged weights, which are the ones exported.
        data: what the samples are made of; kept with the weights, to tell where they come from.
    """

    minutes: float = 60.0
    session_minutes: float | None = None
    rate: float = 2e-3
    warmup_steps: int = 300
    weight_decay: float = 0.01
    clip_norm: float = 5.0
    ema: float = 0.999
    checkpoint_minutes: float = 4.0
    evaluate_minutes: float = 10.0
    seed: int = 1
    data: Mapping[str, float] = field(default_factory=dict)


class Task(Protocol[Network, Batch]):
    """What is learnt: the part of a training that the loop does not know."""

    network: Network
    name: str

    def batches(self, first_seed: int, progress: Progress) -> Iterator[tuple[Batch, int]]:
        """Endless batches, and with each the seed from which a resumed training goes on."""

    def loss(self, network: Network, batch: Batch) -> tuple[Tensor, int]:
        """The loss of a batch, and how many samples it holds."""

    def evaluate(self, network: Network) -> dict[str, float]:
        """Figures on held-out data; the first one is the one to watch."""

    def export(self, network: Network, path: Path, provenance: Mapping[str, Any]) -> None:
        """Writes a weights file."""


@dataclass(slots=True)
class Progress:
    """Where a training stands; batches read it to ramp up their difficulty."""

    step: int = 0
    samples: int = 0
    seconds: float = 0.0
    next_seed: int = 0
    share: float = 0.0


class Loop(Generic[Network, Batch]):
    """Trains one task in one folder, from its last checkpoint where there is one."""

    def __init__(
        self,
        task: Task[Network, Batch],
        folder: Path,
        settings: LoopSettings,
        device: torch.device,
    ) -> None:
        self._task = task
        self._folder = folder
        self._settings = settings
        self._device = device
        self._network: Network = task.network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._averaged = copy.deepcopy(self._network).eval()
        self._optimiser = torch.optim.AdamW(
            _parameter_groups(self._network, settings.weight_decay), lr=settings.rate
        )
        self._progress = Progress(next_seed=settings.seed * SEED_SPACE)
        folder.mkdir(parents=True, exist_ok=True)
        self._resume()

    def run(self) -> dict[str, float]:
        """Trains until the schedule, the session or the process ends; returns the last figures."""
        settings, progress = self._settings, self._progress
        started = progress.seconds
        saved = evaluated = reported = progress.seconds
        self._log(event="start", settings=asdict(settings), step=progress.step)
        self._set_share()
        recent: list[float] = []
        figures: dict[str, float] = {}
        asked_to_stop = _stop_signal()
        for batch, next_seed in self._task.batches(progress.next_seed, progress):
            began = time.perf_counter()
            loss, samples = self._step(batch)
            recent.append(loss)
            progress.step += 1
            progress.samples += samples
            progress.next_seed = next_seed
            # A paused process wakes up long after: that time was not spent on training.
            progress.seconds += min(time.perf_counter() - began, 10.0)
            self._set_share()
            if progress.seconds - reported > 60:
                self._report(recent)
                recent.clear()
                reported = progress.seconds
            limit = settings.session_minutes
            is_over = limit is not None and progress.seconds - started > limit * 60
            done = progress.share >= 1 or is_over
            if progress.seconds - saved > settings.checkpoint_minutes * 60:
                self._save()
                saved = progress.seconds
            if done or progress.seconds - evaluated > settings.evaluate_minutes * 60:
                figures = self._evaluate()
                evaluated = progress.seconds
            if done or asked_to_stop.is_set():
                break
        self._save()
        return figures

    def _step(self, batch: Batch) -> tuple[float, int]:
        rate = self._rate()
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._network.train()
        with autocast(self._device):
            loss, samples = self._task.loss(self._network, batch)
        if descend(self._network, self._optimiser, loss, self._settings.clip_norm):
            self._average()
        return float(loss.detach()), samples

    def _rate(self) -> float:
        warm = min(1.0, (self._progress.step + 1) / self._settings.warmup_steps)
        cosine = 0.5 * (1 + math.cos(math.pi * min(self._progress.share, 1.0)))
        return self._settings.rate * warm * max(cosine, 0.005)

    def _set_share(self) -> None:
        self._progress.share = self._progress.seconds / (self._settings.minutes * 60)

    @torch.no_grad()
    def _average(self) -> None:
        # Early averages would remember the random start; the decay grows with the steps.
        decay = min(self._settings.ema, (1 + self._progress.step) / (10 + self._progress.step))
        current = self._network.state_dict()
        for name, value in self._averaged.state_dict().items():
            if value.is_floating_point():
                value.lerp_(current[name], 1 - decay)
            else:
                value.copy_(current[name])

    def _evaluate(self) -> dict[str, float]:
        figures = self._task.evaluate(self._averaged)
        self._log(event="evaluate", step=self._progress.step, **figures)
        provenance = {
            "task": self._task.name,
            "samples": self._progress.samples,
            "steps": self._progress.step,
            "minutes": round(self._progress.seconds / 60, 1),
            "settings": asdict(self._settings),
            "held_out": figures,
        }
        self._task.export(
            self._averaged, self._folder / f"{self._task.name}.safetensors", provenance
        )
        return figures

    def _report(self, recent: list[float]) -> None:
        progress = self._progress
        self._log(
            event="train",
            step=progress.step,
            loss=round(sum(recent) / len(recent), 4),
            rate=round(self._rate(), 6),
            samples=progress.samples,
            samples_per_s=round(progress.samples / max(progress.seconds, 1e-9), 1),
            minutes=round(progress.seconds / 60, 1),
            share=round(progress.share, 3),
        )

    def _log(self, **entry: Any) -> None:
        line = json.dumps({"at": round(time.time()), **entry}, default=str)
        print(line, flush=True)
        with (self._folder / "log.jsonl").open("a") as file:
            file.write(line + "\n")

    @property
    def _checkpoint(self) -> Path:
        return self._folder / "checkpoint.pt"

    def _save(self) -> None:
        state = {
            "network": self._network.state_dict(),
            "averaged": self._averaged.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "progress": asdict(self._progress),
        }
        part = self._checkpoint.with_suffix(".part")
        torch.save(state, part)
        part.replace(self._checkpoint)

    def _resume(self) -> None:
        if not self._checkpoint.exists():
            return
        state = torch.load(self._checkpoint, map_location=self._device, weights_only=True)
        self._network.load_state_dict(state["network"])
        self._averaged.load_state_dict(state["averaged"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._progress = Progress(**state["progress"])


def _stop_signal() -> threading.Event:
    """Set when the process is asked to end, so that the checkpoint is written first."""
    asked = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked.set())
    return asked


def _parameter_groups(network: nn.Module, decay: float) -> list[dict[str, Any]]:
    """Weights decay; biases and the scales of normalisation do not."""
    matrices = [p for p in network.parameters() if p.ndim > 1]
    vectors = [p for p in network.parameters() if p.ndim <= 1]
    return [{"params": matrices, "weight_decay": decay}, {"params": vectors, "weight_decay": 0.0}]
