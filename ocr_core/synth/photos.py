"""Photographs from folders, as pictures on pages and as what signs stand before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.errors import ConfigError

Pixels = NDArray[np.uint8]
_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_LEAST_BYTES = 20_000  # smaller files are icons and buttons
_LONGEST_SIDE = 1600  # to which photographs are shrunk as they are loaded
_LEAST_PART = 0.3  # of a photograph's width or height, that a view of it shows


class PhotoAlbum:
    """Views of photographs, each a part of one, at random.

    Args:
        paths: of the files; such as cannot be decoded leave a plain grey.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = list(paths)

    def draw(self, rng: np.random.Generator, width: int, height: int) -> Pixels:
        """A part of some photograph, mirrored half of the time.

        Shapes:
            returns: (height, width) uint8, 255 white
        """
        photo = _load(self._paths[int(rng.integers(len(self._paths)))])
        rows, columns = photo.shape
        largest = min(columns / width, rows / height)
        scale = largest * rng.uniform(_LEAST_PART, 1)
        wide, high = max(1, int(width * scale)), max(1, int(height * scale))
        x, y = int(rng.integers(columns - wide + 1)), int(rng.integers(rows - high + 1))
        view = photo[y : y + high, x : x + wide]
        way = cv2.INTER_AREA if scale > 1 else cv2.INTER_LINEAR
        view = np.asarray(cv2.resize(view, (width, height), interpolation=way), np.uint8)
        return np.ascontiguousarray(view[:, ::-1]) if rng.random() < 0.5 else view


def find_photos(folders: Iterable[Path]) -> PhotoAlbum:
    """The album of all photographs in folders and their sub-folders.

    Raises:
        ConfigError: there are none.
    """
    named = list(folders)
    paths = sorted(
        path
        for folder in named
        for path in folder.rglob("*")
        if path.suffix.lower() in _SUFFIXES and path.is_file()
        if path.stat().st_size >= _LEAST_BYTES
    )
    if not paths:
        raise ConfigError(f"no photographs in {', '.join(map(str, named))}")
    return PhotoAlbum(paths)


@lru_cache(maxsize=48)
def _load(path: Path) -> Pixels:
    """A photograph in grey, shrunk to what a view needs: (H, W) uint8."""
    photo = cv2.imread(str(path), cv2.IMREAD_REDUCED_GRAYSCALE_2)
    if photo is None:
        return np.full((64, 64), 127, np.uint8)
    scale = _LONGEST_SIDE / max(photo.shape)
    if scale < 1:
        photo = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(photo, np.uint8)
