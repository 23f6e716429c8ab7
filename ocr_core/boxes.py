"""Probability map to quads around lines: threshold, trace, unclip."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from schemas import Detection, Quad

THRESHOLD = 0.35
# Map pixels; what is smaller is a speck.
MIN_AREA = 5
# Map pixels by which a detector marks more than the shrunken line on every side: the targets that
# it is taught hold every pixel that the line's outline touches.
SPILL = 0.5
# A run this many times as long as high says for sure in which direction it runs.
LONG = 4.0
# A narrow letter leaves a thin upright run. A line that stands across the page's direction is
# longer than this many times its height, and about as high as the page's other lines are; and a
# page whose lines all stand upright has several.
LONG_ACROSS = 8.0
MIN_UPRIGHT = 3
# Text steeper than this is read upwards, like the label of a chart's axis.
STEEPEST_DOWN = math.radians(70)


@dataclass(frozen=True, slots=True)
class _Run:
    """A connected part of the map above the threshold, in map pixels.

    Attributes:
        points: (M, 2) float64, the pixels of its outline.
        area: pixels inside.
        angle: direction of its longer side, in radians clockwise on the page.
        length: of its longer side.
        breadth: of its shorter side.
        score: mean probability inside.
    """

    points: NDArray[np.float64]
    area: float
    angle: float
    length: float
    breadth: float
    score: float


def map_to_detections(
    probability_map: NDArray[np.float32], scale: float, threshold: float = THRESHOLD
) -> list[Detection]:
    """The lines that a map shows.

    A detector is taught each line's rectangle shrunk by a quarter of its height on all four sides;
    that is undone here.

    Shapes:
        probability_map: (h, w) float32, 0 to 1
        scale: page pixels for one pixel of the map
    """
    runs = _trace(probability_map, threshold)
    usual = _usual(runs)
    return [Detection(_unclip(run, _reading_angle(run, usual), scale), run.score) for run in runs]


def _trace(probability_map: NDArray[np.float32], threshold: float) -> list[_Run]:
    above = (probability_map > threshold).astype(np.uint8)
    outlines, _ = cv2.findContours(above, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    runs = []
    for outline in outlines:
        # Pick's theorem: the outline runs through pixel centres, and half of it lies inside.
        area = cv2.contourArea(outline) + len(outline) / 2 + 1
        if area < MIN_AREA:
            continue
        _, (first, second), degrees = cv2.minAreaRect(outline)
        angle = math.radians(degrees if first >= second else degrees + 90)
        runs.append(
            _Run(
                points=outline[:, 0].astype(np.float64),
                area=area,
                angle=_read_forwards(angle),
                length=max(first, second) + 1,  # from centres to edges of pixels
                breadth=min(first, second) + 1,
                score=_score(probability_map, outline),
            )
        )
    return runs


def _read_forwards(angle: float) -> float:
    """Of the two directions along a line the one in which it is read."""
    return STEEPEST_DOWN - (STEEPEST_DOWN - angle) % math.pi


def _score(probability_map: NDArray[np.float32], outline: MatLike) -> float:
    left, top, width, height = cv2.boundingRect(outline)
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [outline], 0, 1, cv2.FILLED, offset=(-left, -top))
    part = probability_map[top : top + height, left : left + width]
    return min(max(cv2.mean(part, mask=inside)[0], 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class _Usual:
    """What most runs of a page are like.

    Attributes:
        angle: in which direction most of the text runs.
        breadth: of the middle one of those that run in that direction.
    """

    angle: float
    breadth: float


def _usual(runs: Sequence[_Run]) -> _Usual:
    long = [run for run in runs if run.length >= LONG * run.breadth]
    upright = [run for run in long if abs(run.angle) > math.pi / 4]
    level = [run for run in long if abs(run.angle) <= math.pi / 4]
    if len(upright) >= MIN_UPRIGHT and _total(upright) > _total(level):
        level = upright
    if not level:
        return _Usual(0.0, math.inf)
    half = _total(level) / 2
    for run in sorted(level, key=lambda run: run.angle):
        half -= run.length
        if half <= 0:
            break
    return _Usual(run.angle, float(np.median([run.breadth for run in level])))


def _total(runs: Sequence[_Run]) -> float:
    return sum(run.length for run in runs)


def _unclip(run: _Run, angle: float, scale: float) -> Quad:
    axes = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    placed = run.points @ axes.T  # along the line and across it
    low, high = placed.min(axis=0), placed.max(axis=0)
    length, breadth = high - low + 1  # from centres to edges of pixels
    # The tenth makes up for round ends.
    thickness = min(breadth, run.area / (length - 0.1 * min(length, breadth)))
    # A curved line is broader than it is thick; so is a slanted one by a pixel, for its steps.
    bend = max(breadth - thickness - 1, 0.0)
    thickness = max(thickness - 2 * SPILL, 1.0)
    # A line of height h was shrunk to h/2 by h/4, half of what is left of it, on each side.
    half_length = max(length - 2 * SPILL, 1.0) / 2 + thickness / 2
    half_breadth = (thickness + bend) / 2 + thickness / 2
    signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    corners = (low + high) / 2 + signs * (half_length, half_breadth)
    # Coordinates on a page count from the edge of the first pixel, not from its centre.
    return Quad.from_corners((corners @ axes + 0.5) * scale)


def _reading_angle(run: _Run, usual: _Usual) -> float:
    """The run's own direction, but the page's where the run is too short to tell."""
    turn = math.remainder(run.angle - usual.angle, math.pi)
    if abs(turn) > math.pi / 4:
        stands = run.length >= LONG_ACROSS * run.breadth and run.breadth >= usual.breadth / 2
        return run.angle if stands else usual.angle
    # Over its length, a turn by a pixel or two is the raster's doing.
    is_raster = abs(math.sin(turn)) * run.length < 1.5
    return usual.angle if is_raster or run.length < 2 * run.breadth else run.angle
