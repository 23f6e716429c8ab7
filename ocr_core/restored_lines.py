"""The least certain lines of pages, restored and read once more.

A restorer costs as much as reading a line many times over, so it is only asked about a few. What
they say then is taken word by word, where the crop as it is agrees; see `restored_words`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ocr_core.engine_options import DEFAULTS
from ocr_core.language_model import LanguageModel
from ocr_core.networks import CropRestorer
from ocr_core.other_side import certainty
from ocr_core.page_reading import ReadPage
from ocr_core.reading import LineReader, Reading
from ocr_core.rescoring import READABLE
from ocr_core.restored_words import WordGate

# Of the lines of a page no larger share is restored, rounded up, and none whose characters are
# this certain on average. What is not `READABLE` is left alone: handwriting, stamps, logos.
SHARE, SURE = 0.1, 0.95


@dataclass(frozen=True, slots=True, eq=False)
class RestoredLine:
    """What became of a line.

    Attributes:
        crop: (40, W) uint8, as the restorer made it.
        reading: what that says.
    """

    crop: NDArray[np.uint8]
    reading: Reading


class LineRestorer:
    """Reads the least certain lines of pages once more, restored.

    Args:
        model: tells what is usual, if there is one.
        max_crop_pixels: in one batch of the recogniser.
    """

    def __init__(
        self,
        restorer: CropRestorer,
        reader: LineReader,
        model: LanguageModel | None = None,
        max_crop_pixels: int = DEFAULTS.max_crop_pixels,
    ) -> None:
        self._restorer = restorer
        self._reader = reader
        self._gate = WordGate(reader.charset, reader.calibration, model)
        self._max_crop_pixels = max_crop_pixels

    def read(self, read: Sequence[ReadPage]) -> list[ReadPage]:
        """The pages with what reads better once restored, and with the numbers of such lines.

        The log-probabilities stay those of the crops as they are: corrections have to agree with
        what is on the page, and not with what was made of it.
        """
        return [
            self._choose(page, tried) for page, tried in zip(read, self.restore(read), strict=True)
        ]

    def restore(self, read: Sequence[ReadPage]) -> list[dict[int, RestoredLine]]:
        """The lines of each page that are worth it, by their numbers, whatever they say then."""
        chosen = [choose_lines(page.readings) for page in read]
        crops = [page.crops[n] for page, own in zip(read, chosen, strict=True) for n in own]
        restored = iter(self._read_restored(crops))
        return [{number: next(restored) for number in own} for own in chosen]

    def _read_restored(self, crops: Sequence[NDArray[np.uint8]]) -> list[RestoredLine]:
        """Crops restored, and what they say, with the words in doubt read by the second reader."""
        # One at a time, so that none depends on its neighbours whatever the restorer does.
        restored = [one for crop in crops for one in self._restorer.restore([crop])]
        readings = self._reader.read(restored, self._max_crop_pixels)
        readings = self._reader.read_again(restored, readings, self._max_crop_pixels)
        return [RestoredLine(*both) for both in zip(restored, readings, strict=True)]

    def _choose(self, page: ReadPage, restored: Mapping[int, RestoredLine]) -> ReadPage:
        """The page with what is better of some of its lines once they are restored."""
        readings, changed = list(page.readings), set()
        for number, line in restored.items():
            before = page.readings[number]
            chosen = self._gate.choose(before, line.reading.decoded)
            if chosen is not before.decoded:
                readings[number] = replace(before, decoded=chosen)
                changed.add(number)
        return replace(page, readings=readings, restored=frozenset(changed)) if changed else page


def choose_lines(readings: Sequence[Reading]) -> list[int]:
    """The numbers of the lines of a page that are restored: its least certain ones, in order."""
    doubtful = [
        (sure, number)
        for number, reading in enumerate(readings)
        if READABLE <= (sure := certainty(reading.decoded)) < SURE
    ]
    most = math.ceil(SHARE * len(readings))
    return sorted(number for _, number in sorted(doubtful)[:most])
