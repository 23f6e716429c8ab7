"""Measures reading order beside Tesseract's, on pages whose lines have known places.

    python -m tests.measure_reading_order FOLDER [NAME ...]

FOLDER holds images with `NAME.lines.json` or `NAME.boxes.json` beside them, lists of
`{"text": "...", "box": [left, top, right, bottom]}` in pixels. Their order counts as true, but for
pages in `tests/data/reading_order.json`, where somebody has said in which order the regions of the
page are read; within a region lines go from top to bottom, and from left to right in a row.

For each page and in the mean it prints the share of true lines that either program found, and the
distance of its order from the true one: the least number of lines to insert, delete or replace,
over the number of lines, of those that both found. 0 is the true order; less is better.
"""

from __future__ import annotations

import csv
import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from rapidfuzz.distance import Levenshtein

import ocr_core
from ocr_core.engine import Engine
from schemas import Box

REGIONS = Path(__file__).parent / "data" / "reading_order.json"


def main(folder: Path, names: Sequence[str] = ()) -> None:
    """Prints the figures of the named pages of a folder, or of all."""
    engine = ocr_core.load()
    regions = json.loads(REGIONS.read_text(encoding="utf-8"))
    rows = []
    print(f"{'page':24}{'lines':>7}{'found':>8}{'peer':>8}{'order':>8}{'peer':>8}")
    for image in sorted(path for path in folder.iterdir() if path.suffix in {".png", ".jpg"}):
        truth = read_truth(image, [Box(*box) for box in regions.get(image.stem, ())])
        if truth and (not names or image.stem in names):
            rows.append(figures(truth, our_words(engine, image), tesseract_words(image)))
            _print(image.stem, len(truth), rows[-1])
    if rows:
        _print(
            f"mean of {len(rows)} pages",
            0,
            [statistics.fmean(row) for row in zip(*rows, strict=True)],
        )


def figures(truth: Sequence[Box], ours: Sequence[Box], theirs: Sequence[Box]) -> list[float]:
    """The shares of lines found and the distances, of us and of the peer.

    Args:
        truth: lines in the true order.
        ours, theirs: words in the order in which each read them.
    """
    found = [read_lines(truth, words) for words in (ours, theirs)]
    both = set(found[0]) & set(found[1])
    shares = [len(lines) / len(truth) for lines in found]
    return shares + [distance([line for line in lines if line in both]) for lines in found]


def read_lines(truth: Sequence[Box], words: Sequence[Box]) -> list[int]:
    """The numbers of the lines that were found, in the order in which their middle words were.

    A word belongs to the smallest line that holds its centre.
    """
    places = defaultdict(list)
    for place, word in enumerate(words):
        holding = [n for n, line in enumerate(truth) if _holds(line, word)]
        if holding:
            places[min(holding, key=lambda n: truth[n].area)].append(place)
    return sorted(places, key=lambda n: (statistics.median(places[n]), places[n]))


def distance(lines: Sequence[int]) -> float:
    """How far line numbers are from rising: edits over their count, 0 to 1."""
    return Levenshtein.distance(lines, sorted(lines)) / max(1, len(lines))


def read_truth(image: Path, regions: Sequence[Box]) -> list[Box]:
    """The lines of a page in the true order; none if they are not known.

    Raises:
        ValueError: a line stands in no region of a page that has regions.
    """
    files = [image.with_name(f"{image.stem}.{kind}.json") for kind in ("lines", "boxes")]
    file = next((file for file in files if file.exists()), None)
    if file is None:
        return []
    lines = [Box(*item["box"]) for item in json.loads(file.read_text(encoding="utf-8"))]
    return in_regions(lines, regions) if regions else lines


def in_regions(lines: Sequence[Box], regions: Sequence[Box]) -> list[Box]:
    """Lines region by region, and row by row in each.

    Raises:
        ValueError: a line stands in no region.
    """
    members: list[list[Box]] = [[] for _ in regions]
    for line in lines:
        home = next((n for n, region in enumerate(regions) if _holds(region, line)), None)
        if home is None:
            raise ValueError(f"no region holds the line at {line}")
        members[home].append(line)
    return [line for region in members for row in _rows(region) for line in row]


def our_words(engine: Engine, image: Path) -> list[Box]:
    """The words of a page as this project reads them."""
    pixels = np.asarray(Image.open(image).convert("RGB"))
    page = ocr_core.ocr_page(pixels, engine)
    return [word.box for line in page.lines for word in line.words]


def tesseract_words(image: Path) -> list[Box]:
    """The words of a page as Tesseract reads them."""
    command = ["tesseract", str(image), "-", "--psm", "3", "tsv"]
    quiet = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    read = subprocess.run(command, capture_output=True, text=True, check=True, env=quiet)
    rows = csv.DictReader(read.stdout.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = []
    for row in rows:
        if row["level"] == "5" and row["text"].strip():
            left, top, width, height = (
                int(row[name]) for name in ("left", "top", "width", "height")
            )
            words.append(Box(left, top, left + width, top + height))
    return words


def _rows(lines: Sequence[Box]) -> list[list[Box]]:
    """Lines side by side, each row from left to right."""
    rows: list[list[Box]] = []
    for line in sorted(lines, key=lambda line: line.centre[1]):
        last = rows[-1][-1] if rows else None
        shared = min(line.bottom, last.bottom) - max(line.top, last.top) if last else 0.0
        if last and shared >= min(line.height, last.height) / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _holds(box: Box, other: Box) -> bool:
    x, y = other.centre
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _print(name: str, count: int, row: Sequence[float]) -> None:
    print(f"{name:24}{count or '':>7}" + "".join(f"{figure:8.3f}" for figure in row), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
