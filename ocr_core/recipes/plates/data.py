"""Pictures of plates with their labels: written to a folder, read from one, or made as needed.

A folder of plates holds `labels.csv`, with the columns `file` and `text`, and the pictures that it
names; ours are PNGs in subfolders of a thousand. Pictures beside `.gt.txt` files do as well.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ocr_core.charset import Charset
from ocr_core.errors import ConfigError
from ocr_core.recipes.display import shown
from ocr_core.recipes.picture_files import is_picture, read_grey
from ocr_core.recipes.plates.network import PlateConfig, fit_picture, to_crops

Pixels = NDArray[np.uint8]
Rng = np.random.Generator
# Crops as the network takes them; the labels of all, one after the other; how many each has.
PlateBatch = tuple[Tensor, Tensor, Tensor]
MakePlate = Callable[[Rng], tuple[Pixels, str]]
_LABELS = "labels.csv"
_IN_A_FOLDER = 1000
# Each time that a picture is learnt from it lies elsewhere, by so many pixels at most.
_MOST_PX = 3


class FolderPlates:
    """Plates of a folder, all in memory."""

    def __init__(self, folder: Path, config: PlateConfig) -> None:
        """Reads them.

        Raises:
            ConfigError: there are none, or one has a label that the network cannot write.
        """
        self._charset = Charset(config.charset)
        listed = list_plates(folder)
        for path, text in listed:
            if not self._charset.holds(text):
                raise ConfigError(f"{path} says {text!r}, and the charset is {config.charset}")
        self._texts = [text for _, text in listed]
        self._pictures = np.stack([fit_picture(read_grey(path), config) for path, _ in listed])

    def __len__(self) -> int:
        return len(self._texts)

    def take(self, indices: NDArray[np.int64], rng: Rng | None) -> PlateBatch:
        """Some of them: as they are, or, of a generator, each moved a little."""
        pictures = self._pictures[indices]
        texts = [self._texts[index] for index in indices]
        return collate(pictures if rng is None else moved(pictures, rng), texts, self._charset)


class MadePlates:
    """Plates without end: new ones each time, or, for validation, always the same."""

    def __init__(self, make: MakePlate, count: int, config: PlateConfig, seed: int) -> None:
        self._make = make
        self._count = count
        self._config = config
        self._seed = seed
        self._charset = Charset(config.charset)

    def __len__(self) -> int:
        return self._count

    def take(self, indices: NDArray[np.int64], rng: Rng | None) -> PlateBatch:
        """Plates of this generator; without one, those of the indices."""
        made = [
            self._make(rng or np.random.default_rng((self._seed, int(index)))) for index in indices
        ]
        pictures = np.stack([fit_picture(picture, self._config) for picture, _ in made])
        return collate(pictures, [text for _, text in made], self._charset)


def collate(pictures: Pixels, texts: Sequence[str], charset: Charset) -> PlateBatch:
    """A batch of pictures of one size.

    Shapes:
        pictures: (N, H, W) uint8
        returns:  (N, 1, H, W) float32, 0 white to 1 black; (sum of lengths,) int64; (N,) int64
    """
    labels = [charset.encode(text) for text in texts]
    flat = torch.tensor([label for one in labels for label in one], dtype=torch.long)
    return to_crops(pictures), flat, torch.tensor([len(one) for one in labels])


def moved(pictures: Pixels, rng: Rng) -> Pixels:
    """Pictures of which each lies a few pixels aside; what comes in continues the edge.

    Shapes:
        pictures: (N, H, W) uint8
        returns:  (N, H, W) uint8
    """
    height, width = pictures.shape[1:]
    edge = (_MOST_PX, _MOST_PX)
    padded = np.pad(pictures, ((0, 0), edge, edge), mode="edge")
    places = rng.integers(0, 2 * _MOST_PX + 1, (len(pictures), 2)).tolist()
    parts = zip(padded, places, strict=True)
    return np.stack([one[y : y + height, x : x + width] for one, (y, x) in parts])


def write_plates(folder: Path, make: MakePlate, count: int, seed: int) -> None:
    """Writes `count` plates and their labels; the same of the same seed.

    `labels.csv` comes last, so that a folder that has one is whole.
    """
    rows = []
    for index in shown("drawing", range(count)):
        picture, text = make(np.random.default_rng((seed, index)))
        name = f"{index // _IN_A_FOLDER:03d}/{index:06d}.png"
        path = folder / name
        if index % _IN_A_FOLDER == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])
        rows.append((name, text))
    with (folder / _LABELS).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "text"))
        writer.writerows(rows)


def is_written(folder: Path) -> bool:
    """Whether a folder has its labels."""
    return (folder / _LABELS).exists()


def list_plates(folder: Path) -> list[tuple[Path, str]]:
    """The pictures of a folder with what they say, by name.

    Raises:
        ConfigError: there are none.
    """
    if is_written(folder):
        with (folder / _LABELS).open(encoding="utf-8", newline="") as file:
            listed = [(folder / row["file"], row["text"]) for row in csv.DictReader(file)]
    else:
        pictures = filter(is_picture, sorted(folder.glob("*")))
        beside = [(path, path.with_suffix(".gt.txt")) for path in pictures]
        listed = [(p, t.read_text(encoding="utf-8").strip()) for p, t in beside if t.exists()]
    if not listed:
        raise ConfigError(f"{folder} has neither a {_LABELS} nor pictures with .gt.txt files")
    return listed
