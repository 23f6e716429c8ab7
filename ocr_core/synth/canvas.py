"""The surface that synthetic pages are drawn on: layers of ink, and where the text on them is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.synth.typeset import Ink, SetLine, SetWord

Corners = NDArray[np.float32]
SEGMENT_GAP = 1.2  # words further apart than so many line heights belong to two segments


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A run of words that a detector should find as one line.

    Attributes:
        corners: (4, 2) float32, x and y in canvas pixels, clockwise from the text's top left.
        words: each word with its own corners.
        group: segments of different groups stand in different columns or cells.
        ignored: whether a detector must neither find nor miss it.
    """

    text: str
    corners: Corners
    words: tuple[tuple[str, Corners], ...]
    group: int
    ignored: bool = False

    @property
    def height(self) -> float:
        return float(np.hypot(*(self.corners[3] - self.corners[0])))


class Canvas:
    """Layers of ink of one page.

    Attributes:
        ink: (H, W) uint8, 255 full ink: text and rules, which printing wears.
        tone: (H, W) uint8, darkness of pictures and panels, which it does not.
        segments: in the order of drawing, which is the reading order.
        group: the column or cell that is being drawn.
    """

    def __init__(self, width: int, height: int) -> None:
        self.ink: Ink = np.zeros((height, width), np.uint8)
        self.tone: Ink = np.zeros((height, width), np.uint8)
        self.segments: list[Segment] = []
        self.group = 0

    @property
    def width(self) -> int:
        return int(self.ink.shape[1])

    @property
    def height(self) -> int:
        return int(self.ink.shape[0])

    def put(
        self, line: SetLine, x: float, baseline: float, tint: int = 255, ignored: bool = False
    ) -> None:
        """Draws a line from `x` on; a tint below 0 takes ink away, for light text on dark."""
        left, y = round(x), round(baseline)
        self.stamp(line.ink, left + line.ink_left, y + line.ink_top, tint)
        for start, end, words in _runs(line):
            self._record(words, (left, y), (start, end, line), ignored)

    def put_turned(
        self, line: SetLine, centre: tuple[float, float], angle_deg: float, tint: int = 255
    ) -> None:
        """Draws a line about a centre, turned anticlockwise."""
        height, width = line.ink.shape
        side = int(np.hypot(height, width)) + 2
        turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, 1.0), float)
        turn[:, 2] += (side - width) / 2, (side - height) / 2
        turned = np.asarray(cv2.warpAffine(line.ink, turn, (side, side)), np.uint8)
        left, top = round(centre[0] - side / 2), round(centre[1] - side / 2)
        self.stamp(turned, left, top, tint)
        mark = len(self.segments)
        for start, end, words in _runs(line):
            self._record(words, (-line.ink_left, -line.ink_top), (start, end, line), False)
        for at in range(mark, len(self.segments)):
            self.segments[at] = _moved(self.segments[at], turn, (left, top))

    def _record(
        self,
        words: Sequence[SetWord],
        origin: tuple[int, int],
        run: tuple[float, float, SetLine],
        ignored: bool,
    ) -> None:
        (x, y), (start, end, line) = origin, run
        top, bottom = y - line.ascent, y + line.descent
        text = " ".join(word.text for word in words)
        boxes = tuple((w.text, corners(x + w.left, top, x + w.right, bottom)) for w in words)
        around = corners(x + start, top, x + end, bottom)
        outside = x + start < -2 or x + end > self.width + 2 or top < -2 or bottom > self.height + 2
        self.segments.append(Segment(text, around, boxes, self.group, ignored or outside))

    def stamp(self, ink: Ink, left: int, top: int, tint: int = 255) -> None:
        """Lays ink on the sheet; what stands outside is cut off."""
        rows = slice(max(top, 0), max(top + ink.shape[0], 0))
        columns = slice(max(left, 0), max(left + ink.shape[1], 0))
        view = (rows, columns)
        part = self.ink[view]
        ink = ink[max(-top, 0) :, max(-left, 0) :][: part.shape[0], : part.shape[1]]
        if not ink.size:
            return
        if tint < 0:
            light = cv2.bitwise_not(ink)
            np.minimum(part, light, out=part)
            tone = self.tone[view]
            np.minimum(tone, light, out=tone)
            return
        if tint < 255:
            ink = np.asarray(cv2.convertScaleAbs(ink, alpha=tint / 255), np.uint8)
        np.maximum(part, ink, out=part)

    def rule(
        self, start: tuple[float, float], end: tuple[float, float], thick: float, tint: int = 255
    ) -> None:
        """A straight line; level and upright ones are sharp."""
        (x0, y0), (x1, y1) = start, end
        wide = max(1, round(thick))
        if abs(y1 - y0) >= 1 and abs(x1 - x0) >= 1:
            self.trace(np.array([start, end]), thick, tint)
            return
        level = abs(y1 - y0) < 1
        rows = slice(max(0, round(min(y0, y1))), max(0, round(max(y0, y1)) + wide * level))
        columns = slice(max(0, round(min(x0, x1))), max(0, round(max(x0, x1)) + wide * (not level)))
        np.maximum(self.ink[rows, columns], tint, out=self.ink[rows, columns])

    def trace(
        self, points: NDArray[np.floating], thick: float, tint: int = 255, *, closed: bool = False
    ) -> None:
        """A smooth line through points, (N, 2): it darkens what it crosses and lightens nothing."""
        wide = max(1, round(thick))
        low = np.maximum(np.floor(points.min(axis=0)).astype(int) - wide - 1, 0)
        high = np.ceil(points.max(axis=0)).astype(int) + wide + 2
        part = self.ink[low[1] : max(high[1], 0), low[0] : max(high[0], 0)]
        drawn = np.zeros_like(part)
        path = np.round((points - low) * 8).astype(np.int32)
        if part.size:
            cv2.polylines(drawn, [path], closed, tint, wide, cv2.LINE_AA, 3)
            np.maximum(part, drawn, out=part)

    def frame(self, box: tuple[float, float, float, float], thick: float, tint: int = 255) -> None:
        """The outline of a box: left, top, right, bottom."""
        left, top, right, bottom = box
        for y in (top, bottom):
            self.rule((left, y), (right + thick, y), thick, tint)
        for x in (left, right):
            self.rule((x, top), (x, bottom + thick), thick, tint)

    def fill(self, box: tuple[float, float, float, float], darkness: int) -> None:
        """A panel; as ink if it is all but black, else as tone."""
        left, top, right, bottom = (max(0, round(edge)) for edge in box)
        layer = self.ink if darkness > 240 else self.tone
        part = layer[top:bottom, left:right]
        np.maximum(part, darkness, out=part)

    def join(self) -> list[Segment]:
        """The segments, those of one group that stand close together on one line made one."""
        found: dict[int, Segment] = {}
        recent: dict[int, list[int]] = {}
        for number, segment in enumerate(self.segments):
            near = recent.setdefault(segment.group, [])
            for at in near[-8:]:
                if at in found and _adjoin(found[at], segment):
                    segment, number = _joined(found.pop(at), segment), at
            found[number] = segment
            near.append(number)
        return [found[at] for at in sorted(found)]


def corners(left: float, top: float, right: float, bottom: float) -> Corners:
    """The corners of an upright box: (4, 2) float32."""
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def _runs(line: SetLine) -> list[tuple[float, float, list[SetWord]]]:
    """Runs of words without a wide gap, and where their ink starts and ends."""
    limit = SEGMENT_GAP * (line.ascent + line.descent)
    runs = [[line.words[0]]]
    for word in line.words[1:]:
        if word.left - runs[-1][-1].right > limit:
            runs.append([])
        runs[-1].append(word)
    if len(runs) == 1:
        return [(line.ink_left, line.ink_left + line.ink.shape[1], runs[0])]
    inked = np.asarray(line.ink.any(axis=0))
    found = []
    for words in runs:
        start = max(0, int(words[0].left - line.ink_left - limit / 3))
        end = int(words[-1].right - line.ink_left + limit / 3)
        columns = np.flatnonzero(inked[start:end])
        if columns.size:
            offset = line.ink_left + start
            found.append((float(offset + columns[0]), float(offset + columns[-1] + 1), words))
    return found


def _moved(segment: Segment, turn: NDArray[np.float64], by: tuple[int, int]) -> Segment:
    def move(points: Corners) -> Corners:
        return np.asarray(points @ turn[:, :2].T + turn[:, 2] + by, np.float32)

    words = tuple((text, move(points)) for text, points in segment.words)
    return replace(segment, corners=move(segment.corners), words=words)


def _adjoin(first: Segment, second: Segment) -> bool:
    if first.ignored != second.ignored:
        return False
    (left, top), (right, bottom) = first.corners[0], first.corners[2]
    (left2, top2), (right2, bottom2) = second.corners[0], second.corners[2]
    height, height2 = bottom - top, bottom2 - top2
    if abs(first.corners[1, 1] - top) > 0.1 or abs(second.corners[1, 1] - top2) > 0.1:
        return False  # turned text stands alone
    if max(height, height2) > 1.45 * min(height, height2):
        return False
    overlap = min(bottom, bottom2) - max(top, top2)
    gap = max(left2 - right, left - right2)
    return bool(overlap > 0.7 * min(height, height2) and gap < SEGMENT_GAP * min(height, height2))


def _joined(first: Segment, second: Segment) -> Segment:
    if second.corners[0, 0] < first.corners[0, 0]:
        first, second = second, first
    both = np.concatenate([first.corners, second.corners])
    (left, top), (right, bottom) = both.min(axis=0), both.max(axis=0)
    return Segment(
        f"{first.text} {second.text}",
        corners(left, top, right, bottom),
        (*first.words, *second.words),
        first.group,
        first.ignored,
    )
