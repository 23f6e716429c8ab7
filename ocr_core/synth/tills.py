"""How tills set type: cells of few dots, narrow, at times twice as wide or as high."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.synth.fonts import Face, open_font
from ocr_core.synth.typeset import LineStyle
from schemas import Quad

Rng = np.random.Generator
Pixels = NDArray[np.uint8]
_EM = 100  # any size serves to measure a face in ems


def is_till_face(face: Face) -> bool:
    """Whether tills might draw with a face: one of pixels, each character as wide as the others."""
    return face.kind == "mono" and face.rows > 0


def till_style(face: Face, size_px: int, rng: Rng) -> LineStyle:
    """A face of pixels as a till of some make sets it."""
    form = rng.random()
    style = LineStyle(face, size_px, wide=_cell(rng) / _advance(face))
    if form < 0.35:  # needles
        style = replace(style, dots=float(rng.uniform(0.85, 1.25)))
    elif form < 0.85:  # elements of a thermal head leave squares that touch
        style = replace(style, dots=float(rng.uniform(1.25, 1.7)))
    zero = rng.random()
    style = replace(style, slashed_zero=zero < 0.2, dotted_zero=0.2 <= zero < 0.35)
    if rng.random() < 0.4:
        style = replace(style, shallow_m=float(rng.uniform(0.45, 0.85)))
    return style


def double_height(style: LineStyle) -> LineStyle:
    """The style twice as high and no wider."""
    return replace(style, size_px=2 * style.size_px, wide=style.wide / 2)


def double_width(style: LineStyle) -> LineStyle:
    """The style twice as wide and no higher."""
    return replace(style, wide=2 * style.wide)


def one_size(style: LineStyle, rng: Rng) -> LineStyle:
    """The style of a block: now and then all of it is twice as wide or, for its width, as high."""
    form = rng.random()
    if form < 0.1:
        return double_width(style)
    # A crop shows height as narrowness.
    return replace(style, wide=0.7 * style.wide) if form < 0.2 else style


def without_rows(
    ink: Pixels, quads: Sequence[Quad], baseline: float, em_px: float, rng: Rng
) -> Pixels:
    """Ink with rows of dots missing from every line: a needle is broken, an element burnt out.

    Half of the time they are the first rows of the capitals or the last ones above the baseline,
    where a head that hangs askew loses several.

    Args:
        baseline: where lines stand, as a share of their quads' height.
    """
    thick_px = max(1.0, em_px * rng.uniform(0.04, 0.10))
    if rng.random() < 0.5:
        share = rng.uniform(0.0, 0.95)
    else:
        thick_px = max(1.0, em_px * (0.04 + 0.16 * rng.random() ** 1.5))
        half = 0.5 * thick_px / max(quad.height for quad in quads)
        share = half if rng.random() < 0.6 else baseline - half
    for quad in quads:
        left, right, below_right, below_left = quad.corners
        start = left + (below_left - left) * share
        end = right + (below_right - right) * share
        down = (below_left - left) / np.linalg.norm(below_left - left) * thick_px / 2
        band = np.rint([start - down, end - down, end + down, start + down]).astype(np.int32)
        cv2.fillConvexPoly(ink, band, 0)
    return ink


def _cell(rng: Rng) -> float:
    """Width of a character's cell, in ems: about half as wide as it is high."""
    return float(rng.uniform(0.38, 0.60))


def _advance(face: Face) -> float:
    return max(open_font(face, _EM).getlength("M") / _EM, 0.1)
