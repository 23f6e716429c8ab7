"""`beam-ocr restore`: a page with its worn lines restored, beside the page as it was."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

import ocr_core
from ocr_core import images, restorer_files
from ocr_core.cleaning import backgrounds
from ocr_core.errors import ConfigError, InputError
from ocr_core.restoration.pages import restore_page, side_by_side
from ocr_core.sources import DEFAULT_OPTIONS
from ocr_core.weights import load_file
from pipelines import options, source_options
from pipelines.options import ReadOptions
from pipelines.page import draw_page
from schemas import Failure, PageImage

if TYPE_CHECKING:  # they bring torch, which help does without
    from ocr_core.engine import Engine
    from ocr_core.networks import CropRestorer

Pixels = NDArray[np.uint8]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr restore`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a PDF or an image")
    parser.add_argument(
        "--page", type=int, default=1, metavar="N", help="which page, from 1 (default: 1)"
    )
    parser.add_argument(
        "--to", type=Path, default=Path(), metavar="DIR",
        help="where the pictures are written: the page restored, and before beside after"
        " (default: here)",
    )  # fmt: skip
    parser.add_argument(
        "--steps", type=int, default=1, metavar="N",
        help="of sampling; more take as much longer, and speckle letters while a restorer has"
        " learnt for less than a few hours (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--weights", type=Path, metavar="PATH",
        help="a restorer of your own, or the folder that holds it",
    )  # fmt: skip
    parser.add_argument(
        "--dpi", type=int, default=DEFAULT_OPTIONS.dpi,
        help="pixels per inch at which PDFs are drawn (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    source_options.add_password_arguments(parser)


def main(args: argparse.Namespace) -> int:
    """Writes the pictures and tells their names; returns the exit code.

    Raises:
        ConfigError: there is no such file or page, or no restorer.
        WeightsError: the weights are damaged, or not of a restorer.
    """
    options.check_least("--page", args.page, 1)
    options.check_least("--steps", args.steps, 1)
    opened = open_from(find(args.weights), args.device, args.steps)
    try:
        drawn = draw_page(args.file, _read_options(args))
    except InputError as error:
        return _fail(f"{args.file}: {error.code}: {error}")
    assert isinstance(drawn, PageImage)  # as its text layer is ignored
    before, after, lines = restored(drawn, ocr_core.load(device=args.device, correct=False), opened)
    print(f"lines restored: {lines}")
    for name, pixels in (("restored", after), ("before-after", side_by_side(before, after))):
        path = args.to / f"{args.file.stem}-{args.page}-{name}.png"
        _write(path, pixels)
        print(path)
    return 0


def find(given: Path | None) -> Path:
    """The weights file of the restorer.

    Raises:
        ConfigError: there is none.
    """
    if given is not None and given.is_file():
        return given
    if given is not None and not given.exists():
        raise ConfigError(f"no such weights: {given}")
    found = restorer_files.find(given)
    if given is not None and found.parent != given:  # `run` takes the shipped one then
        raise ConfigError(f"{given} holds no {found.name}")
    return found


def open_from(path: Path, device: str, steps: int) -> CropRestorer:
    """The restorer that a weights file holds.

    Raises:
        ConfigError: the device cannot be used, or the restorer has not so many steps.
        WeightsError: the file is damaged, or not of a restorer.
    """
    from ocr_core import devices
    from ocr_core.restoration import restorer

    weights = load_file(path, restorer.NAME)
    if steps > weights.config["steps"]:
        raise ConfigError(f"--steps is at most {weights.config['steps']}, not {steps}")
    return restorer.open_restorer(weights, devices.choose(device), steps)


def restored(page: PageImage, engine: Engine, opened: CropRestorer) -> tuple[Pixels, Pixels, int]:
    """A page upright, the same with even paper and its lines restored, and how many those are.

    Args:
        page: dark on light, as `draw_page` gives it.
    """
    [read] = engine.read_pages([page])
    turned = 0 if isinstance(read, Failure) else read.orientation_deg
    upright = replace(page, pixels=images.turn_upright(page.pixels, turned))
    [found] = engine.detect_pages([upright])
    if isinstance(found, Failure):
        return upright.pixels, upright.pixels, 0
    # Lines come back on white paper, which would stand out on any other.
    pixels = backgrounds.flatten(found.image.pixels)
    quads = [detection.quad for detection in found.detections]
    return upright.pixels, restore_page(pixels, quads, opened), len(quads)


def _read_options(args: argparse.Namespace) -> ReadOptions:
    """The page as it is, whatever text it brings along."""
    return ReadOptions(
        dpi=args.dpi,
        renderer=DEFAULT_OPTIONS.renderer,
        pages=str(args.page),
        device=args.device,
        weights=None,
        correct=False,
        text_layer="ignore",
        clean="none",
        passwords=source_options.passwords_from(args),
    )


def _write(path: Path, pixels: Pixels) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), pixels):
        raise ConfigError(f"cannot write {path}")


def _fail(words: str) -> int:
    print(words, file=sys.stderr)
    return 3
