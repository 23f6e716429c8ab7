"""`beam-ocr handwriting`: a recogniser for handwriting, taught on drawn lines and one's own."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import cv2
import torch

from ocr_core import charset, devices, weights
from ocr_core.recipes.amounts import amount
from ocr_core.recipes.handwriting.settings import HandwritingSettings
from ocr_core.recipes.handwriting.training import Matter, Taught, teach
from ocr_core.recipes.lines.labelled import find_lines
from ocr_core.synth.corpus import load_corpora
from ocr_core.synth.fonts import find_faces
from ocr_core.training.held_out import add_matter_arguments

_FOLDER = Path("training-runs/handwriting")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `beam-ocr handwriting`."""
    settings = HandwritingSettings()
    parser.add_argument(
        "lines", type=Path, nargs="?", metavar="LINES",
        help="labelled lines to learn from too: a folder of NAME.png and NAME.gt.txt, or a CSV,"
        " TSV or Parquet file with the columns path and text",
    )  # fmt: skip
    parser.add_argument(
        "--to", type=Path, default=_FOLDER, metavar="DIR",
        help="folder of checkpoint, log and weights; a training there is resumed",
    )  # fmt: skip
    add_matter_arguments(parser, "folders of fonts, some of handwriting; the others are for print")
    parser.add_argument(
        "--start-from", type=Path, metavar="WEIGHTS",
        help="a recogniser to begin with (default: the larger one that is shipped)",
    )  # fmt: skip
    parser.add_argument(
        "--data", choices=["processed", "raw"], default="processed",
        help="clean labelled lines and cut them out along their ink, or take them as they are"
        " (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--minutes", type=amount, default=settings.minutes,
        help="of learning, over all resumptions (default: %(default)s); setting up, waiting for"
        " drawn lines, and measuring before, meanwhile and after come on top",
    )  # fmt: skip
    parser.add_argument("--rate", type=amount, default=settings.rate, help="peak learning rate")
    parser.add_argument(
        "--print-share", type=float, default=settings.print_share, metavar="SHARE",
        help="how much of what is learnt from is print, 0 to 1, so that it is not forgotten"
        " (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=settings.seed)
    parser.add_argument(
        "--workers", type=int, default=settings.batches.workers,
        help="processes that draw lines; 0 draws them between steps (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")


def main(args: argparse.Namespace) -> int:
    """Trains; 0 when it came to its end."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)  # before there are workers: after a fork OpenCV may wait for ever
    path = args.start_from or weights.find_larger() or weights.find()[1]
    matter = Matter(
        find_faces(charset.latin(), args.fonts),
        load_corpora(args.corpus),
        find_lines(args.lines) if args.lines else (),
        args.data,
    )
    start = weights.load_file(path, "recogniser")
    taught = teach(matter, args.to, start, _settings(args), devices.choose(args.device))
    _tell(taught, "lines of yours" if args.lines else "drawn lines in other hands")
    return 0


def _settings(args: argparse.Namespace) -> HandwritingSettings:
    settings = HandwritingSettings(
        minutes=args.minutes, rate=args.rate, print_share=args.print_share, seed=args.seed
    )
    return replace(settings, batches=replace(settings.batches, workers=args.workers))


def _tell(taught: Taught, what: str) -> None:
    for name, figures in (("before", taught.before), ("after", taught.after)):
        print(
            f"{name}: {figures['cer']:.2%} of characters wrong, "
            f"{figures['exact']:.1%} of lines right, on {what} that nothing was learnt from"
        )
    print(f"weights: {taught.path} (beam-ocr run FOLDER --weights {taught.path})")
