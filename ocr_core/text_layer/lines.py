"""The words of a text layer as lines of a page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr_core.charset import canonical
from ocr_core.text_layer.words import SOFT_HYPHEN, UNKNOWN, Floats, LayerWords
from schemas import Box, Line, Quad, Word
from schemas.geometry import Point, Polyline

# Of a word of the layer: it is what was printed, and not a reading of it.
CONFIDENCE = 1.0
# In ems. Wider gaps part lines, as they do for the detector ...
WIDEST_GAP = 1.1
# ... and so do narrower ones where several lines begin, for these are columns or a table.
_COLUMN_GAP, _ALIGNED, _ROWS = 0.75, 0.2, 3
_BASELINE, _STEP_BACK = 0.12, 0.1
_MAX_SIZE_RATIO = 1.45
# Tall letters and hanging ones of usual faces, in ems: a line has room for both.
_ASCENT, _DESCENT = 0.70, 0.21
# A font whose glyphs are this high on average, in its ems, says its size truly.
_TRUE_SIZES = (0.25, 1.3)
# Bullets and ticks of the fonts Symbol and Wingdings, which PDFs name by their places in these.
_SYMBOLS = str.maketrans({"\uf0b7": "•", "\uf0a7": "▪", "\uf06e": "■", "\uf0fc": "✓"})


def clean(text: str) -> str:
    """A word as a recogniser would write it, without characters that mean nothing to others.

    A character that the file does not name stays as `UNKNOWN` where others stand beside it.
    """
    if text.isascii() and text.isprintable():
        return text
    known = canonical(text.translate(_SYMBOLS))
    kept = "".join(c for c in known if c.isprintable() and not "\ue000" <= c <= "\uf8ff")
    return kept if kept.strip(UNKNOWN) else ""


def make_lines(words: LayerWords, kept: NDArray[np.bool_], scale: float) -> tuple[Line, ...]:
    """The lines of a page in the order of the file, in page pixels.

    MuPDF's lines are joined where a sentence goes on, and parted where a column does.

    Args:
        kept: (N,) which words are wanted.
        scale: pixels to the point.
    """
    texts = [clean(text) for text in words.texts]
    wanted = np.flatnonzero(kept & np.array([bool(text) for text in texts], bool))
    if not len(wanted):
        return ()
    placed = _place(words, wanted, scale)
    edges = np.flatnonzero(~_continues(placed)) + 1
    return tuple(
        _line(placed, members, [texts[at] for at in wanted[members]])
        for members in np.split(np.arange(len(wanted)), edges)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """Some words as if every line ran level from left to right, in page pixels.

    Attributes:
        boxes: (N, 4) on the page.
        feet: (N, 2) points on baselines, on the page.
        turns, lines, blocks, directions, sizes: as those of `LayerWords`; sizes in pixels.
        start, end, top, bottom, baseline: (N,) along the line, and downwards across it.
        first, last: (N,) start and end in the direction of reading.
        is_broken: (N,) whether the word ends with a hyphen that only shows at the end of a line.
        has_true_sizes: whether fonts have the sizes that they say they have.
    """

    boxes: Floats
    feet: Floats
    turns: NDArray[np.int64]
    lines: NDArray[np.int32]
    blocks: NDArray[np.int32]
    directions: Floats
    sizes: Floats
    start: Floats
    end: Floats
    top: Floats
    bottom: Floats
    baseline: Floats
    first: Floats
    last: Floats
    is_broken: NDArray[np.bool_]
    has_true_sizes: bool


def _place(layer: LayerWords, words: NDArray[np.int64], scale: float) -> _Placed:
    turns, sizes = layer.turns[words], layer.sizes[words] * scale
    boxes, points = layer.boxes[words] * scale, layer.baselines[words] * scale
    left, top, right, bottom = boxes.T
    x, y = points.T
    by_turn = np.array(
        [
            (left, right, top, bottom, y),
            (-bottom, -top, left, right, x),
            (-right, -left, -bottom, -top, -y),
            (top, bottom, -right, -left, -x),
        ]
    )  # (4, 5, N)
    start, end, above, below, baseline = by_turn[np.maximum(turns, 0), :, np.arange(len(words))].T
    backwards = layer.runs_back[words]
    height = float(np.median(below - above)) / max(float(np.median(sizes)), 1e-6)
    return _Placed(
        boxes, points, turns, layer.lines[words], layer.blocks[words], layer.directions[words],
        sizes, start, end, above, below, baseline,
        first=np.where(backwards, -end, start),
        last=np.where(backwards, -start, end),
        is_broken=np.array([layer.texts[at].endswith(SOFT_HYPHEN) for at in words], bool),
        has_true_sizes=_TRUE_SIZES[0] < height < _TRUE_SIZES[1],
    )  # fmt: skip


def _continues(placed: _Placed) -> NDArray[np.bool_]:
    """(N - 1,) whether each word but the first stands on the line of the one before it."""
    smaller = np.minimum(placed.sizes[:-1], placed.sizes[1:])
    larger = np.maximum(placed.sizes[:-1], placed.sizes[1:])
    gap = placed.first[1:] - placed.last[:-1]
    drop = np.abs(np.diff(placed.baseline))
    same_line = np.diff(placed.lines) == 0
    level = (np.diff(placed.turns) == 0) & (placed.turns[1:] >= 0)
    # MuPDF now and then takes a whole paragraph for a line.
    stays = (gap <= WIDEST_GAP * smaller) & ~((gap < -larger) & (drop > 0.5 * smaller))
    joins = level & (np.diff(placed.blocks) == 0) & (drop < _BASELINE * smaller)
    joins &= (larger <= _MAX_SIZE_RATIO * smaller) & (gap >= -_STEP_BACK * smaller)
    joins &= gap < WIDEST_GAP * smaller
    after_gap = level & (gap > _COLUMN_GAP * smaller) & (drop < _BASELINE * smaller)
    goes_on = np.where(same_line, ~level | stays, joins)
    return np.asarray(goes_on & ~_begins_column(placed, after_gap), np.bool_)


def _begins_column(placed: _Placed, after_gap: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(N - 1,) whether each word but the first begins, after a gap, where others do too."""
    starts, reach = placed.first[1:], _ALIGNED * placed.sizes[1:]
    places = np.sort(starts[after_gap])
    low, high = np.searchsorted(places, starts - reach), np.searchsorted(places, starts + reach)
    return np.asarray(after_gap & (high - low >= _ROWS), np.bool_)


def _line(placed: _Placed, members: NDArray[np.int64], texts: list[str]) -> Line:
    if placed.is_broken[members[-1]]:
        texts[-1] += "-"
    turn = int(placed.turns[members[0]])
    if turn < 0:
        quad, baseline = _slanted(placed, members)
        boxes = [Box(*box) for box in placed.boxes[members].tolist()]
    else:
        top, bottom = _extent(placed, members)
        starts, ends = placed.start[members].tolist(), placed.end[members].tolist()
        quad = _turned(turn, (min(starts), top, max(ends), bottom))
        foot = _middle(placed.baseline[members])
        baseline = _on_page(turn, min(starts), foot), _on_page(turn, max(ends), foot)
        boxes = [
            Box(low, top, high, bottom)
            if turn == 0
            else _turned(turn, (low, top, high, bottom)).box
            for low, high in zip(starts, ends, strict=True)
        ]
    words = tuple(Word(text, text, box, CONFIDENCE) for text, box in zip(texts, boxes, strict=True))
    text = " ".join(texts)
    return Line(text, text, CONFIDENCE, quad, words, baseline=baseline)


def _extent(placed: _Placed, members: NDArray[np.int64]) -> tuple[float, float]:
    """Top and bottom of a line: of its glyphs, and of tall and hanging letters if it has none."""
    top, bottom = float(placed.top[members].min()), float(placed.bottom[members].max())
    if not placed.has_true_sizes:
        return top, bottom
    em, baseline = _middle(placed.sizes[members]), _middle(placed.baseline[members])
    return min(top, baseline - _ASCENT * em), max(bottom, baseline + _DESCENT * em)


def _middle(values: Floats) -> float:
    """The middle of a few values, much faster than by NumPy's median."""
    return float(sorted(values.tolist())[len(values) // 2])


def _turned(turn: int, extent: tuple[float, float, float, float]) -> Quad:
    """The quad of a line that runs from start to end, and from top to bottom across it."""
    start, top, end, bottom = extent
    corners = ((start, top), (end, top), (end, bottom), (start, bottom))
    return Quad(*(value for corner in corners for value in _on_page(turn, *corner)))


def _on_page(turn: int, along: float, across: float) -> Point:
    """A point so far along its line and so far down across it, as x and y."""
    places = (along, across), (across, -along), (-along, -across), (-across, along)
    return places[turn]


def _slanted(placed: _Placed, members: NDArray[np.int64]) -> tuple[Quad, Polyline]:
    """Quad and baseline of a line that runs at a slant, from the upright box around it."""
    boxes = placed.boxes[members]
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    direction = placed.directions[members[0]].astype(np.float64)
    height = (_ASCENT + _DESCENT) * _middle(placed.sizes[members])
    run, rise = np.abs(direction)
    # An upright box around a line of length l and height h is l run + h rise wide.
    side = int(rise > run)
    length = max((float((high - low)[side]) - height * min(run, rise)) / max(run, rise), height)
    along, across = direction * length / 2, direction[::-1] * (-1, 1) * height / 2
    middle = (low + high) / 2
    quad = Quad.from_corners(
        np.array([middle - along - across, middle + along - across,
                  middle + along + across, middle - along + across])
    )  # fmt: skip
    down = direction[::-1] * (-1, 1)
    foot = middle + down * float((placed.feet[members[0]] - middle) @ down)
    (x0, y0), (x1, y1) = (foot - along).tolist(), (foot + along).tolist()
    return quad, ((x0, y0), (x1, y1))
