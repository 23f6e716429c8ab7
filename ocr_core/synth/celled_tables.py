"""Pages with tables whose cells are known: what the search for tables is measured with.

Each cell is a group of its own on the canvas, so that its words can be followed to where they come
to lie on the scan. Prose stands above, between and below the tables, as on real pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_core.synth import degrade
from ocr_core.synth.canvas import Canvas, Corners
from ocr_core.synth.cell_plans import RULINGS, Ruling, Slot, TablePlan, plan_table
from ocr_core.synth.fonts import Face
from ocr_core.synth.sheet import (
    Column,
    FaceShelf,
    Pen,
    Sheet,
    break_lines,
    natural_width,
)
from ocr_core.synth.text import TextSource
from ocr_core.synth.warping import Warp, draw_warp, lay_flat
from ocr_core.tables.adjacency import WordedCell
from ocr_core.tables.model import PlacedWord
from schemas import Box

PAPER = (8.3, 11.3)  # inches
# A word of whose ink less than this share came through print and scan is lost.
LEAST_KEPT = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class TablePage:
    """A picture of a page and the cells of its tables.

    Attributes:
        pixels: (H, W) uint8, 0 black, 255 white.
        lines: the words of each line of text that was set, wherever on the page.
        tables: the cells of each, with the words in them; boxes are those of the picture.
        skew_deg: how far the page is turned anticlockwise.
    """

    pixels: NDArray[np.uint8]
    lines: tuple[tuple[PlacedWord, ...], ...]
    tables: tuple[tuple[WordedCell, ...], ...]
    rulings: tuple[Ruling, ...]
    skew_deg: float


class TableMaker:
    """Draws pages with tables; each depends on its seed alone.

    Args:
        long_side: the least and the most pixels of a page's longer side.
        strength: of print wear and scanning; 0 is clean, 1 the usual range.
    """

    def __init__(
        self,
        faces: Sequence[Face],
        source: TextSource,
        long_side: tuple[int, int] = (1500, 2400),
        strength: float = 0.7,
    ) -> None:
        self._shelf = FaceShelf(faces)
        self._source = source
        self._long_side = long_side
        self._strength = strength

    def make(self, seed: int) -> TablePage:
        """The page of a seed; its first table is ruled in the manner that is the seed's turn."""
        rng = np.random.default_rng(seed)
        dpi = rng.uniform(*self._long_side) / PAPER[1]
        canvas = Canvas(round(PAPER[0] * dpi), round(PAPER[1] * dpi))
        corpus = self._source.corpus(rng)
        sheet = Sheet(canvas, rng, self._shelf, self._source, corpus, dpi, 9.0)
        drawn = draw_tables(sheet, RULINGS[seed % len(RULINGS)])
        size = canvas.width, canvas.height
        skew_deg = float(np.clip(rng.normal(0, 0.7), -2, 2)) if rng.random() < 0.6 else 0.0
        warp = draw_warp(size, size, skew_deg, rng) if skew_deg else lay_flat(*size)
        em_px = float(np.median([segment.height for segment in canvas.segments]))
        worn = degrade.print_ink(canvas.ink, rng, em_px, self._strength)
        pixels = degrade.scan(warp.ink(np.maximum(worn, canvas.tone)), rng, self._strength)
        lines, cells = _placed(canvas, warp, _Kept(warp.ink(canvas.ink), pixels))
        tables = tuple(
            tuple(_worded(slot, cells.get(group, [])) for slot, group in table.groups)
            for table in drawn
        )
        return TablePage(pixels, lines, tables, tuple(t.plan.ruling for t in drawn), skew_deg)


@dataclass(frozen=True, slots=True, eq=False)
class DrawnTable:
    """A table on the canvas, and the group of each of its cells."""

    plan: TablePlan
    groups: tuple[tuple[Slot, int], ...]


def draw_tables(sheet: Sheet, ruling: Ruling) -> list[DrawnTable]:
    """One or two tables with prose about them; the first is ruled in the given manner."""
    side = sheet.width * sheet.between(0.06, 0.12)
    column = Column(side, sheet.width - side)
    bottom = sheet.height * 0.94
    y = sheet.height * sheet.between(0.05, 0.09)
    pen = sheet.pen(sheet.between(8, 11), ("text", "text", "text", "mono", "typewriter"))
    drawn: list[DrawnTable] = []
    for _ in range(sheet.count(1, 2)):
        y = _prose(sheet, pen, column, y, bottom)
        laid = _lay_out(sheet, ruling, pen, column, y)
        if laid.bottom > bottom and drawn:
            break
        drawn.append(DrawnTable(laid.plan, laid.draw()))
        y = laid.bottom + sheet.between(1.2, 3) * pen.em
        ruling = sheet.pick(RULINGS)
    _prose(sheet, pen, column, y, bottom)
    return drawn


def _lay_out(sheet: Sheet, ruling: Ruling, pen: Pen, column: Column, y: float) -> _Layout:
    """A table with as many columns as the room is wide enough for."""
    n_rows = sheet.count(4, 16)
    for n_columns in range(sheet.count(3, 7), 2, -1):
        laid = _Layout(sheet, plan_table(sheet, pen, ruling, n_rows, n_columns), pen, column, y)
        if laid.fits:
            return laid
    return _Layout(sheet, plan_table(sheet, pen, ruling, n_rows, 2), pen, column, y)


def _prose(sheet: Sheet, pen: Pen, column: Column, y: float, bottom: float) -> float:
    """A paragraph, and room below it."""
    sheet.canvas.group += 1
    text = sheet.text("running", pen, sheet.count(150, 700))
    y = sheet.paragraph(text, pen.aligned(sheet.align("left", "justify")), column, y, bottom)
    sheet.canvas.group += 1
    return y + sheet.between(1.2, 2.5) * pen.em


class _Layout:
    """Where the rows and columns of a table come to stand.

    Attributes:
        bottom: where the table ends.
        fits: whether no word is wider than its column.
    """

    def __init__(self, sheet: Sheet, plan: TablePlan, pen: Pen, column: Column, top: float) -> None:
        self._sheet = sheet
        self.plan = plan
        self._pen = replace(pen, leading=sheet.between(1.1, 1.3), align="left")
        bold = sheet.pen(10, (pen.style.face.kind,)).style.face
        has_bold = sheet.chance(0.4)
        self._head_pen = replace(pen, style=replace(pen.style, face=bold)) if has_bold else pen
        self._pad = (0.4 if plan.ruling in ("grid", "open", "columns") else 0.9) * pen.em
        self._limits = [15 if kind == "prose" else sheet.between(11, 16) for kind in plan.kinds]
        self.fits = True
        self._lefts = self._columns(column)
        self._lines = {slot: self._wrapped(slot) for slot in plan.slots}
        self._tops = self._rows(top)
        self.bottom = self._tops[-1]

    def draw(self) -> tuple[tuple[Slot, int], ...]:
        """Sets the cells and the rules."""
        self._shade()
        groups = []
        is_centred = self._sheet.chance(0.5)
        for slot, lines in self._lines.items():
            self._sheet.canvas.group += 1
            groups.append((slot, self._sheet.canvas.group))
            self._set(slot, lines, is_centred)
        self._sheet.canvas.group += 1
        self._rule()
        return tuple(groups)

    def _columns(self, column: Column) -> list[float]:
        """The edges of the columns: as wide as they need, within the room that there is."""
        sheet, plan = self._sheet, self.plan
        room = column.width - 2 * self._pad * len(plan.kinds)
        least = [2.0 * self._pen.em] * len(plan.kinds)
        most = list(least)
        for slot in plan.slots:
            if slot.column_span == 1 and slot.text:
                style = (self._head_pen if slot.is_head else self._pen).style
                words = slot.text.split()
                widest = max(natural_width([word], style) for word in words) * 1.02 + 2
                line = natural_width(words, style) * 1.02 + 2
                limit = (9 if slot.is_head else self._limits[slot.column]) * self._pen.em
                least[slot.column] = max(least[slot.column], widest)
                most[slot.column] = max(most[slot.column], min(line, limit), widest)
        self.fits = sum(least) <= room
        wish = sum(most) - sum(least)
        given = min(1.0, max(0.0, room - sum(least)) / max(wish, 1e-6))
        widths = [
            low + given * (high - low) + 2 * self._pad
            for low, high in zip(least, most, strict=True)
        ]
        free = max(0.0, column.width - sum(widths))
        share = sheet.pick([0.0, 0.5, 1.0]) * free / len(widths)
        widths = [width + share for width in widths]
        left = column.left + sheet.pick([0, 0.5]) * max(0.0, column.width - sum(widths))
        return list(accumulate(widths, initial=left))

    def _wrapped(self, slot: Slot) -> list[list[str]]:
        if not slot.text:
            return []
        pen = self._head_pen if slot.is_head else self._pen
        return break_lines(slot.text.split(), pen, self._inner(slot).width)

    def _inner(self, slot: Slot) -> Column:
        left, right = self._lefts[slot.column], self._lefts[slot.column + slot.column_span]
        return Column(left + self._pad, right - self._pad)

    def _rows(self, top: float) -> list[float]:
        """The edges of the rows: higher where text is wrapped."""
        sheet, plan = self._sheet, self.plan
        is_ruled = plan.ruling in ("grid", "open", "rows", "stripes")
        spare = sheet.between(0.35, 1.0) if is_ruled else sheet.pick([0.15, 0.5, 0.8])
        counts = [1] * plan.n_rows
        for slot, lines in self._lines.items():
            if slot.row_span == 1:
                counts[slot.row] = max(counts[slot.row], len(lines))
        for slot, lines in self._lines.items():
            missing = len(lines) - sum(counts[slot.row : slot.row + slot.row_span])
            counts[slot.row] += max(0, missing)
        if max(counts) > 1:  # rows of several lines stand apart where no rule parts them
            spare = max(spare, 0.45)
        heights = [count * self._pen.pitch + spare * self._pen.em for count in counts]
        return list(accumulate(heights, initial=top))

    def _set(self, slot: Slot, lines: list[list[str]], is_centred: bool) -> None:
        pen = replace(self._head_pen if slot.is_head else self._pen, align=slot.align)
        top, bottom = self._tops[slot.row], self._tops[slot.row + slot.row_span]
        pitch = self._pen.pitch
        spare = bottom - top - len(lines) * pitch
        is_centred |= slot.row_span > 1
        y = top + (
            spare / 2 if is_centred or len(lines) * pitch > 0.9 * (bottom - top) else 0.2 * pen.em
        )
        inner = self._inner(slot)
        x = {"right": inner.right, "centre": inner.middle}.get(slot.align, inner.left)
        for words in lines:
            self._sheet.write(" ".join(words), pen, x, y + pitch / 2 + 0.3 * pen.em)
            y += pitch

    def _shade(self) -> None:
        """Stripes, or a panel behind the head."""
        sheet, tops = self._sheet, self._tops
        left, right = self._lefts[0], self._lefts[-1]
        if sheet.chance(0.25):
            head = (left, tops[0], right, tops[self.plan.n_head])
            sheet.canvas.fill(head, sheet.count(15, 70))
        if self.plan.ruling == "stripes":
            darkness = sheet.count(12, 50)
            for top, bottom in list(pairwise(tops))[self.plan.n_head :: 2]:
                sheet.canvas.fill((left, top, right, bottom), darkness)

    def _rule(self) -> None:
        sheet, plan, tops = self._sheet, self.plan, self._tops
        thick = max(1.0, sheet.px(sheet.between(0.3, 1.2)))
        tint = sheet.pick([255, 255, sheet.count(120, 255)])
        left, right = self._lefts[0], self._lefts[-1]
        if plan.ruling in ("grid", "open"):
            self._rule_cells(thick, tint)
        if plan.ruling in ("grid", "frame"):
            sheet.canvas.frame((left, tops[0], right, tops[-1]), thick, tint)
        levels = {
            "rows": tops,
            "booktabs": [tops[0], tops[plan.n_head], tops[-1]],
            "head": [tops[plan.n_head]],
            "columns": [tops[plan.n_head]] if sheet.chance(0.5) else [],
        }.get(plan.ruling, [])
        for level in levels:
            sheet.canvas.rule((left, level), (right, level), thick, tint)
        if plan.ruling == "columns":
            for x in self._lefts[1:-1]:
                sheet.canvas.rule((x, tops[0]), (x, tops[-1]), thick, tint)
        if plan.n_head == 2 and plan.ruling in ("booktabs", "rows"):
            for slot in plan.slots:
                if slot.is_head and slot.column_span > 1:
                    inner = self._inner(slot)
                    sheet.canvas.rule((inner.left, tops[1]), (inner.right, tops[1]), thick, tint)

    def _rule_cells(self, thick: float, tint: int) -> None:
        """A line wherever two cells meet."""
        owner = {place: slot for slot in self.plan.slots for place in slot.places}
        for (row, column), slot in owner.items():
            top, bottom = self._tops[row], self._tops[row + 1]
            left, right = self._lefts[column], self._lefts[column + 1]
            if owner.get((row, column + 1), slot) is not slot:
                self._sheet.canvas.rule((right, top), (right, bottom + thick), thick, tint)
            if owner.get((row + 1, column), slot) is not slot:
                self._sheet.canvas.rule((left, bottom), (right + thick, bottom), thick, tint)


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """What is left on a scan, (H, W) uint8, 255 for paper, of ink, 255 for full ink."""

    ink: NDArray[np.uint8]
    pixels: NDArray[np.uint8]

    def holds(self, box: Box) -> bool:
        """Whether a word can still be seen: where it has ink, the scan is darker than beside it."""
        rows = slice(max(0, round(box.top)), max(0, round(box.bottom)))
        columns = slice(max(0, round(box.left)), max(0, round(box.right)))
        ink = self.ink[rows, columns].astype(np.float32)
        if not ink.size:
            return False
        ink -= ink.mean()
        darkness = 255 - self.pixels[rows, columns].astype(np.float32)
        return float(np.vdot(ink, darkness)) > LEAST_KEPT * float(np.vdot(ink, ink))


def _placed(
    canvas: Canvas, warp: Warp, kept: _Kept
) -> tuple[tuple[tuple[PlacedWord, ...], ...], dict[int, list[PlacedWord]]]:
    """The words of each segment on the picture, and those of each group; lost ones left out."""
    lines: list[tuple[PlacedWord, ...]] = []
    groups: dict[int, list[PlacedWord]] = {}
    for segment in canvas.segments:
        placed = (PlacedWord(_box(warp.points(at)), text) for text, at in segment.words)
        words = tuple(word for word in placed if kept.holds(word.box))
        lines.append(words)
        groups.setdefault(segment.group, []).extend(words)
    return tuple(line for line in lines if line), groups


def _box(corners: Corners) -> Box:
    """The box of a word whose edges may slant: as high as the word, not as its slant makes it."""
    (left, top), (right, bottom) = corners[[0, 3]].mean(axis=0), corners[[1, 2]].mean(axis=0)
    middle = (top + bottom) / 2
    half = float(np.hypot(*(corners[3] - corners[0]))) / 2
    return Box(float(left), float(middle - half), float(max(left, right)), float(middle + half))


def _worded(slot: Slot, words: Sequence[PlacedWord]) -> WordedCell:
    return WordedCell(slot.row, slot.column, slot.row_span, slot.column_span, tuple(words))
