"""Stand-ins that run out of a GPU's memory, and an engine that tells who uses it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from schemas import DetectedPage, Page, PageImage
from tests.stand_ins import GreyRecogniser, InkDetector


class SmallDetector(InkDetector):
    """A detector whose GPU has room for so many tiles, and for none with a poisoned patch."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        if len(tiles) > self.most or (tiles == 200).sum() > 1000:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return super().__call__(tiles)


class SmallRecogniser(GreyRecogniser):
    """A recogniser whose GPU has room for two crops."""

    def __call__(
        self, crops: NDArray[np.uint8], widths: NDArray[np.integer]
    ) -> list[NDArray[np.float32]]:
        if len(crops) > 2:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return super().__call__(crops, widths)


class SlowEngine:
    """Takes long to load, and tells in which threads it is used; finds and reads nothing."""

    LOADED_BY: list[int] = []  # noqa: RUF012 - of all of a process
    USED_BY: set[tuple[int, int]] = set()  # noqa: RUF012 - the engine and the thread

    def __init__(self) -> None:
        self.LOADED_BY.append(threading.get_ident())
        time.sleep(0.2)  # so that all threads come to ask while one loads

    def detect_pages(self, pages: Sequence[PageImage]) -> list[DetectedPage]:
        self._note()
        return [DetectedPage(page, ()) for page in pages]

    def recognise_pages(self, pages: Sequence[DetectedPage]) -> list[Page]:
        self._note()
        return [Page(page.image.ref, 1, 1, 1, lines=()) for page in pages]

    def _note(self) -> None:
        self.USED_BY.add((id(self), threading.get_ident()))
        time.sleep(0.002)  # so that other threads come to work
