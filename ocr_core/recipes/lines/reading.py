"""Pictures of lines read with weights of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from rapidfuzz.distance import Levenshtein

from ocr_core import weights
from ocr_core.backends import TorchRecogniser
from ocr_core.reading import LineReader
from ocr_core.recipes.lines.labelled import LabelledLine
from ocr_core.recipes.lines.pictures import Pixels, make_strip
from ocr_core.recipes.lines.samples import load_samples
from ocr_core.recipes.lines.settings import Data, LinesSettings

_MAX_PIXELS = 1 << 20


class PictureReader:
    """Reads pictures of single lines.

    Args:
        data: how they are cut out; None for as the weights were taught.

    Raises:
        WeightsError: the file is missing, damaged or no recogniser's.
    """

    def __init__(self, path: Path, data: Data | None = None, precision: str = "float32") -> None:
        given = weights.load_file(path, "recogniser")
        self._recogniser = TorchRecogniser(given, torch.device("cpu"), precision)
        self.data: Data = data or _taught_with(given)
        self._decode = LineReader(self._recogniser)

    @property
    def height(self) -> int:
        """Of the strips that it reads, in pixels."""
        return self._recogniser.height

    def read(self, pixels: Pixels) -> tuple[str, float]:
        """What a line says, and how surely: the mean confidence of its characters, 0 to 1.

        Shapes:
            pixels: (h, w) uint8
        """
        (found,) = self.read_strips([make_strip(pixels, self.data, self.height)])
        return found

    def read_strips(self, strips: Sequence[Pixels]) -> list[tuple[str, float]]:
        """The same of several strips, as `make_strip` gives them."""
        readings = self._decode.read(strips, _MAX_PIXELS)
        return [
            (one.text, sum(one.confidences) / max(len(one.confidences), 1))
            for one in (reading.decoded for reading in readings)
        ]


def _taught_with(given: weights.Weights) -> Data:
    """How the lines that weights were taught with were cut out; as those of pages, if not said."""
    taught = given.provenance
    while "mean_of" in taught:  # of trainings of one kind
        taught = taught["mean_of"][0]
    if taught.get("task") != "lines":
        return LinesSettings().data
    data: Data = taught["settings"]["data"]
    return data


def compare(reader: PictureReader, lines: Sequence[LabelledLine]) -> Iterator[tuple[str, str, int]]:
    """Of each line that can be read: what it says, what was read, and the edits between them."""
    settings = LinesSettings(data=reader.data, height=reader.height, max_width=1 << 20)
    samples = load_samples(lines, settings)
    found = reader.read_strips([sample.pixels for sample in samples])
    for sample, (text, _) in zip(samples, found, strict=True):
        yield sample.text, text, Levenshtein.distance(sample.text, text)


def shares(found: Sequence[tuple[str, str, int]]) -> tuple[float, float]:
    """Of lines that were compared, at least one: characters that are wrong, lines that are right.

    >>> shares([("ab", "ab", 0), ("ab", "ac", 1)])
    (0.25, 0.5)
    """
    characters = sum(len(truth) for truth, *_ in found)
    wrong = sum(edits for *_, edits in found)
    right = sum(edits == 0 for *_, edits in found)
    return wrong / max(characters, 1), right / len(found)
