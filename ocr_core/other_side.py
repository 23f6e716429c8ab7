"""Lines of the other side of the sheet, which shows through: they read better mirrored.

Thin paper and strong ink let a page show what is printed on its back, faint and the wrong way
round. The detector takes it for lines, and the recogniser makes letters of it: of `word`, `brow`.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.cleaning import backgrounds
from ocr_core.ctc import Decoded
from ocr_core.images import quantile

Crop = NDArray[np.uint8]

# A line is asked about if its ink is no darker than this share of that of lines that are read
# surely, and if it is not read surely itself: so on most pages none is.
FAINT, SURE = 0.5, 0.9
# A line is of the other side if its characters are so much surer when it is mirrored. On synthetic
# pages such lines gain 0.2 to 0.5; of lines on real pages that gained as much, handwriting and
# stamps, none was that faint.
SURER = 0.1
# A speck may be taken for a letter or two, and be surer of them either way: lines so short tell of
# the other side only beside a longer one.
TELLING = 3
# Of the pixels of a crop, so many are darker than its ink and so many than its paper.
INK, PAPER = 0.04, 0.75


def suspects(crops: Sequence[Crop], lines: Sequence[Decoded]) -> Iterator[int]:
    """The numbers of the lines of a page that may be of the other side.

    Shapes:
        crops: (H, W) uint8 each, 0 for ink and 255 for paper
    """
    sure = [certainty(line) >= SURE for line in lines]
    usual = [ink_depth(crop) for crop, is_sure in zip(crops, sure, strict=True) if is_sure]
    if not usual or all(sure):
        return
    most = FAINT * statistics.median(usual)
    for number, (crop, line) in enumerate(zip(crops, lines, strict=True)):
        if line.text and not sure[number] and ink_depth(crop) < most:
            yield number


def mirrored(crop: Crop) -> Crop:
    """The line as it stands on the other side."""
    return np.ascontiguousarray(crop[:, ::-1])


def is_surer(mirrored: Decoded, line: Decoded) -> bool:
    """Whether a line reads better mirrored than as it is."""
    return certainty(mirrored) > certainty(line) + SURER


def is_proof(lines: Iterable[Decoded]) -> bool:
    """Whether the lines of a page that read better mirrored tell that its other side shows."""
    return any(len(line.text) >= TELLING for line in lines)


def certainty(line: Decoded) -> float:
    """Mean confidence of the characters of a line, 0 to 1."""
    return statistics.fmean(line.confidences) if line.text else 0.0


def ink_depth(crop: Crop) -> float:
    """By what share of its paper's lightness the ink of a line is darker, 0 to 1."""
    paper = quantile(crop, PAPER)
    return (paper - quantile(crop, INK)) / max(paper, 1)


def without_faint(pixels: Crop, depth: float) -> Crop:
    """The page, evenly lit, without what is so little darker than its paper.

    What is up to half as dark again fades, or its edges would stay.

    Shapes:
        pixels: (H, W) uint8

    Args:
        depth: as `ink_depth` has it.
    """
    darkness = np.arange(256) / 255
    kept = np.clip((darkness - depth) / (depth / 2), 0, 1)
    table = np.rint(255 * (1 - darkness * kept)).astype(np.uint8)[::-1]
    return np.asarray(cv2.LUT(backgrounds.flatten(pixels), table), dtype=np.uint8)
