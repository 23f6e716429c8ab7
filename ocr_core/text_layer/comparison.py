"""The lines of a text layer beside what is read and found on the page's picture.

Fonts that name their glyphs wrongly, and text that lies under other text, look right to everything
but a reader. So a few lines are read, and if they say something else the layer is not used.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from ocr_core.charset import Charset
from ocr_core.ctc import Decoded
from ocr_core.text_layer.plausibility import least_likely
from schemas import Detection, Line

# Lines that are read: the least likely ones and others spread over the page. Shorter ones tell
# little, longer ones cost more than they tell; in characters.
UNLIKELY_LINES, SPREAD_LINES = 4, 6
SHORTEST, LONGEST = 5, 90
# A line is contradicted by a reading of this mean confidence that differs by more than this share
# of its characters; a layer by contradictions of more than this share of the characters compared.
SURE, DIFFERENT = 0.85, 0.5
MOST_CONTRADICTED = 0.25
# A detection that lies in the layer's lines by more than this share of its area was not missed.
COVERED = 0.5
# Pixels of a page to one of the map that tells what is covered.
_STEP = 4


def choose_samples(lines: Sequence[Line], charset: Charset) -> list[int]:
    """Which lines to read: those that the recogniser can write, the least likely ones first."""
    usable = [
        at
        for at, line in enumerate(lines)
        if SHORTEST <= len(line.text) <= LONGEST
        and charset.holds(line.text)
        and any(map(str.isalpha, line.text))
    ]
    worst = least_likely([lines[at].text for at in usable], UNLIKELY_LINES)
    spread = np.linspace(0, max(len(usable) - 1, 0), min(SPREAD_LINES, len(usable))).astype(int)
    return [usable[at] for at in dict.fromkeys([*worst, *spread.tolist()])]


def contradicts(line: Line, read: Decoded) -> bool:
    """Whether a line was read with certainty, and says something else."""
    said, seen = _bare(line.text), _bare(read.text)
    if not seen or sum(read.confidences) < SURE * len(read.confidences):
        return False
    return Levenshtein.distance(said, seen) > DIFFERENT * max(len(said), len(seen))


def trusted(
    lines: tuple[Line, ...], samples: Sequence[int], read: Sequence[Decoded]
) -> tuple[Line, ...]:
    """The lines that no reading contradicts; none of them where too much is contradicted.

    Args:
        samples: which lines were read, and `read` what they say.
    """
    wrong = {at for at, one in zip(samples, read, strict=True) if contradicts(lines[at], one)}
    total = sum(len(lines[at].text) for at in samples)
    if sum(len(lines[at].text) for at in wrong) > MOST_CONTRADICTED * total:
        return ()
    return tuple(line for at, line in enumerate(lines) if at not in wrong)


def unexplained(
    found: Sequence[Detection], lines: Sequence[Line], shape: tuple[int, int]
) -> tuple[Detection, ...]:
    """The detections that lie outside of the lines.

    Args:
        shape: height and width of the page, in pixels.
    """
    if not lines:
        return tuple(found)
    covered = np.zeros((shape[0] // _STEP + 1, shape[1] // _STEP + 1), np.uint8)
    cv2.fillPoly(covered, [_on_map(line.quad.corners) for line in lines], 1)
    return tuple(one for one in found if _share(covered, one.quad.corners) <= COVERED)


def _bare(text: str) -> str:
    """A text without what readers differ in: case and spaces."""
    return "".join(text.casefold().split())


def _on_map(corners: NDArray[np.float32]) -> NDArray[np.int32]:
    return np.rint(corners / _STEP).astype(np.int32)


def _share(covered: NDArray[np.uint8], corners: NDArray[np.float32]) -> float:
    """The share of a quad that is covered."""
    points = _on_map(corners)
    left, top = np.maximum(points.min(axis=0), 0)
    right, bottom = points.max(axis=0) + 1
    part = covered[top:bottom, left:right]
    inside = np.zeros(part.shape, np.uint8)
    if not part.size:
        return 0.0
    cv2.fillPoly(inside, [points - (left, top)], 1)
    return float(part[inside > 0].mean()) if inside.any() else 0.0
