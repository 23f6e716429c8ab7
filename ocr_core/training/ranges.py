"""`beam-ocr quantise`: measures the ranges with which a network can be run in bytes.

A training does so whenever it exports its network; the command is for weights files without.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple, Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ocr_core import backends, weights
from ocr_core.synth.lines import LineMaker, LineSample
from ocr_core.synth.pages import PageMaker, SynthPage
from ocr_core.training import held_out

# The share of a channel's values, at either end of its range, that may lie outside: a few outliers
# would cost all others precision.
OUTLIERS = 3e-5
# Values of each channel that are kept of a picture, from either end.
EXTREMES = 256
# How many pages, or blocks of lines, ranges are measured on.
PAGES = 24
BLOCKS = 40


class MakesLines(Protocol):
    """Such as a `LineMaker`."""

    def make(self, seed: int) -> list[LineSample]: ...


class MakesPages(Protocol):
    """Such as a `PageMaker`."""

    def make(self, seed: int) -> SynthPage: ...


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `beam-ocr quantise`."""
    held_out.add_arguments(parser, "a weights file, or a folder of both (default: those shipped)")


def main(args: argparse.Namespace) -> int:
    """Writes ranges into weights files, measured on pages in held-out typefaces; returns 0."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    is_file = args.weights is not None and args.weights.is_file()
    paths = (args.weights,) if is_file else weights.find(args.weights)
    files = {path: weights.load_file(path, weights.network_of(path)) for path in paths}
    unseen, source = held_out.faces_and_texts(args)
    for path, file in files.items():
        pictures = (
            page_pictures(PageMaker(unseen, source))
            if file.network == "detector"
            else line_pictures(LineMaker(unseen, source))
        )
        weights.add_ranges(path, measure_ranges(backends.rebuild(file), pictures))
        print(f"{path}: ranges of {file.network} measured")
    return 0


def page_pictures(maker: MakesPages) -> Iterator[Tensor]:
    """Pages as the detector is shown them; see `measure_ranges`."""
    for seed in range(PAGES):
        yield _ink(maker.make(seed).pixels, 32, 32)


def line_pictures(maker: MakesLines) -> Iterator[Tensor]:
    """Lines as the recogniser is shown them; see `measure_ranges`."""
    for seed in range(BLOCKS):
        for line in maker.make(seed):
            yield _ink(line.pixels, 1, 64)


@torch.inference_mode()
def measure_ranges(
    network: nn.Module, pictures: Iterable[Tensor], outliers: float = OUTLIERS
) -> dict[str, tuple[list[float], list[float]]]:
    """Name of each convolution -> lows and highs of the channels that it is given, but outliers.

    Shapes:
        pictures: each (N, 1, H, W) float32, 0 paper to 1 ink
    """
    seen: dict[str, list[_Extremes]] = {}
    hooks = []
    device = next(network.parameters()).device
    for name, module in network.named_modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            note = partial(_note, seen.setdefault(name, []))
            hooks.append(module.register_forward_pre_hook(note))
    try:
        for picture in pictures:
            network(picture.to(device, memory_format=torch.channels_last))
    finally:
        for hook in hooks:
            hook.remove()
    return {name: _range(parts, outliers) for name, parts in seen.items() if parts}


class _Extremes(NamedTuple):
    """The least and the greatest values of each channel in a picture, (k, C), out of how many."""

    least: Tensor
    greatest: Tensor
    out_of: int


def _note(parts: list[_Extremes], layer: nn.Module, given: tuple[Tensor, ...]) -> None:
    values = given[0].permute(0, 2, 3, 1).flatten(0, 2).float()
    kept = min(EXTREMES, len(values))
    least, greatest = (values.topk(kept, dim=0, largest=end).values.cpu() for end in (False, True))
    parts.append(_Extremes(least, greatest, len(values)))


def _range(parts: list[_Extremes], outliers: float) -> tuple[list[float], list[float]]:
    beyond = int(sum(part.out_of for part in parts) * outliers)
    least = torch.cat([part.least for part in parts]).sort(dim=0).values
    greatest = torch.cat([part.greatest for part in parts]).sort(dim=0, descending=True).values
    at = min(beyond, len(least) - 1)
    low, high = ([float(f"{value:.4g}") for value in row[at].tolist()] for row in (least, greatest))
    return low, high


def _ink(pixels: NDArray[np.uint8], rows: int, columns: int) -> Tensor:
    """(1, 1, H, W) float32, 0 paper to 1 ink; made up to multiples of `rows` and `columns`."""
    room = ((0, -pixels.shape[0] % rows), (0, -pixels.shape[1] % columns))
    padded = np.pad(pixels, room, constant_values=255)
    return 1 - torch.from_numpy(padded)[None, None].float() / 255
