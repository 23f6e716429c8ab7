"""Pictures of one line: its crop, what the layers make of it, and the path through its labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core import reading
from ocr_core.charset import Charset
from ocr_core.ctc import BLANK
from ocr_core.explaining import drawing
from ocr_core.explaining.drawing import Picture
from ocr_core.explaining.following import Followed, FollowedLine
from ocr_core.explaining.insides import Inside, telling
from ocr_core.recogniser import STRIDE
from ocr_core.restored_lines import RestoredLine

# Steps that a picture shows, and pixels that each is wide.
STEPS, STEP_PX = 72, 12
# Left of them, for the names of rows.
MARGIN_PX = drawing.WIDTH - STEPS * STEP_PX
# Characters that a chart has rows for, and how many pixels each is high.
ROWS, ROW_PX = 22, 17
# The log-probability that is drawn black.
DARKEST = -9.0
# Channels of each stage that are shown, and how many pixels high; and so high is the row of all.
CHANNELS, CHANNEL_PX, ALL_PX = 3, 30, 64


@dataclass(frozen=True, slots=True)
class Window:
    """The steps of a line that are shown; the end is exclusive."""

    start: int
    end: int

    @property
    def columns(self) -> slice:
        """Of the crop."""
        return slice(self.start * STRIDE, self.end * STRIDE)


def choose_window(line: FollowedLine) -> Window:
    """The steps around the character that is read with the most doubt, as many as fit."""
    decoded = line.first.decoded
    least = int(np.argmin(decoded.confidences)) if decoded.text else 0
    return _window(line, decoded.starts[least] if decoded.text else 0)


def _window(line: FollowedLine, middle: int) -> Window:
    start = max(min(middle - STEPS // 2, line.steps - STEPS), 0)
    return Window(start, min(start + STEPS, line.steps))


def crop(followed: Followed, line: FollowedLine, window: Window) -> Picture:
    """The quad on the page; the whole crop; and a part of it with the network's steps."""
    pixels, quad = followed.image.pixels, line.read.quad
    box = drawing.around(quad, pixels.shape, max(quad.width + quad.height, 13 * quad.height))
    page = drawing.to_width(drawing.coloured(drawing.part(pixels, box)), drawing.WIDTH)
    factor = drawing.WIDTH / (round(box.right) - int(box.left))
    drawing.trace(page, drawing.scaled(quad, factor, int(box.left), int(box.top)), drawing.RED, 2)
    height, width = line.crop.shape
    return drawing.below(
        [
            drawing.titled(page, "on the page, with its quad"),
            drawing.titled(
                drawing.framed(_whole(line.crop)), f"the crop: {height} × {width} pixels"
            ),
            drawing.titled(
                _ticked(line, window), f"a part of it, and the steps of {STRIDE} pixels"
            ),
        ]
    )


def _strip(line: FollowedLine, window: Window) -> Picture:
    """The crop between the window's steps, `STEP_PX` to a step, under an empty margin."""
    shown = line.crop[:, window.columns]
    missing = (window.end - window.start) * STRIDE - shown.shape[1]
    shown = np.pad(shown, ((0, 0), (0, missing)), constant_values=255)
    wide = drawing.to_width(drawing.coloured(shown), shown.shape[1] * STEP_PX // STRIDE)
    return drawing.beside([drawing.blank(len(wide), MARGIN_PX), wide], gap=0)


def _ticked(line: FollowedLine, window: Window) -> Picture:
    strip = _strip(line, window)
    for step in range(window.end - window.start + 1):
        x = MARGIN_PX + step * STEP_PX
        cv2.line(strip, (x, 0), (x, len(strip)), drawing.PALE, 1)
    return strip


def features(line: FollowedLine, insides: Sequence[Inside], window: Window) -> Picture:
    """The liveliest channels of each layer along a part of the line."""
    rows = [_strip(line, window)]
    width = (window.end - window.start) * STEP_PX
    for inside in insides:
        depth, height, steps = inside.values.shape
        head = drawing.blank(20)
        text = f"{inside.name}: {depth} channels of {height} × {steps}"
        drawing.words(head, (MARGIN_PX, 2), text, drawing.GREY)
        rows.append(head)
        first, last = (round(at * steps / line.steps) for at in (window.start, window.end))
        if height == 1:
            strip = _heat_strip(inside.values[:, 0, first:last], width, ALL_PX)
            rows.append(_labelled("all", strip))
            continue
        for channel in telling(inside, CHANNELS):
            shown = inside.values[channel, :, first:last]
            rows.append(_labelled(f"{channel}", _heat_strip(shown, width, CHANNEL_PX)))
    return drawing.below(rows, gap=3)


def _heat_strip(values: NDArray[np.float32], width: int, height: int) -> Picture:
    low, high = float(values.min(initial=0)), float(values.max(initial=0))
    shown = drawing.heat((values - low) / max(high - low, 1e-6))
    return np.asarray(cv2.resize(shown, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def _labelled(name: str, strip: Picture) -> Picture:
    margin = drawing.blank(len(strip), MARGIN_PX)
    drawing.words(margin, (MARGIN_PX - 8 - drawing.words_width(name), len(strip) // 2 - 8), name)
    return drawing.beside([margin, strip], gap=0)


def path(
    line: FollowedLine, log_probabilities: NDArray[np.float32], charset: Charset, window: Window
) -> Picture:
    """The log-probabilities of characters along a part of the line, and the best path's collapse.

    Shapes:
        log_probabilities: (T, C) float32, of all steps of the line
    """
    shown = log_probabilities[window.start : window.end]
    labels = chosen_labels(shown)
    chart = _chart(shown, labels, charset)
    best = shown.argmax(axis=1).tolist()
    for step, label in enumerate(best):
        if label in labels:
            x = MARGIN_PX + round((step + 0.5) * STEP_PX)
            y = round((labels.index(label) + 0.5) * ROW_PX)
            cv2.circle(chart, (x, y), 3, (64, 208, 255), -1, cv2.LINE_AA)
    return drawing.below([_strip(line, window), chart, *_collapse(best, charset)], gap=4)


def _chart(shown: NDArray[np.float32], labels: Sequence[int], charset: Charset) -> Picture:
    """Log-probabilities of labels, (T, C), a row for each of some, with its name."""
    chart = drawing.heat(1 - shown[:, list(labels)].T / DARKEST)
    size = (len(shown) * STEP_PX, len(labels) * ROW_PX)
    chart = np.asarray(cv2.resize(chart, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    margin = drawing.blank(len(chart), MARGIN_PX)
    for row, label in enumerate(labels):
        name = name_of(label, charset)
        drawing.words(margin, (MARGIN_PX - 8 - drawing.words_width(name), row * ROW_PX), name)
    return drawing.beside([margin, chart], gap=0)


def chosen_labels(shown: NDArray[np.float32]) -> list[int]:
    """The blank and the labels that come closest to being read, in the order in which they do."""
    most = shown.max(axis=0)
    kept = [int(label) for label in np.argsort(-most, kind="stable")[:ROWS] if label != BLANK]
    when = shown.argmax(axis=0)
    return [BLANK, *sorted(kept, key=lambda label: int(when[label]))]


def name_of(label: int, charset: Charset) -> str:
    """What a chart calls a label."""
    character = "blank" if label == BLANK else charset.characters[label - 1]
    return "space" if character == " " else character


def _collapse(best: Sequence[int], charset: Charset) -> list[Picture]:
    """Three lines of text along the steps: the path, without repeats, and without blanks."""
    each, merged, final = (drawing.blank(21) for _ in range(3))
    for name, row in (("path", each), ("repeats", merged), ("blanks", final)):
        drawing.words(row, (0, 1), name, drawing.GREY)
    step = 0
    for label, run in groupby(best):
        count = len(list(run))
        sign = "–" if label == BLANK else "_" if name_of(label, charset) == "space" else ""
        sign = sign or name_of(label, charset)
        colour = (170, 170, 170) if label == BLANK else drawing.BLACK
        for own in range(step, step + count):
            drawing.words(each, (MARGIN_PX + own * STEP_PX + 2, 1), sign, colour)
        drawing.words(merged, (MARGIN_PX + step * STEP_PX + 2, 1), sign, colour)
        if label != BLANK:
            drawing.words(final, (MARGIN_PX + step * STEP_PX + 2, 1), sign, drawing.RED)
        step += count
    return [each, merged, final]


def second_reader(line: FollowedLine, charset: Charset) -> Picture:
    """What the first reader saw in the words it doubted, and what the second one saw there."""
    stretches = reading.find_stretches(line.first.decoded, line.steps)
    first = stretches[0] if stretches else None
    window = _window(line, (first.start + first.end) // 2) if first else choose_window(line)
    strip = _strip(line, window)
    if not first:
        return drawing.titled(strip, "sure enough: no word of this line was read a second time")
    for stretch in stretches:
        _mark(strip, window, (stretch.shown_start, stretch.shown_end), drawing.BLUE)
        _mark(strip, window, (stretch.start, stretch.end), drawing.RED)
    own = slice(max(first.start, window.start), min(first.end, window.end))
    before, after = line.first.log_probabilities, line.second.log_probabilities
    labels = chosen_labels(np.maximum(before[own], after[own]))[: ROWS // 2 + 3]
    parts = [drawing.titled(strip, "red: words in doubt; blue: what the second reader is shown")]
    for name, one in (("the first reader alone", line.first), ("with the second one", line.second)):
        chart = _chart(one.log_probabilities[window.start : window.end], labels, charset)
        parts.append(drawing.titled(chart, f"{name}: {one.decoded.text}"))
    return drawing.below(parts)


def restored(line: FollowedLine, restored: RestoredLine) -> Picture:
    """The crop as it was scanned, and as the restorer drew it."""
    shown = {"as it was scanned": line.crop, "as it was restored": restored.crop}
    return drawing.below(
        [drawing.titled(drawing.framed(_whole(crop)), name) for name, crop in shown.items()]
    )


def _whole(crop: NDArray[np.uint8]) -> Picture:
    """A crop in colours, made smaller if it is too wide to be shown."""
    whole = drawing.coloured(crop)
    return whole if crop.shape[1] <= drawing.WIDTH else drawing.to_width(whole, drawing.WIDTH)


def _mark(strip: Picture, window: Window, steps: tuple[int, int], colour: drawing.Colour) -> None:
    """A frame around some steps, as far as they are in the window."""
    left, right = (
        MARGIN_PX + min(max(step - window.start, 0), window.end - window.start) * STEP_PX
        for step in steps
    )
    if left < right:
        cv2.rectangle(strip, (left, 1), (right - 2, len(strip) - 2), colour, 2)
