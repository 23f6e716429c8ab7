"""Characters on signs, posters and paper, drawn in typefaces at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr_core.recipes.chars.network import SIDE
from ocr_core.recipes.chars.restyling import restyle
from ocr_core.recipes.chars.settings import CLASSES, Kind
from ocr_core.recipes.chars.wear import see
from ocr_core.recipes.display import shown
from ocr_core.synth.fonts import Face, open_font

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]
Rng = np.random.Generator
_Box = tuple[float, float, float, float]  # left, top, right, bottom

_EM_PX = 72
_CANVAS = 256
WORK_SIDE = 56  # pixels to the side while a picture is made; twice what the networks get
# Samples in a row of one face: to open it costs about as much as to draw one.
_RUN = 4


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a kind of characters comes before the network.

    Attributes:
        wear: what light, lens and sensor do: 0 nothing, 1 as cameras see signs.
        askew: how far it is turned, slanted, stretched and moved, in the same measure.
        loosest: side of the widest cut, in sides of the tightest one.
        as_line: whether it is cut as high as its line, which tells c from C, or by its ink.
        carved: share that only light and shadow show.
        faint: share whose two colours are close to each other.
        apart: how far those of the others are from each other at least, in steps of R, G and B.
        clutter: share of surfaces with something else on them: a pole, the edge of the sign.
    """

    wear: float
    askew: float
    loosest: float
    as_line: bool
    carved: float = 0.0
    faint: float = 0.0
    apart: float = 95.0
    clutter: float = 0.0


_MANNERS: dict[Kind, _Manner] = {
    "scene": _Manner(1.0, 1.0, loosest=1.45, as_line=False, carved=0.06, faint=0.15, clutter=0.35),
    "poster": _Manner(0.5, 0.4, loosest=1.2, as_line=True, apart=140.0, clutter=0.35),
    "print": _Manner(0.5, 0.4, loosest=1.2, as_line=True),
}


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Pictures and what they show.

    Shapes:
        colours: (N, 28, 28, 3) uint8, RGB
        labels:  (N,) int64, places in `CLASSES`
    """

    colours: Pixels
    labels: NDArray[np.int64]


def draw_many(
    faces: Sequence[Face], count: int, kinds: Sequence[Kind], seed: int, to_learn: bool = False
) -> Drawn:
    """Pictures of characters in these faces, kinds in turn; the same ones for the same seed.

    Args:
        to_learn: whether some are not as their face has them, see `restyling`, and families of
            many faces are drawn less often than in the measure of their number.
    """
    rng = np.random.default_rng(seed)
    chances = {kind: _chances(faces, kind, to_learn) for kind in kinds}
    colours = np.empty((count, SIDE, SIDE, 3), np.uint8)
    labels = rng.integers(0, len(CLASSES), count)
    for run, start in enumerate(shown("drawing", range(0, count, _RUN))):
        kind = kinds[run % len(kinds)]
        face = faces[int(rng.choice(len(faces), p=chances[kind]))]
        for i in range(start, min(start + _RUN, count)):
            colours[i] = draw_character(face, CLASSES[labels[i]], kind, rng, to_learn)
    return Drawn(colours, labels)


def joined(parts: Sequence[Drawn]) -> Drawn:
    """All pictures of several sets, in their order."""
    colours = np.concatenate([part.colours for part in parts])
    return Drawn(colours, np.concatenate([part.labels for part in parts]))


def _chances(faces: Sequence[Face], kind: Kind, evens: bool) -> NDArray[np.float64]:
    """How likely each face is drawn; with `evens` a family by the root of its number of faces."""
    weights = np.array([_weight(face, kind) for face in faces])
    if evens:
        members = Counter(face.family for face in faces)
        weights = weights / np.sqrt([members[face.family] for face in faces])
    return np.asarray(weights / weights.sum(), np.float64)


def _weight(face: Face, kind: Kind) -> float:
    """How often a face is seen: signs are set in any, and bold ones more; paper in common ones."""
    if face.rows:
        return 0.1
    if kind == "print":
        return face.weight
    name = face.path.lower()
    bold = 1.6 if "bold" in name or "black" in name or "heavy" in name else 1.0
    return float(bold * (1.6 if face.kind == "display" else 1.0) * face.weight**0.3)


def draw_character(
    face: Face, character: str, kind: Kind, rng: Rng, restyles: bool = False
) -> Pixels:
    """One picture: (28, 28, 3) uint8, RGB."""
    manner = _MANNERS[kind]
    ink, box = _set(face, character, manner.as_line, rng)
    if restyles:
        ink = restyle(ink, _EM_PX, rng)
    cover = _place(ink, box, manner, rng)
    if kind == "print":
        colours = _paint(_paper(rng), cover, np.full(3, rng.uniform(0, 90)))
        return see(colours, rng, manner.wear)
    if kind == "scene" and rng.random() < 0.2:
        cover = _brushed(cover, rng)
    return see(_sign(cover, manner, rng), rng, manner.wear)


def _place(ink: Pixels, box: _Box, manner: _Manner, rng: Rng) -> Plane:
    """What a box cuts out of ink, seen askew: 0 to 1."""
    askew, (left, top, right, bottom) = manner.askew, box
    centre = np.array([(left + right) / 2, (top + bottom) / 2])
    # Characters are cut out by hand or by their ink: tight or loose, seldom through them.
    side = max(right - left, bottom - top) * rng.uniform(0.98, manner.loosest)
    centre += rng.uniform(-0.06, 0.06, 2) * side * askew
    half = side / 2 * np.exp(rng.normal(0, 0.10, 2) * askew)  # stretched or squeezed
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float64) * half
    corners[:, 0] += corners[:, 1] * rng.normal(0, 0.10) * askew  # slanted
    angle = rng.normal(0, 7 if rng.random() < 0.9 else 18) * askew * np.pi / 180
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = corners @ turn.T + rng.uniform(-0.07, 0.07, (4, 2)) * side * askew + centre
    goal = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * WORK_SIDE
    warp = cv2.getPerspectiveTransform(corners.astype(np.float32), goal.astype(np.float32))
    blurred = cv2.GaussianBlur(ink, (0, 0), max(side / WORK_SIDE / 2, 0.3))
    seen = cv2.warpPerspective(blurred, warp, (WORK_SIDE, WORK_SIDE), flags=cv2.INTER_LINEAR)
    return np.asarray(seen / 255, np.float32)


def _set(face: Face, character: str, as_line: bool, rng: Rng) -> tuple[Pixels, _Box]:
    """The character between two others, or alone, on a canvas; and what is cut out of that."""
    font = open_font(face, _EM_PX)
    canvas = Image.new("L", (_CANVAS, _CANVAS))
    pen = ImageDraw.Draw(canvas)
    at = (_CANVAS / 2 - font.getlength(character) / 2, _CANVAS * 0.65)
    pen.text(at, character, fill=255, font=font, anchor="ls")
    box: _Box = canvas.getbbox() or (96, 96, 160, 160)
    if rng.random() < 0.6:
        kin = CLASSES[:10] if character.isdigit() else CLASSES[36:]
        kin = CLASSES[10:36] if character.isupper() else kin
        gap = rng.uniform(0.0, 0.14) * _EM_PX
        before, after = (kin[int(rng.integers(len(kin)))] for _ in range(2))
        if rng.random() < 0.75:
            pen.text((at[0] - gap, at[1]), before, fill=255, font=font, anchor="rs")
        if rng.random() < 0.75:
            right = at[0] + font.getlength(character) + gap
            pen.text((right, at[1]), after, fill=255, font=font, anchor="ls")
    if as_line:
        ascent, descent = (font.getbbox(tall, anchor="ls") for tall in "dp")
        box = (box[0], at[1] + ascent[1], box[2], at[1] + descent[3])
    return np.asarray(canvas, np.uint8), box


def _brushed(ink: Plane, rng: Rng) -> Plane:
    """Ink as a hand paints it: its outline wanders and its strokes get fatter or thinner."""
    shift = [_field(rng, int(rng.integers(4, 9))) * rng.uniform(1.0, 3.5) for _ in range(2)]
    rows, columns = np.mgrid[0:WORK_SIDE, 0:WORK_SIDE].astype(np.float32)
    moved = cv2.remap(
        ink, columns + shift[0], rows + shift[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    level = 0.5 + 0.2 * _field(rng, 12) + rng.uniform(-0.15, 0.15)
    soft = cv2.GaussianBlur(moved, (0, 0), rng.uniform(0.6, 1.4))
    return np.asarray(np.clip((soft - level) * 4 + 0.5, 0, 1), np.float32)


def _field(rng: Rng, cells: int) -> Plane:
    """Smooth noise, -1 to 1, of so many cells to the side."""
    coarse = rng.uniform(-1, 1, (cells, cells)).astype(np.float32)
    side = (WORK_SIDE, WORK_SIDE)
    return np.asarray(cv2.resize(coarse, side, interpolation=cv2.INTER_CUBIC), np.float32)


def _sign(ink: Plane, manner: _Manner, rng: Rng) -> Plane:
    """Ink on a sign, a wall or a poster: (H, W, 3) float32, 0 to 255."""
    ground, colour = _two_colours(manner, rng)
    colours = _textured(ground, 0.6, manner.clutter, rng)
    if rng.random() < manner.carved:
        return _relief(colours, ink, rng)
    style = rng.random()
    if style < 0.19:
        thickness = int(rng.integers(3, 8))
        wide = np.asarray(cv2.dilate(ink, _disc(thickness)), np.float32)
        around = _apart_from(colour, rng, 60) if style < 0.13 else ground * rng.uniform(0, 0.6)
        if style >= 0.13:  # a shadow, or the side of a solid letter
            wide = _shifted(ink if style < 0.16 else wide, rng, thickness)
        colours = _paint(colours, wide, around)
    elif style < 0.23:  # only its outline is painted
        thin = np.asarray(cv2.erode(ink, _disc(int(rng.integers(2, 4)))), np.float32)
        ink = np.asarray(np.clip(ink - thin, 0, 1), np.float32)
    return _paint(colours, ink, _textured(colour, 0.35, manner.clutter, rng))


def _two_colours(manner: _Manner, rng: Rng) -> tuple[Plane, Plane]:
    """Of ground and ink, which can be told apart, most of them easily."""
    least = 50.0 if rng.random() < manner.faint else manner.apart
    ground = _colour(rng)
    return ground, _apart_from(ground, rng, least)


def _colour(rng: Rng) -> Plane:
    """Any colour; black, white and greys more often."""
    if rng.random() < 0.45:
        grey = float(rng.choice([rng.uniform(0, 70), rng.uniform(170, 255), rng.uniform(0, 255)]))
        return np.asarray(np.clip(grey + rng.normal(0, 9, 3), 0, 255), np.float32)
    return rng.uniform(0, 255, 3).astype(np.float32)


def _apart_from(other: Plane, rng: Rng, least: float) -> Plane:
    for _ in range(20):
        colour = _colour(rng)
        if float(np.linalg.norm(colour - other)) >= least:
            return colour
    return np.asarray(255 - other, np.float32)


def _textured(colour: Plane, chance: float, clutter: float, rng: Rng) -> Plane:
    """A surface of a colour: even, shaded, mottled, or with other things on it."""
    surface = np.broadcast_to(colour, (WORK_SIDE, WORK_SIDE, 3)).astype(np.float32, "C")
    if rng.random() < chance:
        for cells in (2, int(rng.integers(4, 10)), int(rng.integers(14, 40))):
            depth = rng.exponential(7)
            surface += depth * _field(rng, cells)[:, :, None] * rng.uniform(0.5, 1.2, 3)
    if rng.random() < clutter * chance:
        for _ in range(int(rng.integers(1, 4))):
            ends = rng.integers(-20, WORK_SIDE + 20, 4).tolist()
            shade = tuple(float(v) for v in _colour(rng))
            if rng.random() < 0.5:
                cv2.line(surface, ends[:2], ends[2:], shade, int(rng.integers(1, 5)))
            else:  # an edge of the sign or of what stands behind it
                _half_plane(surface, shade, rng)
    return surface


def _half_plane(surface: Plane, shade: Sequence[float], rng: Rng) -> None:
    angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.30, 0.5) * WORK_SIDE
    rows, columns = np.mgrid[0:WORK_SIDE, 0:WORK_SIDE] - WORK_SIDE / 2
    surface[columns * np.cos(angle) + rows * np.sin(angle) > reach] = shade


def _paper(rng: Rng) -> Plane:
    paper = rng.uniform(150, 255) + 5 * _field(rng, 8)
    return np.dstack([paper] * 3).astype(np.float32)


def _paint(colours: Plane, ink: Plane, colour: Plane | NDArray[np.float64]) -> Plane:
    """The ink of a colour, or of a painted surface, laid over what is there."""
    cover = ink[:, :, None]
    return np.asarray(colours * (1 - cover) + colour * cover, np.float32)


def _relief(colours: Plane, ink: Plane, rng: Rng) -> Plane:
    """Letters cast or cut in one piece with their ground: only light and shadow show them."""
    soft = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.8, 2.0))
    angle = rng.uniform(0, 2 * np.pi)
    slope = cv2.Sobel(soft, cv2.CV_32F, 1, 0) * np.cos(angle)
    slope = slope + cv2.Sobel(soft, cv2.CV_32F, 0, 1) * np.sin(angle)
    raised = slope * rng.uniform(40, 100) + soft * rng.normal(0, 25)
    return np.asarray(colours + raised[:, :, None], np.float32)


def _shifted(ink: Plane, rng: Rng, reach: int) -> Plane:
    move = rng.uniform(-1, 1, 2) * reach
    matrix = np.array([[1, 0, move[0]], [0, 1, move[1]]], np.float32)
    return np.asarray(cv2.warpAffine(ink, matrix, (WORK_SIDE, WORK_SIDE)), np.float32)


def _disc(side: int) -> MatLike:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
