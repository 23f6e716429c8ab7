"""Lines of synthetic pages as a detector finds them: what the recogniser is given at inference.

A detector's quads are cut closer or wider than any rule makes them, lean where a line bends, and
follow the rules and neighbours that touch it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_core.cropping import crop_quad, crop_width
from ocr_core.metrics import match_quads
from ocr_core.synth.lines import LineSample
from ocr_core.synth.pages import PageSource, SynthPage
from schemas import DetectedPage, Failure, PageImage, PageRef, Quad

# What finds the lines of pages, such as `Engine.detect_pages`.
Finder = Callable[[Sequence[PageImage]], Sequence[DetectedPage | Failure]]
# A found line shows a line of ground truth if they overlap by this IoU, ...
MIN_IOU = 0.45
# ... and if it ends where that does: so many heights may be missing, and so many be too much.
MISSING, EXTRA = 0.15, 0.9
# What is found and less than this share of which is text, seen or ignored, holds none.
MOST_TEXT = 0.02
# Such crops are labelled as empty, but no more of a page, or one of pictures would teach nothing.
MOST_EMPTY = 3


class FoundLines:
    """Makes line samples out of pages, as many as a page has; see `LineMaker`.

    Args:
        pages: makes the pages, worn as they are to be.
        finder: makes what finds their lines; called once, by the process that makes data.
        height, max_width: of the crops, in pixels; longer lines are left out.
    """

    def __init__(
        self,
        pages: PageSource,
        finder: Callable[[], Finder],
        height: int = 40,
        max_width: int = 1900,
    ) -> None:
        self._pages = pages
        self._load = finder
        self._finder: Finder | None = None
        self._height, self._max_width = height, max_width

    def make(self, seed: int, strength: float = 1.0) -> list[LineSample]:
        """The lines found on the page of a seed; it is worn as all pages are."""
        made = self._pages.make(seed)
        self._finder = self._finder or self._load()
        (found,) = self._finder([PageImage(PageRef("", "", 0), made.pixels, made.page.dpi)])
        if isinstance(found, Failure):
            return []
        quads = [detection.quad for detection in found.detections]
        return [
            LineSample(crop_quad(made.pixels, quad, self._height), text)
            for quad, text in (*read_quads(quads, made), *empty_quads(quads, made))
            if crop_width(quad, self._height) <= self._max_width
        ]


def read_quads(quads: Sequence[Quad], made: SynthPage) -> Iterator[tuple[Quad, str]]:
    """The quads that show one line of ground truth from end to end, and what that says."""
    truth = [line.quad for line in made.page.lines]
    for one, other in match_quads(quads, [*truth, *made.ignored], MIN_IOU):
        if other < len(truth) and _spans(quads[one], truth[other]):
            yield quads[one], made.page.lines[other].text


def empty_quads(quads: Sequence[Quad], made: SynthPage) -> list[tuple[Quad, str]]:
    """The first quads that show no text at all, and what they say: nothing."""
    text = [line.quad for line in made.page.lines] + list(made.ignored)
    shares = _covered(quads, text)
    bare = [quad for quad, share in zip(quads, shares, strict=True) if share < MOST_TEXT]
    return [(quad, "") for quad in bare[:MOST_EMPTY]]


def _spans(found: Quad, truth: Quad) -> bool:
    """Whether a quad runs in the direction of another, and from its start to its end."""
    corners, aim = found.corners.astype(float), truth.corners.astype(float)
    start, end = (corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2
    length = float(np.hypot(*(end - start)))
    if length == 0 or truth.height == 0:
        return False
    along = (end - start) / length
    ends = np.array([aim[0] + aim[3], aim[1] + aim[2]]) / 2
    first, last = (ends - start) @ along / truth.height
    too_much = np.array([first, length / truth.height - last])
    return bool(last > first and np.all(too_much > -MISSING) and np.all(too_much < EXTRA))


def _covered(quads: Sequence[Quad], others: Sequence[Quad]) -> NDArray[np.float64]:
    """(len(quads),) how much of each quad's bounding box those of others cover, one at most."""
    if not quads or not others:
        return np.zeros(len(quads))
    low, high = _bounds(quads)
    other_low, other_high = _bounds(others)
    shared = np.minimum(high[:, None], other_high) - np.maximum(low[:, None], other_low)
    areas = np.prod(np.maximum(high - low, 1e-6), axis=1)
    return np.asarray(np.prod(np.maximum(shared, 0), axis=2).max(axis=1) / areas)


def _bounds(quads: Sequence[Quad]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    corners = np.array([quad.corners for quad in quads], np.float64)
    return corners.min(axis=1), corners.max(axis=1)
