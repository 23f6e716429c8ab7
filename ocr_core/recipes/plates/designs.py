"""Plates as they leave the press: the characters, and all that states put around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.recipes.plates import patterns
from ocr_core.recipes.plates.decoration import (
    any_face,
    blot,
    draw_art,
    fasten,
    write,
    write_legend,
    write_legends,
)
from ocr_core.recipes.plates.glyphs import draw_line
from ocr_core.synth.fonts import Face
from schemas import Box

Pixels = NDArray[np.uint8]
Greys = NDArray[np.float32]
Rng = np.random.Generator
HEIGHT = 96  # of every plate, in pixels


@dataclass(frozen=True, slots=True)
class Faces:
    """What plates are set in.

    Attributes:
        characters: faces of the characters that count.
        legends: faces of the words around them.
    """

    characters: Sequence[Face]
    legends: Sequence[Face]


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """A new plate, seen from the front.

    Attributes:
        greys: (HEIGHT, W) float32, 0 to 255.
        text: the characters that count, without what parts their groups.
        line: where they stand, in pixels of the plate.
    """

    greys: Greys
    text: str
    line: Box


def draw_plate(faces: Faces, rng: Rng) -> Plate:
    """A plate of one of the kinds: American for the most part, European, or Brazilian."""
    kind = rng.choice(["american", "european", "brazilian"], p=[0.6, 0.32, 0.08])
    draw = {"american": _american, "european": _european, "brazilian": _brazilian}[kind]
    plate = draw(faces, rng)
    return _held(plate, faces, rng) if rng.random() < 0.18 else plate


def _american(faces: Faces, rng: Rng) -> Plate:
    """Half as high as wide, the characters in the middle, a picture behind them."""
    width = round(HEIGHT * rng.uniform(1.85, 2.15))
    greys, ink = _ground(width, rng)
    draw_art(greys, rng)
    groups = patterns.american(rng)
    height = HEIGHT * rng.uniform(0.38, 0.54)
    left = width * rng.uniform(0.02, 0.06)
    room = width * rng.uniform(0.94, 0.98) - left
    if rng.random() < 0.2:  # a picture or small letters stand before the characters
        aside = width * rng.uniform(0.14, 0.24)
        _stack(greys, faces, (left, aside), ink, rng)
        left, room = left + aside, room - aside
    pitch = height * rng.uniform(0.5, 0.68)
    top = (HEIGHT - height) * rng.uniform(0.42, 0.62)
    line = _write_groups(greys, groups, _Setting(faces, left, room, top, height, pitch, ink), rng)
    write_legends(greys, faces.legends, (line.top, line.bottom), ink, rng)
    fasten(greys, rng)
    return Plate(greys, "".join(groups), line)


def _european(faces: Faces, rng: Rng) -> Plate:
    """A long strip with a band at its left, and hardly anything but the characters."""
    width = round(HEIGHT * rng.uniform(3.6, 4.9))
    greys, ink = _ground(width, rng)
    groups = patterns.european(rng)
    band = HEIGHT * rng.uniform(0.3, 0.5) if rng.random() < 0.75 else 0.0
    if band:
        _draw_band(greys, faces, band, ink, rng)
    height = HEIGHT * rng.uniform(0.58, 0.78)
    left = band + HEIGHT * rng.uniform(0.06, 0.2)
    room = width - left - HEIGHT * rng.uniform(0.06, 0.2)
    pitch = height * rng.uniform(0.55, 0.78)
    top = (HEIGHT - height) * rng.uniform(0.35, 0.65)
    line = _write_groups(greys, groups, _Setting(faces, left, room, top, height, pitch, ink), rng)
    if rng.random() < 0.25:  # bolts at half its height
        grey, radius = rng.uniform(10, 240), int(rng.integers(2, 6))
        for x in (line.left - 2 * radius, line.right + 2 * radius):
            cv2.circle(greys, (round(x), HEIGHT // 2), radius, grey, -1)
    return Plate(greys, "".join(groups), line)


def _draw_band(greys: Greys, faces: Faces, band: float, ink: float, rng: Rng) -> None:
    """The letters of a country, and stars or a coat of arms above them; most stand on blue."""
    grey = ink
    if rng.random() < 0.75:
        greys[:, : round(band)] = rng.uniform(30, 130)
        grey = 230
    if rng.random() < 0.7:
        blot(greys, (band / 2, HEIGHT * 0.35), band * 0.4, rng)
    letters = "".join(rng.choice(list("ABCDEFHILNPRSZ"), int(rng.integers(1, 4))))
    written = draw_line(any_face(faces.legends, rng), 32, letters, [2] * 3)
    write(greys, written, (band * 0.15, HEIGHT * 0.65, band * 0.7, HEIGHT * 0.22), grey)


def _brazilian(faces: Faces, rng: Rng) -> Plate:
    """Three times as wide as high, a town above the characters."""
    width = round(HEIGHT * rng.uniform(2.7, 3.3))
    greys, ink = _ground(width, rng)
    groups = patterns.brazilian(rng)
    height = HEIGHT * rng.uniform(0.52, 0.66)
    top = HEIGHT * rng.uniform(0.24, 0.32)
    pitch = height * rng.uniform(0.6, 0.72)
    left, room = width * 0.04, width * 0.92
    line = _write_groups(greys, groups, _Setting(faces, left, room, top, height, pitch, ink), rng)
    write_legend(greys, faces.legends, (HEIGHT * 0.04, HEIGHT * 0.14), ink, rng)
    return Plate(greys, "".join(groups), line)


def _held(plate: Plate, faces: Faces, rng: Rng) -> Plate:
    """A plate in a dealer's holder: a border all around it, with words below or above."""
    rows, columns = plate.greys.shape
    thin, thick = rows * rng.uniform(0.02, 0.07), rows * rng.uniform(0.12, 0.24)
    top, bottom = (thick, thin) if rng.random() < 0.25 else (thin, thick)
    side = columns * rng.uniform(0.01, 0.05)
    x0, y0, x1, y1 = round(side), round(top), round(columns - side), round(rows - bottom)
    is_dark = rng.random() < 0.75
    greys = np.full_like(plate.greys, rng.uniform(10, 70) if is_dark else rng.uniform(140, 240))
    greys[y0:y1, x0:x1] = cv2.resize(plate.greys, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.85:
        height = thick * rng.uniform(0.5, 0.85)
        start = (thick - height) / 2 if top == thick else rows - (thick + height) / 2
        write_legend(greys, faces.legends, (start, height), 230 if is_dark else 20, rng)
    across, down = (x1 - x0) / columns, (y1 - y0) / rows
    line = plate.line
    inside = Box(
        x0 + line.left * across, y0 + line.top * down,
        x0 + line.right * across, y0 + line.bottom * down,
    )  # fmt: skip
    return Plate(greys, plate.text, inside)


@dataclass(frozen=True, slots=True)
class _Setting:
    """How the characters are set, in pixels of the plate.

    Attributes:
        left, room: where they may begin, and how wide they may get.
        top, height: of the characters.
        pitch: from one character to the next, where there is room.
        grey: of their ink.
    """

    faces: Faces
    left: float
    room: float
    top: float
    height: float
    pitch: float
    grey: float


def _write_groups(greys: Greys, groups: list[str], setting: _Setting, rng: Rng) -> Box:
    """Writes the characters, with something or nothing between their groups; where they stand."""
    face = any_face(setting.faces.characters, rng)
    gap = rng.uniform(0.4, 1.5) if rng.random() < 0.85 else 0.1  # in characters
    mark = str(rng.choice(["", "", "-", "·", "art", "pair"]))
    places = sum(map(len, groups)) + gap * (len(groups) - 1)
    pitch = min(setting.pitch, setting.room / places)
    slack = setting.room - pitch * places
    left = start = setting.left + slack * float(np.clip(rng.normal(0.5, 0.15), 0, 1))
    strokes = int(rng.integers(-1, 3))
    share = rng.uniform(0.78, 0.92)
    relief = _relief(rng) if rng.random() < 0.35 else None
    for index, group in enumerate(groups):
        if index:
            place = (left, setting.top, pitch * gap, setting.height)
            _separate(greys, mark, place, setting.grey, rng)
            left += pitch * gap
        for character in group:
            ink = _stamp(face, character, strokes)
            wide = pitch * share * min(1.0, ink.shape[1] / max(1, _usual_width(face)))
            place = (left + (pitch - wide) / 2, setting.top, wide, setting.height)
            if relief:
                relief.lay(greys, ink, place)
            write(greys, ink, place, setting.grey)
            left += pitch
    return Box(start, setting.top, left, setting.top + setting.height)


@dataclass(frozen=True, slots=True)
class _Relief:
    """The light edge of characters that are pressed into tin, and the dark one across from it.

    Attributes:
        right, down: where the light comes to lie, in pixels of the plate.
        light, dark: their greys.
    """

    right: float
    down: float
    light: float
    dark: float

    def lay(self, greys: Greys, ink: Pixels, place: tuple[float, float, float, float]) -> None:
        """Both edges of a character; its ink goes over them."""
        left, top, width, height = place
        shifted = (left + self.right, top + self.down, width, height)
        write(greys, ink, shifted, self.light)
        opposite = (left - self.right, top - self.down, width, height)
        write(greys, ink, opposite, self.dark)


def _relief(rng: Rng) -> _Relief:
    right, down = rng.uniform(-2.5, 2.5, 2)
    return _Relief(right, down, rng.uniform(180, 255), rng.uniform(20, 120))


@lru_cache(maxsize=20_000)
def _stamp(face: Face, character: str, strokes: int) -> Pixels:
    """A character cut to its ink, with strokes made thinner or thicker by so many pixels."""
    ink = draw_line(face, 56, character, [])
    if strokes == 0:
        return ink
    if strokes < 0:
        return np.asarray(cv2.erode(ink, np.ones((2, 2), np.uint8)), dtype=np.uint8)
    padded = np.pad(ink, strokes)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (1 + 2 * strokes, 1 + 2 * strokes))
    return np.asarray(cv2.dilate(padded, disc), dtype=np.uint8)


@lru_cache(maxsize=1_000)
def _usual_width(face: Face) -> int:
    """That of most characters, in the pixels of `_stamp`."""
    return int(np.median([_stamp(face, one, 0).shape[1] for one in "0ABEHKN8"]))


def _separate(
    greys: Greys, mark: str, place: tuple[float, float, float, float], grey: float, rng: Rng
) -> None:
    """What parts two groups: a dash, a dot, a small picture, or two, one above the other."""
    left, top, width, height = place
    if mark == "art":
        blot(greys, (left + width / 2, top + height / 2), min(width, height) / 2, rng)
    elif mark == "pair":
        for share in (0.28, 0.72):
            blot(greys, (left + width / 2, top + height * share), min(width, height * 0.4) / 2, rng)
    elif mark:
        side = height * (0.14 if mark == "-" else 0.17)
        across = min(width, side * (2.4 if mark == "-" else 1.0))
        box = (left + (width - across) / 2, top + (height - side) / 2, across, side)
        write(greys, np.full((4, 4), 255, np.uint8), box, grey)


def _ground(width: int, rng: Rng) -> tuple[Greys, float]:
    """An empty plate with light that runs over it, and a grey that stands out from it."""
    is_dark = rng.random() < 0.14
    level = rng.uniform(20, 110) if is_dark else rng.uniform(135, 250)
    corners = np.clip(level + rng.normal(0, 18, (2, 2)), 5, 255).astype(np.float32)
    greys = np.asarray(cv2.resize(corners, (width, HEIGHT)), dtype=np.float32)
    apart = rng.uniform(45, 200)
    return greys, min(level + apart, 255) if is_dark else max(level - apart, 5)


def _stack(greys: Greys, faces: Faces, span: tuple[float, float], grey: float, rng: Rng) -> None:
    """Two small letters, one above the other, a picture or a strip at the left; none counts."""
    left, width = span
    middle = left + width / 2
    kind = rng.random()
    if kind < 0.4:
        blot(greys, (middle, HEIGHT / 2), width / 2, rng)
        return
    if kind < 0.6:
        ground = np.full((4, 4), 255, np.uint8)
        top, height = HEIGHT * rng.uniform(0, 0.3), HEIGHT * rng.uniform(0.4, 0.7)
        write(greys, ground, (left, top, width * 0.9, height), rng.uniform(0, 255))
        blot(greys, (middle, HEIGHT / 2), width / 2, rng)
        return
    face = any_face(faces.characters, rng)
    side = HEIGHT * rng.uniform(0.18, 0.24)
    for index, letter in enumerate(rng.choice(list("ABCDEFGHKLMNPRSTUVWX"), 2)):
        ink = _stamp(face, str(letter), 1)
        top = HEIGHT * 0.28 + index * side * 1.15
        write(greys, ink, (middle - side * 0.3, top, side * 0.6, side), grey)
