"""Charts: bars and curves over axes with numbers."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ocr_core.synth.marks import Area
from ocr_core.synth.sheet import Column, Pen, Sheet
from ocr_core.synth.typeset import set_line


def draw_chart_page(sheet: Sheet) -> None:
    """One to four charts with titles."""
    n_wide, n_high = sheet.pick([(1, 1), (1, 2), (2, 2), (2, 1)])
    wide, high = sheet.width / n_wide, sheet.height / n_high
    for i in range(n_wide):
        for j in range(n_high):
            column = Column((i + 0.07) * wide, (i + 0.93) * wide)
            top = (j + 0.05) * high
            sheet.canvas.group += 1
            title = replace(sheet.pen(sheet.between(10, 18)), align="centre", leading=1.2)
            text = sheet.text("heading", title, 40)
            y = sheet.paragraph(text, title, column, top, top + 3 * title.pitch)
            draw_chart(sheet, (column.left, y + title.em, column.right, (j + 0.93) * high))


def draw_chart(sheet: Sheet, area: Area) -> None:
    """Axes with numbers, bars or curves, at times the name of the upright axis."""
    pen = replace(sheet.pen(sheet.between(7, 11)), leading=1.2)
    left, top, right, bottom = area
    plot = (left + 4.5 * pen.em, top + 0.5 * pen.em, right - pen.em, bottom - 2.6 * pen.em)
    if plot[2] - plot[0] < 8 * pen.em or plot[3] - plot[1] < 6 * pen.em:
        return
    (_draw_bars if sheet.chance(0.5) else _draw_curves)(sheet, plot)
    _draw_upright_axis(sheet, pen, plot)
    _draw_level_axis(sheet, pen, plot)
    if sheet.chance(0.3):
        line = set_line(sheet.text("words", pen, 18), pen.style, sheet.rng)
        if line.width < plot[3] - plot[1]:
            sheet.canvas.group += 1
            sheet.canvas.put_turned(line, (left + 0.6 * pen.em, (plot[1] + plot[3]) / 2), 90)


def _draw_upright_axis(sheet: Sheet, pen: Pen, plot: Area) -> None:
    left, top, right, bottom = plot
    thick = sheet.px(sheet.between(0.5, 1.2))
    if sheet.chance(0.7):
        sheet.canvas.rule((left, top), (left, bottom), thick)
    step = sheet.pick([1, 2, 5, 10, 20, 25, 100, 0.1, 0.5])
    n = max(2, min(sheet.count(3, 9), int((bottom - top) / (1.6 * pen.em))))
    lined = sheet.chance(0.6)
    for i in range(n + 1):
        y = bottom - (bottom - top) * i / n
        if lined:
            sheet.canvas.rule((left, y), (right, y), max(1, thick / 2), sheet.count(60, 160))
        sheet.canvas.group += 1
        sheet.write(f"{i * step:g}", pen, left - 0.5 * pen.em, y + 0.33 * pen.em, "right")


def _draw_level_axis(sheet: Sheet, pen: Pen, plot: Area) -> None:
    left, _, right, bottom = plot
    sheet.canvas.rule((left, bottom), (right, bottom), sheet.px(sheet.between(0.5, 1.2)))
    start, every = sheet.count(1, 2020), sheet.pick([1, 5, 10])
    n = max(1, min(sheet.count(2, 12), int((right - left) / (4.2 * pen.em))))
    worded = sheet.chance(0.3)
    for i in range(n):
        x = left + (right - left) * (i + 0.5) / n
        label = sheet.text("words", pen, 5) if worded else f"{start + i * every}"
        sheet.canvas.group += 1
        sheet.write(label[:6].strip(), pen, x, bottom + 1.3 * pen.em, "centre")


def _draw_bars(sheet: Sheet, plot: Area) -> None:
    left, top, right, bottom = plot
    n = sheet.count(3, 14)
    share = sheet.between(0.4, 0.9)
    darkness = sheet.count(60, 240)
    for i in range(n):
        x = left + (right - left) * (i + 0.5 - share / 2) / n
        high = (bottom - top) * sheet.between(0.05, 0.95)
        sheet.canvas.fill((x, bottom - high, x + (right - left) * share / n, bottom), darkness)


def _draw_curves(sheet: Sheet, plot: Area) -> None:
    left, top, right, bottom = plot
    x = np.linspace(left, right, 30)
    for _ in range(sheet.count(1, 4)):
        walk = np.cumsum(sheet.rng.normal(0, 1, 30))
        walk = (walk - walk.min()) / (np.ptp(walk) + 1e-6)
        y = bottom - walk * (bottom - top) * sheet.between(0.3, 0.95)
        points = np.stack([x, y], axis=1).astype(np.int32)
        thick = max(1, round(sheet.px(sheet.between(0.8, 2.5))))
        cv2.polylines(sheet.canvas.tone, [points], False, sheet.count(100, 255), thick, cv2.LINE_AA)
