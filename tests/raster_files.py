"""Image files of one small picture, and how they are drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from ocr_core import rasters

# Smooth, so that lossy formats keep it; lighter to the right, and a dark corner at the top left.
GREY = np.add(np.linspace(60, 200, 24)[None, :], np.linspace(0, 40, 16)[:, None]).astype(np.uint8)
GREY[:8, :8] = 0


def save(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def draw(path: Path, media_type: str, index: int = 0, dpi: int = 200) -> tuple[np.ndarray, int]:
    return rasters.draw_page(path, media_type, index, dpi, 100.0)


def pixels_of(path: Path, media_type: str, index: int = 0) -> np.ndarray:
    pixels, _ = draw(path, media_type, index)
    assert pixels.dtype == np.uint8
    return pixels
