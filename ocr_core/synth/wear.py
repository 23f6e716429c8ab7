"""What happens to finished sheets: stamps, scribbles, holes, dark edges, watermarks, neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from ocr_core.synth import marks
from ocr_core.synth.canvas import Canvas
from ocr_core.synth.sheet import Column, Sheet
from ocr_core.synth.typeset import set_line


def wear_sheet(sheet: Sheet, strength: float = 1.0) -> None:
    """A few things that happen to sheets, most often none."""
    chances: tuple[tuple[float, Callable[[Sheet], None]], ...] = (
        (0.07, _stamp),
        (0.06, _scribble),
        (0.06, _holes),
        (0.07, _dark_edges),
        (0.04, _watermark),
        (0.06, _neighbour),
        (0.05, _streaks),
        (0.05, _strike_through),
    )
    for chance, happen in chances:
        if sheet.chance(chance * strength):
            happen(sheet)


def _stamp(sheet: Sheet) -> None:
    centre = (sheet.width * sheet.between(0.2, 0.8), sheet.height * sheet.between(0.1, 0.9))
    marks.draw_stamp(sheet, centre)


def _scribble(sheet: Sheet) -> None:
    for _ in range(sheet.count(1, 4)):
        left, top = sheet.width * sheet.between(0, 0.7), sheet.height * sheet.between(0, 0.9)
        wide, high = sheet.width * sheet.between(0.05, 0.4), sheet.height * sheet.between(0.01, 0.1)
        marks.draw_scribble(sheet, (left, top, left + wide, top + high))


def _holes(sheet: Sheet) -> None:
    """Punch holes at an edge: dark, or rings where they show paper."""
    radius = max(3, round(sheet.px(sheet.between(6, 10))))
    inset = radius + sheet.px(sheet.between(6, 22))
    x = round(inset if sheet.chance(0.8) else sheet.width - inset)
    tint = sheet.count(60, 255)
    thick = -1 if sheet.chance(0.7) else max(1, round(sheet.px(1)))
    for share in sheet.pick([(0.45, 0.55), (0.15, 0.5, 0.85), (0.38, 0.62)]):
        centre = (x, round(sheet.height * share))
        cv2.circle(sheet.canvas.tone, centre, radius, tint, thick, cv2.LINE_AA)


def _dark_edges(sheet: Sheet) -> None:
    """The black border of a scanner or copier, ragged, along one to four edges."""
    darkness = sheet.count(150, 255)
    for turns in range(4):
        if sheet.chance(0.45):
            edge = np.rot90(sheet.canvas.tone, turns)  # a view: what is drawn shows on the sheet
            length, across = edge.shape
            depth = across * sheet.between(0.003, 0.025)
            knots = np.linspace(0, length, 30)
            reach = np.interp(np.arange(length), knots, sheet.rng.uniform(0.2, 1.2, 30)) * depth
            band = np.arange(int(1.3 * depth) + 1)[None, :] < reach[:, None]
            part = edge[:, : band.shape[1]]
            part[band] = np.maximum(part[band], darkness)


def _watermark(sheet: Sheet) -> None:
    """A pale word across the sheet, which is no text to be read."""
    pen = sheet.pen(sheet.points(sheet.width * sheet.between(0.09, 0.2)))
    text = sheet.pick(["DRAFT", "COPY", "CONFIDENTIAL", "SAMPLE", "ENTWURF", "VOID", "Specimen"])
    line = set_line(sheet.drawable(text, pen), pen.style, sheet.rng)
    pale = Canvas(sheet.width, sheet.height)
    centre = (sheet.width / 2, sheet.height * sheet.between(0.3, 0.7))
    pale.put_turned(line, centre, sheet.between(0, 60), sheet.count(15, 50))
    np.maximum(sheet.canvas.tone, pale.ink, out=sheet.canvas.tone)


def _neighbour(sheet: Sheet) -> None:
    """A sliver of the facing page, its lines cut by the edge."""
    taken = [segment.corners for segment in sheet.canvas.segments]
    lowest = min((float(points[:, 0].min()) for points in taken), default=sheet.width)
    highest = max((float(points[:, 0].max()) for points in taken), default=0.0)
    is_left = lowest > sheet.width - highest
    room = min(lowest if is_left else sheet.width - highest, 0.15 * sheet.width) * 0.6
    pen = replace(sheet.pen(sheet.between(8, 11)), leading=1.25)
    if room < pen.em:
        return
    y = sheet.height * sheet.between(0.05, 0.4)
    while y < sheet.height * 0.9:
        line = set_line(sheet.text("running", pen, 40), pen.style, sheet.rng)
        x = room - line.width if is_left else sheet.width - room
        sheet.canvas.put(line, x, y, ignored=True)
        y += pen.pitch
    if sheet.chance(0.5):
        edge = room + pen.em * 0.7 if is_left else sheet.width - room - pen.em * 0.7
        sheet.canvas.rule((edge, 0), (edge, sheet.height), sheet.px(1), sheet.count(40, 200))


def _streaks(sheet: Sheet) -> None:
    """Long thin lines of a dirty scanner or of a fold."""
    for _ in range(sheet.count(1, 4)):
        tint = sheet.count(30, 200)
        if sheet.chance(0.7):
            x = sheet.width * sheet.between(0, 1)
            sheet.canvas.rule((x, 0), (x, sheet.height), 1, tint)
        else:
            y = sheet.height * sheet.between(0, 1)
            sheet.canvas.rule((0, y), (sheet.width, y + sheet.between(-9, 9)), 1, tint)


def _strike_through(sheet: Sheet) -> None:
    """A few lines underlined or struck out by pen."""
    segments = [segment for segment in sheet.canvas.segments if not segment.ignored]
    for _ in range(min(sheet.count(1, 5), len(segments))):
        points = sheet.pick(segments).corners
        share = sheet.pick([0.5, 0.85, 0.95])
        start = points[0] + share * (points[3] - points[0])
        end = points[1] + (share + sheet.between(-0.1, 0.1)) * (points[2] - points[1])
        part = Column(sheet.between(0, 0.3), sheet.between(0.6, 1))
        first, last = start + part.left * (end - start), start + part.right * (end - start)
        ends = (float(first[0]), float(first[1])), (float(last[0]), float(last[1]))
        sheet.canvas.rule(*ends, sheet.px(sheet.between(0.5, 1.5)), sheet.count(120, 255))
