"""Which way up a page lies: the way in which its text reads best.

Upside down, a recogniser reads upright text as other letters and is far less sure of them; on its
side, a page falls apart into bits. On 35 pages of letters, receipts and books the mean certainty
of characters was 0.70 to 1.00 upright, 0.52 to 0.81 upside down and below 0.66 on either side, and
upright it was higher by 0.06 or more on every one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ocr_core import images
from ocr_core.ctc import Decoded
from schemas import DetectedPage, Detection, PageImage, Quad

# A page that reads with less certainty is tried the other ways.
UNSURE = 0.88
# A page is turned only if it then reads with so much more certainty: a page left on its side is
# noticed, a page turned wrongly looks as if it were lost.
BETTER = 0.08
# Lines that are tried, and how long they are at the most, in heights: long ones cost more than
# they tell.
TRIED_LINES, LONGEST = 8, 12.0
SHORTEST = 3.0
# Fewer characters than this tell nothing.
MIN_CHARACTERS = 4


def certainty(lines: Sequence[Decoded]) -> float:
    """Mean confidence of the characters of some lines, 0 to 1; 0 where there are too few."""
    confidences = [value for line in lines for value in line.confidences]
    if len(confidences) < MIN_CHARACTERS:
        return 0.0
    return sum(confidences) / len(confidences)


def lines_to_try(found: Sequence[Detection]) -> list[Detection]:
    """A few lines of a page that tell most: neither short nor long, and surely text."""
    long_enough = [one for one in found if one.quad.width >= SHORTEST * one.quad.height]
    return sorted(long_enough or found, key=_promise, reverse=True)[:TRIED_LINES]


def best_turn(certainties: Mapping[int, float]) -> int:
    """The turn under which a page reads best, or 0 unless it is better by `BETTER`.

    Args:
        certainties: by degrees clockwise; 0 is among them.
    """
    best = max(certainties, key=lambda turn: certainties[turn])
    return best if certainties[best] >= certainties[0] + BETTER else 0


def turned(image: PageImage, degrees: int) -> PageImage:
    """The page turned clockwise by 90, 180 or 270 degrees."""
    return replace(
        image,
        pixels=images.turn_upright(image.pixels, degrees),
        orientation_deg=(image.orientation_deg + degrees) % 360,
    )


def upside_down(page: DetectedPage) -> DetectedPage:
    """The page turned by 180 degrees and what was found on it with it, without another look."""
    image = turned(page.image, 180)
    size = np.array([image.pixels.shape[1], image.pixels.shape[0]], dtype=np.float64)
    # What was last on a line is now first, as on any upright line.
    found = [
        replace(one, quad=Quad.from_corners(size - one.quad.corners[[2, 3, 0, 1]]))
        for one in page.detections
    ]
    return DetectedPage(image, tuple(found))


def _promise(found: Detection) -> float:
    return min(found.quad.width / max(found.quad.height, 1.0), LONGEST) * found.score
