"""Small pictures of the pages of runs."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from ocr_core.errors import InputError
from pipelines import runs
from pipelines.viewer.books import open_books
from pipelines.viewer.catalogue import NO_CONTENT, Entry
from pipelines.viewer.pictures import Pictures, encode

# Print of ten points on A4 can still be read, and a picture takes some 100 kB.
_WIDTH_PX = 900


class Thumbnails:
    """Draws pages of runs, small, from their sources; see `pipelines.viewer.pictures`.

    Args:
        outputs: of runs; what is none is left out.
    """

    def __init__(self, outputs: Iterable[str]) -> None:
        self._drawers: list[Pictures] = []
        self._places: dict[str, tuple[Pictures, Entry]] = {}
        for output in outputs:
            if not runs.committed(output):
                continue
            books = open_books(output)
            pictures = Pictures(books.catalogue, books.pages)
            self._drawers.append(pictures)
            for entry in books.catalogue.entries:
                self._places[entry.uri] = pictures, entry

    def draw(self, uri: str, page_index: int) -> bytes | None:
        """A page, upright, as a JPEG; None if its source is gone, has changed or cannot be drawn.

        Args:
            uri: of the document in the run.
        """
        pictures, entry = self._places.get(uri, (None, None))
        if pictures is None or entry is None or entry.content == NO_CONTENT:
            return None
        try:
            return shrink(pictures.draw(entry, page_index))
        except InputError:
            return None

    def close(self) -> None:
        """Ends drawing."""
        for pictures in self._drawers:
            pictures.close()


def shrink(picture: bytes, width_px: int = _WIDTH_PX) -> bytes:
    """The same picture at a width, as a JPEG; as it is if it is no wider."""
    pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    if pixels is None or pixels.shape[1] <= width_px:
        return picture
    height_px = max(1, round(pixels.shape[0] * width_px / pixels.shape[1]))
    small = cv2.resize(pixels, (width_px, height_px), interpolation=cv2.INTER_AREA)
    return encode(small.astype(np.uint8, copy=False))
