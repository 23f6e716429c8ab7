"""Words to chunks, and chunks to lines: what may be cells, and what stands on one baseline."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ocr_core.gutters import neighbours
from ocr_core.tables.model import Piece, PlacedWord
from ocr_core.tables.tracks import Track
from schemas import Box

# Words further apart than this share of the line's height need not belong to one run of text: a
# space is a fifth of it, and twice that in justified text. Where spaces are wider, as on
# typewriters, what counts is how wide they are on the page; but beyond the last there is no run.
CHUNK_GAP = 0.75
CHUNK_SPACES = 1.7
MAX_CHUNK_GAP = 1.2
# Words this far apart do not if something else speaks for it, too.
LEAST_GAP = 0.32
# Where one of them is a number they may stand still closer, as where columns of numbers meet.
NUMBER_GAP = 0.12
# So far beside a gap the edge of a column may lie that falls into it: words are framed loosely.
NEAR_GAP = 0.2

# Signs that stand before their number.
CURRENCIES = frozenset("$€£¥")

_NUMBER = re.compile(r"[(\[<>=~±+\-–—−$€£¥]*\s*\d[\d\s.,:/'’%-]*[)\]%*°€$£]*[a-zA-Z]{0,3}\.?")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Words of one piece that stand close together.

    Attributes:
        piece: its number.
        words: from left to right, at least one.
    """

    piece: int
    words: tuple[PlacedWord, ...]
    box: Box

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def middle(self) -> float:
        return (self.box.top + self.box.bottom) / 2

    @property
    def is_number(self) -> bool:
        """Whether it is a number, perhaps with a unit; a date is one, too."""
        return bool(_NUMBER.fullmatch(self.text)) or not any(map(str.isalnum, self.text))


Line = list[Chunk]


def make_chunk(piece: int, words: Sequence[PlacedWord]) -> Chunk:
    """A chunk around some words."""
    return Chunk(piece, tuple(words), Box.around(word.box for word in words))


def make_chunks(pieces: Sequence[Piece], uprights: Sequence[Track]) -> list[Chunk]:
    """The chunks of all pieces, parted by wide gaps and by upright rulings."""
    chunks: list[Chunk] = []
    widest = min(MAX_CHUNK_GAP, max(CHUNK_GAP, CHUNK_SPACES * _usual_space(pieces)))
    for number, piece in enumerate(pieces):
        words = sorted(piece.words, key=lambda word: word.box.left)
        if not words:
            continue
        gap = widest * piece.box.height
        run = [words[0]]
        for last, word in pairwise(words):
            is_parted = _gap(last, word) > gap or _is_of_next(last, word)
            if is_parted or any(_parts(track, last, word) for track in uprights):
                chunks.append(make_chunk(number, run))
                run = []
            run.append(word)
        chunks.append(make_chunk(number, run))
    return chunks


def _usual_space(pieces: Sequence[Piece]) -> float:
    """The middle space between words of a page, in line heights."""
    spaces = sorted(
        (right.box.left - left.box.right) / piece.box.height
        for piece in pieces
        for left, right in pairwise(piece.words)
    )
    return spaces[len(spaces) // 2] if spaces else 0.0


def _is_of_next(last: PlacedWord, word: PlacedWord) -> bool:
    """Whether a currency sign stands behind a number that it does not belong to."""
    ends = word.text in CURRENCIES and last.text.rstrip(")%")[-1:].isdigit()
    return ends and _gap(last, word) > LEAST_GAP * word.box.height


def _parts(upright: Track, left: PlacedWord, right: PlacedWord) -> bool:
    """Whether a ruling runs down between two words."""
    box = right.box
    room = 0.15 * box.height
    is_there = left.box.right - room <= upright.at <= max(left.box.right, box.left) + room
    return is_there and upright.covers((box.top + box.bottom) / 2)


def split_at(chunk: Chunk, places: Sequence[float]) -> list[Chunk]:
    """The chunk in parts where one of some places falls into a gap that is wider than a space."""
    parts: list[list[PlacedWord]] = [[chunk.words[0]]]
    for index, (last, word) in enumerate(pairwise(chunk.words)):
        room = NEAR_GAP * chunk.box.height
        left, right = last.box.right - room, word.box.left + room
        if any(left <= place <= right for place in places) and _is_wide(chunk, index):
            parts.append([])
        parts[-1].append(word)
    return [make_chunk(chunk.piece, words) for words in parts] if len(parts) > 1 else [chunk]


def _is_wide(chunk: Chunk, index: int) -> bool:
    """Whether the gap behind a word is wider than the other gaps of its chunk."""
    gaps = [_gap(left, right) for left, right in pairwise(chunk.words)]
    own = gaps.pop(index)
    least = LEAST_GAP * chunk.box.height
    beside = chunk.words[index : index + 2]
    if any(word.text[-1:].isdigit() or word.text[:1].isdigit() for word in beside):
        return own >= NUMBER_GAP * chunk.box.height
    return own >= max(1.3 * statistics.median(gaps), least) if gaps else own >= least


def _gap(left: PlacedWord, right: PlacedWord) -> float:
    return right.box.left - left.box.right


def make_lines(chunks: Sequence[Chunk]) -> list[Line]:
    """Chunks on one baseline, from top to bottom and from left to right."""
    if len(chunks) < 2:
        return [[chunk] for chunk in chunks]
    boxes = np.array([(c.box.left, c.box.top, c.box.right, c.box.bottom) for c in chunks])
    follower = {int(i): int(j) for i, j in neighbours(boxes, min_overlap=0.5)}
    lines = []
    for first in sorted(set(range(len(chunks))) - set(follower.values())):
        line = [first]
        while line[-1] in follower:
            line.append(follower[line[-1]])
        lines.append([chunks[number] for number in line])
    return sorted(lines, key=middle)


def middle(line: Line) -> float:
    """The height at which a line stands on the page."""
    return sum(chunk.middle for chunk in line) / len(line)


def around(chunks: Iterable[Chunk]) -> Box:
    """The box around some chunks, of which there is at least one."""
    return Box.around(chunk.box for chunk in chunks)
