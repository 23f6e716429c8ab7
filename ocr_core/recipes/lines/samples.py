"""Labelled lines as samples of a training, and how well a network reads them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from torch import Tensor, nn

from ocr_core.charset import Charset
from ocr_core.ctc import decode_best_path
from ocr_core.errors import InputError
from ocr_core.recipes.epochs import Rng
from ocr_core.recipes.lines.labelled import LabelledLine
from ocr_core.recipes.lines.mixing import Words
from ocr_core.recipes.lines.pictures import make_strip, read_picture
from ocr_core.recipes.lines.settings import LinesSettings
from ocr_core.recipes.lines.variations import vary
from ocr_core.recogniser import Recogniser
from ocr_core.synth.lines import LineSample
from ocr_core.training.recogniser import (
    LineBatch,
    collate,
    ctc_losses,
    is_learnable,
    weights_of,
)

# Lines that are padded to one width, about.
_ALIKE = 4
# Of a line beside its own, at most; and so many samples need none.
_LOOKS, _ENOUGH = 4, 100


def load_samples(
    lines: Sequence[LabelledLine],
    settings: LinesSettings,
    tell: Callable[[str], object] = lambda words: print(words, file=sys.stderr),
) -> list[LineSample]:
    """The strips of lines; those that cannot be read or learnt from are left out and told of."""
    samples = []
    for line in lines:
        try:
            pixels = make_strip(read_picture(line), settings.data, settings.height)
        except InputError as error:
            tell(f"left out ({error.code}): {error}")
            continue
        sample = LineSample(pixels, line.text)
        where = f"{line.path}, {line.text!r}," if line.quad else line.path
        if pixels.shape[1] > settings.max_width:
            tell(f"left out (too-wide): {where} is wider than {settings.max_width} pixels")
        elif not is_learnable(sample):
            tell(f"left out (too-narrow): {where} has no room, or no ink, for its text")
        else:
            samples.append(sample)
    return samples


class LineSamples:
    """Samples for `ocr_core.recipes.epochs.fit`.

    Args:
        wear: by how much they are varied each time that they are taken to be learnt from; 0 leaves
            their words where they are, too.
    """

    def __init__(self, samples: Sequence[LineSample], charset: Charset, wear: float = 0.0) -> None:
        self._samples = samples
        self._charset = charset
        self._wear = wear
        self._words = Words(samples if wear else [])

    def __len__(self) -> int:
        return len(self._samples)

    def take(self, indices: NDArray[np.int64], rng: Rng | None) -> list[LineBatch]:
        """These lines, those of like width together: most of one batch would be padding."""
        lines = [self._samples[index] for index in indices]
        if rng is not None and self._wear:
            numbers = indices.tolist()
            dealt = [self._words.deal(line, n, rng) for line, n in zip(lines, numbers, strict=True)]
            lines = [LineSample(vary(line.pixels, rng, self._wear), line.text) for line in dealt]
        lines.sort(key=lambda line: line.pixels.shape[1])
        parts = np.array_split(np.arange(len(lines)), max(1, len(lines) // _ALIKE))
        return [
            collate([lines[n] for n in part], self._charset, lines[0].pixels.shape[0])
            for part in parts
        ]


def with_looks(samples: Sequence[LineSample], settings: LinesSettings) -> list[LineSample]:
    """Samples, and where they are few other looks of them, the same ones each time.

    Of twenty lines that are read well already, one or two decide what the loss of all is.
    """
    if not settings.wear or not samples:
        return list(samples)
    rng = np.random.default_rng(settings.epochs.seed)
    looks = [
        LineSample(vary(one.pixels, rng, settings.wear), one.text)
        for one in samples
        for _ in range(min(_LOOKS, _ENOUGH // len(samples)))
    ]
    return [*samples, *(look for look in looks if is_learnable(look))]


def loss(network: Recogniser, batches: Sequence[LineBatch]) -> Tensor:
    """The mean loss of lines, for each character."""
    return torch.cat([_losses(network, batch) for batch in batches]).mean()


def loss_of_tuned(network: Recogniser, batches: Sequence[LineBatch]) -> Tensor:
    """The same, of a network that was trained before.

    Its features stay normalised as they were: the few lines of a batch say too little of it.
    """
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
    return loss(network, batches)


def _losses(network: Recogniser, batch: LineBatch) -> Tensor:
    device = next(network.parameters()).device
    read = network(batch.crops.to(device, memory_format=torch.channels_last))
    return ctc_losses(read, batch) / weights_of(batch).to(read.device)


def measure(network: Recogniser, batches: Sequence[LineBatch]) -> dict[str, tuple[float, float]]:
    """Characters that are wrong of all (`cer`), and lines that are right of all (`accuracy`)."""
    found = np.array([_measure(network, batch) for batch in batches]).sum(axis=0)
    edits, characters, right, lines = (int(count) for count in found)
    return {"cer": (edits, characters), "accuracy": (right, lines)}


def _measure(network: Recogniser, batch: LineBatch) -> tuple[int, int, int, int]:
    """Edits, characters, right lines, and lines."""
    charset = Charset(network.config.charset)
    device = next(network.parameters()).device
    output = network(batch.crops.to(device)).float().cpu().numpy()
    edits = right = 0
    for steps, one, labels in zip(batch.steps.tolist(), output, _labels(batch), strict=True):
        text = charset.decode(labels)
        read = decode_best_path(one[:steps], charset).text
        edits += Levenshtein.distance(read, text)
        right += read == text
    return edits, int(batch.lengths.sum()), right, len(output)


def _labels(batch: LineBatch) -> list[list[int]]:
    return [part.tolist() for part in batch.labels.split(batch.lengths.tolist())]
