"""What was decoded from a crop, as a line of words with their places on the page."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_core import gaps, spacing
from ocr_core.calibration import RAW, Calibration
from ocr_core.cropping import MARGIN, crop_to_page
from ocr_core.ctc import Decoded
from ocr_core.recogniser import STRIDE
from schemas import Box, Detection, Line, Quad, Word

# Chosen with early weights on real pages: of 329 detections that held no text these dropped 272,
# and with them 33 characters of text out of about 2,400 lines.
FAINT, DOUBTFUL = 0.5, 0.6
LOW, DOUBTFUL_IF_LOW = 0.4, 0.8
# Of what is read with less confidence in its words nearly all is wrong: on real pages 175 of 182
# words in 126 lines, which were handwriting, stamps, logos and other scripts.
LEGIBLE = 0.3


@dataclass(frozen=True, slots=True)
class PageSize:
    """Of the page that a line stands on, in pixels."""

    width: int
    height: int


def make_line(
    quad: Quad,
    crop: NDArray[np.uint8],
    decoded: Decoded,
    size: PageSize,
    calibration: Calibration = RAW,
) -> Line:
    """A line of at least one character, from the crop of its quad.

    A word is right if all of its characters are, and the spaces beside it too, which part it from
    its neighbours; a line is right if all of its words are. So confidences are products, but for
    what calibration makes of those of words.

    Shapes:
        crop: (H, W) uint8, as `cropping.crop_quad` gives it
    """
    decoded, spans, extents = _parted(decoded, crop)
    to_page = _ToPage(quad, len(crop), size)
    words = []
    for (first, last), (left, right) in zip(spans, extents, strict=True):
        text = decoded.text[first:last]
        confidence = math.prod(decoded.confidences[max(first - 1, 0) : last + 1])
        words.append(Word(text, text, to_page.box(left, right), calibration(confidence)))
    return Line(
        text=decoded.text,
        raw_text=decoded.text,
        confidence=math.prod(word.confidence for word in words),
        quad=quad,
        words=tuple(words),
    )


def is_text(found: Detection, decoded: Decoded, usual_height: float) -> bool:
    """Whether a detection holds text, or is rather a rule, a pattern or a speck.

    Neither the detector's doubt nor the recogniser's tells alone; where both doubt, or where a run
    is much lower than the page's lines and reads badly, there is next to never any text.

    Args:
        usual_height: of the page's detections, in pixels.
    """
    if not decoded.text:
        return False
    confidence = sum(decoded.confidences) / len(decoded.confidences)
    is_faint = found.score < FAINT and confidence < DOUBTFUL
    is_low = found.quad.height < LOW * usual_height and confidence < DOUBTFUL_IF_LOW
    return not (is_faint or is_low)


def is_legible(line: Line) -> bool:
    """Whether a line is worth giving: with some hope, its words are right."""
    return sum(word.confidence for word in line.words) >= LEGIBLE * len(line.words)


def _parted(
    decoded: Decoded, crop: NDArray[np.uint8]
) -> tuple[Decoded, list[tuple[int, int]], list[tuple[int, int]]]:
    """A line without spaces that are none, and the span and the extent of each of its words."""
    spans = _spans(decoded)
    extents = _extents(spans, decoded, crop)
    closed = spacing.close_thin_gaps(decoded, spans, extents)
    if closed is not decoded:
        spans = _spans(closed)
        extents = _extents(spans, closed, crop)
    return closed, spans, extents


def _spans(decoded: Decoded) -> list[tuple[int, int]]:
    """First character and end of each word in the text."""
    return [match.span() for match in re.finditer(r"\S+", decoded.text)]


def _extents(
    spans: list[tuple[int, int]], decoded: Decoded, crop: NDArray[np.uint8]
) -> list[tuple[int, int]]:
    """First column and end of each word in the crop.

    A step tells where a character peaks, not where it ends, so words are parted at the widest
    blank run between the last peak of one and the first of the next.
    """
    ink = gaps.has_ink(crop)
    inked = np.flatnonzero(ink)
    blanks = gaps.blanks(ink)
    width = crop.shape[1]
    peaks = [(decoded.starts[a] * STRIDE, decoded.ends[b - 1] * STRIDE) for a, b in spans]
    lefts = [min(int(inked[0]) if inked.size else 0, peaks[0][0])]
    rights = []
    for (_, last), (first, _) in pairwise(spans):
        before = decoded.starts[last - 1] * STRIDE
        after = min(decoded.ends[first] * STRIDE, width)
        blank = gaps.widest(blanks, before, after)
        if blank is None:
            blank = decoded.ends[last - 1] * STRIDE, decoded.starts[first] * STRIDE
        rights.append(blank[0])
        lefts.append(blank[1])
    rights.append(max(int(inked[-1]) + 1 if inked.size else width, min(peaks[-1][1], width)))
    return list(zip(lefts, rights, strict=True))


class _ToPage:
    """Columns of a line's crop to their upright boxes on the page."""

    def __init__(self, quad: Quad, height: int, size: PageSize) -> None:
        margin = height * MARGIN / (1 + 2 * MARGIN)
        # The map is between centres of pixels; edges are half a pixel before them.
        self._xs, self._ys = (
            (along, across * (margin - 0.5) + shift, across * (height - margin - 0.5) + shift)
            for along, across, shift in (
                (a, b, c + 0.5 - 0.5 * a) for a, b, c in crop_to_page(quad, height).tolist()
            )
        )
        self._size = size

    def box(self, left: float, right: float) -> Box:
        """The box around some columns as far as it lies on the page, the margins left out."""
        width, height = float(self._size.width), float(self._size.height)
        x0, x1 = _extremes(*self._xs, left, right)
        y0, y1 = _extremes(*self._ys, left, right)
        return Box(
            min(max(x0, 0.0), width),
            min(max(y0, 0.0), height),
            min(max(x1, 0.0), width),
            min(max(y1, 0.0), height),
        )


def _extremes(
    along: float, top: float, bottom: float, left: float, right: float
) -> tuple[float, float]:
    """Of a coordinate at the four corners between two columns, the least and the greatest."""
    start, end = along * left, along * right
    return min(start, end) + min(top, bottom), max(start, end) + max(top, bottom)
