"""What new weights are measured on: typefaces that no training has seen."""

from __future__ import annotations

import argparse
from pathlib import Path

from ocr_core import charset
from ocr_core.synth.corpus import load_corpora
from ocr_core.synth.fonts import FONT_FOLDERS, Face, find_faces
from ocr_core.synth.text import TextSource


def add_arguments(parser: argparse.ArgumentParser, weights_help: str) -> None:
    """The options of commands that measure weights and write into their files."""
    parser.add_argument("weights", type=Path, nargs="?", metavar="WEIGHTS", help=weights_help)
    add_matter_arguments(parser)


def add_matter_arguments(
    parser: argparse.ArgumentParser, fonts_help: str = "folders of fonts"
) -> None:
    """`--fonts` and `--corpus`: what lines and pages are made of."""
    parser.add_argument(
        "--fonts", type=Path, nargs="*", default=list(FONT_FOLDERS), help=fonts_help
    )
    parser.add_argument(
        "--corpus", type=Path, default=Path("training-runs/corpus"), metavar="DIR",
        help="folder that keeps gathered texts (default: that of trainings)",
    )  # fmt: skip


def faces_and_texts(args: argparse.Namespace) -> tuple[list[Face], TextSource]:
    """The faces kept from training, or all where none is, and texts to set in them."""
    characters = charset.latin()
    faces = find_faces(characters, args.fonts)
    source = TextSource(load_corpora(args.corpus), characters)
    return [face for face in faces if face.held_out] or faces, source
