"""How surely pages that lie on a side or upside down are turned, and upright ones are not.

    python -m tests.measure_orientation scans FOLDER... [--pages N] [--turns 0 90 180 270]
    python -m tests.measure_orientation synthetic [--pages N] [--turns 0] [--corpus FOLDER]
    python -m tests.measure_orientation words [--pages N] [--turns 0 90 180 270] [--corpus FOLDER]

`scans` reads images of folders, `synthetic` made-up pages of every kind, and `words` made-up pages
with one to five words on them: as they are, and turned clockwise by degrees. It prints of each page
that is not stood upright by how much it was turned, how many are for each turn, and where the text
is known (`NAME.gt.txt` beside an image) the character error rate of each page and in all, which a
turned page should share with the upright one. Images that do not stand upright count as wrong.
`--like` takes only images whose names match, such as `*.png`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

import ocr_core
from ocr_core import charset
from ocr_core.engine import Engine
from ocr_core.images import turn_upright
from ocr_core.metrics import TextCounts, compare
from ocr_core.synth.corpus import load_corpora
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.layouts import Layout, Paper
from ocr_core.synth.pages import PageMaker
from ocr_core.synth.sheet import Sheet
from ocr_core.synth.text import TextSource
from schemas import Failure, Page, PageImage, PageRef

SUFFIXES = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}
TURNS = (0, 90, 180, 270)
# What can be measured, how many pages of it, and which turns.
COMMANDS = (("scans", 40, TURNS), ("synthetic", 200, (0,)), ("words", 50, TURNS))
MOST_WORDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """An upright page, and what is written on it as far as somebody knows."""

    name: str
    pixels: NDArray[np.uint8]
    text: str | None = None


@dataclass(slots=True)
class Tally:
    """What became of the pages that were turned by one angle."""

    right: int = 0
    wrong: int = 0
    counts: TextCounts = field(default_factory=TextCounts)

    def add(self, is_right: bool, counts: TextCounts) -> None:
        """Counts a page, whether it was stood upright, and how its text was read."""
        self.right += is_right
        self.wrong += not is_right
        self.counts += counts

    def __str__(self) -> str:
        return f"{self.right:4} right, {self.wrong} wrong{_rate(self.counts)}"


def _rate(counts: TextCounts) -> str:
    return f"   CER {counts.cer:.4f}" if counts.characters else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="pages_of", required=True)
    for name, count, turns in COMMANDS:
        command = commands.add_parser(name)
        command.add_argument("--pages", type=int, default=count)
        command.add_argument("--turns", type=int, nargs="+", choices=TURNS, default=turns)
        if name == "scans":
            command.add_argument("folders", nargs="+", type=Path)
            command.add_argument("--like", default="*", metavar="GLOB", help="names of images")
        else:
            command.add_argument("--first", type=int, default=0, help="seed of the first page")
            command.add_argument("--corpus", type=Path, default=Path("synthetic/corpus"))
    args = parser.parse_args()
    measure(ocr_core.load(), islice(samples(args), args.pages), args.turns)


def samples(args: argparse.Namespace) -> Iterator[Sample]:
    """The pages of a command."""
    return scans(args.folders, args.like) if args.pages_of == "scans" else made(args)


def measure(engine: Engine, pages: Iterator[Sample], turns: list[int]) -> None:
    """Reads every page at every turn and prints what became of them."""
    tallies = {degrees: Tally() for degrees in turns}
    for sample in pages:
        told = []
        for degrees, tally in tallies.items():
            page = read(engine, sample, degrees)
            is_right = page.orientation_deg == (360 - degrees) % 360
            counts = compare(page.text, sample.text) if sample.text else TextCounts()
            tally.add(is_right, counts)
            if sample.text or not is_right:
                told.append(f"{degrees:3} -> {page.orientation_deg:3}{_rate(counts)}")
        if told:
            print(sample.name, *told, sep="\n    ", flush=True)
    for degrees, tally in tallies.items():
        print(f"turned by {degrees:3}: {tally}")


def read(engine: Engine, sample: Sample, degrees: int) -> Page:
    """The page as it is read when it lies turned clockwise by some degrees."""
    pixels = turn_upright(sample.pixels, degrees)
    (page,) = engine.read_pages([PageImage(PageRef("", sample.name, 0), pixels, dpi=200)])
    if isinstance(page, Failure):
        raise SystemExit(f"{sample.name}, turned by {degrees}: {page.stage}: {page.message}")
    return page


def scans(folders: list[Path], like: str = "*") -> Iterator[Sample]:
    """The images of each folder, in turn, with the text that stands beside them."""
    images = [
        sorted(path for path in folder.glob(like) if path.suffix.lower() in SUFFIXES)
        for folder in folders
    ]
    longest = max(map(len, images), default=0)
    for path in (own[number] for number in range(longest) for own in images if number < len(own)):
        pixels = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if pixels is None:
            raise SystemExit(f"{path} is no image")
        truth = path.with_suffix(".gt.txt")
        text = truth.read_text(encoding="utf-8") if truth.exists() else None
        yield Sample(f"{path.parent.name}/{path.name}", np.asarray(pixels, np.uint8), text)


def made(args: argparse.Namespace) -> Iterator[Sample]:
    """Made-up pages, each by its seed."""
    characters = charset.latin()
    source = TextSource(load_corpora(args.corpus), characters)
    maker = PageMaker(find_faces(characters), source, long_side=(800, 1600))
    for seed in range(args.first, args.first + args.pages):
        page = maker.make_layout(seed, FEW_WORDS) if args.pages_of == "words" else maker.make(seed)
        yield Sample(f"seed {seed}", page.pixels)


def draw_few_words(sheet: Sheet) -> None:
    """One to five words, in one line or strewn over the sheet."""
    pen = sheet.pen(sheet.between(10, 40), ("text", "mono", "display", "typewriter"))
    count = sheet.count(1, MOST_WORDS)
    words = [sheet.drawable(sheet.corpus.word(sheet.rng), pen) for _ in range(count)]
    texts = [" ".join(words)] if sheet.chance(0.5) else words
    for number, text in enumerate(texts):
        y = sheet.height * (number + sheet.between(0.3, 0.7)) / len(texts)
        sheet.canvas.group += 1
        sheet.write(
            sheet.fit(text, pen, 0.8 * sheet.width), pen, sheet.width * sheet.between(0.1, 0.2), y
        )


FEW_WORDS = Layout(draw_few_words, 1, Paper((5, 8.5), (5, 11.8)))


if __name__ == "__main__":
    main()
