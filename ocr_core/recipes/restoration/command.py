"""`beam-ocr restorer`: trains what `beam-ocr restore` and `run --restore` restore lines with."""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import torch

from ocr_core import charset, devices, weights
from ocr_core.backends import TorchRecogniser, config_of
from ocr_core.networks import CropRecogniser
from ocr_core.recipes.amounts import amount
from ocr_core.recipes.restoration.pairs import WornLines
from ocr_core.recipes.restoration.settings import RestorationSettings
from ocr_core.recipes.restoration.training import RestorerTask
from ocr_core.recogniser import Recogniser, RecogniserConfig
from ocr_core.synth.corpus import load_corpora
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.lines import LineSettings
from ocr_core.synth.text import TextSource
from ocr_core.training.hard_lines import HardLines
from ocr_core.training.held_out import add_matter_arguments
from ocr_core.training.loop import Loop, LoopSettings
from ocr_core.weights import Weights

_FOLDER = Path("training-runs/restorer")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `beam-ocr restorer`."""
    settings = RestorationSettings()
    parser.add_argument(
        "--to", type=Path, default=_FOLDER, metavar="DIR",
        help="folder of checkpoint, log, weights and a picture of restored lines; a training there"
        " is resumed (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--minutes", type=amount, default=60,
        help="length of the schedule, of learning, over all resumptions (default: %(default)s);"
        " setting up, drawing lines and measuring come on top",
    )  # fmt: skip
    parser.add_argument(
        "--session-minutes", type=amount,
        help="stop after so many of these minutes, to be resumed later",
    )  # fmt: skip
    parser.add_argument("--rate", type=amount, default=1.5e-3, help="peak learning rate")
    parser.add_argument("--seed", type=int, default=1, help="first seed of the data")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument(
        "--wear", type=float, nargs=2, default=settings.wear, metavar=("LEAST", "MOST"),
        help="strength of wear; 1 is what most scans show (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--guidance", type=float, default=settings.guidance,
        help="what the recogniser's loss counts; 0 learns from pixels alone (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--schedule", choices=["cosine", "linear"], default=settings.network.schedule,
        help="of the noise (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--guide", type=Path, metavar="WEIGHTS",
        help="the recogniser that tells what is legible (default: the shipped one)",
    )  # fmt: skip
    add_matter_arguments(parser)


def main(args: argparse.Namespace) -> int:
    """Trains a restorer, or goes on with the training in its folder; 0 when it came to its end.

    Raises:
        ConfigError: there are no fonts, or the device cannot be used.
        WeightsError: the guide is no recogniser.
    """
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    chosen = settings_from(args)
    print(chosen, flush=True)
    loop = LoopSettings(
        minutes=args.minutes,
        session_minutes=args.session_minutes,
        rate=args.rate,
        warmup_steps=100,
        ema=0.998,
        seed=args.seed,
        data={"worn_least": chosen.wear[0], "worn_most": chosen.wear[1]},
    )
    Loop(make_task(args, chosen), args.to, loop, devices.choose(args.device)).run()
    print(f"weights: {args.to / RestorerTask.name}.safetensors")
    return 0


def settings_from(args: argparse.Namespace) -> RestorationSettings:
    """The settings that the command line gives."""
    chosen = RestorationSettings(wear=tuple(args.wear), guidance=args.guidance)
    return replace(chosen, network=replace(chosen.network, schedule=args.schedule))


def make_task(args: argparse.Namespace, chosen: RestorationSettings) -> RestorerTask:
    """What is learnt: lines in known faces that the guide reads with trouble."""
    given = weights.load_file(args.guide or weights.find()[1], "recogniser")
    characters = charset.Charset(given.config["charset"])
    faces = find_faces(characters, args.fonts)
    source = TextSource(load_corpora(args.corpus), characters)
    lines = LineSettings(chosen.network.height, chosen.max_width, no_text=0.0)
    known = [face for face in faces if not face.held_out] or faces
    unseen = [face for face in faces if face.held_out] or faces
    hard, held_out = (
        HardLines(WornLines(part, source, lines, chosen.wear), partial(_reader, given))
        for part in (known, unseen)
    )
    guide = Recogniser(config_of(RecogniserConfig, given))
    weights.fill(guide, given)
    return RestorerTask(guide, hard, held_out, chosen)


def _reader(given: Weights) -> CropRecogniser:
    return TorchRecogniser(given, torch.device("cpu"))
