"""The text layer of a PDF page: its characters, and the runs of them that stand together."""

# PyMuPDF says that it is typed, but most of its functions are not.
# mypy: allow-untyped-calls

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pymupdf
from numpy.typing import NDArray

from ocr_core.charset import canonical
from ocr_core.synth.canvas import SEGMENT_GAP
from ocr_core.text_layer.words import FLAGS, SOFT_HYPHEN, UNKNOWN, Floats, quarter_turns

# Ascender to descender of a usual face, in ems: what a gap is measured by.
_LINE_EMS = 0.92
# From this gap on, in ems, MuPDF begins a new line, and what follows may be another column's.
_COLUMN_GAP_EMS = 0.75
# Baselines further apart than this, in ems, are two.
BASELINE_EMS = 0.12


@dataclass(frozen=True, slots=True, eq=False)
class TextLayer:
    """The characters of a page, in the order of the file, spaces among them.

    Coordinates are in points of the page as it is shown, from its top left.

    Attributes:
        characters: what each means; more than one letter for a ligature.
        origins: (N, 2) float32, left end of each character's baseline.
        boxes: (N, 4) float32, left, top, right, bottom: as wide as it moves the next character.
        sizes: (N,) float32, points to the em.
        fonts: (N,) int32, which of `font_names`.
        lines: (N,) int32, which of MuPDF's lines; they rise.
        turns: (lines,) int32, quarter turns anticlockwise in which a line is read; -1 for others.
        blocks: (lines,) int32, which of MuPDF's blocks.
    """

    characters: tuple[str, ...]
    origins: Floats
    boxes: Floats
    sizes: Floats
    fonts: NDArray[np.int32]
    lines: NDArray[np.int32]
    turns: NDArray[np.int32]
    blocks: NDArray[np.int32]
    font_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.characters)

    def text(self, members: NDArray[np.int64]) -> str:
        """What characters say, as a recogniser is taught to write it.

        A hyphen that is there only where a line is broken shows where it ends one. What the file
        has on two lines, and stands on one, is parted by a space.
        """
        found = [self.characters[member] for member in members]
        for at in np.flatnonzero(np.diff(self.lines[np.asarray(members)])):
            found[at] += " "
        if found and found[-1] == SOFT_HYPHEN:
            found[-1] = "-"
        return " ".join(canonical("".join(found)).split())

    def along(self, members: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
        """Where characters of one line start and end along it, and how far down it they stand."""
        turn = int(self.turns[self.lines[members[0]]])
        boxes, origins = self.boxes[members], self.origins[members]
        if turn == 0:
            return boxes[:, 0], boxes[:, 2], origins[:, 1]
        if turn == 1:
            return -boxes[:, 3], -boxes[:, 1], origins[:, 0]
        if turn == 2:
            return -boxes[:, 2], -boxes[:, 0], -origins[:, 1]
        return boxes[:, 1], boxes[:, 3], -origins[:, 0]


def read_layer(page: pymupdf.Page) -> TextLayer:
    """The text layer of a page."""
    raw = page.get_text("rawdict", flags=FLAGS)
    names: dict[str, int] = {}
    rows: list[tuple[float, ...]] = []
    characters: list[str] = []
    directions: list[tuple[float, float]] = []
    blocks: list[int] = []
    for number, block in enumerate(raw["blocks"]):
        for line in block.get("lines", ()):
            for span in line["spans"]:
                what = names.setdefault(span["font"], len(names)), len(directions), span["size"]
                for one in span["chars"]:
                    characters.append(_known(one["c"]))
                    rows.append((*what, *one["origin"], *one["bbox"]))
            directions.append(line["dir"])
            blocks.append(number)
    table = np.array(rows, np.float32).reshape(-1, 9)
    origins, boxes, headings = _as_shown(page, table, np.array(directions).reshape(-1, 2))
    return TextLayer(
        tuple(characters), origins, boxes, table[:, 2],
        table[:, 0].astype(np.int32), table[:, 1].astype(np.int32),
        quarter_turns(headings).astype(np.int32), np.array(blocks, np.int32), tuple(names),
    )  # fmt: skip


def find_pictures(page: pymupdf.Page) -> Floats:
    """Where a page has pictures, (N, 4) float32 in points as it is shown."""
    found = np.array([one["bbox"] for one in page.get_image_info()], np.float32).reshape(-1, 4)
    table = np.concatenate([np.zeros((len(found), 5), np.float32), found], axis=1)
    return _as_shown(page, table, np.zeros((0, 2)))[1]


def find_runs(layer: TextLayer) -> list[NDArray[np.int64]]:
    """The runs of characters that a detector is to find as one: members of each, in order.

    They are parted where synthetic pages part theirs: by gaps wider than about a line's height,
    and by any gap at which the lines of a table or of columns begin.
    """
    pieces = [piece for line in _lines(layer) for piece in _split(layer, line)]
    is_column = _column_starts(layer, pieces)
    runs: list[NDArray[np.int64]] = []
    for number, piece in enumerate(pieces):
        if runs and not is_column[number] and _continues(layer, runs[-1], piece):
            runs[-1] = np.concatenate([runs[-1], piece])
        else:
            runs.append(piece)
    return runs


def is_space(character: str) -> bool:
    """Whether there is nothing to see of a character."""
    return not character.strip(" \t\r\n\u00a0\u2002\u2003\u2009\u202f\u200b")


def _known(character: str) -> str:
    """The character, or a mark where the file names half of one only."""
    return UNKNOWN if "\ud800" <= character <= "\udfff" else character


def _as_shown(
    page: pymupdf.Page, table: Floats, directions: NDArray[np.float64]
) -> tuple[Floats, Floats, NDArray[np.float64]]:
    """Origins, boxes and directions, turned as the page's /Rotate wants it."""
    origins, boxes = table[:, 3:5], table[:, 5:9]
    if page.rotation == 0:
        return origins, boxes, directions
    matrix = np.array([getattr(page.rotation_matrix, name) for name in "abcdef"], np.float32)
    turn, shift = matrix[:4].reshape(2, 2), matrix[4:]
    first, second = boxes[:, :2] @ turn + shift, boxes[:, 2:] @ turn + shift
    turned = np.concatenate([np.minimum(first, second), np.maximum(first, second)], axis=1)
    return origins @ turn + shift, turned, directions @ turn


def _lines(layer: TextLayer) -> Iterator[NDArray[np.int64]]:
    """The members of each line, spaces at its ends left out."""
    edges = np.flatnonzero(np.diff(layer.lines)) + 1
    for members in np.split(np.arange(len(layer)), edges):
        inked = [at for at, member in enumerate(members) if not is_space(layer.characters[member])]
        if inked:
            yield members[inked[0] : inked[-1] + 1]


def _split(layer: TextLayer, line: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """A line's parts between wide gaps; MuPDF now and then takes a whole paragraph for a line."""
    inked = np.array([m for m in line if not is_space(layer.characters[m])])
    start, end, down = layer.along(inked)
    em = float(np.median(layer.sizes[inked]))
    is_edge = start[1:] - end[:-1] > SEGMENT_GAP * _LINE_EMS * em
    is_edge |= (start[1:] < end[:-1] - em) & (np.abs(np.diff(down)) > 0.5 * em)
    first = 0
    for at in [*np.flatnonzero(is_edge), len(inked) - 1]:
        low, high = np.searchsorted(line, (inked[first], inked[at]))
        yield line[low : high + 1]
        first = at + 1


def _column_starts(layer: TextLayer, pieces: Sequence[NDArray[np.int64]]) -> list[bool]:
    """Whether each piece begins, after a gap, where pieces of two other lines do too."""
    starts = [float(layer.along(piece[:1])[0][0]) for piece in pieces]
    sizes = [float(layer.sizes[piece[0]]) for piece in pieces]
    after_gap = [False] * min(len(pieces), 1) + [
        _gap(layer, before, piece) > _COLUMN_GAP_EMS * size
        for before, piece, size in zip(pieces, pieces[1:], sizes[1:], strict=False)
    ]
    places = np.sort([start for start, is_after in zip(starts, after_gap, strict=True) if is_after])

    def neighbours(start: float, reach: float) -> int:
        return int(np.diff(np.searchsorted(places, (start - reach, start + reach)))[0])

    return [
        is_after and neighbours(start, 0.2 * size) >= 3
        for start, size, is_after in zip(starts, sizes, after_gap, strict=True)
    ]


def _gap(layer: TextLayer, first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """From the end of one piece to the start of the next on its line; -inf on another line."""
    ends, starts = first[-1:], second[:1]
    if layer.turns[layer.lines[ends[0]]] != layer.turns[layer.lines[starts[0]]]:
        return -math.inf
    (_, end, above), (start, _, below) = layer.along(ends), layer.along(starts)
    size = float(layer.sizes[starts[0]])
    return float(start[0] - end[0]) if abs(above[0] - below[0]) < BASELINE_EMS * size else -math.inf


def _continues(layer: TextLayer, first: NDArray[np.int64], second: NDArray[np.int64]) -> bool:
    """Whether a piece goes on where the one before it ended."""
    before, after = layer.lines[first[-1]], layer.lines[second[0]]
    if layer.blocks[before] != layer.blocks[after] or layer.turns[after] < 0:
        return False
    sizes = np.median(layer.sizes[first]), np.median(layer.sizes[second])
    if max(sizes) > 1.45 * min(sizes):
        return False
    widest = SEGMENT_GAP * _LINE_EMS * float(min(sizes))
    return -0.1 * float(min(sizes)) <= _gap(layer, first, second) < widest
