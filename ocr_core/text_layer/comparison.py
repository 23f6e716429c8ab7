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
# A detection whose ink lies in the layer's lines by more than this share was not missed.
COVERED = 0.5
# Ink differs from the middle of a detection's pixels by this share of what the most different do.
_INK = 0.4
# A lone letter or digit beside a layer is read with this confidence, or is a bit of a drawing.
_LONE = 0.95
# By how much ink may lie outside the quad of its line, as soft strokes do, in pixels.
_SOFT_PX = 2


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
    found: Sequence[Detection], lines: Sequence[Line], pixels: NDArray[np.uint8]
) -> tuple[Detection, ...]:
    """The detections most of whose ink lies outside of the lines.

    Their ink tells more than their area: a detector leaves room around a short line, which the
    glyphs of the layer do not fill.

    Shapes:
        pixels: (H, W) uint8, the page.
    """
    if not lines:
        return tuple(found)
    covered = np.zeros(pixels.shape, np.uint8)
    for line in lines:
        corners = _on_map(line.quad.corners)
        cv2.fillPoly(covered, [corners], 1)
        cv2.polylines(covered, [corners], isClosed=True, color=1, thickness=2 * _SOFT_PX + 1)
    return tuple(one for one in found if _share(covered, pixels, one.quad.corners) <= COVERED)


def adds_text(line: Line) -> bool:
    """Whether what was read beside a layer is text, or rather a bit of a drawing."""
    if any(sum(map(str.isalnum, word.text)) > 1 for word in line.words):
        return True
    return line.confidence >= _LONE and any(map(str.isalnum, line.text))


def _bare(text: str) -> str:
    """A text without what readers differ in: case and spaces."""
    return "".join(text.casefold().split())


def _on_map(corners: NDArray[np.float32]) -> NDArray[np.int32]:
    return np.rint(corners).astype(np.int32)


def _share(
    covered: NDArray[np.uint8], pixels: NDArray[np.uint8], corners: NDArray[np.float32]
) -> float:
    """The share of the ink in a quad that is covered; of all its pixels if they are all alike."""
    points = _on_map(corners)
    left, top = np.maximum(points.min(axis=0), 0)
    right, bottom = points.max(axis=0) + 1
    part = slice(top, max(bottom, 0)), slice(left, max(right, 0))
    inside = np.zeros(covered[part].shape, np.uint8)
    if not inside.size:
        return 0.0
    cv2.fillPoly(inside, [points - (left, top)], 1)
    own, is_covered = pixels[part][inside > 0], covered[part][inside > 0]
    if not own.size:
        return 0.0
    difference = np.abs(own.astype(np.int16) - np.int16(np.median(own)))  # dark on light or not
    return float(is_covered[difference >= _INK * difference.max()].mean())
