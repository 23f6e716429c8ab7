"""Samples of `chars`: drawn, or a user's pictures in a folder for each class."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ocr_core.errors import ConfigError, InputError
from ocr_core.recipes.chars.drawing import Drawn
from ocr_core.recipes.chars.pictures import binarise, standardise, to_square, varied
from ocr_core.recipes.chars.settings import CLASSES
from ocr_core.recipes.picture_files import is_picture, read_colours

Pixels = NDArray[np.uint8]
Rng = np.random.Generator
Batch = tuple[Tensor, Tensor, Tensor]

_WITH_CASE = re.compile(r"(upper|lower|digit)[-_ ]?(.)|(.)[-_ ](upper|lower|digit)", re.IGNORECASE)
_NUMBERED = re.compile(r"sample(\d{3})", re.IGNORECASE)


class CharacterSamples:
    """Pictures with their labels, as a network is given them.

    Args:
        drawn: pictures and labels.
        varies: whether pictures are shifted and recoloured each time they are learnt from.
    """

    def __init__(self, drawn: Drawn, varies: bool = True) -> None:
        self._drawn = drawn
        self._varies = varies

    def __len__(self) -> int:
        return len(self._drawn.labels)

    def take(self, indices: NDArray[np.int64], rng: Rng | None) -> Batch:
        """Colours, their binary pictures and labels: (N, 3, 28, 28), (N, 1, 28, 28), (N,)."""
        colours = self._drawn.colours[indices]
        if rng is not None and self._varies:
            colours = varied(colours, rng)
        return *as_inputs(colours), torch.from_numpy(self._drawn.labels[indices])


def as_inputs(colours: Pixels) -> tuple[Tensor, Tensor]:
    """What a network looks at: (N, 3, 28, 28) and (N, 1, 28, 28) float32.

    Args:
        colours: (N, 28, 28, 3) uint8, RGB.
    """
    binary = np.stack([binarise(one) for one in colours])[:, None].astype(np.float32)
    return torch.from_numpy(standardise(colours)), torch.from_numpy(binary)


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Samples to learn from, to choose the best state by, and to be judged on."""

    training: Drawn
    validation: Drawn
    test: Drawn


def split(drawn: Drawn, share: float, seed: int) -> Split:
    """Samples in three: this share of each class for validation, as many for the test.

    A class of three samples or more has at least one in each part.

    Raises:
        ConfigError: there are too few samples for three parts.
    """
    rng = np.random.default_rng(seed)
    parts: tuple[list[int], list[int], list[int]] = ([], [], [])
    for label in np.unique(drawn.labels):
        own = rng.permutation(np.flatnonzero(drawn.labels == label)).tolist()
        held = max(1, round(len(own) * share)) if len(own) >= 3 else 0
        for part, chosen in zip(
            parts, (own[2 * held :], own[:held], own[held : 2 * held]), strict=True
        ):
            part += chosen
    if not all(parts):
        raise ConfigError("too few pictures: some class needs three, to learn, to choose, to test")
    return Split(*(_only(drawn, np.array(sorted(part))) for part in parts))


def _only(drawn: Drawn, indices: NDArray[np.int64]) -> Drawn:
    return Drawn(drawn.colours[indices], drawn.labels[indices])


def read_folder(
    folder: Path,
    tell: Callable[[str], object] = lambda words: print(words, file=sys.stderr),
) -> Drawn:
    """A user's pictures: in a folder for each class, or beside a `labels.tsv` of name and class.

    Args:
        tell: called with what cannot be read and is left out, and why.

    Raises:
        ConfigError: there is no such folder, no pictures in it, or a class that is none of ours.
    """
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {folder}")
    table = folder / "labels.tsv"
    listed = _listed(table) if table.exists() else _in_folders(folder)
    if not listed:
        raise ConfigError(f"{folder} holds no pictures: put them into a folder for each class")
    colours, labels = [], []
    for path, name in listed:
        try:
            colours.append(to_square(read_colours(path)))
        except InputError as error:
            tell(f"left out ({error.code}): {error}")
        else:
            labels.append(CLASSES.index(name))
    if not labels:
        raise ConfigError(f"none of the pictures of {folder} can be read")
    return Drawn(np.stack(colours), np.array(labels))


def class_of(name: str) -> str:
    """The character that a folder's name stands for.

    A character itself; or, where `a` and `A` cannot be two folders, `upper_A`, `lower_a`,
    `A_upper`; or Chars74K's `Sample001` to `Sample062`.

    >>> class_of("7"), class_of("lower_A"), class_of("a-upper"), class_of("Sample011")
    ('7', 'a', 'A', 'A')

    Raises:
        ConfigError: it stands for none.
    """
    if len(name) == 1 and name in CLASSES:
        return name
    if numbered := _NUMBERED.fullmatch(name):
        place = int(numbered[1]) - 1
        if 0 <= place < len(CLASSES):
            return CLASSES[place]
    if with_case := _WITH_CASE.fullmatch(name):
        case, character = with_case[1] or with_case[4], with_case[2] or with_case[3]
        character = character.upper() if case.lower() == "upper" else character.lower()
        if character in CLASSES and character.isdigit() == (case.lower() == "digit"):
            return character
    raise ConfigError(
        f"{name!r} is no class: call it by its character, such as 7, A or a, or upper_A, lower_a"
    )


def _listed(table: Path) -> list[tuple[Path, str]]:
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines() if line]
    if any(len(row) < 2 for row in rows):
        raise ConfigError(f"{table} is not of the form: name, tab, character")
    return [(table.parent / row[0], class_of(row[1])) for row in rows]


def _in_folders(folder: Path) -> list[tuple[Path, str]]:
    """Pictures of every folder, also of those within; sorted, so that a split can be repeated."""
    classes: Sequence[Path] = sorted(one for one in folder.glob("*") if one.is_dir())
    return [
        (path, class_of(one.name))
        for one in classes
        for path in sorted(one.rglob("*"))
        if is_picture(path)
    ]
