"""Whole synthetic pages with the place and text of every line: what the detector learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.synth import degrade
from ocr_core.synth.canvas import Canvas, Corners, Segment
from ocr_core.synth.fonts import Face
from ocr_core.synth.layouts import Layout, draw_layout
from ocr_core.synth.photos import PhotoAlbum
from ocr_core.synth.sheet import FaceShelf, Sheet
from ocr_core.synth.text import TextSource
from ocr_core.synth.typeset import Ink
from ocr_core.synth.warping import Warp, draw_warp, lay_flat
from ocr_core.synth.wear import wear_sheet
from schemas import Box, Line, Page, PageRef, Quad, Word

Pixels = NDArray[np.uint8]
Rng = np.random.Generator
_MAX_CANVAS_PX = 4_500_000
_LEAST_HEIGHT_PX = 8.0  # of a line, ascender to descender: 4 px of x-height


@dataclass(frozen=True, slots=True, eq=False)
class SynthPage:
    """A picture of a page and what stands on it.

    Attributes:
        pixels: (H, W) uint8, 0 black, 255 white.
        page: its lines, in reading order, are the ground truth.
        ignored: text that a detector must neither find nor miss.
    """

    pixels: Pixels
    page: Page
    ignored: tuple[Quad, ...]


class PageSource(Protocol):
    """Makes pages by seed, such as a `PageMaker`."""

    def make(self, seed: int) -> SynthPage: ...


class PageMaker:
    """Draws pages; each depends on its seed alone.

    Args:
        long_side: the least and the most pixels of a page's longer side.
        strength: of print wear and scanning; 0 is clean, 1 the usual range.
        album: photographs to be printed on pages; patches of grey stand for them if there is none.
    """

    def __init__(
        self,
        faces: Sequence[Face],
        source: TextSource,
        long_side: tuple[int, int] = (900, 2000),
        strength: float = 1.0,
        album: PhotoAlbum | None = None,
    ) -> None:
        self._shelf = FaceShelf(faces)
        self._album = album
        self._source = source
        self._long_side = long_side
        self._strength = strength

    def make(self, seed: int) -> SynthPage:
        """The page of a seed."""
        rng = np.random.default_rng(seed)
        return self._make(seed, draw_layout(rng), rng)

    def make_layout(self, seed: int, layout: Layout) -> SynthPage:
        """The page of a seed in a given layout."""
        return self._make(seed, layout, np.random.default_rng(seed))

    def _make(self, seed: int, layout: Layout, rng: Rng) -> SynthPage:
        size, dpi, scale = self._draw_size(layout, rng)
        photographed = bool(rng.random() < layout.photographed)
        room = rng.uniform(0.02, 0.12) if photographed else 0.0
        canvas = Canvas(round(size[0] * (1 - room)), round(size[1] * (1 - room)))
        sheet = Sheet(
            canvas, rng, self._shelf, self._source, self._source.corpus(rng),
            dpi=dpi * (1 - room), smallest_px=9.0 / scale, album=self._album,
        )  # fmt: skip
        layout.draw(sheet)
        wear_sheet(sheet, self._strength)
        view = View(seed, size, dpi, scale, photographed, layout.dotted)
        return take_picture(canvas, view, rng, self._strength)

    def _draw_size(self, layout: Layout, rng: Rng) -> tuple[tuple[int, int], float, float]:
        """Width and height of the canvas, its dots per inch, and the scan's scale to it."""
        wide, high = layout.paper.draw(rng)
        final = rng.uniform(*self._long_side)
        longest = max(wide, high)
        area = final * final * min(wide, high) / longest
        finer = min(rng.uniform(1.0, 1.6), max(1.0, (_MAX_CANVAS_PX / area) ** 0.5))
        dpi = final * finer / longest
        return (round(wide * dpi), round(high * dpi)), dpi, 1 / finer


@dataclass(frozen=True, slots=True)
class View:
    """How a picture of a sheet is taken.

    Attributes:
        size: width and height of the picture before it is scanned, in pixels of the canvas.
        dpi: of the canvas.
        scale: of the scan to the canvas.
        photographed: whether a camera took it, whose light and angle are uneven.
        dotted: how likely a printer laid the ink in dots.
    """

    seed: int
    size: tuple[int, int]
    dpi: float
    scale: float
    photographed: bool = False
    dotted: float = 0.0


def take_picture(canvas: Canvas, view: View, rng: Rng, strength: float) -> SynthPage:
    """The scan or photograph of a printed canvas, with its segments where they come to lie."""
    segments = canvas.join()
    warp = _draw_view(canvas, view.size, view.photographed, rng)
    clean = np.maximum(canvas.ink, canvas.tone)
    em_px = _usual_height(segments)
    if rng.random() < view.dotted * strength:
        worn = degrade.dot_matrix(canvas.ink, rng, em_px)
    else:
        worn = degrade.print_ink(canvas.ink, rng, em_px, strength)
    ink = np.maximum(worn, canvas.tone)
    segments = _ignore_lost(segments, clean, ink, 0.25)
    ink = _surround(warp, ink, view.photographed, rng)
    ink, blurred = _to_scan(ink, view.scale, rng, _usual_height(segments) * view.scale)
    pixels = degrade.scan(ink, rng, strength)
    placed = [place_segment(segment, warp, view.scale) for segment in segments]
    placed = _ignore_lost(placed, ink, 255 - pixels, 0.1)
    where = view.seed, round(view.dpi * view.scale)
    return label_page(pixels, placed, where, _LEAST_HEIGHT_PX * blurred)


def _draw_view(canvas: Canvas, size: tuple[int, int], photographed: bool, rng: Rng) -> Warp:
    form = rng.random()
    if form < 0.35 and not photographed:
        return lay_flat(canvas.width, canvas.height)
    skew = float(np.clip(rng.normal(0, 0.8), -2, 2)) if form < 0.9 else float(rng.uniform(-8, 8))
    return draw_warp((canvas.width, canvas.height), size, skew, rng)


def _surround(warp: Warp, ink: Ink, photographed: bool, rng: Rng) -> Ink:
    """The picture of the sheet with what lies about it: a lid, white or dark, or a table."""
    if not photographed and rng.random() < 0.65:
        return warp.ink(ink)
    darkness = int(rng.integers(90, 240)) if photographed else int(rng.integers(200, 256))
    return warp.ink(ink, darkness)


def _usual_height(segments: Sequence[Segment]) -> float:
    """The height of a line in pixels, which is about an em."""
    return float(np.median([segment.height for segment in segments])) if segments else 30.0


def _to_scan(ink: Ink, scale: float, rng: Rng, line_px: float) -> tuple[Ink, float]:
    """The ink at the scan's resolution, and how many times finer that is than its detail."""
    ink = degrade.shrink(ink, scale, rng) if scale < 0.999 else ink
    coarser = max(rng.uniform(0.5, 0.85), 1.15 * _LEAST_HEIGHT_PX / line_px)
    if rng.random() > 0.12 or coarser > 0.9:
        return ink, 1.0
    height, width = ink.shape
    small = degrade.shrink(ink, coarser, rng)
    way = cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(small, (width, height), interpolation=way), np.uint8), 1 / coarser


_ALONG = np.linspace(0, 1, 9, dtype=np.float32)[:, None]


def place_segment(segment: Segment, warp: Warp, scale: float) -> Segment:
    """The segment in pixels of the scan: the smallest rectangle along its warped edges."""
    first, second, third, fourth = segment.corners
    upper, lower = first + _ALONG * (second - first), fourth + _ALONG * (third - fourth)
    mapped = warp.points(np.concatenate([upper, lower, *(at for _, at in segment.words)]))
    mapped = mapped * np.float32(scale)
    edges = mapped[:18]
    run = edges[8] - edges[0] + edges[17] - edges[9]
    along = run / max(float(np.hypot(*run)), 1e-6)
    across = np.array([-along[1], along[0]], np.float32)
    u, v = edges @ along, edges @ across
    ends = np.array([[u.min(), u.max(), u.max(), u.min()], [v.min(), v.min(), v.max(), v.max()]])
    corners = (ends[0][:, None] * along + ends[1][:, None] * across).astype(np.float32)
    words = zip(segment.words, mapped[18:].reshape(-1, 4, 2), strict=True)
    return replace(segment, corners=corners, words=tuple((word[0], at) for word, at in words))


def _ignore_lost(
    segments: Sequence[Segment], before: Ink, after: Ink, least: float
) -> list[Segment]:
    """The segments, those ignored of whose ink less than a share of `least` came through."""
    return [
        replace(s, ignored=s.ignored or _kept_share(s, before, after) < least) for s in segments
    ]


def _kept_share(segment: Segment, before: Ink, after: Ink) -> float:
    """How much darker `after` gets, on the average, where `before` does, about a segment."""
    (left, top), (right, bottom) = segment.corners.min(axis=0), segment.corners.max(axis=0)
    view = (slice(max(0, int(top)), int(bottom) + 1), slice(max(0, int(left)), int(right) + 1))
    ink = before[view].astype(np.float32)
    if ink.size == 0:
        return 0.0
    ink -= ink.mean()
    spread = float(np.vdot(ink, ink))
    if spread < 100 * ink.size:  # a standard deviation below 10: nothing to be seen
        return 0.0
    return float(np.vdot(ink, after[view].astype(np.float32))) / spread


def label_page(
    pixels: Pixels, segments: Sequence[Segment], where: tuple[int, int], least_px: float
) -> SynthPage:
    """The page of a picture and the segments on it; those hardly seen, or tiny, are ignored.

    Args:
        where: the page's seed and dots per inch.
        least_px: height of the lowest line that is to be found.
    """
    seed, dpi = where
    height, width = pixels.shape
    lines, ignored = [], []
    for segment in segments:
        quad = Quad.from_corners(segment.corners)
        visible = _visible_share(quad.box, width, height)
        if visible == 0:
            continue
        if segment.ignored or visible < 0.97 or segment.height < least_px:
            ignored.append(quad)
            continue
        words = tuple(Word(text, text, _box(at), 1.0) for text, at in segment.words)
        lines.append(Line(segment.text, segment.text, 1.0, quad, words))
    ref = PageRef(f"synthetic-{seed}", f"synthetic:{seed}", 0)
    return SynthPage(pixels, Page(ref, width, height, dpi, tuple(lines)), tuple(ignored))


def _visible_share(box: Box, width: int, height: int) -> float:
    return box.overlap(Box(0, 0, width, height)) / max(box.area, 1e-6)


def _box(corners: Corners) -> Box:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom))
