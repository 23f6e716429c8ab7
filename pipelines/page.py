"""`beam-ocr page`: one page to the terminal, without Beam and without a run."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

import ocr_core
from ocr_core import images
from ocr_core.cleaning import steps
from ocr_core.errors import ConfigError, InputError
from ocr_core.sandbox import drawing
from pipelines import options
from pipelines.options import ReadOptions
from schemas import Failure, Page, PageImage, PageRange

if TYPE_CHECKING:  # it brings torch, which help does without
    from ocr_core.engine import Engine

# Blue, green, red.
_LINE_COLOUR = (0, 140, 255)
_WORD_COLOUR = (200, 160, 0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr page`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a PDF or an image")
    parser.add_argument(
        "--page", type=int, default=1, metavar="N", help="which page, from 1 (default: 1)"
    )
    parser.add_argument(
        "--boxes", type=Path, metavar="PNG", help="also draw the lines and words that were found"
    )
    options.add_read_arguments(parser)


def main(args: argparse.Namespace) -> int:
    """Prints the text of a page; returns the exit code.

    Raises:
        ConfigError: there is no such file or page.
    """
    if args.page < 1:
        raise ConfigError(f"--page counts from 1, not {args.page}")
    read = options.read_options_from(args, str(args.page))
    try:
        drawn = draw_page(args.file, read)
    except InputError as error:
        return _fail(f"{args.file}: {error.code}: {error}")
    [page] = load_engine(read).read_pages([drawn])
    if isinstance(page, Failure):
        return _fail(f"{args.file}: {page.code}: {page.stage}: {page.message}")
    print(page.text)
    if args.boxes:
        # What its text layer says was read without pixels; and the page is shown as it is.
        image = draw_page(args.file, replace(read, text_layer="ignore", clean="none"))
        if isinstance(image, PageImage):
            write_boxes(args.boxes, image, page)
    return 0


def load_engine(read: ReadOptions) -> Engine:
    """An engine that reads as the options say.

    Raises:
        ConfigError: there is no such device, precision, quality or file of words.
        WeightsError: a weights file is missing, damaged or of another kind.
    """
    return ocr_core.load(
        weights=read.weights,
        device=read.device,
        correct=read.corrections,
        precision=read.precision,
        backend=read.backend,
        quality=read.profile,
        restore=read.restore,
    )


def draw_page(file: Path, read: ReadOptions) -> PageImage | Page:
    """The one page that the options select, ready to be read, or read from its text layer.

    Raises:
        InputError: it cannot be drawn.
        ConfigError: there is no such file or page.
    """
    if not file.exists():
        raise ConfigError(f"no such file: {file}")
    if file.is_dir():
        raise ConfigError(f"{file} is a folder, which `beam-ocr run {file} --output DIR` reads")
    selection, render = read.selection, read.render
    render.check()
    source = drawing.inspect(file, str(file), render)
    indices = selection.indices(source.page_count)
    if not indices:
        raise ConfigError(f"{file} has {source.page_count} pages, and none is page {read.pages}")
    [drawn] = drawing.render_pages(file, PageRange(source, indices), render)
    if isinstance(drawn, Failure):
        raise InputError(f"{drawn.stage}: {drawn.message}", drawn.code)
    return drawn if isinstance(drawn, Page) else steps.prepare_page(drawn, read.cleaning)


def write_boxes(path: Path, image: PageImage, page: Page) -> None:
    """A picture of the page with a frame around each line and each word.

    Raises:
        ConfigError: it cannot be written.
    """
    upright = images.turn_upright(image.pixels, page.orientation_deg)
    picture = cv2.cvtColor(upright, cv2.COLOR_GRAY2BGR)
    for line in page.lines:
        for word in line.words:
            left, top, right, bottom = (
                round(edge)
                for edge in (word.box.left, word.box.top, word.box.right, word.box.bottom)
            )
            cv2.rectangle(picture, (left, top), (right, bottom), _WORD_COLOUR, 1)
        corners = np.rint(line.quad.corners).astype(np.int32)
        cv2.polylines(picture, [corners], isClosed=True, color=_LINE_COLOUR, thickness=2)
    try:
        is_written = cv2.imwrite(str(path), picture)
    except cv2.error as error:
        raise ConfigError(f"--boxes takes a name that ends in .png: {path}") from error
    if not is_written:
        raise ConfigError(f"cannot write {path}")


def _fail(words: str) -> int:
    print(words, file=sys.stderr)
    return 3
