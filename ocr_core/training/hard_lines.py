"""Lines worth learning from: fewer of those that the shipped recogniser reads without doubt.

Once most lines are read right, most of a training's time goes to lines that teach nothing. Leaving
out what is too easy, and what is past reading, is PaddleOCR's data filter (PP-OCRv4, where it was
worth 1.2 points).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from rapidfuzz.distance import Levenshtein

from ocr_core.ctc import Decoded, decode_best_path
from ocr_core.networks import CropRecogniser, read_crops
from ocr_core.synth.lines import LineSample, LineSource

# A line is easy if it is read right and each character is at least so probable, ...
SURE = 0.8
# ... and hopeless if so much of a text of some length is wrong.
HOPELESS, LEAST_LENGTH = 0.6, 4
# What is kept of both.
EASY_KEPT, HOPELESS_KEPT = 0.25, 0.25
_MAX_PIXELS = 1 << 18


class HardLines:
    """Passes on all lines of another source that a recogniser has trouble with; few others.

    Args:
        source: makes the lines.
        reader: makes the recogniser; called once, by the process that makes data.
    """

    def __init__(self, source: LineSource, reader: Callable[[], CropRecogniser]) -> None:
        self._source = source
        self._load = reader
        self._recogniser: CropRecogniser | None = None

    def make(self, seed: int, strength: float = 1.0) -> list[LineSample]:
        """What is kept of the block of a seed."""
        samples = self._source.make(seed, strength)
        if not samples:
            return []
        self._recogniser = recogniser = self._recogniser or self._load()
        crops = [sample.pixels for sample in samples]
        readings = [
            decode_best_path(one, recogniser.charset)
            for one in read_crops(recogniser, crops, _MAX_PIXELS)
        ]
        drawn = np.random.default_rng((seed, 14)).random(len(samples))
        return [
            sample
            for sample, reading, chance in zip(samples, readings, drawn, strict=True)
            if chance < share_kept(reading, sample.text)
        ]


def share_kept(reading: Decoded, text: str) -> float:
    """How likely a line is kept that says `text` and was read as it was."""
    if reading.text == text and min(reading.confidences, default=1.0) >= SURE:
        return EASY_KEPT
    length = max(len(text), len(reading.text))
    wrong = Levenshtein.distance(reading.text, text) / max(length, 1)
    return HOPELESS_KEPT if text and length >= LEAST_LENGTH and wrong > HOPELESS else 1.0
