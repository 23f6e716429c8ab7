"""`beam-ocr synth`: a sample of what the networks learn from, to be looked at."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core import charset
from ocr_core.errors import ConfigError
from ocr_core.harvest.folders import read_harvest
from ocr_core.harvest.makers import HarvestedLines, HarvestedPages
from ocr_core.harvest.reading import shipped_reader
from ocr_core.synth.corpus import load_corpora
from ocr_core.synth.fonts import FONT_FOLDERS, Face, find_faces
from ocr_core.synth.lines import LineMaker, LineSample, LineSource
from ocr_core.synth.pages import PageMaker, PageSource, SynthPage
from ocr_core.synth.photos import find_photos
from ocr_core.synth.scenes import SceneMaker
from ocr_core.synth.text import TextSource
from schemas import Quad

# Blue, green, red.
_LINE_COLOUR = (0, 140, 255)
_WORD_COLOUR = (200, 160, 0)
_IGNORED_COLOUR = (160, 160, 160)
# Crops on one contact sheet, and the room around them and for their numbers, in pixels.
_ROWS = 50
_GAP = 6
_NUMBER_WIDTH = 48


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `beam-ocr synth`."""
    parser.add_argument(
        "--to", type=Path, default=Path("synthetic"), metavar="DIR", help="where to write"
    )
    parser.add_argument("--pages", type=int, default=12, metavar="N", help="how many pages")
    parser.add_argument("--lines", type=int, default=100, metavar="N", help="how many line crops")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same sample")
    parser.add_argument(
        "--fonts", type=Path, nargs="*", default=list(FONT_FOLDERS), help="folders of fonts"
    )
    parser.add_argument(
        "--corpus", type=Path, metavar="DIR",
        help="folder that keeps gathered texts, such as a training's (default: corpus in --to)",
    )  # fmt: skip
    parser.add_argument(
        "--harvest", type=Path, nargs="+", default=[], metavar="FOLDER",
        help="folders of born-digital PDFs to make the sample of, instead of synthetic text",
    )  # fmt: skip
    parser.add_argument(
        "--photos", type=Path, nargs="+", default=[], metavar="FOLDER",
        help="folders of photographs without text: pages are these, with signs on them",
    )  # fmt: skip


def main(args: argparse.Namespace) -> int:
    """Writes the sample; the exit code is 0.

    Raises:
        ConfigError: it cannot be written there, or a folder of fonts or of photographs is none.
    """
    characters = charset.latin()
    faces = find_faces(characters, args.fonts)
    try:
        args.to.mkdir(parents=True, exist_ok=True)
        source = TextSource(load_corpora(args.corpus or args.to / "corpus"), characters)
        print(f"{len(faces)} typefaces", flush=True)
        pages, lines = _makers(args, faces, source)
        for seed in range(args.seed, args.seed + args.pages):
            write_page(args.to / f"page-{seed:06}", pages.make(seed))
        write_lines(args.to, _draw_lines(lines, args.seed, args.lines))
    except OSError as error:
        raise ConfigError(f"cannot write to {args.to}: {error}") from error
    print(f"{args.pages} pages and {args.lines} lines in {args.to}")
    return 0


def _makers(
    args: argparse.Namespace, faces: Sequence[Face], source: TextSource
) -> tuple[PageSource, LineSource]:
    """What makes the pages and the lines: synthesis, or a harvest, whose summary is printed."""
    if args.photos:
        return SceneMaker(faces, source, find_photos(args.photos)), LineMaker(faces, source)
    if not args.harvest:
        return PageMaker(faces, source), LineMaker(faces, source)
    harvest = read_harvest(args.harvest, args.to / "harvest", charset.latin(), shipped_reader())
    print(f"harvest: {harvest.summary}", flush=True)
    return HarvestedPages(harvest, faces, source), HarvestedLines(harvest)


def write_page(stem: Path, made: SynthPage) -> None:
    """Writes a page, a picture of what stands where, and its ground truth as evaluation reads it.

    Args:
        stem: path of the files, without a suffix.
    """
    _write_image(stem.with_name(f"{stem.name}.png"), made.pixels)
    _write_image(stem.with_name(f"{stem.name}-boxes.png"), draw_boxes(made))
    lines = made.page.lines
    stem.with_name(f"{stem.name}.gt.txt").write_text(made.page.text + "\n", encoding="utf-8")
    boxes = [{"text": line.text, "box": _edges(line.quad)} for line in lines]
    stem.with_name(f"{stem.name}.boxes.json").write_text(
        json.dumps(boxes, ensure_ascii=False, indent=0), encoding="utf-8"
    )


def draw_boxes(made: SynthPage) -> NDArray[np.uint8]:
    """The page, (H, W, 3) uint8, with frames around lines, words and, in grey, what is ignored."""
    picture = np.repeat(made.pixels[:, :, None], 3, axis=2)
    for line in made.page.lines:
        for word in line.words:
            _frame(picture, Quad.from_box(word.box), _WORD_COLOUR)
        _frame(picture, line.quad, _LINE_COLOUR)
    for quad in made.ignored:
        _frame(picture, quad, _IGNORED_COLOUR)
    return picture


def write_lines(folder: Path, samples: Sequence[LineSample]) -> None:
    """Writes contact sheets of numbered crops, and a table of what they say."""
    rows = "".join(f"{number}\t{sample.text}\n" for number, sample in enumerate(samples, start=1))
    (folder / "lines.tsv").write_text("number\ttext\n" + rows, encoding="utf-8")
    for sheet, first in enumerate(range(0, len(samples), _ROWS), start=1):
        crops = [sample.pixels for sample in samples[first : first + _ROWS]]
        _write_image(folder / f"lines-{sheet:02}.png", draw_contact_sheet(crops, first + 1))


def draw_contact_sheet(crops: Sequence[NDArray[np.uint8]], first_number: int) -> NDArray[np.uint8]:
    """Crops below each other, (H, W) uint8, each behind its number."""
    pitch = max(len(crop) for crop in crops) + _GAP
    width = _NUMBER_WIDTH + max(crop.shape[1] for crop in crops) + _GAP
    sheet = np.full((_GAP + pitch * len(crops), width), 210, np.uint8)
    for row, crop in enumerate(crops):
        top = _GAP + row * pitch
        bottom_left = (_GAP, top + len(crop) * 2 // 3)
        cv2.putText(sheet, str(first_number + row), bottom_left, cv2.FONT_HERSHEY_PLAIN, 1.2, 0)
        sheet[top : top + len(crop), _NUMBER_WIDTH : _NUMBER_WIDTH + crop.shape[1]] = crop
    return sheet


def _draw_lines(maker: LineSource, seed: int, n: int) -> list[LineSample]:
    """The first `n` lines of blocks by rising seed; fewer where there are hardly any."""

    def lines() -> Iterator[LineSample]:
        for one in range(seed, seed + 10 * max(n, 0)):
            yield from maker.make(one)

    return list(islice(lines(), max(n, 0)))


def _edges(quad: Quad) -> list[float]:
    box = quad.box
    return [round(edge, 1) for edge in (box.left, box.top, box.right, box.bottom)]


def _frame(picture: NDArray[np.uint8], quad: Quad, colour: tuple[int, int, int]) -> None:
    corners = np.rint(quad.corners).astype(np.int32)
    cv2.polylines(picture, [corners], isClosed=True, color=colour)


def _write_image(path: Path, pixels: NDArray[np.uint8]) -> None:
    _, data = cv2.imencode(".png", pixels)
    path.write_bytes(data.tobytes())
