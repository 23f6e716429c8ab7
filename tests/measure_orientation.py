"""How surely pages that lie on a side or upside down are turned, and upright ones are not.

    python -m tests.measure_orientation scans FOLDER... [--pages N] [--turns 0 90 180 270]
    python -m tests.measure_orientation synthetic [--pages N] [--first SEED] [--corpus FOLDER]
    python -m tests.measure_orientation words [--pages N] [--turns 0 90 180 270] [--corpus FOLDER]

`scans` reads images of folders, `synthetic` made-up pages of each kind in turn, and `words` made-up
pages with one to five words on them: as they are, and turned clockwise by degrees. It prints of
each page that is not stood upright by how much it was turned, and how many are for each turn and
each kind. Images that do not stand upright as they are count as wrong. `--like` takes only images
whose names match, such as `*.png`; `--first` goes on where an earlier run ended.

Where the text is known (`NAME.gt.txt` beside an image) it also prints the character error rate of
each page and in all, and which turned copies read worse or better than the upright one by more than
`SLACK`. Where it is not, the page is read no further than it takes to decide which way up it is;
`tried` counts those that were in doubt and were tried other ways.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

import ocr_core
from ocr_core import charset, cropping, orientation
from ocr_core.ctc import Decoded
from ocr_core.engine import Engine, EngineOptions
from ocr_core.images import turn_upright
from ocr_core.metrics import TextCounts, compare
from ocr_core.synth.corpus import Corpus, load_corpora
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.layouts import LAYOUTS, Layout, Paper
from ocr_core.synth.pages import PageMaker
from ocr_core.synth.sheet import Column, Sheet
from ocr_core.synth.text import TextSource
from schemas import DetectedPage, Failure, Page, PageImage, PageRef

SUFFIXES = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}
TURNS = (0, 90, 180, 270)
# What can be measured, how many pages of it, and which turns.
COMMANDS = (("scans", 40, TURNS), ("synthetic", 210, (0,)), ("words", 50, TURNS))
MOST_WORDS = 5
# By so much may the character error rate of a turned copy differ from that of the upright one.
SLACK = 0.005
NOTHING = Decoded("", (), (), ())


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """An upright page, and what is written on it as far as somebody knows.

    Attributes:
        kind: of page, or the folder that it comes from.
    """

    name: str
    pixels: NDArray[np.uint8]
    text: str | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a page that was turned.

    Attributes:
        degrees: by how many it was turned, clockwise.
        orientation_deg: by how many it was turned back.
        was_tried: whether it was tried other ways; not told where the text was read.
        counts: of its text, where that is known.
    """

    degrees: int
    orientation_deg: int
    was_tried: bool = False
    counts: TextCounts = TextCounts()

    @property
    def is_right(self) -> bool:
        """Whether the page was stood upright."""
        return self.orientation_deg == (360 - self.degrees) % 360

    def __str__(self) -> str:
        return f"{self.degrees:3} -> {self.orientation_deg:3}{_rate(self.counts)}"


@dataclass(slots=True)
class Tally:
    """What became of pages that were turned by one angle, or that are of one kind."""

    right: int = 0
    wrong: int = 0
    tried: int = 0
    counts: TextCounts = field(default_factory=TextCounts)

    def add(self, outcome: Outcome) -> None:
        """Counts a page."""
        self.right += outcome.is_right
        self.wrong += not outcome.is_right
        self.tried += outcome.was_tried
        self.counts += outcome.counts

    def __str__(self) -> str:
        tried = f", {self.tried} tried" if self.tried else ""
        return f"{self.right:4} right, {self.wrong} wrong{tried}{_rate(self.counts)}"


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


def measure(engine: Engine, pages: Iterator[Sample], turns: Sequence[int]) -> None:
    """Looks at every page at every turn and prints what became of them."""
    by_turn: dict[int, Tally] = defaultdict(Tally)
    by_kind: dict[str, Tally] = defaultdict(Tally)
    off: list[str] = []
    for sample in pages:
        outcomes = [look(engine, sample, degrees) for degrees in turns]
        for outcome in outcomes:
            by_turn[outcome.degrees].add(outcome)
            by_kind[sample.kind].add(outcome)
        off += [f"{sample.name} {outcome}" for outcome in _off(outcomes)]
        told = [str(one) for one in outcomes if sample.text or not one.is_right]
        if told:
            print(sample.name, *told, sep="\n    ", flush=True)
    for kind, tally in sorted(by_kind.items()):
        print(f"{kind:20}: {tally}")
    for degrees, tally in by_turn.items():
        print(f"turned by {degrees:3}: {tally}")
    if any(tally.counts.characters for tally in by_turn.values()):
        print(f"{len(off)} copies off by more than {SLACK}", *off, sep="\n    ")


def look(engine: Engine, sample: Sample, degrees: int) -> Outcome:
    """What becomes of the page when it lies turned clockwise by some degrees."""
    pixels = turn_upright(sample.pixels, degrees)
    image = PageImage(PageRef("", f"{sample.name}, turned by {degrees}", 0), pixels, dpi=200)
    if sample.text is None:
        return Outcome(degrees, *decide(engine, image))
    page = _succeeded(engine.read_pages([image])[0])
    return Outcome(degrees, page.orientation_deg, counts=compare(page.text, sample.text))


def decide(engine: Engine, image: PageImage) -> tuple[int, bool]:
    """By how much a page is turned, in degrees clockwise, and whether it was tried other ways.

    Reads no more of it than the engine bases that on, which takes a half of the time.
    """
    page = engine.detect_pages([image])[0]
    if isinstance(page, Failure):
        raise SystemExit(f"{page.uri}: {page.stage}: {page.message}")
    if not page.detections or not orientation.may_lie_wrong(page.detections, _best(engine, page)):
        return 0, False
    return _succeeded(engine.recognise_pages([page])[0]).orientation_deg, True


def _best(engine: Engine, page: DetectedPage) -> list[Decoded]:
    """What the lines say that are tried first; nothing of the others."""
    best = orientation.best_lines(page.detections)
    quads = [page.detections[number].quad for number in best]
    crops = [cropping.crop_quad(page.image.pixels, one, engine.reader.height) for one in quads]
    readings = engine.reader.read(crops, EngineOptions().max_crop_pixels)
    read = dict(zip(best, (reading.decoded for reading in readings), strict=True))
    return [read.get(number, NOTHING) for number in range(len(page.detections))]


def _succeeded(page: Page | Failure) -> Page:
    if isinstance(page, Failure):
        raise SystemExit(f"{page.uri}: {page.stage}: {page.message}")
    return page


def _off(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The turned copies whose error rate is not that of the upright one."""
    upright = next((one.counts for one in outcomes if one.degrees == 0), TextCounts())
    if not upright.characters:
        return []
    return [one for one in outcomes if abs(one.counts.cer - upright.cer) > SLACK]


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
        kind = path.parent.name
        yield Sample(f"{kind}/{path.name}", np.asarray(pixels, np.uint8), text, kind)


def made(args: argparse.Namespace) -> Iterator[Sample]:
    """Made-up pages, each by its seed: one of each kind, then the next of each."""
    characters = charset.latin()
    source = TextSource(load_corpora(args.corpus), characters)
    maker = PageMaker(find_faces(characters), source, long_side=(800, 1600))
    kinds = KINDS if args.pages_of == "synthetic" else {"few words": FEW_WORDS}
    names = sorted(kinds)
    for seed in range(args.first, args.first + args.pages):
        kind = names[seed % len(names)]
        page = maker.make_layout(seed, kinds[kind])
        yield Sample(f"seed {seed}, {kind}", page.pixels, kind=kind)


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


def draw_capitals(sheet: Sheet) -> None:
    """Paragraphs in capitals alone."""
    _draw_paragraphs(sheet, lambda text: text.upper())


def draw_languages(sheet: Sheet) -> None:
    """Paragraphs, each in a language of its own."""
    _draw_paragraphs(sheet, lambda _: sheet.source.running(sheet.rng, _language(sheet), 300))


def draw_figures(sheet: Sheet) -> None:
    """Rows and columns of numbers, and nothing beside them."""
    pen = sheet.pen(sheet.between(7, 14), ("text", "mono", "typewriter"))
    columns, top = sheet.count(2, 7), sheet.height * sheet.between(0.05, 0.2)
    wide = 0.9 * sheet.width / columns
    for row in range(sheet.count(4, 40)):
        y = top + row * 1.2 * pen.pitch
        if y > 0.95 * sheet.height:
            break
        for column in range(columns):
            sheet.canvas.group += 1
            left = 0.05 * sheet.width + column * wide
            text = sheet.text("number", pen, 12)
            sheet.place(text, pen.aligned("right"), Column(left, left + 0.8 * wide), y)


def _language(sheet: Sheet) -> Corpus:
    return sheet.source.corpus(sheet.rng)


def _draw_paragraphs(sheet: Sheet, alter: Callable[[str], str]) -> None:
    """One to a few paragraphs of running text, altered."""
    pen = sheet.pen(sheet.between(8, 16), ("text", "typewriter"))
    column = Column(sheet.width * sheet.between(0.06, 0.15), sheet.width * sheet.between(0.6, 0.94))
    y = sheet.height * sheet.between(0.05, 0.3)
    for _ in range(sheet.count(1, 8)):
        text = sheet.drawable(alter(sheet.text("running", pen, sheet.count(30, 500))), pen)
        sheet.canvas.group += 1
        y = sheet.paragraph(text, pen, column, y, 0.95 * sheet.height) + pen.pitch


FEW_WORDS = Layout(draw_few_words, 1, Paper((5, 8.5), (5, 11.8)))
_SHEET = Paper((6, 8.5), (8, 11.8))
_OWN = [Layout(draw, 1, _SHEET) for draw in (draw_capitals, draw_languages, draw_figures)]
# Every kind of page that is made up for training, and those that may be taken for turned ones.
KINDS = {
    layout.draw.__name__.removeprefix("draw_").replace("_", " "): layout
    for layout in (*LAYOUTS, *_OWN, FEW_WORDS)
}


if __name__ == "__main__":
    main()
