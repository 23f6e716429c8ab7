"""Pictures -> text, with what `training` taught the classifiers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ocr_core.errors import WeightsError
from ocr_core.recipes.chars.settings import CLASSES
from ocr_core.recipes.classic.classifiers import Classifier, LinearSvm, NearestNeighbour
from ocr_core.recipes.classic.features import cut_out, hog, places
from ocr_core.recipes.classic.segmentation import (
    Part,
    find_characters,
    find_lines,
    spaces_before,
    threshold,
)

Pixels = NDArray[np.uint8]
Method = Literal["svm", "nearest"]

# What stands in lines besides letters and digits.
LINE_CLASSES = CLASSES + ".,:;-'()/&\"!?"
# How much where a character stands counts beside how it looks: the looks alone have a length of 5.
PLACE_WEIGHT = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class ClassicReader:
    """Reads characters by how they look, and those of lines by where they stand as well.

    Attributes:
        alone: for characters without a line, of `CLASSES`.
        in_line: for characters of a line, of `LINE_CLASSES`.
    """

    alone: Classifier
    in_line: Classifier

    def read_character(self, image: Pixels) -> str:
        """The character in the middle of a picture; nothing where there is no ink.

        Args:
            image: (H, W) uint8, grey; light on dark or dark on light.
        """
        ink = _by_edge(threshold(image))
        parts = find_characters(ink)
        if not parts:
            return ""
        middle = min(parts, key=lambda part: _distance(part, ink.shape[1], ink.shape[0]))
        [label] = self.alone.classify(hog(cut_out(ink, middle)[None]))
        return CLASSES[label]

    def read_line(self, image: Pixels) -> str:
        """The text of a picture of one line: (H, W) uint8, grey."""
        return self._read(threshold(image))

    def read_page(self, image: Pixels) -> str:
        """The lines of a page from top to bottom, whatever its columns: (H, W) uint8, grey."""
        ink = threshold(image)
        lines = (self._read(_cut(ink, part)) for part in find_lines(ink))
        return "\n".join(line for line in lines if line)

    def _read(self, ink: Pixels) -> str:
        parts = find_characters(ink)
        if not parts:
            return ""
        labels = self.in_line.classify(in_line_features(ink, parts))
        spaced = zip(spaces_before(parts), labels, strict=True)
        return "".join(" " * gap + LINE_CLASSES[label] for gap, label in spaced)


def in_line_features(ink: Pixels, parts: list[Part]) -> NDArray[np.float32]:
    """What characters of a line look like and where they stand: (N, 904) float32.

    Args:
        ink: (H, W) uint8, 1 for ink.
        parts: all characters of the line.
    """
    looks = hog(np.stack([cut_out(ink, part) for part in parts]))
    return np.concatenate([looks, PLACE_WEIGHT * places(parts)], axis=1)


def save(reader: ClassicReader, path: Path) -> None:
    """Writes what was learnt into one `.npz` file."""
    arrays = {}
    for name, classifier in (("alone", reader.alone), ("in_line", reader.in_line)):
        if isinstance(classifier, LinearSvm):
            arrays[f"{name}_planes"] = classifier.planes
        else:
            arrays[f"{name}_known"] = classifier.known.astype(np.float16)
            arrays[f"{name}_labels"] = classifier.labels.astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def load(path: Path) -> ClassicReader:
    """What `save` wrote.

    Raises:
        WeightsError: it is missing, or another file.
    """
    try:
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}
        return ClassicReader(_classifier("alone", arrays), _classifier("in_line", arrays))
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(f"{path} is no file of the classic reader: train one") from error


def _classifier(name: str, arrays: dict[str, NDArray[np.generic]]) -> Classifier:
    if f"{name}_planes" in arrays:
        return LinearSvm(arrays[f"{name}_planes"].astype(np.float32))
    known, labels = arrays[f"{name}_known"], arrays[f"{name}_labels"]
    return NearestNeighbour(known.astype(np.float32), labels.astype(np.int64))


def _by_edge(ink: Pixels) -> Pixels:
    """Ink the other way round where it has most of the edge: large characters fill a picture."""
    edge = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
    return np.asarray(1 - ink if edge.mean() > 0.5 else ink, np.uint8)


def _distance(part: Part, width: int, height: int) -> float:
    """How far from the middle, small parts counting as further off."""
    away = (
        abs(part.left + part.right - width) / width + abs(part.top + part.bottom - height) / height
    )
    return away - part.height / height


def _cut(ink: Pixels, part: Part) -> Pixels:
    return ink[part.top : part.bottom, part.left : part.right]
