"""Teaching the classic reader on lines that are set, worn, and cut apart as real ones are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr_core.errors import ConfigError
from ocr_core.recipes.chars.settings import CLASSES
from ocr_core.recipes.classic.classifiers import NearestNeighbour, learn_svm
from ocr_core.recipes.classic.features import HOG_LENGTH
from ocr_core.recipes.classic.reading import (
    LINE_CLASSES,
    ClassicReader,
    Method,
    in_line_features,
)
from ocr_core.recipes.classic.segmentation import find_characters, threshold
from ocr_core.synth.degrade import print_ink, scan
from ocr_core.synth.fonts import Face, open_font

Pixels = NDArray[np.uint8]
Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class ClassicSettings:
    """What the reader learns from.

    Attributes:
        lines: how many are set.
        characters: in each of them.
        strength: of their wear; 0 is clean print, 1 the usual range of scans.
    """

    lines: int = 1_500
    characters: int = 16
    strength: float = 0.5
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """Characters cut out of lines.

    Shapes:
        features: (N, 904) float32, as `in_line_features` gives them
        labels:   (N,) int64, places in `LINE_CLASSES`
    """

    features: NDArray[np.float32]
    labels: NDArray[np.int64]


def set_glyphs(faces: Sequence[Face], settings: ClassicSettings) -> Glyphs:
    """Characters of lines set in these faces; lines that fall into other parts are left out.

    Raises:
        ConfigError: no line came apart into its characters.
    """
    rng = np.random.default_rng(settings.seed)
    features, labels = [], []
    for _ in range(settings.lines):
        text = "".join(rng.choice(list(LINE_CLASSES), settings.characters))
        ink = threshold(_set(faces[int(rng.integers(len(faces)))], text, rng, settings.strength))
        parts = find_characters(ink)
        if len(parts) == len(text):  # else some touch, or fell to pieces
            features.append(in_line_features(ink, parts))
            labels += [LINE_CLASSES.index(character) for character in text]
    if not features:
        raise ConfigError("no line came apart into its characters: set more, or in other typefaces")
    return Glyphs(np.concatenate(features), np.array(labels, np.int64))


def teach(glyphs: Glyphs, method: Method) -> ClassicReader:
    """A reader that learnt from these characters, by support vectors or by heart."""
    looks = np.ascontiguousarray(glyphs.features[:, :HOG_LENGTH])
    is_alone = glyphs.labels < len(CLASSES)
    if method == "nearest":
        return ClassicReader(
            NearestNeighbour(looks[is_alone], glyphs.labels[is_alone]),
            NearestNeighbour(glyphs.features, glyphs.labels),
        )
    return ClassicReader(
        learn_svm(looks[is_alone], glyphs.labels[is_alone], len(CLASSES)),
        learn_svm(glyphs.features, glyphs.labels, len(LINE_CLASSES)),
    )


def _set(face: Face, text: str, rng: Rng, strength: float) -> Pixels:
    """A line, letters spaced, as scanned: (H, W) uint8, grey."""
    em_px = int(rng.integers(22, 56))
    font = open_font(face, em_px)
    gap = em_px * rng.uniform(0.04, 0.16)
    widths = [font.getlength(character) + gap for character in text]
    line = Image.new("L", (round(sum(widths)) + 2 * em_px, 2 * em_px))
    pen, x = ImageDraw.Draw(line), float(em_px)
    for character, width in zip(text, widths, strict=True):
        pen.text((x, 1.4 * em_px), character, fill=255, font=font, anchor="ls")
        x += width
    ink = print_ink(np.asarray(line, np.uint8), rng, em_px, strength)
    return scan(ink, rng, strength)
