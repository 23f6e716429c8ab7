"""`python -m tests.measure_baselines PDF...`: baselines that are seen beside those that PDFs tell.

Pages are drawn, read as if they had no text layer, and each line that says what some words of the
layer say is compared with these: how far its baseline is off at its worse end, as a share of the
line's height. Each page is drawn a second time, askew and blurred. Lines with letters of several
sizes, or of only one character, are left out, and so are pages of few words.

    python -m tests.measure_baselines /usr/share/debian-reference/*.pdf --pages 4 --dpi 150
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pymupdf
import torch
from numpy.typing import NDArray

import ocr_core
from ocr_core.exporters.structure import baseline_of
from ocr_core.text_layer.words import LayerWords, read_words
from schemas import Line, Page, PageImage, PageRef

Floats = NDArray[np.float64]

FEWEST_WORDS = 60
TILTS_DEG = (0.0, 1.2)
BLUR_PX = 0.7  # of pages that are askew


def main(arguments: list[str]) -> int:
    """Tells how far off baselines are."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure_baselines", description=__doc__)
    parser.add_argument("pdfs", type=Path, nargs="+", metavar="PDF")
    parser.add_argument("--pages", type=int, default=2, help="of each file, chosen by chance")
    parser.add_argument("--dpi", type=int, default=150)
    args = parser.parse_args(arguments)
    torch.set_num_threads(1)
    engine = ocr_core.load()
    for tilt in TILTS_DEG:
        seen, usual = [], []
        for page, words in drawn_pages(args.pdfs, args.pages, args.dpi, tilt):
            [read] = engine.read_pages([page])
            if isinstance(read, Page):
                for line in read.lines:
                    if (foot := words.foot_of(line)) is not None:
                        seen.append(off(line, foot, words.angle_deg))
                        usual.append(off(replace(line, baseline=None), foot, words.angle_deg))
        print(f"askew by {tilt} degrees, {len(seen)} lines")
        for name, errors in (("seen", seen), ("a quarter of the quad", usual)):
            middle, most, nearly_all = np.quantile(errors, [0.5, 0.9, 0.99])
            print(f"  {name}: off by {middle:.3f}, 90 % {most:.3f}, 99 % {nearly_all:.3f}")
    return 0


@dataclass(frozen=True, slots=True, eq=False)
class PlacedWords:
    """The words of a text layer on a page as it was drawn, in pixels; lines that run level."""

    texts: tuple[str, ...]
    middles: Floats
    feet: Floats
    sizes: Floats
    angle_deg: float

    def foot_of(self, line: Line) -> float | None:
        """How far down across it the words stand that a line reads; None where that is unclear."""
        angle = np.radians(line.quad.angle_deg)
        along, down = (
            np.array([np.cos(angle), -np.sin(angle)]),
            np.array([np.sin(angle), np.cos(angle)]),
        )
        away = self.middles - line.quad.corners.mean(axis=0)
        inside = np.abs(away @ along) < line.quad.width / 2
        inside &= np.abs(away @ down) < 0.4 * line.quad.height
        said = "".join(np.array(self.texts)[inside])
        if len(said) < 2 or said != line.raw_text.replace(" ", ""):
            return None
        feet, sizes = across(self.feet[inside], self.angle_deg), self.sizes[inside]
        is_one = np.ptp(feet) < 0.5 and sizes.max() < 1.05 * sizes.min()
        return float(np.median(feet)) if is_one else None


def off(line: Line, foot: float, angle_deg: float) -> float:
    """How far the worse end of a line's baseline is from where it should be, in its heights."""
    ends = across(np.array(baseline_of(line)), angle_deg)
    return float(np.abs(ends - foot).max()) / line.quad.height


def across(points: Floats, angle_deg: float) -> Floats:
    """How far down points are on a page that is turned anticlockwise."""
    angle = np.radians(angle_deg)
    return np.asarray(points @ (np.sin(angle), np.cos(angle)), np.float64)


def drawn_pages(
    paths: list[Path], count: int, dpi: int, tilt: float
) -> Iterator[tuple[PageImage, PlacedWords]]:
    """Pages of these files with what is written where; the same ones for each tilt."""
    chance = random.Random(1)
    for path in paths:
        with pymupdf.open(path) as pdf:
            for number in chance.sample(range(len(pdf)), min(count, len(pdf))):
                words = read_words(pdf[number].get_displaylist())
                if len(words) >= FEWEST_WORDS and (words.turns == 0).all():
                    yield drawn(pdf[number], words, dpi, tilt)


def drawn(
    page: pymupdf.Page, words: LayerWords, dpi: int, tilt: float
) -> tuple[PageImage, PlacedWords]:
    """A page askew and blurred, or as it is, and where its words are on that."""
    picture = page.get_pixmap(dpi=dpi, colorspace="gray")
    rows = np.frombuffer(picture.samples, np.uint8).reshape(picture.h, picture.stride)
    pixels = rows[:, : picture.w].copy()
    size, scale = (picture.w, picture.h), dpi / 72
    turn = cv2.getRotationMatrix2D((picture.w / 2, picture.h / 2), tilt, 1)
    if tilt:
        soft = cv2.GaussianBlur(pixels, (0, 0), BLUR_PX)
        pixels = np.asarray(cv2.warpAffine(soft, turn, size, borderValue=255), np.uint8)
    middles, feet = (
        cv2.transform(np.asarray(points * scale, np.float64)[None], turn)[0]
        for points in ((words.boxes[:, :2] + words.boxes[:, 2:]) / 2, words.baselines)
    )
    image = PageImage(PageRef("", "", 0), pixels, dpi)
    return image, PlacedWords(words.texts, middles, feet, words.sizes * scale, tilt)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
