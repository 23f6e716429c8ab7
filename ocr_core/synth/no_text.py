"""What a detector takes for text now and then and is none: rules of signs, bar codes, specks.

Crops of them teach the recogniser to say nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.synth.typeset import Ink, LineStyle, set_line
from schemas import Quad

Rng = np.random.Generator
# Signs that make up a rule where nothing else stands on the line.
RULE_SIGNS = "-=*_.~#+"
# So many in a row are a rule; fewer may mean something.
MIN_RULE = 8


def draw_no_text(rng: Rng, style: LineStyle) -> tuple[Ink, list[Quad]]:
    """Ink that says nothing, a few shapes below each other, and a quad about each of them."""
    em = style.size_px
    width = round(em * rng.uniform(6, 24))
    count = int(rng.integers(4, 9))
    row = 2 * em
    ink = np.zeros(((count + 1) * row, width + 2 * em), np.uint8)
    quads = []
    for number in range(count):
        shape = _SHAPES[int(rng.integers(len(_SHAPES)))](rng, style, width)[:row, :width]
        top, left = number * row + em // 2, em
        ink[top : top + shape.shape[0], left : left + shape.shape[1]] = shape
        quads.append(_around(shape, left, top, rng, em))
    return ink, quads


def _around(shape: Ink, left: int, top: int, rng: Rng, em: int) -> Quad:
    """A box about the ink, tight or as high as a line of text."""
    rows = np.flatnonzero(shape.any(axis=1))
    first, last = (int(rows[0]), int(rows[-1]) + 1) if rows.size else (0, shape.shape[0])
    grow = max(em * rng.uniform(0.05, 0.6), 0.0)
    y0, y1 = top + first - grow, top + last + grow
    x0, x1 = left, left + max(shape.shape[1], 4)
    return Quad(x0, y0, x1, y0, x1, y1, x0, y1)


def _signs(rng: Rng, style: LineStyle, width: int) -> Ink:
    sign = RULE_SIGNS[int(rng.integers(len(RULE_SIGNS)))]
    joint = "" if rng.random() < 0.75 else " "
    line = set_line(joint.join(sign * int(rng.integers(MIN_RULE, 60))), style, rng)
    ink = np.zeros((style.size_px, line.ink.shape[1]), np.uint8)
    top = max(0, style.size_px * 3 // 4 + line.ink_top)
    part = ink[top : top + line.ink.shape[0]]
    part[:] = line.ink[: part.shape[0]]
    return ink[:, :width]


def _bar_code(rng: Rng, style: LineStyle, width: int) -> Ink:
    ink = np.zeros((round(style.size_px * rng.uniform(0.5, 1.5)), width), np.uint8)
    module = style.size_px * rng.uniform(0.04, 0.12)
    x = 0.0
    while x < width:
        bar, gap = module * rng.integers(1, 5, 2)
        ink[:, round(x) : round(x + bar)] = 255
        x += bar + gap
    return ink


def _strokes(rng: Rng, style: LineStyle, width: int) -> Ink:
    """A solid, double or broken rule, or a wavy line."""
    em = style.size_px
    ink = np.zeros((em, width), np.uint8)
    thick = int(rng.integers(1, max(2, em // 6)))
    form = int(rng.integers(4))
    if form == 3:
        x = np.arange(0, width, 3)
        y = em / 2 + em * rng.uniform(0.05, 0.3) * np.sin(x / (em * rng.uniform(0.2, 3)))
        points = np.stack([x, y], axis=1).astype(np.int32)
        cv2.polylines(ink, [points], False, 255, thick)
        return ink
    cv2.line(ink, (0, em // 2), (width, em // 2), 255, thick)
    if form == 1:
        cv2.line(ink, (0, em // 2 + 3 * thick), (width, em // 2 + 3 * thick), 255, thick)
    if form == 2:
        dash = max(2, round(em * rng.uniform(0.05, 0.8)))
        ink[:, np.arange(width) // dash % 2 == 1] = 0
    return ink


def _specks(rng: Rng, style: LineStyle, width: int) -> Ink:
    """Blots and dirt: what passes a threshold in a soft field of noise."""
    em = style.size_px
    share = float(np.exp(rng.uniform(np.log(0.003), np.log(0.5))))
    noise = rng.standard_normal((em, width)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), float(rng.uniform(0.5, em / 6)))
    return np.where(soft > np.quantile(soft, 1 - share), 255, 0).astype(np.uint8)


def _hatching(rng: Rng, style: LineStyle, width: int) -> Ink:
    """Stripes or dots of a picture's screen."""
    em = style.size_px
    y, x = np.mgrid[0:em, 0:width].astype(np.float32)
    angle, pitch = rng.uniform(0, np.pi), em * rng.uniform(0.08, 0.5)
    waves = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / pitch)
    if rng.random() < 0.5:
        waves = waves + np.sin((y * np.cos(angle) - x * np.sin(angle)) * 2 * np.pi / pitch)
    return np.where(waves > rng.uniform(-0.5, 0.9), 255, 0).astype(np.uint8)


_SHAPES: tuple[Callable[[Rng, LineStyle, int], NDArray[np.uint8]], ...] = (
    _signs, _signs, _signs, _bar_code, _strokes, _specks, _hatching,
)  # fmt: skip
