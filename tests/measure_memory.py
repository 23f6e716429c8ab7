"""`python -m tests.measure_memory`: the memory of a long run beside that of a short one.

Makes up documents (PDFs of one to five scanned pages, images, multi-page TIFFs, and for every 1,000
pages one PDF of several hundred), has `beam-ocr run` read few of them and then many, each in
a process of its own, and compares what these take at their most, helpers included. Ends with 0 if
the long run takes no more than 1.3 times what the short one does.

    python -m tests.measure_memory --pages 100 5000             stand-ins for models
    python -m tests.measure_memory --pages 100 600 --weights    the real ones, with `--quality fast`
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image

from tests import stand_ins
from tests.process_trees import PeakMemory

MOST = 1.3
DPI = 60
HEIGHT_PX, WIDTH_PX = 702, 496  # A4
LONG_PAGES = 300  # of a document among every 400, which have 1,000 pages in all
LONG_FIRST = 50  # the number of the first


def main(arguments: list[str]) -> int:
    """Measures both runs; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure_memory", description=__doc__)
    parser.add_argument("--pages", type=int, nargs=2, default=[100, 5000], metavar="N")
    parser.add_argument("--weights", action="store_true", help="the real models, not stand-ins")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a folder for documents and outputs")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="measure-memory-") as folder:
        root = args.keep or Path(folder)
        peaks = [
            measure(root / f"{pages} pages", pages, args.workers, args.weights)
            for pages in args.pages
        ]
    ratio = peaks[1] / peaks[0]
    print(f"{args.pages[1]} pages take {ratio:.2f} times the memory of {args.pages[0]}")
    return 0 if ratio <= MOST else 1


def measure(root: Path, pages: int, workers: int, with_weights: bool) -> int:
    """The most that a run over so many pages takes, in bytes."""
    inbox, output = root / "inbox", root / "out"
    write_documents(inbox, pages)
    module = "pipelines.cli" if with_weights else "tests.stand_in_run"
    flags = ["--dpi", str(DPI), "--workers", str(workers), "--text-layer", "ignore", "--quiet"]
    command = [sys.executable, "-m", module, "run", str(inbox), "--output", str(output), *flags]
    command += ["--quality", "fast"] * with_weights
    began = time.monotonic()
    process = subprocess.Popen(command)
    with PeakMemory(process.pid) as memory:
        code = process.wait()
    seconds = time.monotonic() - began
    if code != 0:
        raise SystemExit(f"the run ended with {code}")
    tenths = [memory.seen[len(memory.seen) * tenth // 10] >> 20 for tenth in range(10)]
    print(
        f"{pages} pages in {seconds:.0f} s: {memory.peak_bytes >> 20} MiB at most;"
        f" at each tenth of the time: {tenths}",
        flush=True,
    )
    return memory.peak_bytes


def write_documents(inbox: Path, pages: int) -> None:
    """Documents of so many pages in all, no two pages the same."""
    moments = random.Random(pages)
    inbox.mkdir(parents=True, exist_ok=True)
    left, number = pages, 0
    while left:
        is_long = number % 400 == LONG_FIRST and left > LONG_PAGES
        count = LONG_PAGES if is_long else min(left, moments.randint(1, 5))
        sheets = (draw_sheet(moments) for _ in range(count))
        if not is_long and number % 4 == 1:
            first, *rest = map(Image.fromarray, sheets)
            path = inbox / f"{number}.tif"
            first.save(
                path, save_all=True, append_images=rest, dpi=(DPI, DPI), compression="tiff_lzw"
            )
        elif not is_long and number % 4 == 2:
            count = 1
            Image.fromarray(next(sheets)).save(inbox / f"{number}.png", dpi=(DPI, DPI))
        else:
            write_pdf(inbox / f"{number}.pdf", sheets)
        left, number = left - count, number + 1


def draw_sheet(moments: random.Random) -> NDArray[np.uint8]:
    """A page of eight lines that stand-in models can read, (H, W) uint8."""
    pixels = stand_ins.blank_page(HEIGHT_PX, WIDTH_PX)
    for top in range(40, 680, 80):
        words = ("".join(moments.choices("abcde", k=moments.randint(2, 5))) for _ in range(3))
        stand_ins.draw_text(pixels, " ".join(words), 60, top)
    return pixels


def write_pdf(path: Path, sheets: Iterator[NDArray[np.uint8]]) -> None:
    """A PDF whose pages are scans without loss."""
    with pymupdf.open() as document:
        for sheet in sheets:
            page = document.new_page(width=WIDTH_PX * 72 / DPI, height=HEIGHT_PX * 72 / DPI)
            page.insert_image(page.rect, stream=cv2.imencode(".png", sheet)[1].tobytes())
        document.save(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
