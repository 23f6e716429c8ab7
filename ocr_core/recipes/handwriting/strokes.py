"""Set lines as a hand would write them: nothing is quite level, upright, even or alike.

A face draws each letter the same each time. Here size, slant, width and height above the baseline
change from letter to letter and from word to word, as smooth curves along the line, so that letters
that join stay joined; strokes bend a little, and their ink thickens and fades.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.synth.typeset import Ink, SetLine

Rng = np.random.Generator
Floats = NDArray[np.float32]

# Standard deviations at an unevenness of 1: of letters' size and width as shares, of their slant,
# and in ems of their height above the baseline, of that of whole words, and of bends of strokes.
_SIZE, _WIDTH, _SLANT, _RISE, _DRIFT, _BEND = 0.09, 0.13, 0.10, 0.025, 0.07, 0.012
# How far such changes reach along the line, in ems: letters, words, strokes.
_LETTER, _WORD, _STROKE = 0.55, 4.0, 0.18
# Ink is never so thin or pale that less than this is left of what the face draws.
_LEAST_INK = 0.55


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody writes, on one day and with one pen.

    Attributes:
        unevenness: how much letters differ from each other; 0 is print, 1 a hurried hand.
        slant: how far the tops of letters lean to the right, as a share of their height.
        slope: by how much the line falls for each pixel to the right.
        pen: width of the pen in ems, above that of the face's strokes.
        pressure: how much the width of strokes changes along the line, 0 to 1.
        fading: how much paler ink gets before the pen is dipped again, 0 to 1.
    """

    unevenness: float
    slant: float
    slope: float
    pen: float
    pressure: float
    fading: float


def draw_hand(rng: Rng) -> Hand:
    """Somebody's hand."""
    return Hand(
        unevenness=float(rng.uniform(0.15, 1.2)),
        slant=float(np.clip(rng.normal(0.08, 0.2), -0.4, 0.7)),
        slope=float(np.clip(rng.normal(0, 0.012), -0.04, 0.04)),
        pen=float(rng.choice([0.0, rng.uniform(0.0, 0.06)])),
        pressure=float(rng.random()),
        fading=float(rng.random() ** 2),
    )


def write(line: SetLine, hand: Hand, em_px: float, rng: Rng) -> SetLine:
    """A set line in a hand; where its words stand is no longer known."""
    room = round(0.6 * em_px)
    ink = cv2.copyMakeBorder(line.ink, room, room, room, room, cv2.BORDER_CONSTANT, value=0)
    baseline = room - line.ink_top  # the row of `ink` on which letters stand
    across, down = _origins(ink.shape[1], ink.shape[0], baseline, (hand, em_px), rng)
    moved = np.asarray(cv2.remap(ink, across, down, cv2.INTER_LINEAR, borderValue=0), np.uint8)
    inked = _ink(moved, hand, em_px, rng)
    widened = inked.shape[1] / ink.shape[1]
    return replace(
        line,
        ink=inked,
        ink_left=line.ink_left - room,
        ink_top=line.ink_top - room,
        width=line.width * widened,
        words=(),
    )


def _origins(
    width: int, height: int, baseline: int, how: tuple[Hand, float], rng: Rng
) -> tuple[Floats, Floats]:
    """For each pixel of a written line, where in the set line it comes from."""
    hand, em_px = how
    uneven, letter, word = hand.unevenness, _LETTER * em_px, _WORD * em_px
    widths = np.exp(uneven * _WIDTH * _curve(width, letter, rng))
    wide = max(1, round(float(widths.sum())))
    ends = np.concatenate([[0.0], np.cumsum(widths)])
    columns = np.interp(np.arange(wide) + 0.5, ends, np.arange(width + 1)) - 0.5
    rise = em_px * uneven * (_RISE * _curve(wide, letter, rng) + _DRIFT * _curve(wide, word, rng))
    rise += hand.slope * np.arange(wide)
    size = np.exp(uneven * _SIZE * _curve(wide, letter, rng))
    slant = hand.slant + uneven * _SLANT * _curve(wide, letter, rng)
    fall = round(abs(hand.slope) * wide)
    rows = np.arange(height + 2 * fall, dtype=np.float32)[:, None] - fall
    above = (rows - baseline - rise) / size
    bend = uneven * _BEND * em_px
    shape = (len(rows), wide)
    across = columns + slant * above + bend * _surface(shape, _STROKE * em_px, rng)
    down = baseline + above + bend * _surface(shape, _STROKE * em_px, rng)
    return across.astype(np.float32), down.astype(np.float32)


def _curve(length: int, grain_px: float, rng: Rng) -> Floats:
    """(length,) smooth noise of about deviation 1, whose bumps are about `grain_px` wide."""
    return _surface((1, length), grain_px, rng).ravel()


def _surface(shape: tuple[int, int], grain_px: float, rng: Rng) -> Floats:
    """The same in both directions, (H, W)."""
    knots = [max(1, round(side / max(grain_px, 1.0))) + 1 for side in shape]
    noise = rng.standard_normal(knots).astype(np.float32)
    large = cv2.resize(noise, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, np.float32).reshape(shape)


def _ink(ink: Ink, hand: Hand, em_px: float, rng: Rng) -> Ink:
    """Strokes as wide as pen and pressure make them, paler where the pen runs dry."""
    side = 1 + round(hand.pen * em_px)
    if side > 1:
        pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
        ink = np.asarray(cv2.dilate(ink, pen), np.uint8)
    soft = cv2.GaussianBlur(ink, (0, 0), max(0.4, 0.02 * em_px)).astype(np.float32)
    press = 40 * hand.pressure * _surface(ink.shape, 0.9 * em_px, rng)
    drawn = np.clip((soft - 100 + np.clip(press, -60, 60)) * 3 + 127, 0, 255) * (ink.max() > 0)
    drawn[soft < 12] = 0  # where pressure is high, paper far from any stroke stays paper
    drawn = np.maximum(drawn, _LEAST_INK * ink)
    pale = 0.35 * hand.fading * np.abs(_surface(ink.shape, 2.5 * em_px, rng))
    return np.asarray(np.clip(drawn * np.clip(1 - pale, 0.3, 1), 0, 255), np.uint8)
