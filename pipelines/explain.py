"""`beam-ocr explain`: how one page is read, stage by stage, in pictures with true figures."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_core.errors import ConfigError, InputError
from pipelines import options
from pipelines.options import ReadOptions
from pipelines.page import draw_page, load_engine
from schemas import PageImage

if TYPE_CHECKING:
    from ocr_core.explaining.following import Followed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr explain`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a PDF or an image")
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="where to write")
    parser.add_argument(
        "--page", type=int, default=1, metavar="N", help="which page, from 1 (default: 1)"
    )
    line = parser.add_mutually_exclusive_group()
    line.add_argument(
        "--line",
        type=int,
        metavar="N",
        help="which line, in reading order from 1 (default: one that was corrected, or in doubt)",
    )
    line.add_argument("--text", default="", metavar="WORDS", help="a line that says this")
    options.add_read_arguments(parser)


def main(args: argparse.Namespace) -> int:
    """Writes the pictures of a page and a page that holds them; returns the exit code.

    What a PDF brings along as text is not looked at: what is shown is how pixels are read.

    Raises:
        ConfigError: there is no such file, page or line, or the folder cannot be written to.
    """
    from ocr_core.explaining import following, writing
    from ocr_core.explaining.chapters import open_networks, write_chapters

    if args.page < 1:
        raise ConfigError(f"--page counts from 1, not {args.page}")
    read = replace(options.read_options_from(args, str(args.page)), text_layer="ignore")
    try:
        followed = _follow(args.file, read)
    except InputError as error:
        print(f"{args.file}: {error.code}: {error}", file=sys.stderr)
        return 3
    line = following.choose_line(followed, args.line, args.text)
    title = f"How “{line.line.text}” was read on page {args.page} of {args.file.name}"
    chapters = write_chapters(followed, line, open_networks(read.weights, read.profile))
    print(writing.write(args.to, title, list(chapters))[-1])
    return 0


def _follow(file: Path, read: ReadOptions) -> Followed:
    """The page after each stage, by an engine of the same options."""
    from ocr_core.explaining import following

    image = draw_page(file, read)
    assert isinstance(image, PageImage)  # as no text layer is taken
    return following.follow(load_engine(read), image)
