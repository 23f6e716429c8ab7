"""Straight lines drawn on a page: rules, frames of tables, lines of forms.

The page is cut into narrow strips, and in each strip every row of pixels becomes one number: how
dark it is. A level line is a row that is darker than the paper just above and just below it, and
evenly so in strip after strip; that holds of broken and dotted lines, too, and of lines that are
not quite level, since these move by less than a pixel or two from strip to strip. Upright lines
are the level lines of the page laid on its side. Strips make the picture so small that this costs
a few milliseconds; the pixels themselves are looked at only along what may be a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas import Ruling

Pixels = NDArray[np.uint8]

# Strips along the longer side of a page.
STRIPS = 200
MIN_STRIP_PX = 4
# The thickest ruling, as a share of that side: at 11 inches, 5.6 points; and the thickest of those
# that are faint, 2 points: lines of text are thicker.
MAX_THICKNESS = 1 / 140
MAX_THICKNESS_FAINT = 1 / 400
# Darkness beside the paper about it, 0 to 255: of a faint line, and of one that is surely drawn.
# Rows of dots that shade a panel are faint, and stand close together; a ruling stands alone.
FAINT = 50
FIRM = 165
MAX_CROWD = 0.34
# Strips that a ruling crosses at least, and how dark the lightest is beside the darkest of so many.
MIN_STRIPS = 8
MIN_EVENNESS = 0.68
# How much of a short and of a long ruling is inked. A dotted one has less ink, but in each strip
# about as much as in the others, give or take this share of it.
LONG_STRIPS = 16
MIN_INK = 0.7
MIN_INK_SHORT = 0.88
MAX_SPREAD_DOTTED = 0.12
# A ruling is so many times as long as thick, strokes of big letters are not; and it rises by no
# more than this share of its length.
MIN_SLENDERNESS = 12.0
MAX_SLOPE = 0.18


def find_rulings(pixels: Pixels) -> tuple[Ruling, ...]:
    """The rulings of a page: first those that run across it, then those that run down.

    A double line is two. Lines thicker than a 140th of the page's longer side, such as the dark
    border of a scan, are none.

    Args:
        pixels: (H, W) uint8, 0 for ink and 255 for paper.
    """
    strip_px = max(MIN_STRIP_PX, round(max(pixels.shape) / STRIPS))
    if min(pixels.shape) < max(MIN_STRIP_PX * MIN_STRIPS, strip_px):
        return ()
    height, width = pixels.shape
    n_down, n_across = height // strip_px, width // strip_px
    columns, rows = pixels[:, : n_across * strip_px], pixels[: n_down * strip_px]
    across = cv2.resize(columns, (n_across, height), interpolation=cv2.INTER_AREA)
    down = cv2.resize(rows, (width, n_down), interpolation=cv2.INTER_AREA)
    level = _level_lines(np.asarray(across, np.uint8), pixels, strip_px)
    upright = _level_lines(np.ascontiguousarray(down.T, np.uint8), pixels.T, strip_px)
    return (*level, *(Ruling(line.start[::-1], line.end[::-1], line.thickness) for line in upright))


def _level_lines(strips: Pixels, pixels: Pixels, strip_px: int) -> Iterator[Ruling]:
    """The rulings across strips, (H, S), of a picture."""
    longest = max(pixels.shape)
    most = max(strip_px, round(longest * MAX_THICKNESS))
    thin = _darkness(strips, max(3, round(longest * MAX_THICKNESS_FAINT)))
    thick = _darkness(strips, most)
    crowd = cv2.blur(np.asarray(thin > FAINT, np.float32), (1, 3 * most))
    darkness = np.where(crowd < MAX_CROWD, thin, 0).astype(np.uint8)
    darkness = np.where(thick > FIRM, thick, darkness)
    mask = _even_runs(darkness)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    left, top, wide, high = stats[:, :4].T
    fits = (wide >= MIN_STRIPS) & (high <= 2 * most + MAX_SLOPE * strip_px * wide)
    for number in np.flatnonzero(fits[1:]) + 1:
        view = (
            slice(top[number], top[number] + high[number]),
            slice(left[number], left[number] + wide[number]),
        )
        own = np.where(labels[view] == number, darkness[view], 0)
        yield from _Trace(own, (int(left[number]), int(top[number])), strip_px).rulings(pixels)


def _darkness(strips: Pixels, thickness: int) -> Pixels:
    """By how much each row is darker than the paper above and below it, which it must have.

    This is the black top-hat of mathematical morphology: what is thicker is not seen. What lies
    beyond the edges counts as black, so that the border of a scan has paper on one side only.
    """
    reach = (thickness + 1) | 1  # an even window would lie to one side
    padded = cv2.copyMakeBorder(strips, reach, reach, 0, 0, cv2.BORDER_CONSTANT, value=0)
    found = cv2.morphologyEx(padded, cv2.MORPH_BLACKHAT, np.ones((reach, 1), np.uint8))
    return np.asarray(found[reach:-reach], np.uint8)


def _even_runs(darkness: Pixels) -> Pixels:
    """(H, S), 1 where some strips in a row are about equally dark, and two strips further.

    From strip to strip a line may move by a pixel or two, and its dashes may fall into the one or
    the next.
    """
    moved = cv2.blur(cv2.dilate(darkness, np.ones((3, 1), np.uint8)), (3, 1))
    run = np.ones((1, MIN_STRIPS), np.uint8)
    least, most = cv2.erode(moved, run), cv2.dilate(moved, run)
    starts = (least > FAINT) & (least >= MIN_EVENNESS * most)
    # The window that made a run even is laid back over it.
    runs = cv2.dilate(
        np.asarray(starts, np.uint8), run[:, ::-1], anchor=(MIN_STRIPS - 1 - MIN_STRIPS // 2, 0)
    )
    return np.asarray(cv2.dilate(runs, np.ones((1, 5), np.uint8)), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class _Trace:
    """What may be a ruling.

    Attributes:
        darkness: (R, S) uint8, that of its own rows and strips, 0 elsewhere.
        corner: the strip and the row where these begin.
    """

    darkness: Pixels
    corner: tuple[int, int]
    strip_px: int

    def rulings(self, pixels: Pixels) -> Iterator[Ruling]:
        """One if this is a ruling of a picture, else none."""
        peaks = self.darkness.max(axis=0).astype(np.float64)
        places = np.flatnonzero(peaks > FAINT)
        if len(places) < MIN_STRIPS:
            return
        rows = self._rows(places)
        line = _fit(places, rows)
        is_near = np.abs(rows - line[0] * places - line[1]) <= 0.1 * self.strip_px + 1
        places, rows = places[is_near], rows[is_near]
        if len(places) < MIN_STRIPS:
            return
        line = _fit(places, rows)
        ruling = self._ruling(line, peaks, places)
        if abs(line[0]) > MAX_SLOPE * self.strip_px or not _is_slender(ruling):
            return
        is_long = len(places) >= LONG_STRIPS
        least = MIN_INK if is_long else MIN_INK_SHORT
        if (is_long and _is_even(peaks[places])) or _inked_share(ruling, pixels) >= least:
            yield ruling

    def _rows(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """The middle of the ink of some strips."""
        weights = self.darkness[:, places].astype(np.float64)
        rows = np.arange(len(weights))[:, None]
        weights[np.abs(rows - weights.argmax(axis=0)) > self.strip_px] = 0.0
        return np.asarray((weights * rows).sum(axis=0) / weights.sum(axis=0))

    def _ruling(
        self, line: tuple[float, float], peaks: NDArray[np.float64], places: NDArray[np.int64]
    ) -> Ruling:
        slope, offset = line
        left, top = self.corner
        inked = peaks[places]
        usual = _ranked(inked)
        first = places[0] + 1 - min(1.0, inked[0] / usual)
        last = places[-1] + min(1.0, inked[-1] / usual)

        def point(strip: float) -> tuple[float, float]:
            return (left + strip) * self.strip_px, top + offset + slope * (strip - 0.5) + 0.5

        thickness = _ranked(self.darkness[:, places].sum(axis=0) / inked)
        return Ruling(point(float(first)), point(float(last)), max(1.0, thickness))


def _fit(places: NDArray[np.int64], rows: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and offset of the line through most points: medians, after Theil and Sen (1968)."""
    half = len(places) // 2
    runs = places[half:] - places[: len(places) - half]
    slope = _ranked((rows[half:] - rows[: len(places) - half]) / runs)
    return slope, _ranked(rows - slope * places)


def _ranked(values: NDArray[np.float64], share: float = 0.5) -> float:
    """The value that this share of the others is below: quicker than NumPy's for a few values."""
    return float(np.sort(values)[int(share * len(values))])


def _is_slender(ruling: Ruling) -> bool:
    (x0, y0), (x1, y1) = ruling.start, ruling.end
    return float(np.hypot(x1 - x0, y1 - y0)) >= MIN_SLENDERNESS * ruling.thickness


def _is_even(peaks: NDArray[np.float64]) -> bool:
    """Whether strips are as dark as each other, but for dots that fall into the one or the next."""
    smooth = np.convolve(peaks[1:-1], np.full(3, 1 / 3), "valid")  # the ends are cut
    return bool(smooth.std() <= MAX_SPREAD_DOTTED * smooth.mean())


def _inked_share(ruling: Ruling, pixels: Pixels) -> float:
    """How much of a ruling is about as dark as its darker parts."""
    (x0, y0), (x1, y1) = ruling.start, ruling.end
    columns = np.arange(int(x0), min(int(x1), pixels.shape[1] - 1))
    rows = (y0 + (columns - x0) * ((y1 - y0) / max(x1 - x0, 1.0))).astype(np.int64)
    rows = np.clip(rows, 1, len(pixels) - 2)
    darkest = np.minimum(pixels[rows, columns], pixels[rows - 1, columns])
    darkness = 255.0 - np.minimum(darkest, pixels[rows + 1, columns])
    beside = round(ruling.thickness / 2 + 3)
    above, below = np.maximum(rows - beside, 0), np.minimum(rows + beside, len(pixels) - 1)
    paper = 255.0 - np.maximum(pixels[above, columns], pixels[below, columns])
    ink = darkness - _ranked(paper)
    return float((ink > 0.5 * _ranked(ink, 0.8)).mean())
