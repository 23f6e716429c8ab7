"""Regions that rulings mark: frames and grids, and stacks of level or rows of upright rulings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr_core.tables.chunks import Chunk, around, make_lines
from ocr_core.tables.tracks import Track, Tracks
from schemas import Box

# Ends of rulings that frame one table lie this near to each other, in line heights.
SAME_END = 1.2
# Between two rulings of a stack there are no more lines of prose than this.
MAX_PROSE_LINES = 2
# Words in a chunk of prose, and the share of a stack's width that it fills.
PROSE_WORDS = 6
PROSE_WIDTH = 0.6
# Words that a passage of prose between two tables has at least.
PASSAGE_WORDS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One ruled part of a track."""

    at: float
    start: float
    end: float
    is_level: bool


def find_ruled_regions(tracks: Tracks, chunks: Sequence[Chunk], em: float) -> list[Box]:
    """The boxes that rulings mark, the larger ones first; none overlaps another by much."""
    bars = [*_bars(tracks.levels, is_level=True), *_bars(tracks.uprights, is_level=False)]
    groups = _grouped(bars, lambda a, b: _touch(a, b, em))
    boxes = [box for group in groups for box in _crossing(group, chunks, em)]
    loose = [bar for group in groups if len(group) == 1 for bar in group]
    free = [bar for bar in loose if not any(_inside(bar, box, em) for box in boxes)]
    boxes += _stacks([bar for bar in free if bar.is_level], chunks, em)
    boxes += _fences([bar for bar in free if not bar.is_level], chunks, em)
    return without_overlaps(boxes)


def without_overlaps(boxes: Iterable[Box]) -> list[Box]:
    """The boxes, the larger ones first, without those that lie in a larger one by half."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: -box.area):
        if all(box.overlap(other) < 0.5 * box.area for other in kept):
            kept.append(box)
    return kept


def _bars(tracks: Sequence[Track], is_level: bool) -> list[Bar]:
    return [Bar(t.at, start, end, is_level) for t in tracks for start, end in t.spans]


def _touch(a: Bar, b: Bar, em: float) -> bool:
    """Whether a level and an upright bar cross or meet."""
    if a.is_level == b.is_level:
        return False
    room = 0.5 * em
    return b.start - room <= a.at <= b.end + room and a.start - room <= b.at <= a.end + room


def _grouped(bars: Sequence[Bar], belong: Callable[[Bar, Bar], bool]) -> list[list[Bar]]:
    """The bars in groups of those that belong together, directly or by way of others."""
    groups: list[list[Bar]] = []
    for bar in bars:
        own = [group for group in groups if any(belong(bar, other) for other in group)]
        groups = [group for group in groups if group not in own]
        groups.append([bar, *(other for group in own for other in group)])
    return groups


def _crossing(group: Sequence[Bar], chunks: Sequence[Chunk], em: float) -> list[Box]:
    """The box around bars that cross, if it holds more than one cell's worth of text."""
    levels = [bar for bar in group if bar.is_level]
    uprights = [bar for bar in group if not bar.is_level]
    if len(levels) + len(uprights) < 3 or not levels or not uprights:
        return []
    left = min([bar.start for bar in levels] + [bar.at for bar in uprights])
    right = max([bar.end for bar in levels] + [bar.at for bar in uprights])
    top = min([bar.start for bar in uprights] + [bar.at for bar in levels])
    bottom = max([bar.end for bar in uprights] + [bar.at for bar in levels])
    box = Box(left, top, right, bottom)
    if len(levels) == 1:
        box = _with_sides(box, sorted(bar.at for bar in uprights), chunks, em)
    return [box] if len(_inside_of(chunks, box)) >= 4 and box.height > 2 * em else []


def _stacks(levels: Sequence[Bar], chunks: Sequence[Chunk], em: float) -> list[Box]:
    """Boxes from the first to the last of level bars that begin and end alike."""

    def alike(a: Bar, b: Bar) -> bool:
        return abs(a.start - b.start) < SAME_END * em and abs(a.end - b.end) < SAME_END * em

    boxes = []
    for group in _grouped(levels, alike):
        run: list[Bar] = []
        for bar in sorted(group, key=lambda bar: bar.at):
            if run and _is_prose(_between(run[-1], bar, chunks)):
                boxes += _stack(run, chunks)
                run = []
            run.append(bar)
        boxes += _stack(run, chunks)
    return boxes


def _stack(run: Sequence[Bar], chunks: Sequence[Chunk]) -> list[Box]:
    if len(run) < 2:
        return []
    left, right = min(bar.start for bar in run), max(bar.end for bar in run)
    box = Box(left, run[0].at, right, run[-1].at)
    return [box] if len(_inside_of(chunks, box)) >= 4 else []


def _between(upper: Bar, lower: Bar, chunks: Sequence[Chunk]) -> list[Chunk]:
    left, right = min(upper.start, lower.start), max(upper.end, lower.end)
    return _inside_of(chunks, Box(left, upper.at, right, lower.at))


def _is_prose(chunks: Sequence[Chunk]) -> bool:
    """Whether what stands between two rulings is running text, or nothing at all."""
    if not chunks:
        return True
    box = around(chunks)
    long = [
        c for c in chunks if len(c.words) >= PROSE_WORDS and c.box.width > PROSE_WIDTH * box.width
    ]
    is_most = len(long) > MAX_PROSE_LINES and len(long) >= 0.5 * len(chunks)
    return is_most or _has_sentences(chunks, box)


def _has_sentences(chunks: Sequence[Chunk], box: Box) -> bool:
    """Whether lines without gaps that fill the width and go on make up a passage of prose.

    A heading of rows is shorter, and what is wrapped in a cell seldom begins at the left edge.
    """
    n_words = 0
    for line in make_lines(chunks):
        chunk = line[0]
        is_flush = len(line) == 1 and chunk.box.left - box.left < chunk.box.height
        is_wide = chunk.box.width > PROSE_WIDTH * box.width and len(chunk.words) > 2
        goes_on = is_flush and (is_wide or n_words > 0)
        n_words = n_words + len(chunk.words) if goes_on else 0
        if n_words >= PASSAGE_WORDS:
            return True
    return False


def _fences(uprights: Sequence[Bar], chunks: Sequence[Chunk], em: float) -> list[Box]:
    """Boxes about upright bars side by side, with what stands left and right of them."""

    def alike(a: Bar, b: Bar) -> bool:
        return abs(a.start - b.start) < SAME_END * em and abs(a.end - b.end) < SAME_END * em

    boxes = []
    for group in _grouped(uprights, alike):
        if len(group) < 2:
            continue
        xs = sorted(bar.at for bar in group)
        top, bottom = min(bar.start for bar in group), max(bar.end for bar in group)
        box = _with_sides(Box(xs[0], top, xs[-1], bottom), xs, chunks, em)
        if len(_inside_of(chunks, box)) >= 6:
            boxes.append(box)
    return boxes


def _with_sides(box: Box, xs: Sequence[float], chunks: Sequence[Chunk], em: float) -> Box:
    """A box with the columns left and right of upright bars, none of which closes it."""
    widest = max((b - a for a, b in pairwise(xs)), default=0.0)
    reach = max(1.5 * widest, 16 * em)
    inside = _inside_of(chunks, Box(box.left - reach, box.top, box.right + reach, box.bottom))
    wide = around(inside) if inside else box
    return Box(min(wide.left, box.left), box.top, max(wide.right, box.right), box.bottom)


def _inside(bar: Bar, box: Box, em: float) -> bool:
    middle = (bar.start + bar.end) / 2
    x, y = (middle, bar.at) if bar.is_level else (bar.at, middle)
    return box.left - em <= x <= box.right + em and box.top - em <= y <= box.bottom + em


def _inside_of(chunks: Sequence[Chunk], box: Box) -> list[Chunk]:
    """The chunks whose middle lies in a box."""
    return [
        chunk
        for chunk in chunks
        if box.left <= (chunk.box.left + chunk.box.right) / 2 <= box.right
        and box.top <= chunk.middle <= box.bottom
    ]
