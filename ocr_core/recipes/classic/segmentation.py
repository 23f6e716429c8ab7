"""A page -> lines -> characters, by thresholding and by which ink hangs together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

# A gap between characters is a space where it is so much of the line's height.
SPACE = 0.36


@dataclass(frozen=True, slots=True)
class Part:
    """An upright rectangle of pixels; `right` and `bottom` are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    def union(self, other: Part) -> Part:
        """The smallest part that holds both."""
        return Part(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


def threshold(pixels: Pixels) -> Pixels:
    """Ink as 1 and ground as 0, by Otsu's threshold; what there is less of is ink.

    Args:
        pixels: (H, W) uint8, grey.
    """
    _, light = cv2.threshold(pixels, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return np.asarray(1 - light if light.mean() > 0.5 else light, np.uint8)


def find_lines(ink: Pixels) -> list[Part]:
    """The lines of a page from top to bottom, where ink lies close together side by side.

    Ink is smeared sideways until the characters of a line touch (run-length smearing: Wong, Casey
    and Wahl, IBM J. Res. Dev. 26, 1982). Lines of columns come out apart, in order of height.

    Args:
        ink: (H, W) uint8, 1 for ink.
    """
    typical = _typical_height(_parts_of(ink))
    if typical == 0:
        return []
    letters = _without_large(ink, typical)
    reach = max(3, round(1.4 * typical))
    smeared = cv2.morphologyEx(
        cv2.copyMakeBorder(letters, 0, 0, reach, reach, cv2.BORDER_CONSTANT, value=0),
        cv2.MORPH_CLOSE,
        np.ones((1, reach), np.uint8),
    )
    inner = np.asarray(smeared[:, reach:-reach], np.uint8)
    found = [part for part in _parts_of(inner) if part.height >= 0.5 * typical]
    return sorted(found, key=lambda part: (part.top + part.bottom, part.left))


def find_characters(ink: Pixels) -> list[Part]:
    """The characters of a line from left to right; dots and accents belong to what they are over.

    Characters that touch come out as one: to cut them is what networks do better.

    Args:
        ink: (H, W) uint8, 1 for ink: one line.
    """
    parts = sorted(_parts_of(ink), key=lambda part: part.left)
    joined: list[Part] = []
    for part in parts:
        if joined and _is_over(joined[-1], part):
            joined[-1] = joined[-1].union(part)
        else:
            joined.append(part)
    tallest = max((part.height for part in joined), default=0)
    speck = max(2, 0.08 * tallest)
    return [part for part in joined if max(part.height, part.width) >= speck]


def spaces_before(parts: Sequence[Part]) -> list[bool]:
    """Whether a space stands before each character of a line."""
    if not parts:
        return []
    unit = float(np.percentile([part.height for part in parts], 90))
    gaps = [right.left - left.right for left, right in pairwise(parts)]
    usual = float(np.median(gaps)) if gaps else 0.0
    return [False, *(gap > max(SPACE * unit, usual + 0.15 * unit) for gap in gaps)]


def _parts_of(ink: Pixels) -> list[Part]:
    contours, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = (cv2.boundingRect(contour) for contour in contours)
    return [Part(x, y, x + width, y + height) for x, y, width, height in boxes]


def _typical_height(parts: Sequence[Part]) -> float:
    """Of letters; 0 where there are none. Specks and rules are more numerous, or larger."""
    heights = [part.height for part in parts if part.height >= 6 and part.width < 20 * part.height]
    return float(np.median(heights)) if heights else 0.0


def _without_large(ink: Pixels, typical: float) -> Pixels:
    """Without pictures, frames and rules."""
    letters = ink.copy()
    for part in _parts_of(ink):
        if part.height > 4 * typical or part.width > 12 * typical:
            letters[part.top : part.bottom, part.left : part.right] = 0
    return letters


def _is_over(one: Part, other: Part) -> bool:
    """Whether most of the narrower one stands above or below the other."""
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared > 0.6 * min(one.width, other.width)
