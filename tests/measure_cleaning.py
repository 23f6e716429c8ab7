"""Measures what cleaning is worth: on synthetic pages made worse in one way each, and on real ones.

    python -m tests.measure_cleaning synthetic [--pages 6] [--seed 5000] [--corpus FOLDER]
    python -m tests.measure_cleaning real FOLDER... [--every 3]

`synthetic` reads pages as they are made, after each of `tests.degradations`, without cleaning, with
`auto`, and with the steps that are meant for it. `real` reads every third image that has a
`NAME.gt.txt` beside it, and again after `auto` where that changes it; it tells which pages those
are, and what `auto` costs where it changes nothing.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

import ocr_core
from ocr_core import charset
from ocr_core.cleaning import steps
from ocr_core.engine import Engine
from ocr_core.metrics import TextCounts, compare
from ocr_core.synth.corpus import load_corpora
from ocr_core.synth.fonts import FONT_FOLDERS, find_faces
from ocr_core.synth.pages import PageMaker, SynthPage
from ocr_core.synth.text import TextSource
from schemas import Failure, PageImage, PageRef
from tests.degradations import DEGRADATIONS

SUFFIXES = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}
# The steps that are meant for each degradation, beside `auto`.
MEANT = {
    "shadow": ("background",),
    "shadow-noise": ("background",),
    "falling-light": ("background",),
    "stains": ("background",),
    "faded": ("contrast",),
    "see-through": ("otsu",),
    "grain": ("denoise",),
    "specks": ("despeckle",),
    "blur": ("sharpen",),
    "frame": ("borders",),
}
Pixels = NDArray[np.uint8]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    synthetic = commands.add_parser("synthetic")
    synthetic.add_argument("--pages", type=int, default=6)
    synthetic.add_argument("--seed", type=int, default=5000)
    synthetic.add_argument("--corpus", type=Path, default=Path("synthetic/corpus"))
    synthetic.set_defaults(measure=measure_synthetic)
    real = commands.add_parser("real")
    real.add_argument("folders", nargs="+", type=Path)
    real.add_argument("--every", type=int, default=3)
    real.set_defaults(measure=measure_real)
    args = parser.parse_args()
    args.measure(args, ocr_core.load(correct=False))


def measure_synthetic(args: argparse.Namespace, engine: Engine) -> None:
    """Prints F1 and CER for each degradation."""
    print_worth(engine, list(make_pages(args.pages, args.seed, args.corpus)))


def print_worth(engine: Engine, pages: list[SynthPage]) -> None:
    """What cleaning is worth on pages, after each degradation."""
    for name, degrade in DEGRADATIONS.items():
        worn = [degrade(page.pixels, np.random.default_rng(n)) for n, page in enumerate(pages)]
        for chosen in ((), (steps.AUTO,), *([MEANT[name]] if name in MEANT else [])):
            counts, seconds = TextCounts(), 0.0
            for pixels, page in zip(worn, pages, strict=True):
                started = time.process_time()
                cleaned = steps.clean(pixels, chosen)
                seconds += time.process_time() - started
                truth = "\n".join(line.text for line in page.page.lines)
                counts += compare(read(engine, cleaned), truth)
            print(
                f"{name:14} {','.join(chosen) or 'none':12} F1 {counts.f1:.4f} "
                f"CER {counts.cer:.4f}  {1000 * seconds / len(pages):.0f} ms",
                flush=True,
            )


def make_pages(count: int, seed: int, corpus: Path) -> Iterator[SynthPage]:
    """Upright pages of running text, clean, in faces that training does not see."""
    characters = charset.latin()
    faces = [face for face in find_faces(characters, FONT_FOLDERS) if face.held_out]
    texts = [text for text in load_corpora(corpus) if text.language == "en"]
    source = TextSource(texts, characters)
    maker = PageMaker(faces, source, long_side=(1600, 1800), strength=0.0)
    while count:
        page = maker.make(seed)
        seed += 1
        height, width = page.pixels.shape
        if height > width and 35 < len(page.page.lines) < 80:
            count -= 1
            yield page


def measure_real(args: argparse.Namespace, engine: Engine) -> None:
    """Prints F1 and CER of each folder without cleaning and with `auto`."""
    for folder in args.folders:
        before, after, looking = TextCounts(), TextCounts(), []
        images = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
        for path in [path for path in images if truth_of(path).exists()][:: args.every]:
            pixels = np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.uint8)
            truth = truth_of(path).read_text(encoding="utf-8")
            plain = cleaned = compare(read(engine, pixels), truth)
            started = time.process_time()
            chosen = steps.needed(steps.look_at(pixels))
            looking.append(time.process_time() - started)
            if chosen:
                cleaned = compare(read(engine, steps.clean(pixels, chosen)), truth)
                print(f"  {path.name}: {','.join(chosen)}: F1 {plain.f1:.4f} -> {cleaned.f1:.4f}")
            before, after = before + plain, after + cleaned
        print(
            f"{folder.name}: {len(looking)} pages, F1 {before.f1:.4f} -> {after.f1:.4f}, "
            f"CER {before.cer:.4f} -> {after.cer:.4f}, looking {1000 * np.mean(looking):.1f} ms",
            flush=True,
        )


def truth_of(path: Path) -> Path:
    return path.with_name(f"{path.stem}.gt.txt")


def read(engine: Engine, pixels: Pixels) -> str:
    """The text of a page; none where reading fails."""
    [page] = engine.read_pages([PageImage(PageRef("", "", 0), pixels, dpi=200)])
    return "" if isinstance(page, Failure) else page.text


if __name__ == "__main__":
    main()
