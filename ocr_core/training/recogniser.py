"""The recogniser's data, batches, loss and figures."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rapidfuzz.distance import Levenshtein
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset

from ocr_core import weights
from ocr_core.charset import Charset
from ocr_core.ctc import decode_best_path
from ocr_core.recogniser import STRIDE, Recogniser
from ocr_core.synth.degrade import contrast
from ocr_core.synth.lines import LineSample, LineSource
from ocr_core.training.distillation import SHARE, divergences
from ocr_core.training.guidance import WEIGHT, GuidedRecogniser, plain_state
from ocr_core.training.loop import SEED_SPACE, Progress
from ocr_core.training.ranges import line_pictures, measure_ranges
from ocr_core.training.seeds import rising_seeds

# Widths are padded up to a multiple of this, as at inference.
WIDTH_STEP = 64
# About as many steps as a character takes.
STEPS_A_CHARACTER = 4


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """How batches of lines are made.

    Attributes:
        pixels: columns of crops in a batch; how many lines that is depends on their width.
        pool: lines kept ready, among which a batch picks neighbours in width.
        workers: processes that make lines; 0 makes them in the training process.
        ramp: blocks over which wear grows to what real pages show.
    """

    pixels: int = 12_000
    pool: int = 3_000
    workers: int = 1
    ramp: int = 4_000


@dataclass(frozen=True, slots=True, eq=False)
class LineBatch:
    """Crops of similar width, padded on the right with paper.

    Shapes:
        crops:   (N, 1, H, W) float32, 0 paper to 1 ink
        labels:  (sum of lengths,) int64
        lengths: (N,) int64
        steps:   (N,) int64, the steps that belong to each crop
        taught:  N × (T_i, C) float32, what a teacher sees at those steps; empty without one
    """

    crops: Tensor
    labels: Tensor
    lengths: Tensor
    steps: Tensor
    taught: Sequence[Tensor] = ()


class RecogniserTask:
    """Teaches a `Recogniser`, with or without a guide, to read lines."""

    name = "recogniser"

    def __init__(
        self,
        network: Recogniser,
        maker: LineSource,
        held_out: LineSource,
        settings: BatchSettings | None = None,
    ) -> None:
        self.network = network
        self._config = network.config
        self._charset = Charset(network.config.charset)
        self._maker = maker
        self._held_out = held_out
        self._settings = settings or BatchSettings()
        # CTC starts by writing blanks only; less bias to them lets letters form sooner.
        with torch.no_grad():
            self.network.head.bias[0] = -1.0

    def batches(self, first_seed: int, progress: Progress) -> Iterator[tuple[LineBatch, int]]:
        settings = self._settings
        stream = _BlockStream(self._maker, first_seed, settings)
        loader = DataLoader(
            stream,
            batch_size=None,
            num_workers=settings.workers,
            prefetch_factor=40 if settings.workers else None,
        )
        pool: list[LineSample] = []
        chooser = random.Random(first_seed)
        seed = first_seed
        for seed, samples in loader:
            pool += [sample for sample in samples if is_learnable(sample)]
            while len(pool) >= settings.pool or (progress.step < 50 and len(pool) > 500):
                batch, pool = self._pick(pool, chooser, progress.share)
                yield self._collate(batch), seed + 1

    def loss(self, network: Recogniser, batch: LineBatch) -> tuple[Tensor, int]:
        device = next(network.parameters()).device
        rows = network.look(batch.crops.to(device, memory_format=torch.channels_last))
        read = network.label(rows)
        losses = ctc_losses(read, batch)
        if batch.taught:
            losses = losses + SHARE * divergences(read, batch.taught)
        loss = (losses / weights_of(batch).to(device)).mean()
        if isinstance(network, GuidedRecogniser):
            labels = batch.labels.to(device).split(batch.lengths.tolist())
            loss = loss + WEIGHT * network.guide(rows, batch.steps.to(device), list(labels))
        return loss, len(batch.crops)

    @torch.inference_mode()
    def evaluate(self, network: Recogniser) -> dict[str, float]:
        edits = characters = exact = total = 0
        samples = [s for seed in range(40) for s in self._held_out.make(seed)]
        samples.sort(key=lambda sample: sample.pixels.shape[1])
        device = next(network.parameters()).device
        for start in range(0, len(samples), 16):
            group = samples[start : start + 16]
            batch = self._collate(group)
            output = network(batch.crops.to(device)).float().cpu().numpy()
            for sample, steps, one in zip(group, batch.steps.tolist(), output, strict=True):
                read = decode_best_path(one[:steps], self._charset).text
                edits += Levenshtein.distance(read, sample.text)
                characters += len(sample.text)
                exact += read == sample.text
                total += 1
        return {"cer": round(edits / characters, 5), "exact": round(exact / total, 4)}

    def export(self, network: Recogniser, path: Path, provenance: Mapping[str, Any]) -> None:
        weights.save(path, self.name, asdict(self._config), plain_state(network), provenance)
        weights.add_ranges(path, measure_ranges(network, line_pictures(self._held_out)))

    def _pick(
        self, pool: list[LineSample], chooser: random.Random, share: float
    ) -> tuple[list[LineSample], list[LineSample]]:
        """Takes lines of similar width out of the pool; only short ones at the very start."""
        pool.sort(key=lambda sample: sample.pixels.shape[1] + chooser.random())
        widest = len(pool)
        if share < 0.015:
            short = sum(sample.pixels.shape[1] < 400 for sample in pool)
            widest = min(len(pool), max(64, short))
        start = chooser.randrange(widest)
        end, columns = start, 0
        while end < len(pool):
            columns = _padded(pool[end].pixels.shape[1]) * (end - start + 1)
            if columns > self._settings.pixels and end > start:
                break
            end += 1
        return pool[start:end], pool[:start] + pool[end:]

    def _collate(self, samples: Sequence[LineSample]) -> LineBatch:
        return collate(samples, self._charset, self._config.height)


def collate(samples: Sequence[LineSample], charset: Charset, height: int) -> LineBatch:
    """Lines as one batch.

    Raises:
        KeyError: a text has a character that is not in the charset.
    """
    width = _padded(max(sample.pixels.shape[1] for sample in samples))
    crops = np.full((len(samples), 1, height, width), 255, np.uint8)
    for crop, sample in zip(crops, samples, strict=True):
        crop[0, :, : sample.pixels.shape[1]] = sample.pixels
    labels = [charset.encode(sample.text) for sample in samples]
    steps = [-(-sample.pixels.shape[1] // STRIDE) for sample in samples]
    return LineBatch(
        1 - torch.from_numpy(crops).float() / 255,
        torch.tensor([label for one in labels for label in one], dtype=torch.long),
        torch.tensor([len(one) for one in labels]),
        torch.tensor(steps),
        [
            torch.from_numpy(sample.taught).float()
            for sample in samples
            if sample.taught is not None
        ],
    )


def ctc_losses(read: Tensor, batch: LineBatch) -> Tensor:
    """The loss of each line (Graves et al. 2006), in nats.

    Shapes:
        read:    (N, T, C) log-probabilities of labels
        returns: (N,)
    """
    return F.ctc_loss(
        read.transpose(0, 1),  # (T, N, C)
        batch.labels.to(read.device),
        batch.steps.to(read.device),
        batch.lengths.to(read.device),
        reduction="none",
        zero_infinity=True,
    )


class _BlockStream(IterableDataset[tuple[int, list[LineSample]]]):
    """Blocks of lines by rising seed, shared out over the workers."""

    def __init__(self, maker: LineSource, first_seed: int, settings: BatchSettings) -> None:
        self._maker = maker
        self._first = first_seed
        self._settings = settings

    def __iter__(self) -> Iterator[tuple[int, list[LineSample]]]:
        for seed in rising_seeds(self._first, self._settings.workers):
            # Seeds of a training count up from a multiple of SEED_SPACE.
            strength = min(1.0, 0.3 + 0.7 * (seed % SEED_SPACE) / self._settings.ramp)
            yield seed, self._maker.make(seed, strength)


def weights_of(batch: LineBatch) -> Tensor:
    """What each line's loss is divided by: its characters, or as many as would have had room."""
    room = torch.div(batch.steps, STEPS_A_CHARACTER, rounding_mode="floor").clamp(min=1)
    return torch.where(batch.lengths > 0, batch.lengths, room)


def _padded(width: int) -> int:
    return -(-width // WIDTH_STEP) * WIDTH_STEP


def is_learnable(sample: LineSample) -> bool:
    """Whether there is ink left, and a step for every label and between equal ones."""
    if not sample.text:
        return True
    repeats = sum(a == b for a, b in zip(sample.text, sample.text[1:], strict=False))
    steps = sample.pixels.shape[1] // STRIDE
    return steps >= len(sample.text) + repeats and contrast(sample.pixels[::2, ::2], 0.01) > 12
