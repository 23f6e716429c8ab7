"""`python -m tests.measure_pdf RUN`: how far searchable PDFs of a run say what was read, and where.

For each document: how much its PDF grows over the source, word F1 of what poppler's pdftotext finds
in it against the text that was read, and how far the boxes that PyMuPDF finds for words overlap
with the ink under them (IoU, mean over words of pages that were read from pixels).
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray

from ocr_core.exporters.pdf import export_pdf
from ocr_core.exporters.text import export_text
from ocr_core.metrics import compare
from pipelines import runs
from schemas import Box, Document, Page

_DPI = 150
# How far outside of a word's box its ink is looked for, as a share of the box's height.
_AROUND = 0.1


@dataclass(frozen=True, slots=True)
class Measured:
    """What an export is like.

    Attributes:
        growth: over the source, as a share of it.
        f1: of the words that poppler finds.
        overlaps: IoU of each word with its ink.
    """

    growth: float
    f1: float
    overlaps: list[float]


def main(arguments: list[str]) -> int:
    """Prints a line for each document, and the means."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure_pdf", description=__doc__)
    parser.add_argument("run")
    parser.add_argument("--draw", type=Path, metavar="DIR", help="save pages with words framed")
    args = parser.parse_args(arguments)
    measured = []
    for document in runs.read_documents(args.run):
        if document.pages:
            measured.append(measure(document, args.draw))
            tell(Path(document.source.uri).name, measured[-1])
    overlaps = [overlap for one in measured for overlap in one.overlaps]
    print(
        f"{len(measured)} documents: growth {statistics.median(one.growth for one in measured):.3f}"
        f" (median), F1 {statistics.mean(one.f1 for one in measured):.4f},"
        f" IoU {statistics.mean(overlaps or [0.0]):.3f} over {len(overlaps)} words"
    )
    return 0


def measure(document: Document, draw: Path | None) -> Measured:
    """Exports a document, and reads the PDF as others do."""
    data = export_pdf(document)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        command = ["pdftotext", file.name, "-"]
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    wanted = export_text(document).decode()
    with pymupdf.open("pdf", data) as opened:
        overlaps = [
            overlap
            for page in document.pages
            if isinstance(page, Page) and page.source == "ocr"
            for overlap in overlaps_of(opened[page.ref.page_index], draw)
        ]
    growth = len(data) / document.source.size_bytes - 1
    return Measured(growth, compare(found, wanted).f1, overlaps)


def overlaps_of(page: pymupdf.Page, draw: Path | None) -> Iterator[float]:
    """IoU of each word's box with the box of its ink."""
    pixmap = page.get_pixmap(dpi=_DPI, colorspace=pymupdf.csGRAY)
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
    pixels = np.ascontiguousarray(pixels[:, : pixmap.width])
    ink = cv2.threshold(pixels, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1]
    boxes = [
        Box(*(pymupdf.Rect(word[:4]) * page.rotation_matrix * (_DPI / 72)))
        for word in page.get_text("words")
    ]
    if draw:
        _draw(pixels, boxes, draw / f"{Path(page.parent.name or 'page').stem}-{id(page)}.png")
    for box in boxes:
        around = _ink_box(ink, box)
        if around is not None:
            shared = box.overlap(around)
            yield shared / (box.area + around.area - shared)


def _ink_box(ink: NDArray[np.uint8], box: Box) -> Box | None:
    """Around the ink near a box; None where there is none."""
    room = _AROUND * box.height
    top, left = max(int(box.top - room), 0), max(int(box.left - room), 0)
    part = ink[top : int(box.bottom + room) + 1, left : int(box.right + room) + 1]
    ys, xs = np.nonzero(part)
    if not len(xs):
        return None
    return Box(left + xs.min(), top + ys.min(), left + xs.max() + 1, top + ys.max() + 1)


def _draw(pixels: NDArray[np.uint8], boxes: list[Box], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)
    for box in boxes:
        corners = [(int(box.left), int(box.top)), (int(box.right), int(box.bottom))]
        cv2.rectangle(picture, *corners, (0, 0, 230), 1)
    cv2.imwrite(str(path), picture)


def tell(name: str, measured: Measured) -> None:
    """Prints a line for a document."""
    overlap = statistics.mean(measured.overlaps) if measured.overlaps else float("nan")
    print(f"{name:40} {measured.growth:+7.3f}  F1 {measured.f1:.4f}  IoU {overlap:.3f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
