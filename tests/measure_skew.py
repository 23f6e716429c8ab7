"""How well the skew of pages is measured, and how well pages are read under it.

    python -m tests.measure_skew [--pages N] [--angles -10 -5 0 5 10] [--corpus FOLDER]

Made-up flat pages are turned anticlockwise by some degrees and read. For each angle it prints the
mean and the greatest error of the measured skew in degrees, the character error rate of the lines
that were found, hmean of the quads at an IoU of 0.5, the share of lines found in pieces, together
with a neighbour, or not at all, and F1 of the words, blind to their order.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

import ocr_core
from ocr_core import charset
from ocr_core.engine import Engine
from ocr_core.level import LONG, reading_angle, turn_of
from ocr_core.metrics import (
    DetectionCounts,
    TextCounts,
    compare,
    compare_lines,
    compare_quads,
    match_quads,
)
from ocr_core.synth.corpus import load_corpora
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.pages import PageMaker, PageSource, SynthPage
from ocr_core.synth.text import TextSource
from schemas import Failure, Line, Page, PageImage, PageRef, Quad

ANGLES = (-10.0, -7.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 7.0, 10.0)
# A page has a skew that can be told if so many of its lines are long, and run along each other but
# for so many degrees.
LEAST_LINES, PARALLEL = 5, 0.15
HEADER = "angle    mean     max     CER   hmean   split  merged  missed      F1"


@dataclass(slots=True)
class Tally:
    """What reading pages at one angle gave.

    Attributes:
        errors: of each page's skew, in degrees.
    """

    errors: list[float] = field(default_factory=list)
    lines: TextCounts = field(default_factory=TextCounts)
    words: TextCounts = field(default_factory=TextCounts)
    quads: DetectionCounts = field(default_factory=DetectionCounts)

    def add(self, page: Page, truth: Sequence[Line]) -> None:
        """Counts a page that was read."""
        self.errors.append(page.skew_deg - reading_angle(truth))
        found, expected = [one.quad for one in page.lines], [one.quad for one in truth]
        pairs = match_quads(found, expected)
        self.quads += compare_quads(found, expected)
        self.lines += compare_lines(
            [page.lines[row].text for row, _ in pairs], [truth[column].text for _, column in pairs]
        )
        self.words += compare(page.text, "\n".join(line.text for line in truth))

    def __str__(self) -> str:
        off = np.abs(self.errors)
        quads = self.quads
        shares = [count / quads.truths for count in (quads.split, quads.merged, quads.missed)]
        return (
            f"{off.mean():8.3f}{off.max():8.3f}{self.lines.cer:8.4f}{quads.hmean:8.4f}"
            + "".join(f"{share:8.4f}" for share in shares)
            + f"{self.words.f1:8.4f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--angles", type=float, nargs="+", default=ANGLES)
    parser.add_argument("--first", type=int, default=0, help="seed of the first page")
    parser.add_argument("--corpus", type=Path, default=Path("synthetic/corpus"))
    args = parser.parse_args()
    characters = charset.latin()
    source = TextSource(load_corpora(args.corpus), characters)
    maker = PageMaker(find_faces(characters), source, long_side=(1000, 1800))
    pages = list(islice(flat_pages(maker, args.first), args.pages))
    engine = ocr_core.load()
    print(f"{len(pages)} pages\n{HEADER}")
    for angle in args.angles:
        tally = Tally()
        for made in pages:
            slanted = slant(made, angle)
            tally.add(read(engine, slanted.pixels), slanted.page.lines)
        print(f"{angle:5}{tally}", flush=True)


def flat_pages(maker: PageSource, first: int) -> Iterator[SynthPage]:
    """The pages from some seed on whose skew is the same all over."""
    while True:
        made = maker.make(first)
        angle = reading_angle(made.page.lines)
        turns = [turn_of(line, angle) for line in made.page.lines if _is_long(line.quad)]
        if len(turns) >= LEAST_LINES and max(turns) <= PARALLEL:
            yield made
        first += 1


def _is_long(quad: Quad) -> bool:
    return quad.width >= LONG * quad.height


def slant(made: SynthPage, degrees: float) -> SynthPage:
    """The page turned anticlockwise on a larger sheet that holds all of it, and so its quads."""
    height, width = made.pixels.shape
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), np.float64)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    wide, high = round(width * cosine + height * sine), round(width * sine + height * cosine)
    turn[:, 2] += (wide - width) / 2, (high - height) / 2
    paper = int(np.median(made.pixels))
    between_centres = turn.copy()  # quads count from edges of pixels
    between_centres[:, 2] += turn[:, :2] @ (0.5, 0.5) - 0.5
    pixels = cv2.warpAffine(
        made.pixels, between_centres, (wide, high), flags=cv2.INTER_CUBIC, borderValue=paper
    )
    lines = tuple(replace(line, quad=_moved(line.quad, turn)) for line in made.page.lines)
    page = replace(made.page, width_px=wide, height_px=high, lines=lines)
    ignored = tuple(_moved(quad, turn) for quad in made.ignored)
    return SynthPage(np.asarray(pixels, np.uint8), page, ignored)


def _moved(quad: Quad, turn: NDArray[np.float64]) -> Quad:
    return Quad.from_corners(cv2.transform(quad.corners[None], turn)[0])


def read(engine: Engine, pixels: NDArray[np.uint8]) -> Page:
    """What the engine reads on a page."""
    (page,) = engine.read_pages([PageImage(PageRef("", "", 0), pixels, dpi=200)])
    if isinstance(page, Failure):
        raise SystemExit(page.message)
    return page


if __name__ == "__main__":
    main()
