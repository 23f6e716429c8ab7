"""Photographs of what is not a page: signs on walls, labels on things, or no text at all.

Letters stand on boards or straight on what the photograph shows, seen at an angle, in shade, dark
on light or light on dark (after SynthText, arXiv:1604.06646, without its depth and segmentation:
the detector has few weights, and the photographs at hand show few streets).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.synth import degrade
from ocr_core.synth.canvas import Canvas, Segment
from ocr_core.synth.fonts import Face, FontKind
from ocr_core.synth.pages import SynthPage, label_page, place_segment
from ocr_core.synth.photos import PhotoAlbum
from ocr_core.synth.sheet import FaceShelf, Pen, Sheet
from ocr_core.synth.text import TextSource
from ocr_core.synth.warping import Warp

Pixels = NDArray[np.uint8]
Rng = np.random.Generator
_DPI = 72  # of what is drawn: points are pixels
_SIGNS = (0, 0, 1, 1, 2, 3, 4, 6)  # how many stand on a photograph, each as likely
_EM = (13.0, 110.0)  # of letters, in pixels of the photograph
_ON_BOARDS = 0.65  # share of signs that have a ground of their own
_LEAST_CONTRAST = 45  # between letters and what is behind them, in grey levels
_KINDS: tuple[FontKind, ...] = ("text", "text", "display", "display", "mono")
_SAYINGS = ("words", "heading", "words", "contact", "number", "code", "price_row")
_LEAST_HEIGHT = 8.0  # of a line that is to be found, in pixels


@dataclass(frozen=True, slots=True, eq=False)
class _Sign:
    """A sign seen from the front.

    Attributes:
        letters: (h, w) uint8, 255 where letters are.
        shadow: the same of what letters throw or what surrounds them.
        board: whether it hides what is behind it.
    """

    letters: Pixels
    shadow: Pixels | None
    segments: Sequence[Segment]
    board: bool


class SceneMaker:
    """Makes photographs with signs on them; each depends on its seed alone.

    Args:
        long_side: the least and the most pixels of a photograph's longer side.
    """

    def __init__(
        self,
        faces: Sequence[Face],
        source: TextSource,
        album: PhotoAlbum,
        long_side: tuple[int, int] = (640, 1400),
    ) -> None:
        self._shelf = FaceShelf(faces)
        self._source = source
        self._album = album
        self._long_side = long_side

    def make(self, seed: int) -> SynthPage:
        """The photograph of a seed."""
        rng = np.random.default_rng((seed, 11))
        width, height = self._draw_size(rng)
        pixels = _exposed(self._view(rng, width, height), rng)
        segments: list[Segment] = []
        taken = np.zeros((height, width), bool)
        for _ in range(_SIGNS[int(rng.integers(len(_SIGNS)))]):
            sign = self._draw_sign(rng)
            warp = _hang(sign, (width, height), rng)
            hidden = warp.ink(np.full_like(sign.letters, 255)) > 0
            if taken[hidden].any():
                continue
            taken |= hidden
            segments += [place_segment(segment, warp, 1.0) for segment in sign.segments]
            pixels = _blended(pixels, sign, warp, rng)
        pixels = degrade.photograph(pixels, rng)
        return label_page(pixels, segments, (seed, _DPI), _LEAST_HEIGHT)

    def _draw_size(self, rng: Rng) -> tuple[int, int]:
        """Width and height of a photograph, in pixels."""
        longer = int(rng.integers(self._long_side[0], self._long_side[1] + 1))
        shorter = round(longer * rng.uniform(0.5, 0.85))
        return (longer, shorter) if rng.random() < 0.7 else (shorter, longer)

    def _view(self, rng: Rng, width: int, height: int) -> Pixels:
        """A photograph, at times with parts of others in it: edges, as streets are full of."""
        view = self._album.draw(rng, width, height)
        for _ in range(int(rng.choice([0, 0, 1, 2, 4, 8]))):
            wide, high = (int(side * rng.uniform(0.03, 0.6)) for side in (width, height))
            if min(wide, high) < 4:
                continue
            x, y = int(rng.integers(width - wide)), int(rng.integers(height - high))
            view[y : y + high, x : x + wide] = _exposed(self._album.draw(rng, wide, high), rng)
        return view

    def _draw_sign(self, rng: Rng) -> _Sign:
        """A few lines of letters, centred or flush, of one or two sizes."""
        em = float(np.exp(rng.uniform(*np.log(_EM))))
        n_lines = int(rng.choice([1, 1, 1, 2, 2, 3, 4]))
        canvas = Canvas(round(em * rng.uniform(5, 16)), round(em * 1.9 * (n_lines + 0.6)))
        sheet = Sheet(
            canvas, rng, self._shelf, self._source, self._source.corpus(rng),
            dpi=_DPI, smallest_px=9.0,
        )  # fmt: skip
        pen = self._pen(sheet, em)
        align = sheet.align("left", "centre", "centre")
        y = em * rng.uniform(0.2, 0.7)
        for _ in range(n_lines):
            canvas.group += 1
            if sheet.chance(0.3):
                pen = self._pen(sheet, em * rng.uniform(0.45, 1.0))
            y = _write(sheet, pen.aligned(align), y)
        board = bool(rng.random() < _ON_BOARDS)
        letters, segments = _cut_out(canvas, em * rng.uniform(0.1, 0.8) if board else 0.15 * em)
        return _Sign(letters, _shadow(letters, em, rng), segments, board)

    @staticmethod
    def _pen(sheet: Sheet, em: float) -> Pen:
        pen = replace(sheet.pen(em, (sheet.pick(_KINDS),)), leading=sheet.between(1.0, 1.5))
        return pen.tracked(sheet.between(0.02, 0.4)) if sheet.chance(0.35) else pen


def _write(sheet: Sheet, pen: Pen, y: float) -> float:
    """One line of a sign with its top at `y`; gives where it ends."""
    text = sheet.text(sheet.pick(_SAYINGS), pen, sheet.count(3, 26))
    if sheet.chance(0.55):
        text = sheet.drawable(text.upper(), pen)
    text = sheet.fit(text, pen, sheet.width * 0.94)
    x = {"centre": sheet.width / 2}.get(pen.align, sheet.width * 0.03)
    sheet.write(text, pen, x, y + pen.em, pen.align)
    return y + pen.pitch


def _cut_out(canvas: Canvas, room: float) -> tuple[Pixels, list[Segment]]:
    """The letters with so many pixels about them, and the segments there."""
    segments = [segment for segment in canvas.join() if not segment.ignored]
    rows, columns = np.flatnonzero(canvas.ink.any(axis=1)), np.flatnonzero(canvas.ink.any(axis=0))
    if not rows.size:
        return canvas.ink, []
    by = round(room)
    part = canvas.ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    letters = np.asarray(np.pad(part, by), np.uint8)
    origin = np.array([columns[0] - by, rows[0] - by], np.float32)
    moved = [
        replace(
            segment,
            corners=segment.corners - origin,
            words=tuple((text, at - origin) for text, at in segment.words),
        )
        for segment in segments
    ]
    return letters, moved


def _shadow(letters: Pixels, em: float, rng: Rng) -> Pixels | None:
    """A shadow beside the letters, or a rim around them; none most of the time."""
    chance = rng.random()
    reach = max(1, round(em * rng.uniform(0.03, 0.09)))
    if chance < 0.15:
        move = np.array([(1, 0, rng.choice([-1, 1]) * reach), (0, 1, reach)], np.float32)
        height, width = letters.shape
        return np.asarray(cv2.warpAffine(letters, move, (width, height)), np.uint8)
    if chance < 0.28:
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)
        return np.asarray(cv2.dilate(letters, disc), np.uint8)
    return None


def _hang(sign: _Sign, size: tuple[int, int], rng: Rng) -> Warp:
    """Where a sign stands on a photograph, turned and slanted as it is seen."""
    height, width = sign.letters.shape
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    steep = 2.5 if rng.random() < 0.25 else 1.0
    angle = np.deg2rad(rng.normal(0, 2.5 * steep))
    slant = rng.normal(0, 0.06 * steep)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle) + slant, np.cos(angle)]])
    seen = (corners - corners.mean(axis=0)) @ turn.T
    # A wall that runs away from the camera: one end is lower than the other.
    away = np.clip(rng.normal(0, 0.07 * steep), -0.35, 0.35)
    seen[:, 1] *= 1 + np.where(corners[:, 0] > 0, away, -away)
    reach = seen.max(axis=0) - seen.min(axis=0)
    fits = min(1.0, *(0.95 * np.array(size) / reach))
    seen *= fits
    room = np.maximum(np.array(size) - reach * fits, 1)
    seen += rng.uniform(0, room) - seen.min(axis=0)
    matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    return Warp(size, np.asarray(matrix, np.float64))


def _blended(pixels: Pixels, sign: _Sign, warp: Warp, rng: Rng) -> Pixels:
    """The photograph with a sign on it."""
    scene = pixels.astype(np.float32)
    cover = warp.ink(np.full_like(sign.letters, 255)).astype(np.float32) / 255
    seen = scene[cover > 0.5]
    behind, spread = (float(seen.mean()), float(seen.std())) if seen.size else (127.0, 0.0)
    if sign.board:
        ground = float(rng.uniform(0, 255))
        # What light and shade do to the wall they do to the board as well, if less.
        relief = (scene - behind) * np.float32(rng.uniform(0, 0.4))
        scene += cover * (ground + relief - scene)
        behind, spread = ground, 0.0
    grey = _other_grey(behind, rng, spread)
    if sign.shadow is not None:
        around = warp.ink(sign.shadow).astype(np.float32) / 255
        scene += around * (_other_grey(grey, rng) - scene)
    letters = warp.ink(sign.letters).astype(np.float32) / 255
    letters *= np.float32(rng.uniform(0.8, 1.0))
    scene += letters * (grey - scene)
    return np.clip(scene, 0, 255).astype(np.uint8)


def _other_grey(grey: float, rng: Rng, spread: float = 0.0) -> float:
    """A grey that stands out from another, the more the more that one varies."""
    apart = min(_LEAST_CONTRAST + 1.2 * spread, 110)
    darker, lighter = max(0.0, grey - apart), max(0.0, 255 - grey - apart)
    drawn = float(rng.uniform(0, darker + lighter))
    return drawn if drawn < darker else 255 - (drawn - darker)


def _exposed(pixels: Pixels, rng: Rng) -> Pixels:
    """A photograph brighter or darker, flatter or harsher than it was."""
    gain, offset = rng.uniform(0.5, 1.2), rng.uniform(-30, 40)
    return np.asarray(cv2.convertScaleAbs(np.maximum(pixels * gain + offset, 0)), np.uint8)
