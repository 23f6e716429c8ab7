"""Lines of text, clean and worn: the same letters in the same places, pixel by pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.cropping import crop_quad
from ocr_core.synth import degrade
from ocr_core.synth.fonts import Face
from ocr_core.synth.lines import Block, LineMaker, LineSample, LineSettings, jittered
from ocr_core.synth.text import TextSource
from schemas import Quad

Pixels = NDArray[np.uint8]
Rng = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class WornLine(LineSample):
    """A worn crop, what it says, and the crop before it was worn.

    Attributes:
        clean: (height, W) uint8, 0 black ink, 255 white paper; of the same size as `pixels`.
    """

    clean: Pixels


class WornLines(LineMaker):
    """Makes lines as `LineMaker` does, and keeps what they were before anything befell them.

    Args:
        wear: the least and the greatest strength of wear; 1 is what most scans show.
    """

    def __init__(
        self,
        faces: Sequence[Face],
        source: TextSource,
        settings: LineSettings,
        wear: tuple[float, float],
    ) -> None:
        super().__init__(faces, source, settings)
        self._wear = wear
        self._height = settings.height
        self._max_width = settings.max_width

    def cut(self, rng: Rng, block: Block, strength: float) -> list[LineSample]:
        """Wears the block, and cuts each line out of it before and after."""
        strength *= rng.uniform(*self._wear)
        ink, _ = degrade.shrink_to_scan(_worn(block, rng, strength), block.em_px, rng)
        # To the pixel: sides are whole numbers, and the last letters of a line must still fit.
        scale = np.array(ink.shape[::-1]) / block.ink.shape[::-1]
        before = np.asarray(cv2.bitwise_not(block.ink), np.uint8)
        after = degrade.scan(ink, rng, strength)
        samples: list[LineSample] = []
        for quad, text in zip(block.quads, block.texts, strict=True):
            cut = jittered(quad, 1.0, rng)
            clean = crop_quad(before, cut, self._height)
            if clean.shape[1] <= self._max_width:
                pixels = _of_width(crop_quad(after, _scaled(cut, scale), self._height), clean)
                samples.append(WornLine(pixels=pixels, text=text, clean=clean))
        return samples


def _worn(block: Block, rng: Rng, strength: float) -> Pixels:
    """The ink of a block as dry ribbons, bad toner and needles lay it."""
    if rng.random() < 0.08:
        ink = degrade.dot_matrix(block.ink, rng, block.em_px)
    else:
        ink = degrade.print_ink(block.ink, rng, block.em_px, strength)
    return degrade.ribbon(ink, rng, block.em_px) if rng.random() < 0.25 else ink


def _scaled(quad: Quad, scale: NDArray[np.float64]) -> Quad:
    """A quad in a picture whose width and height are so many times as great."""
    return Quad.from_corners((quad.corners.astype(np.float64) + 0.5) * scale - 0.5)


def _of_width(crop: Pixels, other: Pixels) -> Pixels:
    """A crop at the width of another, from which rounding may have parted it by a pixel."""
    room = max(other.shape[1] - crop.shape[1], 0)
    padded = np.pad(crop, ((0, 0), (0, room)), mode="edge")
    return np.ascontiguousarray(padded[:, : other.shape[1]])
