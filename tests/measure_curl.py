"""Measures what flattening bent pages is worth: flat pages are bent, and read with and without it.

    python -m tests.measure_curl FOLDER... [--every 5] [--plain]

Takes every fifth image that has a `NAME.gt.txt` beside it, as it is and bent along three curves by
so many heights of its lines, and prints F1 of words and CER, not flattened and as the engine does
it. What is flattened though it was not bent gets named; `--plain` looks for that alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

import ocr_core
from ocr_core.cleaning.bending import Bent
from ocr_core.engine import Engine, EngineOptions
from ocr_core.finding import usual_height
from ocr_core.metrics import TextCounts, compare
from schemas import DetectedPage, PageImage, PageRef
from tests.measure_cleaning import SUFFIXES, read, truth_of

Pixels = NDArray[np.uint8]

# A sheet that hangs through, the inner edge of a thick book, and a wave.
CURVES = ("arc", "gutter", "wave")
# By how much pages are bent, in heights of their lines.
BENDS = (0.5, 1.0, 1.5)
# What of the width of a page the inner edge of a book takes.
GUTTER = 0.18


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=5)
    parser.add_argument("--plain", action="store_true")
    args = parser.parse_args()
    images = [path for folder in args.folders for path in find_images(folder)][:: args.every]
    flattening = ocr_core.load(correct=False)
    name_flattened(flattening, images)
    if not args.plain:
        options = EngineOptions(flattens_pages=False)
        plain = Engine(flattening.detector, flattening.reader, None, options)
        print_worth(plain, flattening, images)


def find_images(folder: Path) -> list[Path]:
    """The images of a folder that have a ground truth, in order."""
    images = (path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return sorted(path for path in images if truth_of(path).exists())


def name_flattened(engine: Engine, images: list[Path]) -> None:
    """Prints which pages are flattened as they are, and how many."""
    flattened = [path for path in images if isinstance(look(engine, path).image.drawn, Bent)]
    for path in flattened:
        print(f"{path.parent.name}/{path.name} is flattened as it is")
    print(f"{len(flattened)} of {len(images)} pages are flattened as they are", flush=True)


def print_worth(plain: Engine, flattening: Engine, images: list[Path]) -> None:
    """Prints F1 and CER for each curve and bend by either engine."""
    heights = {path: usual_height(look(plain, path).detections) for path in images}
    for curve, bend in [("flat", 0.0), *((curve, bend) for curve in CURVES for bend in BENDS)]:
        before, after = TextCounts(), TextCounts()
        for path in images:
            pixels = bent(load(path), curve, bend * heights[path]) if bend else load(path)
            truth = truth_of(path).read_text(encoding="utf-8")
            before += compare(read(plain, pixels), truth)
            after += compare(read(flattening, pixels), truth)
        print(
            f"{curve:7} {bend:.1f}  F1 {before.f1:.4f} -> {after.f1:.4f}  "
            f"CER {before.cer:.4f} -> {after.cer:.4f}",
            flush=True,
        )


def bent(pixels: Pixels, curve: str, rise_px: float) -> Pixels:
    """A page whose columns are shifted up and down, by `rise_px` between extremes.

    Beside the inner edge of a book the head of a page rises by half of that.

    Shapes:
        pixels:  (H, W) uint8
        returns: (H, W) uint8
    """
    height, width = pixels.shape
    across = np.linspace(0, 1, width, dtype=np.float32)
    along, at_head = {
        "arc": (4 * across * (1 - across), 1.0),
        "gutter": (np.exp(-across / GUTTER), 0.5),
        "wave": ((np.sin(2 * np.pi * across) + 1) / 2, 1.0),
    }[curve]
    shares = np.linspace(at_head, 1, height, dtype=np.float32)[:, None]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    from_y = (y + rise_px * shares * (along - along.mean())).astype(np.float32)
    edge = cv2.BORDER_REPLICATE
    return np.asarray(cv2.remap(pixels, x, from_y, cv2.INTER_CUBIC, borderMode=edge), np.uint8)


def look(engine: Engine, path: Path) -> DetectedPage:
    """What is found on an image.

    Raises:
        ValueError: nothing can be found on it.
    """
    [found] = engine.detect_pages([PageImage(PageRef("", "", 0), load(path), dpi=200)])
    if not isinstance(found, DetectedPage):
        raise ValueError(f"{path}: {found.message}")
    return found


def load(path: Path) -> Pixels:
    """(H, W) uint8: an image, grey."""
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.uint8)


if __name__ == "__main__":
    main()
