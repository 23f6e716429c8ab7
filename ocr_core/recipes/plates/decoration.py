"""What states put around the characters of their plates: pictures, names, stickers, bolts."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.recipes.plates import patterns
from ocr_core.recipes.plates.glyphs import draw_line
from ocr_core.synth.fonts import Face

Pixels = NDArray[np.uint8]
Greys = NDArray[np.float32]
Rng = np.random.Generator


def write(greys: Greys, ink: Pixels, place: tuple[float, float, float, float], grey: float) -> None:
    """Lays ink, stretched, onto a plate; what does not fit is cut off.

    Args:
        place: left, top, width and height, in pixels.
    """
    left, top, width, height = (round(value) for value in place)
    method = cv2.INTER_AREA if ink.shape[0] > height else cv2.INTER_LINEAR
    ink = np.asarray(cv2.resize(ink, (max(1, width), max(1, height)), interpolation=method))
    ink = ink[max(0, -top) :, max(0, -left) :]
    part = greys[max(0, top) :, max(0, left) :][: ink.shape[0], : ink.shape[1]]
    cover = ink[: part.shape[0], : part.shape[1]] * np.float32(1 / 255)
    part += cover * (np.float32(grey) - part)


def any_face(faces: Sequence[Face], rng: Rng) -> Face:
    """One of some faces, all alike in chance."""
    return faces[int(rng.integers(len(faces)))]


def draw_art(greys: Greys, rng: Rng) -> None:
    """Bands, hills, and blots, more or less faint."""
    height, width = greys.shape
    if rng.random() < 0.35:  # a band above, one below
        greys[: round(height * rng.uniform(0.12, 0.3))] += np.float32(rng.normal(0, 70))
    if rng.random() < 0.25:
        greys[-round(height * rng.uniform(0.1, 0.25)) :] += np.float32(rng.normal(0, 70))
    if rng.random() < 0.35:  # hills
        x = np.linspace(0, width, 12)
        y = height * np.clip(rng.normal(rng.uniform(0.4, 0.8), 0.08, 12), 0, 1)
        hills = np.array([(0, height), *zip(x, y, strict=True), (width, height)], np.int32)
        cover = cv2.fillPoly(np.zeros(greys.shape, np.uint8), [hills], 255)
        faint = float(greys.mean() - rng.normal(0, 30))
        write(greys, np.asarray(cover), (0, 0, width, height), faint)
    for _ in range(int(rng.integers(0, 4)) if rng.random() < 0.6 else 0):
        centre = rng.uniform(0, width), rng.uniform(0, height)
        blot(greys, centre, height * rng.uniform(0.1, 0.35), rng)
    np.clip(greys, 0, 255, out=greys)


def blot(greys: Greys, centre: tuple[float, float], radius: float, rng: Rng) -> None:
    """A shape that means nothing: a star-like polygon, filled or drawn."""
    count = int(rng.integers(3, 12))
    angles = np.sort(rng.uniform(0, 2 * np.pi, count))
    reach = radius * rng.uniform(0.4, 1.0, count)
    points = np.stack([centre[0] + reach * np.cos(angles), centre[1] + reach * np.sin(angles)], 1)
    cover = np.zeros(greys.shape, np.uint8)
    if rng.random() < 0.6:
        cv2.fillPoly(cover, [points.astype(np.int32)], 255)
    else:
        cv2.polylines(cover, [points.astype(np.int32)], True, 255, int(rng.integers(1, 4)))
    write(greys, cover, (0, 0, greys.shape[1], greys.shape[0]), float(rng.uniform(0, 255)))


def write_legends(
    greys: Greys, faces: Sequence[Face], line: tuple[float, float], grey: float, rng: Rng
) -> None:
    """The words above and below the characters, and stickers in the corners."""
    above, below = line[0] - 3, greys.shape[0] - line[1] - 3
    if rng.random() < 0.92 and above > 8:
        height = min(above * 0.9, greys.shape[0] * rng.uniform(0.12, 0.26))
        write_legend(greys, faces, ((above - height) * rng.uniform(0.2, 1), height), grey, rng)
    if rng.random() < 0.8 and below > 6:
        height = min(below * 0.9, greys.shape[0] * rng.uniform(0.08, 0.16))
        top = line[1] + 3 + (below - height) * rng.uniform(0, 0.8)
        write_legend(greys, faces, (top, height), grey, rng)
    for _ in range(int(rng.integers(0, 3))):
        _stick(greys, faces, rng)


def write_legend(
    greys: Greys, faces: Sequence[Face], rows: tuple[float, float], grey: float, rng: Rng
) -> None:
    """Words in the middle of the plate; rows are top and height."""
    text = patterns.name(rng) if rng.random() < 0.5 else patterns.legend(rng)
    written = draw_line(any_face(faces, rng), 28, text, [int(rng.integers(1, 4))] * len(text))
    top, height = rows
    width = min(written.shape[1] * height / written.shape[0], greys.shape[1] * 0.9)
    left = (greys.shape[1] - width) * float(np.clip(rng.normal(0.5, 0.12), 0, 1))
    ink = grey if rng.random() < 0.6 else float(rng.uniform(0, 255))
    write(greys, written, (left, top, width, height), ink)


def _stick(greys: Greys, faces: Sequence[Face], rng: Rng) -> None:
    """A sticker of validity in one of the corners."""
    height = greys.shape[0] * rng.uniform(0.1, 0.2)
    width = height * rng.uniform(1.0, 2.2)
    left = 3 if rng.random() < 0.5 else greys.shape[1] - width - 3
    top = 3 if rng.random() < 0.6 else greys.shape[0] - height - 3
    ground = rng.uniform(0, 255)
    write(greys, np.full((4, 4), 255, np.uint8), (left, top, width, height), ground)
    written = draw_line(any_face(faces, rng), 28, patterns.sticker(rng), [1] * 4)
    inside = (left + width * 0.1, top + height * 0.15, width * 0.8, height * 0.7)
    write(greys, written, inside, 20 if ground > 120 else 235)


def fasten(greys: Greys, rng: Rng) -> None:
    """Holes or bolts, and for some a frame along the edge."""
    width = greys.shape[1]
    if rng.random() < 0.7:
        grey, radius = rng.uniform(10, 240), int(rng.integers(2, 5))
        for x in (0.2, 0.8):
            for y in (0.08, 0.92):
                if rng.random() < 0.8:
                    cv2.circle(
                        greys, (round(width * x), round(greys.shape[0] * y)), radius, grey, -1
                    )
    if rng.random() < 0.4:
        edge = (width - 1, greys.shape[0] - 1)
        cv2.rectangle(greys, (0, 0), edge, rng.uniform(0, 255), int(rng.integers(1, 7)))
