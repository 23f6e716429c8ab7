"""Makes the documents of `samples/`: all invented, all drawn here.

    python -m tests.make_samples [FOLDER]

Pages are set by MuPDF; those that stand for scans are drawn as pixels and worn as the synthetic
training pages are.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image

from ocr_core.synth import degrade

Pixels = NDArray[np.uint8]
TEXTS = Path(__file__).parent / "data" / "samples"
A4 = pymupdf.paper_rect("a4")


def main(folder: Path) -> None:
    """Writes all samples into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _article().ez_save(folder / "article-two-columns.pdf")
    _image_pdf(_scan(_set("letter.html"), 1)).ez_save(folder / "letter-scanned.pdf")
    _image_pdf(_scan(_set("rechnung.html"), 2)).ez_save(folder / "rechnung-gescannt.pdf")
    _save_tiff(
        folder / "form-two-pages.tif", [_scan(_set(f"form-{n}.html"), 2 + n) for n in (1, 2)]
    )
    receipt = _photograph(_set("receipt.html", pymupdf.Rect(0, 0, 226, 560)), 5)
    Image.fromarray(receipt).save(folder / "receipt-photographed.jpg", quality=70)
    _save_turned(folder / "minutes-turned.jpg", _scan(_set("minutes.html"), 6))


def _set(name: str, paper: pymupdf.Rect = A4) -> pymupdf.Document:
    """One page of HTML."""
    margin = paper.width / 12
    document = pymupdf.open()
    page = document.new_page(width=paper.width, height=paper.height)
    html = (TEXTS / name).read_text(encoding="utf-8")
    inside = pymupdf.Rect(margin, margin, paper.width - margin, paper.height - margin)
    left_over, _ = page.insert_htmlbox(inside, html)
    if left_over < 0:
        raise ValueError(f"{name} does not fit its page")
    return document


def _article() -> pymupdf.Document:
    """A heading over two columns, born digital."""
    document = pymupdf.open()
    page = document.new_page(width=A4.width, height=A4.height)
    head, left, right = (
        (TEXTS / f"article-{part}.html").read_text(encoding="utf-8")
        for part in ("head", "left", "right")
    )
    page.insert_htmlbox(pymupdf.Rect(54, 50, 541, 140), head)
    page.insert_htmlbox(pymupdf.Rect(54, 150, 290, 790), left)
    page.insert_htmlbox(pymupdf.Rect(306, 150, 541, 790), right)
    document.subset_fonts()
    return document


def _ink(document: pymupdf.Document, dpi: int) -> Pixels:
    """The first page as ink coverage, 255 full ink."""
    pixmap = document[0].get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY)
    grey = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width)
    return 255 - grey


def _scan(document: pymupdf.Document, seed: int) -> Pixels:
    """A page as a flatbed scanner sees it at 150 dpi, slightly askew."""
    rng = np.random.default_rng(seed)
    ink = degrade.print_ink(_ink(document, 300), rng, em_px=42, strength=0.3)
    ink = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-0.7, 0.7), 1)
    ink = cv2.warpAffine(ink, turn, (width, height))
    paper = 246 - np.asarray(cv2.multiply(ink, 0.85), np.float32)
    grain = rng.normal(0, 2.0, ink.shape).astype(np.float32)
    return np.clip(cv2.GaussianBlur(paper + grain, (0, 0), 0.6), 0, 255).astype(np.uint8)


def _photograph(document: pymupdf.Document, seed: int) -> Pixels:
    """A page lying on a dark table, seen a little from the side, lit from one corner."""
    rng = np.random.default_rng(seed)
    paper = 235 - 0.8 * _ink(document, 200).astype(np.float32)
    height, width = paper.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = corners * 0.86 + (0.09 * width, 0.06 * height)
    seen += rng.uniform(-0.02, 0.02, (4, 2)) * width
    view = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    photo = cv2.warpPerspective(paper, view, (width, height), borderValue=70)
    light = cv2.resize(np.array([[1.0, 0.9], [0.85, 0.72]], np.float32), (width, height))
    grain = rng.normal(0, 4, photo.shape)
    soft = cv2.GaussianBlur(photo * light + grain, (0, 0), 0.8)
    return np.clip(soft, 0, 255).astype(np.uint8)


def _image_pdf(pixels: Pixels) -> pymupdf.Document:
    """A PDF of one page that holds nothing but a picture."""
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "JPEG", quality=60)
    document = pymupdf.open()
    page = document.new_page(width=A4.width, height=A4.height)
    page.insert_image(page.rect, stream=data.getvalue())
    return document


def _save_tiff(path: Path, pages: list[Pixels]) -> None:
    """Several pages in black and white, as fax machines and archives keep them."""
    frames = [Image.fromarray(page).point(lambda v: 255 * (v > 150)).convert("1") for page in pages]
    frames[0].save(
        path, save_all=True, append_images=frames[1:], compression="group4", dpi=(150, 150)
    )


def _save_turned(path: Path, pixels: Pixels) -> None:
    """A picture that lies on its side, with a note of the camera how to turn it."""
    image = Image.fromarray(np.ascontiguousarray(np.rot90(pixels)))
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn by 90 degrees clockwise to see it upright
    image.save(path, quality=60, exif=exif, dpi=(150, 150))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("samples"))
