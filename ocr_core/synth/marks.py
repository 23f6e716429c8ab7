"""What stands on pages beside text: pictures, logos, signatures, stamps, bar codes, holes."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.synth.canvas import Segment, corners
from ocr_core.synth.sheet import Pen, Sheet
from ocr_core.synth.typeset import Ink, SetLine, set_line

Plane = NDArray[np.float32]
Vector = NDArray[np.float64]
Area = tuple[float, float, float, float]  # left, top, right, bottom in canvas pixels


def draw_picture(sheet: Sheet, area: Area) -> None:
    """A photograph, a texture or a drawing, as halftone dots at times, framed at times."""
    left, top, right, bottom = (round(edge) for edge in area)
    left, top = max(left, 0), max(top, 0)
    right, bottom = min(right, sheet.width), min(bottom, sheet.height)
    if right - left < 8 or bottom - top < 8:
        return
    kind: Callable[[Sheet, int, int], Ink] = sheet.pick(
        [_photograph, _photograph, _shapes, _texture, _line_drawing]
    )
    picture = kind(sheet, right - left, bottom - top)
    if sheet.chance(0.3):
        picture = _halftone(sheet, picture)
    view = (slice(top, bottom), slice(left, right))
    np.maximum(sheet.canvas.tone[view], picture, out=sheet.canvas.tone[view])
    if sheet.chance(0.3):
        sheet.canvas.frame((left, top, right, bottom), sheet.px(sheet.between(0.5, 2)))


def _photograph(sheet: Sheet, width: int, height: int) -> Ink:
    """One of the album, or soft patches of many sizes, whose greys are much like a photograph's."""
    if sheet.album and sheet.chance(0.75):
        return 255 - sheet.album.draw(sheet.rng, width, height)
    rng = sheet.rng
    picture = np.zeros((height, width), np.float32)
    for cells, share in ((3, 1.0), (8, 0.6), (24, 0.35), (90, 0.2)):
        rough = rng.normal(0, share, (cells, max(2, cells * width // height))).astype(np.float32)
        picture += cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    picture = picture * sheet.between(25, 70) + sheet.between(60, 190)
    for _ in range(sheet.count(0, 5)):
        _shape(sheet, picture, int(rng.integers(256)))
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def _shapes(sheet: Sheet, width: int, height: int) -> Ink:
    picture = np.full((height, width), sheet.count(0, 120), np.uint8)
    for _ in range(sheet.count(3, 30)):
        _shape(sheet, picture, sheet.count(0, 255))
    return picture


def _shape(sheet: Sheet, picture: Ink | Plane, darkness: int) -> None:
    """A filled ellipse or polygon somewhere."""
    height, width = picture.shape
    rng = sheet.rng
    if sheet.chance(0.5):
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        axes = (int(rng.integers(2, max(3, width // 3))), int(rng.integers(2, max(3, height // 3))))
        cv2.ellipse(picture, centre, axes, float(rng.uniform(0, 180)), 0, 360, darkness, -1)
        return
    points = rng.integers(0, (width, height), (sheet.count(3, 6), 2)).astype(np.int32)
    cv2.fillPoly(picture, [points], darkness)


def _texture(sheet: Sheet, width: int, height: int) -> Ink:
    """Stripes, weave or grain: regular, as text is, but not text."""
    x = np.arange(width, dtype=np.float32)[None, :]
    y = np.arange(height, dtype=np.float32)[:, None]
    angle = sheet.between(0, np.pi)
    pitch = sheet.px(sheet.between(1.5, 14))
    waves = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / pitch)
    if sheet.chance(0.5):
        waves = waves + np.sin((y * np.cos(angle) - x * np.sin(angle)) * 2 * np.pi / pitch)
    if sheet.chance(0.4):
        waves = waves + sheet.rng.normal(0, 0.6, (height, width)).astype(np.float32)
    contrast, mean = sheet.between(20, 100), sheet.between(50, 180)
    return np.asarray(np.clip(waves * contrast + mean, 0, 255), np.uint8)


def _line_drawing(sheet: Sheet, width: int, height: int) -> Ink:
    picture = np.zeros((height, width), np.uint8)
    thick = max(1, round(sheet.px(sheet.between(0.5, 2))))
    for _ in range(sheet.count(4, 40)):
        if sheet.chance(0.6):
            points = _wander(sheet, (0, 0, width, height), sheet.count(2, 12))
            cv2.polylines(picture, [points], sheet.chance(0.3), 255, thick, cv2.LINE_AA)
        else:
            _outline(sheet, picture, thick)
    return picture


def _outline(sheet: Sheet, picture: Ink, thick: int) -> None:
    height, width = picture.shape
    centre = (sheet.count(0, width), sheet.count(0, height))
    axes = (sheet.count(2, max(3, width // 3)), sheet.count(2, max(3, height // 3)))
    cv2.ellipse(picture, centre, axes, sheet.between(0, 180), 0, 360, 255, thick, cv2.LINE_AA)


def _halftone(sheet: Sheet, picture: Ink) -> Ink:
    """Grey as dots of a screen, whose pitch may be coarser than the scan's."""
    height, width = picture.shape
    pitch = max(2.0, sheet.px(sheet.between(0.6, 2.2)))
    x = np.arange(width, dtype=np.float32)[None, :] * np.float32(np.pi / pitch)
    y = np.arange(height, dtype=np.float32)[:, None] * np.float32(np.pi / pitch)
    screen = np.cos(x + y) * np.cos(x - y) * 110 + 127
    dots = np.clip((picture.astype(np.float32) - screen) * 4 + 127, 0, 255)
    return np.asarray(dots, np.uint8)


def _wander(sheet: Sheet, area: Area, steps: int) -> NDArray[np.int32]:
    """Points of a random walk inside an area: (N, 2) int32."""
    left, top, right, bottom = area
    points = np.cumsum(sheet.rng.normal(0, 0.25, (steps, 2)), axis=0)
    points -= points.min(axis=0)
    points /= np.maximum(points.max(axis=0), 1e-6)
    return (points * (right - left, bottom - top) + (left, top)).astype(np.int32)


def draw_logo(sheet: Sheet, area: Area) -> None:
    """A few bold shapes close together."""
    left, top, right, bottom = (round(edge) for edge in area)
    canvas = np.zeros((max(4, bottom - top), max(4, right - left)), np.uint8)
    height, width = canvas.shape
    reach = min(height, width) // 2
    centre = (width // 2, height // 2)
    if sheet.chance(0.5):
        cv2.circle(canvas, centre, max(2, reach - 1), 255, -1, cv2.LINE_AA)
    else:
        around = np.linspace(0, 2 * np.pi, sheet.count(3, 8), endpoint=False)
        star = np.c_[np.cos(around), np.sin(around)] * reach * 0.95 + centre
        cv2.fillPoly(canvas, [star.astype(np.int32)], 255, cv2.LINE_AA)
    for _ in range(sheet.count(1, 4)):
        _shape(sheet, canvas, sheet.pick([0, 0, 255]))
    darkness = sheet.pick([255, 255, sheet.count(90, 255)])
    sheet.canvas.stamp(canvas, left, top, darkness)


def draw_scribble(sheet: Sheet, area: Area) -> None:
    """A signature or a pen stroke: smooth loops from left to right."""
    left, top, right, bottom = area
    n = sheet.count(5, 14)
    x = np.linspace(0, 1, n) + sheet.rng.normal(0, 0.06, n)
    y = sheet.rng.random(n)
    fine = np.linspace(0, n - 1, 8 * n)
    curve = np.stack([_smooth(x, fine), _smooth(y, fine)], axis=1)
    points = curve * (right - left, bottom - top) + (left, top)
    sheet.canvas.trace(points, sheet.px(sheet.between(0.7, 2.2)), sheet.count(120, 255))


def _smooth(values: Vector, at: Vector) -> Vector:
    """Values between given ones, rounded at the corners."""
    line = np.interp(at, np.arange(len(values)), values)
    kernel = np.hanning(11)
    padded = np.pad(line, 5, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")


def draw_bar_code(sheet: Sheet, area: Area) -> None:
    """Upright bars of random widths, or the squares of a matrix code."""
    left, top, right, bottom = (round(edge) for edge in area)
    if right - left < 12 or bottom - top < 8:
        return
    if sheet.chance(0.65):
        modules = (sheet.rng.random((1, sheet.count(40, 100))) < 0.5).astype(np.uint8) * 255
    else:
        modules = _matrix_code(sheet, sheet.count(21, 41))
        right = left + min(right - left, bottom - top)
        bottom = top + right - left
    code = cv2.resize(modules, (right - left, bottom - top), interpolation=cv2.INTER_NEAREST)
    sheet.canvas.stamp(np.asarray(code, np.uint8), left, top)


def _matrix_code(sheet: Sheet, side: int) -> Ink:
    modules = (sheet.rng.random((side, side)) < 0.5).astype(np.uint8) * 255
    for y, x in ((0, 0), (0, side - 7), (side - 7, 0)):
        modules[y : y + 7, x : x + 7] = 255
        modules[y + 1 : y + 6, x + 1 : x + 6] = 0
        modules[y + 2 : y + 5, x + 2 : x + 5] = 255
    return modules


def draw_stamp(sheet: Sheet, centre: tuple[float, float]) -> None:
    """A rubber stamp: a frame with a line or two of readable text, or a round one."""
    if sheet.chance(0.4):
        _round_stamp(sheet, centre)
        return
    pen = sheet.pen(sheet.between(9, 22), ("text", "mono"))
    angle = sheet.between(-18, 18) if sheet.chance(0.7) else 0.0
    tint = sheet.count(110, 255)
    lines = [
        set_line(_stamp_text(sheet, i, pen), pen.style, sheet.rng) for i in range(sheet.count(1, 3))
    ]
    turn = np.array([np.cos(np.radians(angle)), -np.sin(np.radians(angle))])
    down = np.array([-turn[1], turn[0]])
    pitch = 1.35 * pen.em
    for number, line in enumerate(lines):
        at = np.array(centre) + down * pitch * (number - (len(lines) - 1) / 2)
        sheet.canvas.group += 1
        sheet.canvas.put_turned(line, (float(at[0]), float(at[1])), angle, tint)
    if sheet.chance(0.8):
        _turned_frame(sheet, (centre, (turn, down)), lines, tint)


_STAMPS = (
    "RECEIVED|PAID|COPY|CONFIDENTIAL|APPROVED|ENTWURF|BEZAHLT|EINGEGANGEN|REÇU LE|PAYÉ|URGENT|"
    "COPIE|DRAFT|VOID|ARCHIV|FILED|CANCELLED"
).split("|")


def _stamp_text(sheet: Sheet, number: int, pen: Pen) -> str:
    text = sheet.pick(_STAMPS) if number == 0 else sheet.text("number", pen, 16)
    return sheet.drawable(text, pen)


def _turned_frame(
    sheet: Sheet,
    place: tuple[tuple[float, float], tuple[Vector, Vector]],
    lines: list[SetLine],
    tint: int,
) -> None:
    centre, (turn, down) = place
    height = max(line.ascent + line.descent for line in lines)
    wide = max(line.width for line in lines) / 2 + 0.5 * height
    high = (len(lines) * 1.35 * height) / 2 + 0.3 * height
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    points = [np.array(centre) + turn * wide * a + down * high * b for a, b in signs]
    thick = sheet.px(sheet.between(0.8, 3))
    sheet.canvas.trace(np.array(points), thick, tint, closed=True)


def _round_stamp(sheet: Sheet, centre: tuple[float, float]) -> None:
    """Letters round a ring, which a detector of lines is neither to find nor to miss."""
    radius = sheet.px(sheet.between(28, 60))
    tint = sheet.count(100, 255)
    x, y = round(centre[0]), round(centre[1])
    turns = np.linspace(0, 2 * np.pi, 90)
    circle = np.stack([np.cos(turns), np.sin(turns)], axis=1) * radius
    for share in (1.0, 0.62):
        sheet.canvas.trace(circle * share + (x, y), sheet.px(1.2), tint, closed=True)
    mark = len(sheet.canvas.segments)
    pen = sheet.pen(sheet.points(0.24 * radius), ("text",))
    letters = sheet.text("heading", pen, 30).upper().replace(" ", "·")
    for number, letter in enumerate(sheet.drawable(letters, pen)):
        angle = -110 + number * np.degrees(0.8 * pen.em / radius)
        if angle > 235 or letter == " ":
            break
        toward = np.radians(angle - 90 + 20)
        at = (x + 0.8 * radius * np.cos(toward), y + 0.8 * radius * np.sin(toward))
        sheet.canvas.put_turned(set_line(letter, pen.style, sheet.rng), at, -(angle + 20), tint)
    del sheet.canvas.segments[mark:]
    if sheet.chance(0.6):
        draw_logo(sheet, (x - 0.3 * radius, y - 0.3 * radius, x + 0.3 * radius, y + 0.3 * radius))
    sheet.canvas.segments.append(
        Segment("", corners(x - radius, y - radius, x + radius, y + radius), (), -1, ignored=True)
    )
