"""`beam-ocr lines`: a recogniser for one's own lines, and what it reads."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import cv2
import torch

from ocr_core import devices, weights
from ocr_core.errors import ConfigError
from ocr_core.recipes.amounts import amount, count
from ocr_core.recipes.lines.labelled import find_lines
from ocr_core.recipes.lines.reading import PictureReader, compare, shares
from ocr_core.recipes.lines.settings import FROM_NOTHING, LinesSettings
from ocr_core.recipes.lines.training import WEIGHTS, taught_lines, teach
from ocr_core.recipes.picture_files import read_grey
from ocr_core.recipes.plots import plot_trained

_FOLDER = Path("training-runs/lines")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `beam-ocr lines`."""
    settings = LinesSettings()
    parser.add_argument(
        "lines", type=Path, nargs="?", metavar="LINES",
        help="a folder of NAME.png and NAME.gt.txt, or of pages and their ALTO or PAGE XML; or a"
        " CSV, TSV or Parquet file with the columns path and text",
    )  # fmt: skip
    parser.add_argument(
        "--to", type=Path, default=_FOLDER, metavar="DIR",
        help="folder of checkpoint, log, curves and weights; a training there is resumed",
    )  # fmt: skip
    beginning = parser.add_mutually_exclusive_group()
    beginning.add_argument(
        "--start-from", type=Path, metavar="WEIGHTS",
        help="a recogniser to begin with (default: the larger one that is shipped)",
    )  # fmt: skip
    beginning.add_argument("--from-nothing", action="store_true", help="begin with no weights")
    parser.add_argument(
        "--data", choices=["processed", "raw"],
        help="clean lines and cut them out along their ink, or take them as they are"
        f" (default: {settings.data}; to read, as the weights were taught)",
    )  # fmt: skip
    parser.add_argument(
        "--wear", type=float, default=settings.wear,
        help="how much lines are varied each time, 0 to 1 (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--epochs", type=count, help="rounds through all lines, at most")
    parser.add_argument("--minutes", type=amount, help="stop after so many, to be resumed later")
    parser.add_argument("--seed", type=int, default=settings.epochs.seed)
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument(
        "--weights", type=Path, metavar="FILE",
        help=f"what to read with (default: {WEIGHTS} in --to)",
    )  # fmt: skip
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--predict", type=Path, metavar="IMAGE", help="do not train: read one line"
    )
    instead.add_argument(
        "--evaluate", type=Path, metavar="LINES", help="do not train: compare labelled lines"
    )


def main(args: argparse.Namespace) -> int:
    """Trains, or reads with what was trained; 0 when it came to its end."""
    torch.set_num_threads(devices.idle_threads())
    cv2.setNumThreads(1)
    if args.predict:
        text, confidence = _reader(args).read(read_grey(args.predict))
        print(f"{text}\t{confidence:.3f}")
    elif args.evaluate:
        _evaluate(args)
    elif args.lines is None:
        raise ConfigError("give LINES to learn from, or --predict or --evaluate")
    else:
        _train(args)
    return 0


def _train(args: argparse.Namespace) -> None:
    start = None if args.from_nothing else weights.load_file(_start(args), "recogniser")
    taught = teach(
        find_lines(args.lines), args.to, start, _settings(args), devices.choose(args.device)
    )
    print(*taught_lines(taught), sep="\n")
    plot_trained(args.to)


def _start(args: argparse.Namespace) -> Path:
    """What is learnt on from: of those shipped the larger one, as one network reads it all."""
    if args.start_from:
        path: Path = args.start_from
        return path
    return weights.find_larger() or weights.find()[1]


def _settings(args: argparse.Namespace) -> LinesSettings:
    settings = LinesSettings(wear=args.wear)
    settings = replace(settings, data=args.data or settings.data)
    epochs = FROM_NOTHING if args.from_nothing else settings.epochs
    epochs = replace(
        epochs, epochs=args.epochs or epochs.epochs, minutes=args.minutes, seed=args.seed
    )
    return replace(settings, epochs=epochs)


def _reader(args: argparse.Namespace) -> PictureReader:
    return PictureReader(args.weights or args.to / WEIGHTS, args.data)


def _evaluate(args: argparse.Namespace) -> None:
    """Prints each line that is not right, and shares of all."""
    found = list(compare(_reader(args), find_lines(args.evaluate)))
    for truth, read, edits in found:
        if edits:
            print(f"{truth}\n{read}\n")
    if not found:
        raise ConfigError(f"none of the lines of {args.evaluate} can be read")
    wrong, right = shares(found)
    lines = "1 line" if len(found) == 1 else f"{len(found)} lines"
    print(f"{lines}: {wrong:.2%} of characters wrong, {right:.1%} of lines right")
