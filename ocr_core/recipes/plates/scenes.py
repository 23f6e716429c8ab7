"""Plates as cameras see them: at an angle, small, dirty, in shade, at night, or not there."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from ocr_core.recipes.plates.decoration import any_face, write
from ocr_core.recipes.plates.designs import Faces, Plate, draw_plate
from ocr_core.recipes.plates.glyphs import draw_line
from ocr_core.recipes.plates.patterns import legend, name
from schemas import Box

Pixels = NDArray[np.uint8]
Greys = NDArray[np.float32]
Rng = np.random.Generator
_NOTHING = 0.1  # share of pictures that show no plate


def draw_real(faces: Faces, rng: Rng) -> tuple[Pixels, str]:
    """The picture of a plate, cut out as a detector or a person does, and what it says.

    Some pictures show none, and say nothing.

    Shapes:
        returns: (H, W) uint8, of the size at which the camera saw it
    """
    if rng.random() < _NOTHING:
        size = int(rng.integers(40, 200)), int(rng.integers(16, 60))
        return photograph(_clutter(size, faces, rng), rng), ""
    plate = draw_plate(faces, rng)
    is_small = rng.random() < 0.6
    width = rng.uniform(64, 130) if is_small else rng.uniform(130, 320)
    return photograph(_see(plate, faces, float(width), rng), rng), plate.text


def photograph(greys: Greys, rng: Rng) -> Pixels:
    """Light, dirt, and what lens, sensor and file do to it."""
    _lay_dirt(greys, rng)
    greys = greys * _light(greys.shape, rng)
    chance = rng.random()
    if chance < 0.35:
        greys = _floats(cv2.GaussianBlur(greys, (0, 0), rng.uniform(0.3, 1.0)))
    elif chance < 0.45:
        length = int(rng.integers(2, 5))
        kernel = np.eye(length) if rng.random() < 0.3 else np.ones((1, length))
        greys = _floats(cv2.filter2D(greys, -1, (kernel / kernel.sum()).astype(np.float32)))
    if rng.random() < 0.2:  # cameras sharpen
        blurred = cv2.GaussianBlur(greys, (0, 0), rng.uniform(0.8, 1.6))
        greys = _floats(greys + rng.uniform(0.4, 1.6) * (greys - blurred))
    deviation = min(float(rng.exponential(4)), 14.0)
    grain = rng.standard_normal(greys.shape, np.float32) * np.float32(deviation)
    pixels = np.clip(greys + grain, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        _, data = cv2.imencode(
            ".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 95))]
        )
        pixels = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return pixels


def _see(plate: Plate, faces: Faces, width: float, rng: Rng) -> Greys:
    """A plate at an angle before something else, cut out.

    Args:
        width: of the plate in the picture, in pixels.
    """
    rows, columns = plate.greys.shape
    scale = width / columns
    frame = _frame(plate, rng)
    size = max(8, round(frame.width * scale)), max(8, round(frame.height * scale))
    corners = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
    turned = _turned(corners, rng)
    seen = (turned - (frame.left, frame.top)) * np.float32(scale)
    small = cv2.resize(
        plate.greys, (max(2, round(width)), max(2, round(rows * scale))),
        interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR,
    )  # fmt: skip
    shrunk = corners * (small.shape[1] / columns, small.shape[0] / rows)
    to_picture = cv2.getPerspectiveTransform(shrunk.astype(np.float32), seen.astype(np.float32))
    behind = _clutter(size, faces, rng, amount=0.5)
    cv2.warpPerspective(small, to_picture, size, dst=behind, borderMode=cv2.BORDER_TRANSPARENT)
    return behind


def _frame(plate: Plate, rng: Rng) -> Box:
    """What is cut out, in pixels of the plate.

    The whole of it; or that and much beside it, as where a detector runs a plate together with a
    lamp or a bumper; or the line of characters.
    """
    rows, columns = plate.greys.shape
    chance = rng.random()
    if chance < 0.45:
        x0, x1 = np.clip(rng.normal(0.03, 0.06, 2), -0.02, 0.25) * columns
        y0, y1 = np.clip(rng.normal(0.04, 0.1, 2), -0.04, 0.4) * rows
        return Box(-x0, -y0, columns + x1, rows + y1)
    if chance < 0.68:
        x0, x1 = rng.uniform(0, 1, 2) ** 2 * 0.6 * columns
        y0, y1 = rng.uniform(0, 0.7, 2) ** 2 * rows
        return Box(-x0, -y0, columns + x1, rows + y1)
    line = plate.line
    x0, x1 = rng.uniform(0.02, 0.25, 2) * line.width
    y0, y1 = rng.uniform(0.05, 0.5, 2) * line.height
    return Box(line.left - x0, line.top - y0, line.right + x1, line.bottom + y1)


def _turned(corners: NDArray[np.float32], rng: Rng) -> NDArray[np.float32]:
    """The corners of a plate after a turn and a slant, small for the most part, seen from aside."""
    height = float(corners[2, 1])
    centre = corners.mean(axis=0)
    steep = 2.5 if rng.random() < 0.12 else 1.0
    angle = np.deg2rad(np.clip(rng.normal(0, 2.5 * steep), -12, 12))
    slant = np.clip(rng.normal(0, 0.08 * steep), -0.45, 0.45)
    turn = np.array([[np.cos(angle), slant - np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    away = rng.normal(0, 0.03 * height, corners.shape)
    return _floats((corners - centre) @ turn.T + centre + away)


def _clutter(size: tuple[int, int], faces: Faces, rng: Rng, amount: float = 1.0) -> Greys:
    """What is around plates: paint with light on it, edges, grilles, lamps, and words.

    Args:
        size: columns and rows.
        amount: how much of it, from 0 to 1.
    """
    width, height = size
    corners = rng.uniform(10, 240) + rng.normal(0, 25, (3, 3))
    greys = np.asarray(cv2.resize(corners.astype(np.float32), size), dtype=np.float32)
    if rng.random() < 0.3 * amount:  # a grille
        period = rng.uniform(3, 14)
        axis = np.arange(height)[:, None] if rng.random() < 0.7 else np.arange(width)[None]
        greys += (rng.uniform(10, 70) * np.sin(2 * np.pi * axis / period)).astype(np.float32)
    for _ in range(int(rng.integers(0, 1 + round(5 * amount)))):
        start = int(rng.integers(0, width)), int(rng.integers(0, height))
        end = int(rng.integers(0, width)), int(rng.integers(0, height))
        grey = rng.uniform(0, 255)
        if rng.random() < 0.5:
            cv2.rectangle(greys, start, end, grey, int(rng.choice([-1, 1, 2, 4])))
        else:
            cv2.ellipse(
                greys, start, (max(1, end[0] // 4), max(1, end[1] // 4)), 0, 0, 360, grey, -1
            )
    if amount == 1.0 and rng.random() < 0.6:
        face = any_face(faces.legends, rng)
        words = draw_line(face, 28, _other_words(rng), [2] * 40)
        place = (width * 0.1, height * 0.25, width * 0.8, height * rng.uniform(0.2, 0.6))
        write(greys, words, place, float(rng.uniform(0, 255)))
    return np.clip(greys, 0, 255)


def _other_words(rng: Rng) -> str:
    """What is written on cars and photos that is no plate: names, mottoes, dates, and times."""
    chance = rng.random()
    if chance < 0.4:
        return name(rng)
    if chance < 0.75:
        return legend(rng)
    parts = [f"{int(rng.integers(100)):02d}" for _ in range(int(rng.integers(3, 7)))]
    return str(rng.choice(["-", ":", "/", ". "])).join(parts)


def _lay_dirt(greys: Greys, rng: Rng) -> None:
    """Mud in flecks and in clouds, laid over a plate."""
    height, width = greys.shape
    if rng.random() < 0.25:
        for _ in range(int(rng.integers(1, 9))):
            centre = int(rng.integers(0, width)), int(rng.integers(0, height))
            radius = int(rng.integers(1, max(2, height // 16)))
            cv2.circle(greys, centre, radius, rng.uniform(20, 200), -1)
    if rng.random() < 0.25:
        cloud = rng.uniform(0, 1, (4, 8)).astype(np.float32) ** 2 * np.float32(rng.uniform(0, 0.6))
        cover = cv2.resize(cloud, (width, height), interpolation=cv2.INTER_CUBIC)
        greys += np.clip(cover, 0, 1) * (np.float32(rng.uniform(40, 160)) - greys)


def _light(shape: tuple[int, ...], rng: Rng) -> Greys:
    """The share of light at each pixel: even or not, with a shadow's edge, or that of a night."""
    height, width = shape
    corners = rng.uniform(0.75, 1.1, (2, 2)).astype(np.float32)
    if rng.random() < 0.3:
        corners *= np.float32(rng.uniform(0.25, 0.8))
    light = np.asarray(cv2.resize(corners, (width, height)), dtype=np.float32)
    chance = rng.random()
    if chance < 0.15:  # the edge of a shadow
        across = np.arange(width)[None] * rng.normal(0, 1) + np.arange(height)[:, None]
        light[across > rng.uniform(across.min(), across.max())] *= np.float32(rng.uniform(0.4, 0.8))
    elif chance < 0.25:  # at night: lamps light a spot, and what they do not light is black
        x = (np.arange(width)[None] / width - rng.uniform(0, 1)) / rng.uniform(0.3, 0.9)
        y = (np.arange(height)[:, None] / height - rng.uniform(0, 1)) / rng.uniform(0.3, 1.2)
        spot = np.exp(-(x * x + y * y)).astype(np.float32)
        light *= np.float32(rng.uniform(0.2, 0.5)) + np.float32(rng.uniform(0.3, 1.1)) * spot
    return light


def _floats(values: ArrayLike) -> Greys:
    return np.asarray(values, dtype=np.float32)
