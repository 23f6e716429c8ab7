"""By how much the rows and columns of one table slant on a page whose text runs level as a whole.

On a photograph, or where a sheet was bent or drawn askew through a scanner, what is parallel on
paper is not on the picture: a table at its foot slants otherwise than the text at its head, and
columns need not stand square on rows. White between columns then moves aside from row to row and is
lost; chunks of one row meet those of the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_core.tables.chunks import Chunk, make_chunk, make_lines
from ocr_core.tables.model import PlacedWord
from ocr_core.tables.tracks import Track, Tracks
from schemas import Box

# A slant of less than this from end to end of a table, in line heights, does no harm.
LEAST_SHIFT = 0.25
# Rows are told by so many pairs of neighbours, columns by so many edges of text, at least.
MIN_PAIRS = 6
MIN_EDGES = 12
# Columns are looked for up to so many line heights out of upright from end to end, in such steps,
# as places at which many edges lie, told apart by as much; and are found where edges gather by so
# much more than straight below each other, as in `ocr_core.level`.
MAX_LEAN = 1.5
SLICE = 0.2
CLEARER = 1.08


@dataclass(frozen=True, slots=True)
class Slant:
    """How a table lies on a level page.

    Attributes:
        rise: how far down a row runs with each pixel to the right.
        lean: how far to the right a column runs with each pixel down.
        x, y: the point that stays where it is when the table is straightened.
    """

    rise: float
    lean: float
    x: float
    y: float

    @property
    def is_none(self) -> bool:
        return not self.rise and not self.lean

    def straighten(self, chunks: Sequence[Chunk]) -> list[Chunk]:
        """The chunks as they would stand in a table whose rows are level and columns upright."""
        if self.is_none:
            return list(chunks)
        return [
            make_chunk(
                chunk.piece,
                [PlacedWord(self._moved(word.box, -1), word.text) for word in chunk.words],
            )
            for chunk in chunks
        ]

    def straighten_tracks(self, tracks: Tracks) -> Tracks:
        """The rulings, each moved by as much as what lies about its middle."""
        levels = (replace(t, at=t.at - self.rise * (_middle(t) - self.x)) for t in tracks.levels)
        uprights = (
            replace(t, at=t.at - self.lean * (_middle(t) - self.y)) for t in tracks.uprights
        )
        return Tracks(
            tuple(sorted(levels, key=lambda track: track.at)),
            tuple(sorted(uprights, key=lambda track: track.at)),
        )

    def put_back(self, box: Box) -> Box:
        """A box of the straightened table where its middle is on the page."""
        return self._moved(box, 1)

    def box_around(self, table: Box) -> Box:
        """The box on the page around all of the straightened table."""
        right, down = abs(self.lean) * table.height / 2, abs(self.rise) * table.width / 2
        return Box(table.left - right, table.top - down, table.right + right, table.bottom + down)

    def _moved(self, box: Box, way: int) -> Box:
        if self.is_none:
            return box
        x, y = box.centre
        right, down = way * self.lean * (y - self.y), way * self.rise * (x - self.x)
        return Box(box.left + right, box.top + down, box.right + right, box.bottom + down)


STRAIGHT = Slant(0.0, 0.0, 0.0, 0.0)


def _middle(track: Track) -> float:
    return (track.start + track.end) / 2


def find_slant(chunks: Sequence[Chunk], box: Box, em: float) -> Slant:
    """How the table that some chunks may be lies; none where it does no harm or cannot be told.

    Args:
        box: around the chunks.
        em: the usual height of a line, in pixels.
    """
    x, y = box.centre
    rise = _rise(chunks)
    if abs(rise) * box.width < LEAST_SHIFT * em:
        rise = 0.0
    level = Slant(rise, 0.0, x, y).straighten(chunks)
    lean = _lean(level, box.height, em)
    return Slant(rise, lean if abs(lean) * box.height >= LEAST_SHIFT * em else 0.0, x, y)


def _rise(chunks: Sequence[Chunk]) -> float:
    """The middle slope from chunk to chunk of a line, those further apart weighing more.

    Cells of wrapped text whose lines do not meet those beside them lie as often too high as too
    low, and the middle passes over them.
    """
    slopes = sorted(
        ((right.middle - left.middle) / width, width)
        for line in make_lines(chunks)
        for left, right in pairwise(line)
        if (width := right.box.centre[0] - left.box.centre[0]) > left.box.height
    )
    if len(slopes) < MIN_PAIRS:
        return 0.0
    ends = np.cumsum([width for _, width in slopes])
    return slopes[int(np.searchsorted(ends, ends[-1] / 2))][0]


def _lean(chunks: Sequence[Chunk], height: float, em: float) -> float:
    """The lean along which most edges of chunks lie below each other (after Postl, 1986)."""
    edges = np.array([(c.box.left, c.box.right, c.middle) for c in chunks])
    if 2 * len(edges) < MIN_EDGES or height < em:
        return 0.0
    xs = np.concatenate([edges[:, 0], edges[:, 1]])
    ys = np.tile(edges[:, 2], 2)
    steps = round(MAX_LEAN / SLICE)
    leans = np.arange(-steps, steps + 1) * SLICE * em / height
    gathered = [_gathering(xs - lean * ys, SLICE * em) for lean in leans]
    best = int(np.argmax(gathered))
    return float(leans[best]) if gathered[best] > CLEARER * gathered[steps] else 0.0


def _gathering(places: NDArray[np.float64], slice_px: float) -> float:
    """How much places gather in slices."""
    slices = np.floor((places - places.min()) / slice_px).astype(np.int64)
    filled = np.bincount(slices, minlength=2)
    return float(np.square(filled[:-1] + filled[1:]).sum())
