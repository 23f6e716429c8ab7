"""Harvested pages to training samples, as their synthetic counterparts make them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.cropping import crop_quad, crop_width
from ocr_core.harvest.folders import Harvest
from ocr_core.harvest.pages import HarvestedPage, Use
from ocr_core.pdf import draw_with_mupdf, open_pdf
from ocr_core.synth import degrade
from ocr_core.synth.canvas import Canvas, Segment
from ocr_core.synth.fonts import Face
from ocr_core.synth.lines import LineSample, jittered, turned
from ocr_core.synth.pages import SynthPage, View, take_picture
from ocr_core.synth.sheet import FaceShelf, Sheet
from ocr_core.synth.text import TextSource
from ocr_core.synth.wear import wear_sheet
from schemas import Quad

Rng = np.random.Generator
Pixels = NDArray[np.uint8]
# Seeds next to each other draw from one page at one resolution: drawing it is most of the work.
_BLOCKS_A_DRAWING = 6
_MAX_MEGAPIXELS = 14.0
_MAX_DPI, _LEAST_DPI = 420, 40
_PALE = 150  # of ink, 0 to 255: wear would take paler letters away
_LEAST_EM_PX = 9.0  # of a line that is to be read
_STEEPEST_DEG = 8.0  # of a line in a block


@dataclass(frozen=True, slots=True)
class HarvestedLineSettings:
    """How line samples are cut out of pages.

    Attributes:
        height, max_width: of the crops, in pixels; longer lines are left out.
        lines: of a block.
        worn: share of blocks that are printed before they are scanned.
    """

    height: int = 40
    max_width: int = 1900
    lines: int = 12
    worn: float = 0.55


class HarvestedLines:
    """Makes line samples out of harvested pages, a block at a time; see `LineMaker`."""

    def __init__(self, harvest: Harvest, settings: HarvestedLineSettings | None = None) -> None:
        self._settings = settings or HarvestedLineSettings()
        self._pages = _Pages(harvest)

    def make(self, seed: int, strength: float = 1.0) -> list[LineSample]:
        """The lines of a part of a page."""
        shared = np.random.default_rng((seed // _BLOCKS_A_DRAWING, 12))
        page = self._pages.draw(shared)
        is_worn = bool(shared.random() < self._settings.worn)
        finest = shared.uniform(34.0, 52.0) if is_worn else degrade.scan_em(shared)
        dpi = _usable_dpi(page, finest / page.em * 72)
        rng = np.random.default_rng((seed, 11))
        view, quads, texts = self._block(page, dpi / 72, rng)
        if not quads:
            return []
        ink = 255 - self._pages.pixels(page, dpi)[view]
        return self._cut(rng, (ink, quads, texts), page.em * dpi / 72 if is_worn else 0.0, strength)

    def _block(
        self, page: HarvestedPage, scale: float, rng: Rng
    ) -> tuple[tuple[slice, slice], list[Quad], list[str]]:
        """A part of a page, and the lines that can be read in it."""
        corners = page.corners * scale
        width = np.hypot(*(corners[:, 1] - corners[:, 0]).T)
        rise = np.abs(corners[:, 1, 1] - corners[:, 0, 1])
        fits = (page.uses == Use.READ) & (page.ems * scale >= _LEAST_EM_PX)
        fits &= rise <= np.tan(np.radians(_STEEPEST_DEG)) * width
        usable = np.flatnonzero(fits)
        if not len(usable):
            return (slice(0), slice(0)), [], []
        anchor = corners[usable[int(rng.integers(len(usable)))]]
        middles = corners[usable].mean(axis=1)
        # Lines above and below count as near, lines beside as far.
        apart = np.abs(middles - anchor.mean(axis=0)) @ np.array([0.3, 1.0], np.float32)
        near = usable[np.argsort(apart, kind="stable")[: self._settings.lines]]
        pad = 1.5 * page.em * scale
        low = np.maximum(corners[near].min(axis=(0, 1)) - pad, 0).astype(int)
        high = np.ceil(corners[near].max(axis=(0, 1)) + pad).astype(int)
        view = (slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0])))
        quads = [Quad.from_corners(corners[at] - low) for at in near]
        kept = [
            (quad, page.texts[at])
            for quad, at in zip(quads, near, strict=True)
            if crop_width(quad, self._settings.height) <= self._settings.max_width
            and not _is_leader(page.texts[at])
        ]
        return view, [quad for quad, _ in kept], [text for _, text in kept]

    def _cut(
        self,
        rng: Rng,
        block: tuple[Pixels, list[Quad], list[str]],
        em_px: float,
        strength: float,
    ) -> list[LineSample]:
        """Wears the block if it has an `em_px`, takes its picture, and cuts its lines out."""
        ink, quads, texts = block
        scale = 1.0
        if em_px or rng.random() < 0.3:
            ink, quads = turned(ink, quads, rng)
        if em_px:
            ink = _printed(ink, rng, em_px, strength)
            ink, scale = degrade.shrink_to_scan(ink, em_px, rng)
        pixels = degrade.scan(ink, rng, strength)
        if rng.random() < 0.04:
            pixels = np.asarray(cv2.bitwise_not(pixels), np.uint8)
        cuts = (jittered(quad, scale, rng) for quad in quads)
        return [
            LineSample(crop_quad(pixels, cut, self._settings.height), text)
            for cut, text in zip(cuts, texts, strict=True)
        ]


class HarvestedPages:
    """Makes pages for the detector out of harvested ones; see `PageMaker`.

    Args:
        long_side: the least and the most pixels of a page's longer side.
        strength: of print wear and scanning.
    """

    def __init__(
        self,
        harvest: Harvest,
        faces: Sequence[Face],
        source: TextSource,
        long_side: tuple[int, int] = (900, 2000),
        strength: float = 1.0,
    ) -> None:
        self._pages = _Pages(harvest)
        self._shelf = FaceShelf(faces)
        self._source = source
        self._long_side = long_side
        self._strength = strength

    def make(self, seed: int) -> SynthPage:
        """The page of a seed."""
        rng = np.random.default_rng((seed, 13))
        page = self._pages.draw(rng)
        final = rng.uniform(*self._long_side) / max(page.size) * 72
        dpi = _usable_dpi(page, final * rng.uniform(1.0, 1.5))
        scale = min(1.0, final / dpi)
        ink = 255 - self._pages.pixels(page, dpi)
        height, width = ink.shape
        canvas = Canvas(width, height)
        canvas.ink, canvas.tone = parted(ink, page.em * dpi / 72)
        canvas.segments = list(_segments(page, dpi / 72))
        sheet = Sheet(
            canvas, rng, self._shelf, self._source, self._source.corpus(rng),
            dpi=dpi, smallest_px=9.0 / scale,
        )  # fmt: skip
        wear_sheet(sheet, self._strength)
        view = View(seed, (width, height), dpi, scale)
        return take_picture(canvas, view, rng, self._strength)


class _Pages:
    """Draws pages by their chances, and keeps the last ones as pixels."""

    def __init__(self, harvest: Harvest) -> None:
        self._pages = harvest.pages
        self._edges = np.cumsum(harvest.chances())
        self._drawn: dict[tuple[str, int, int], Pixels] = {}

    def draw(self, rng: Rng) -> HarvestedPage:
        at = int(np.searchsorted(self._edges, rng.random()))
        return self._pages[min(at, len(self._pages) - 1)]

    def pixels(self, page: HarvestedPage, dpi: int) -> Pixels:
        """(H, W) uint8, 0 black to 255 white."""
        key = page.path, page.page_index, dpi
        if key not in self._drawn:
            while len(self._drawn) >= 2:
                self._drawn.pop(next(iter(self._drawn)))
            with open_pdf(Path(page.path)) as document:
                self._drawn[key] = draw_with_mupdf(
                    document, page.page_index, dpi, _MAX_MEGAPIXELS + 1
                ).pixels
        return self._drawn[key]


def parted(ink: Pixels, em_px: float) -> tuple[Pixels, Pixels]:
    """Ink that printing wears, and what it does not: panels, pictures, and letters in pale colours.

    The darker of both is the page again.
    """
    panel, stroke = (np.ones((side, side), np.uint8) for side in _sides(em_px))
    above = cv2.subtract(ink, cv2.morphologyEx(ink, cv2.MORPH_OPEN, panel))
    is_letter = (above > 16) & (cv2.dilate(above, stroke) > _PALE)
    letters = np.where(is_letter, ink, np.uint8(0))
    return letters, np.where(is_letter, ink - above, ink)


def _sides(em_px: float) -> tuple[int, int]:
    """Of what is too broad for a stroke, and of what is about a letter, in pixels."""
    return max(3, round(0.8 * em_px)), max(3, round(0.4 * em_px))


def _printed(ink: Pixels, rng: Rng, em_px: float, strength: float) -> Pixels:
    letters, tone = parted(ink, em_px)
    if rng.random() < 0.04 * strength:
        letters = degrade.dot_matrix(letters, rng, em_px)
    else:
        letters = degrade.print_ink(letters, rng, em_px, strength)
    return np.maximum(letters, tone)


def _is_leader(text: str) -> bool:
    """Whether a line is mostly dots, between which a space is anybody's guess."""
    return len(text) > 12 and text.count(".") + text.count(" ") > 0.6 * len(text)


def _usable_dpi(page: HarvestedPage, wanted: float) -> int:
    """The wanted resolution, or the nearest at which the page is neither too large nor nothing."""
    square_inches = page.size[0] * page.size[1] / 72**2
    most = min(_MAX_DPI, math.sqrt(_MAX_MEGAPIXELS * 1e6 / square_inches))
    return int(np.clip(round(wanted), min(_LEAST_DPI, int(most)), int(most)))


def _segments(page: HarvestedPage, scale: float) -> Iterator[Segment]:
    """The lines of a page as segments, each in a group of its own: they are parted already."""
    for number, (text, corners, use) in enumerate(
        zip(page.texts, page.corners, page.uses, strict=True)
    ):
        yield Segment(text, corners * np.float32(scale), (), number, use == Use.IGNORED)
