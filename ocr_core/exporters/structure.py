"""What the formats have in common: a page as blocks that hold their lines, and whole pixels."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from schemas import Block, Box, Failure, Line, Page, Quad, Word
from schemas.geometry import Point, Polyline

# Of a line's height: how far its baseline lies above the lower edge of its quad, where nothing
# tells. On print whose baselines a PDF tells it is .18 to .34 for quads that were detected.
DESCENT = 0.25


@dataclass(frozen=True, slots=True)
class FilledBlock:
    """A block and its lines, in reading order."""

    block: Block
    lines: tuple[Line, ...]


def fill_blocks(page: Page) -> list[FilledBlock]:
    """The blocks of a page in reading order; lines that belong to none are a last one."""
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in page.lines:
        lines[line.block_id].append(line)
    filled = [FilledBlock(block, tuple(lines.pop(block.block_id, ()))) for block in page.blocks]
    rest = [line for left in lines.values() for line in left]
    if rest:
        block_id = 1 + max((block.block_id for block in page.blocks), default=-1)
        quad = Quad.from_box(Box.around(line.quad.box for line in rest))
        text = "\n".join(line.text for line in rest)
        filled.append(FilledBlock(Block(block_id, "text", quad, text), tuple(rest)))
    return filled


def words_of(line: Line) -> tuple[Word, ...]:
    """The words of a line; of one that has none, the line as a word."""
    return line.words or (Word(line.text, line.raw_text, line.quad.box, line.confidence),)


def page_number(page: Page | Failure) -> int:
    """The number of a page, from 1; 0 for a failure of the whole source."""
    index = page.page_index if isinstance(page, Failure) else page.ref.page_index
    return 0 if index is None else index + 1


def reason_of(failure: Failure) -> str:
    """Why a page was set aside, in a line: code, stage and message."""
    return " ".join(f"{failure.code}: {failure.stage}: {failure.message}".split())


def in_comment(text: str) -> str:
    """Text as a comment of XML or HTML may hold it: as none has `--`, spaces part hyphens."""
    return re.sub(r"-(?=-)", "- ", text)


def file_name(uri: str) -> str:
    """The last part of a uri or a path."""
    return uri.rstrip("/").rpartition("/")[2]


def whole_pixels(box: Box) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the smallest box of whole pixels that holds a box."""
    left, top = math.floor(max(box.left, 0)), math.floor(max(box.top, 0))
    return left, top, max(math.ceil(box.right), left), max(math.ceil(box.bottom), top)


def baseline_of(line: Line) -> Polyline:
    """What its letters stand on: as it was seen, or where it usually is in a quad."""
    if line.baseline is not None:
        return line.baseline
    quad = line.quad
    start = _between((quad.x3, quad.y3), (quad.x0, quad.y0), DESCENT)
    end = _between((quad.x2, quad.y2), (quad.x1, quad.y1), DESCENT)
    return start, end


def descent_of(line: Line) -> float:
    """How far a line reaches below its baseline, on the average, in pixels."""
    quad, points = line.quad, np.array(baseline_of(line))
    angle = math.radians(quad.angle_deg)
    down = np.array([math.sin(angle), math.cos(angle)])
    lower = np.array([(quad.x2 + quad.x3) / 2, (quad.y2 + quad.y3) / 2])
    return float(((lower - points) @ down).mean())


def stretch_of(line: Line, words: tuple[Word, ...]) -> Line:
    """A part of a line, of some of its words that follow each other."""
    if len(words) == len(line.words):
        return line
    shares = _shares(line.quad, Box.around(word.box for word in words))
    return Line(
        text=" ".join(word.text for word in words),
        raw_text=" ".join(word.raw_text for word in words),
        confidence=min(word.confidence for word in words),
        quad=_part(line.quad, *shares),
        words=words,
        block_id=line.block_id,
        baseline=line.baseline and _part_of_polyline(line.baseline, *shares),
    )


def _shares(quad: Quad, box: Box) -> tuple[float, float]:
    """From where to where a box stands along a quad: 0 is its beginning, 1 its end."""
    run, fall = quad.x1 - quad.x0, quad.y1 - quad.y0
    square = run * run + fall * fall or 1.0
    corners = ((x, y) for x in (box.left, box.right) for y in (box.top, box.bottom))
    shares = [((x - quad.x0) * run + (y - quad.y0) * fall) / square for x, y in corners]
    start, end = (min(max(share, 0.0), 1.0) for share in (min(shares), max(shares)))
    return start, end


def _part(quad: Quad, start: float, end: float) -> Quad:
    upper = (quad.x0, quad.y0), (quad.x1, quad.y1)
    lower = (quad.x3, quad.y3), (quad.x2, quad.y2)
    return Quad(
        *_between(*upper, start),
        *_between(*upper, end),
        *_between(*lower, end),
        *_between(*lower, start),
    )


def _part_of_polyline(points: Polyline, start: float, end: float) -> Polyline:
    """From one share of its length to another."""
    xs, ys = np.array(points).T
    lengths = np.append(0, np.hypot(np.diff(xs), np.diff(ys)).cumsum())
    low, high = start * lengths[-1], end * lengths[-1]
    kept = [low, *lengths[(low < lengths) & (lengths < high)], high]
    placed = np.stack([np.interp(kept, lengths, side) for side in (xs, ys)], axis=1)
    return tuple((x, y) for x, y in placed.tolist())


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
