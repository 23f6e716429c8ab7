"""Draws the pictures of `ocr_core/cleaning/README.md`: a page before and after each step.

    python -m tests.make_cleaning_pictures [--corpus FOLDER]

The page is synthetic, and is made worse in the way that the step is meant for.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.cleaning import perspective, steps
from tests import degradations
from tests.measure_cleaning import make_pages

FOLDER = Path(__file__).parents[1] / "ocr_core" / "cleaning" / "pictures"
# Height and width of a piece, and the pixels between before and after.
PIECE, GAP = (135, 330), 8
# What each step is shown on, and whether it takes the whole page to see it.
SHOWN = {
    "borders": ("frame", True),
    "despeckle": ("specks", False),
    "denoise": ("grain", False),
    "background": ("shadow", True),
    "contrast": ("faded", False),
    "sharpen": ("blur", False),
    "otsu": ("see-through", False),
    "sauvola": ("stains", True),
}
Pixels = NDArray[np.uint8]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path("synthetic/corpus"))
    args = parser.parse_args()
    [page] = make_pages(1, seed=5003, corpus=args.corpus)
    draw_all(page.pixels)


def draw_all(page: Pixels) -> None:
    """A picture for each step."""
    FOLDER.mkdir(exist_ok=True)
    for name, (degradation, is_whole) in SHOWN.items():
        worn = degradations.DEGRADATIONS[degradation](page, np.random.default_rng(3))
        save(name, [view(pixels, is_whole) for pixels in (worn, steps.STEPS[name](worn))])
    photograph, _ = degradations.photographed(page, np.random.default_rng(1), taper=0.3)
    corners = perspective.find_sheet(photograph)
    if corners is None:
        raise SystemExit("the sheet was not found")
    straight, _ = perspective.straighten(photograph, corners)
    save("perspective", [view(photograph, True), view(straight, True)])


def view(pixels: Pixels, is_whole: bool) -> Pixels:
    """The page made small, or a piece of it at full size."""
    height, width = PIECE
    if not is_whole:
        top, left = pixels.shape[0] // 3, pixels.shape[1] // 6
        return pixels[top : top + height, left : left + width]
    upper = pixels[: pixels.shape[1]]
    return np.asarray(cv2.resize(upper, (width, width), interpolation=cv2.INTER_AREA), np.uint8)


def save(name: str, views: list[Pixels]) -> None:
    gap = np.full((views[0].shape[0], GAP), 255, np.uint8)
    beside = np.concatenate([views[0], gap, views[1]], axis=1)
    # Eight grey levels are enough to see it, and make small files.
    levels = (np.rint(beside / 36.4) * 36.4).astype(np.uint8)
    cv2.imwrite(str(FOLDER / f"{name}.png"), levels, [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
