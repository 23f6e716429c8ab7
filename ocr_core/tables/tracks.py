"""Rulings to tracks: all that is ruled along one level or upright line, in pieces or whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocr_core.tables.model import Piece
from schemas import Box, Ruling

Span = tuple[float, float]

# A ruling that runs through the letters of words for this share of its length strikes them
# out, or was taken for one. So much of a line's height, above and below, is not letters' middle.
MAX_STRUCK = 0.4
LETTERS = (0.2, 0.8)
UNDERLINE = 1.15
# So far from the ends of a word, in heights of its line, an upright ruling runs through it.
INSIDE = 0.3


@dataclass(frozen=True, slots=True)
class Track:
    """Where a line is ruled.

    Attributes:
        at: its y if it is level, its x if it is upright.
        spans: the parts that are ruled, from where to where along it, in order and apart.
    """

    at: float
    spans: tuple[Span, ...]

    @property
    def start(self) -> float:
        return self.spans[0][0]

    @property
    def end(self) -> float:
        return self.spans[-1][1]

    @property
    def length(self) -> float:
        return sum(end - start for start, end in self.spans)

    def covers(self, place: float) -> bool:
        """Whether it is ruled at a place along it."""
        return any(start <= place <= end for start, end in self.spans)

    def covered(self, start: float, end: float) -> float:
        """The share of a part of the line that is ruled."""
        shared = sum(max(0.0, min(end, b) - max(start, a)) for a, b in self.spans)
        return shared / (end - start) if end > start else 0.0

    def within(self, start: float, end: float) -> Track | None:
        """What of it lies within a part of the line, if anything does."""
        spans = [(max(a, start), min(b, end)) for a, b in self.spans]
        inside = tuple((a, b) for a, b in spans if b > a)
        return Track(self.at, inside) if inside else None


@dataclass(frozen=True, slots=True)
class Tracks:
    """The tracks of a page or of a part of it, each kind in order of place."""

    levels: tuple[Track, ...]
    uprights: tuple[Track, ...]

    def within(self, box: Box, room: float) -> Tracks:
        """What of them lies in a box, give or take some room."""
        levels = (
            track.within(box.left - room, box.right + room)
            for track in self.levels
            if box.top - room <= track.at <= box.bottom + room
        )
        uprights = (
            track.within(box.top - room, box.bottom + room)
            for track in self.uprights
            if box.left - room <= track.at <= box.right + room
        )
        return Tracks(
            tuple(track for track in levels if track), tuple(track for track in uprights if track)
        )


def make_tracks(rulings: Sequence[Ruling], pieces: Sequence[Piece], em: float) -> Tracks:
    """The tracks of a page; what runs through letters, and what only underlines them, is left out.

    Args:
        em: the usual height of a line, in pixels.
    """
    levels = [
        ((line.start[1] + line.end[1]) / 2, (line.start[0], line.end[0]))
        for line in rulings
        if line.is_level and not _belongs_to_words(line, pieces)
    ]
    uprights = [
        ((line.start[0] + line.end[0]) / 2, (line.start[1], line.end[1]))
        for line in rulings
        if not line.is_level and not _runs_through_words(line, pieces)
    ]
    return Tracks(_joined(levels, em), _joined(uprights, em))


def _runs_through_words(line: Ruling, pieces: Sequence[Piece]) -> bool:
    """Whether an upright ruling is made of strokes of letters that stand below each other.

    Ruled, it would be parting words from words, or be alone between rows of them.
    """
    x = (line.start[0] + line.end[0]) / 2
    top, bottom = line.start[1], line.end[1]
    struck = 0.0
    for piece in pieces:
        shared = min(piece.box.bottom, bottom) - max(piece.box.top, top)
        if shared > 0 and piece.box.left < x < piece.box.right:
            room = INSIDE * piece.box.height
            inside = any(w.box.left + room < x < w.box.right - room for w in piece.words)
            struck += shared if inside else 0.0
    return struck > MAX_STRUCK * max(bottom - top, 1.0)


def _belongs_to_words(line: Ruling, pieces: Sequence[Piece]) -> bool:
    """Whether a level ruling strikes words out, or underlines no more and no less than them."""
    left, right = line.start[0], line.end[0]
    y = (line.start[1] + line.end[1]) / 2
    struck = underlined = 0.0
    for piece in pieces:
        box = piece.box
        if not (box.top < y < box.top + UNDERLINE * box.height) or box.right < left:
            continue
        place = (y - box.top) / box.height
        for word in piece.words:
            shared = max(0.0, min(word.box.right, right) - max(word.box.left, left))
            struck += shared if LETTERS[0] < place < LETTERS[1] else 0.0
        shared = max(0.0, min(box.right, right) - max(box.left, left))
        underlined += shared if place >= LETTERS[1] else 0.0
    length = max(right - left, 1.0)
    return struck > MAX_STRUCK * length or underlined > 0.9 * length


def _joined(lines: list[tuple[float, Span]], em: float) -> tuple[Track, ...]:
    """Lines about as high as each other, such as the two of a double one, as one track."""
    tracks: list[Track] = []
    groups: list[list[tuple[float, Span]]] = []
    for at, span in sorted(lines):
        if groups and at - groups[-1][-1][0] <= 0.4 * em and at - groups[-1][0][0] <= 0.7 * em:
            groups[-1].append((at, span))
        else:
            groups.append([(at, span)])
    for group in groups:
        spans: list[Span] = []
        for start, end in sorted(span for _, span in group):
            if spans and start - spans[-1][1] <= 0.6 * em:
                spans[-1] = spans[-1][0], max(spans[-1][1], end)
            else:
                spans.append((start, end))
        weight = sum(end - start for _, (start, end) in group)
        at = sum(at * (end - start) for at, (start, end) in group) / weight
        tracks.append(Track(at, tuple(spans)))
    return tuple(tracks)
