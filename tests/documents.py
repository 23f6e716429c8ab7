"""Small files of the kinds that users have, saying what stand-in models can read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import pymupdf
from PIL import Image

from tests import stand_ins

DPI = 100


def draw_page(text: str):
    """A page with one line of the letters a to e and spaces; `poison` draws what fails."""
    pixels = stand_ins.blank_page(200, 300)
    if text == "poison":
        return stand_ins.poison(pixels)
    if text:
        stand_ins.draw_text(pixels, text, 40, 60)
    return pixels


def write_png(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(draw_page(text)).save(path, dpi=(DPI, DPI), format="png")
    return path


def write_tiff(path: Path, texts: Sequence[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    first, *rest = (Image.fromarray(draw_page(text)) for text in texts)
    first.save(path, save_all=True, append_images=rest, dpi=(DPI, DPI), format="tiff")
    return path


def write_pdf(path: Path, texts: Sequence[str], password: str = "") -> Path:
    """A PDF whose pages are scans without loss."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pymupdf.open() as document:
        for text in texts:
            page = document.new_page(width=300 * 72 / DPI, height=200 * 72 / DPI)
            png = cv2.imencode(".png", draw_page(text))[1].tobytes()
            page.insert_image(page.rect, stream=png)
        kind = pymupdf.PDF_ENCRYPT_AES_256 if password else pymupdf.PDF_ENCRYPT_NONE
        document.save(path, encryption=kind, user_pw=password, owner_pw=password)
    return path
