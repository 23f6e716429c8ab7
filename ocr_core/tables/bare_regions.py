"""Regions that no ruling marks: lines one below the other whose gaps stand below each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocr_core.tables.chunks import Chunk, Line, around, middle
from schemas import Box

Span = tuple[float, float]

# A gap is this wide, in line heights, and shares at least so much with the gaps above it.
MIN_GAP = 1.0
MIN_SHARED = 0.5
# From line to line, in line heights; so many lines of a single chunk may come in between, and so
# many of these may run across a gap, as headings do.
MAX_DISTANCE = 3.2
MAX_WRAPPED = 8
MAX_LONE = 2
# Lines with gaps, at least.
MIN_LINES = 3
# A single chunk that fills so much of the width with so many words is a line of prose.
PROSE_WIDTH = 0.65
PROSE_WORDS = 7
# A paragraph is so many lines, each so wide in line heights and of so many words, with one edge.
PARAGRAPH_LINES = 4
PARAGRAPH_WIDTH = 10.0
PARAGRAPH_WORDS = 4


def without_prose(chunks: Sequence[Chunk], em: float) -> list[Chunk]:
    """The chunks without those that are lines of a paragraph, which may stand beside a table."""
    wide = [
        chunk
        for chunk in sorted(chunks, key=lambda chunk: chunk.middle)
        if chunk.box.width >= PARAGRAPH_WIDTH * em and len(chunk.words) >= PARAGRAPH_WORDS
    ]
    stacks: list[list[Chunk]] = []
    for chunk in wide:
        own = [stack for stack in stacks[-12:] if _goes_on(stack[-1], chunk, em)]
        if own:
            own[-1].append(chunk)
        else:
            stacks.append([chunk])
    prose = {id(c) for stack in stacks if len(stack) >= PARAGRAPH_LINES for c in stack}
    return [chunk for chunk in chunks if id(chunk) not in prose]


def _goes_on(upper: Chunk, lower: Chunk, em: float) -> bool:
    """Whether a chunk is the next line of a paragraph."""
    distance = lower.middle - upper.middle
    is_flush = abs(upper.box.left - lower.box.left) <= em
    return 0.5 * em < distance <= 1.7 * em and is_flush


def find_bare_regions(lines: Sequence[Line], em: float) -> list[Box]:
    """The boxes around lines whose gaps stand below each other.

    Args:
        lines: from top to bottom; those of columns of prose side by side are apart.
        em: the usual height of a line, in pixels.
    """
    left = list(lines)
    boxes = []
    while left:
        run = _run_from(left, em)
        taken = {id(line) for line in run}
        if sum(len(line) > 1 for line in run) >= MIN_LINES:
            boxes.append(around(chunk for line in run for chunk in line))
        else:
            taken = {id(left[0])}
        left = [line for line in left if id(line) not in taken]
    return boxes


def _run_from(lines: Sequence[Line], em: float) -> list[Line]:
    """The lines that go on downwards from the first as those of one table do."""
    run = [lines[0]]
    if len(lines[0]) < 2:
        return run
    gaps = _gaps(lines[0], em)
    lone: list[Line] = []
    box = around(lines[0])
    for line in lines[1:]:
        near = around(line)
        if min(near.right, box.right) - max(near.left, box.left) <= 0:
            continue
        last = (lone or run)[-1]
        if middle(line) - middle(last) > MAX_DISTANCE * em:
            break
        if len(line) < 2:
            crossing = sum(_crosses(one, gaps) for one in [*lone, line])
            if len(lone) == MAX_WRAPPED or crossing > MAX_LONE or _is_prose(line, box):
                break
            lone.append(line)
            continue
        shared = _shared(gaps, _gaps(line, em), em)
        if not shared:
            break
        gaps = _kept(gaps, line, shared, em)
        run += [*lone, line]
        lone = []
        box = box.union(near)
    for line in lone:
        if not _is_wrapped(line, run[-1], em):
            break
        run.append(line)
    return run


def _gaps(line: Line, em: float) -> list[Span]:
    """The white between the chunks of a line."""
    spans = [(a.box.right, b.box.left) for a, b in pairwise(line)]
    return [(left, right) for left, right in spans if right - left >= MIN_GAP * em]


def _shared(gaps: Sequence[Span], others: Sequence[Span], em: float) -> list[Span]:
    """What two lists of gaps have in common."""
    both = [(max(a, c), min(b, d)) for a, b in gaps for c, d in others]
    return [(left, right) for left, right in both if right - left >= MIN_SHARED * em]


def _kept(gaps: Sequence[Span], line: Line, shared: list[Span], em: float) -> list[Span]:
    """The gaps to be met further down: those in common, and those beside the line."""
    box = around(line)
    beside = [(a, b) for a, b in gaps if b <= box.left + em or a >= box.right - em]
    new = [gap for gap in _gaps(line, em) if not any(gap[0] < b and a < gap[1] for a, b in gaps)]
    return shared + beside + new


def _crosses(line: Line, gaps: Sequence[Span]) -> bool:
    box = around(line)
    return any(box.left < left and right < box.right for left, right in gaps)


def _is_prose(line: Line, box: Box) -> bool:
    words = sum(len(chunk.words) for chunk in line)
    return words >= PROSE_WORDS and around(line).width >= PROSE_WIDTH * box.width


def _is_wrapped(line: Line, above: Line, em: float) -> bool:
    """Whether a last line of one chunk goes on with a cell that is not the first of its row."""
    chunk = line[0]
    cells = above[1:] if len(above) > 1 else above
    over = [c for c in cells if c.box.left - em <= chunk.box.left < c.box.right]
    return bool(over) and middle(line) - middle(above) < 1.6 * em
