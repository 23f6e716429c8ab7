"""`beam-ocr classic`: teaches the classic reader, and reads with it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import torch

from ocr_core import charset
from ocr_core.errors import ConfigError
from ocr_core.recipes.amounts import count
from ocr_core.recipes.classic.reading import ClassicReader, Method, load, save
from ocr_core.recipes.classic.training import ClassicSettings, set_glyphs, teach
from ocr_core.recipes.picture_files import is_picture, read_grey
from ocr_core.synth.fonts import FONT_FOLDERS, find_faces


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `beam-ocr classic`."""
    settings = ClassicSettings()
    parser.add_argument(
        "--to", type=Path, default=Path("training-runs/classic"), metavar="DIR",
        help="folder of what is learnt, classic-METHOD.npz",
    )  # fmt: skip
    parser.add_argument(
        "--method", choices=get_args(Method), default="svm",
        help="a linear support vector machine, or the nearest neighbour",
    )  # fmt: skip
    parser.add_argument("--lines", type=count, default=settings.lines, help="lines to learn from")
    parser.add_argument("--seed", type=int, default=settings.seed)
    parser.add_argument(
        "--fonts", type=Path, nargs="*", default=list(FONT_FOLDERS), help="folders of fonts"
    )
    instead = parser.add_mutually_exclusive_group()
    for what in ("character", "line", "page"):
        instead.add_argument(
            f"--read-{what}", type=Path, metavar="IMAGE", help=f"do not train: read a {what}"
        )
    instead.add_argument(
        "--read-folders", type=Path, nargs="+", metavar="FOLDER",
        help="do not train: read folders of pages, and write FOLDER/NAME.txt into --texts",
    )  # fmt: skip
    parser.add_argument(
        "--texts", type=Path, default=Path("classic-texts"), metavar="DIR",
        help="where the texts of --read-folders go (default: %(default)s)",
    )  # fmt: skip


def main(args: argparse.Namespace) -> int:
    """Teaches a reader, or reads one picture; 0 when it came to its end."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    path = args.to / f"classic-{args.method}.npz"
    wanted = args.read_character or args.read_line or args.read_page
    if wanted:
        print(_read(load(path), args))
    elif args.read_folders:
        _read_folders(load(path), args)
    else:
        _teach(path, args)
    return 0


def _teach(path: Path, args: argparse.Namespace) -> None:
    faces = [face for face in find_faces(charset.latin(), args.fonts) if not face.rows]
    known = [face for face in faces if not face.held_out] or faces
    settings = ClassicSettings(lines=args.lines, seed=args.seed)
    print(f"{settings}, in {len(known)} typefaces", flush=True)
    glyphs = set_glyphs(known, settings)
    reader = teach(glyphs, args.method)
    save(reader, path)
    right = np.mean(reader.in_line.classify(glyphs.features) == glyphs.labels)
    print(f"{path}: {len(glyphs.labels)} characters, {100 * right:.1f} % of them read right again")


def _read(reader: ClassicReader, args: argparse.Namespace) -> str:
    if args.read_character:
        return reader.read_character(read_grey(args.read_character))
    if args.read_line:
        return reader.read_line(read_grey(args.read_line))
    return reader.read_page(read_grey(args.read_page))


def _read_folders(reader: ClassicReader, args: argparse.Namespace) -> None:
    """Writes the text of every page, and passes over what is no picture."""
    for folder in args.read_folders:
        files = [path for path in sorted(folder.iterdir()) if is_picture(path)]
        if not files:
            raise ConfigError(f"there are no pictures in {folder}")
        texts = args.texts / folder.name
        texts.mkdir(parents=True, exist_ok=True)
        for path in files:
            text = reader.read_page(read_grey(path))
            (texts / f"{path.stem}.txt").write_text(text, encoding="utf-8")
        print(f"{texts}: {len(files)} pages", flush=True)
