"""The words of a PDF page's text layer: what they say, where they stand, how they are drawn."""

# PyMuPDF says that it is typed, but most of its functions are not.
# mypy: allow-untyped-calls

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray

from ocr_core.text_layer.spaces import Span, has_gaps, part_words

Floats = NDArray[np.float32]

# What MuPDF is to leave out are guesses at characters that the file does not name. Boxes are those
# of the glyphs' outlines: what fonts say of their own height is often that of a line, or nothing.
FLAGS = (
    pymupdf.TEXT_PRESERVE_LIGATURES
    | pymupdf.TEXT_PRESERVE_WHITESPACE
    | pymupdf.TEXT_MEDIABOX_CLIP
    | pymupdf.TEXT_ACCURATE_BBOXES
)
# After a ligature MuPDF misses the space, so it is told to write letters.
_WORD_FLAGS = FLAGS & ~pymupdf.TEXT_PRESERVE_LIGATURES
UNKNOWN = "\ufffd"
SOFT_HYPHEN = "\u00ad"
# Of a span: its outlines are filled, or their edges are drawn. One with neither is render mode 3.
_FILLED, _STROKED, _CLIPPED = 16, 32, 64
_SURROGATES = re.compile("[\ud800-\udfff]")
# Directions that differ from level or upright by less than this, as a sine, do not slant.
_LEVEL = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class LayerWords:
    """N words in the order of the file, in points of the page as it is shown, from its top left.

    Attributes:
        texts: as the file has them, half characters replaced by `UNKNOWN`.
        boxes: (N, 4) float32, left, top, right, bottom of the glyphs.
        lines: (N,) int32, which of MuPDF's lines; they rise.
        blocks: (N,) int32, which of MuPDF's blocks.
        directions: (N, 2) float32, x and y of where the line runs, of length 1.
        baselines: (N, 2) float32, a point on the baseline.
        sizes: (N,) float32, points to the em.
        fonts: (N,) int32, which font.
        runs_back: (N,) bool, whether the word is read from right to left.
        is_painted: (N,) bool, whether the file asks for it to be seen.
    """

    texts: tuple[str, ...]
    boxes: Floats
    lines: NDArray[np.int32]
    blocks: NDArray[np.int32]
    directions: Floats
    baselines: Floats
    sizes: Floats
    fonts: NDArray[np.int32]
    runs_back: NDArray[np.bool_]
    is_painted: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """(N,) characters of each."""
        return np.array([len(text) for text in self.texts], np.int64)

    @property
    def turns(self) -> NDArray[np.int64]:
        """(N,) quarter turns anticlockwise in which each is read; -1 for those at a slant."""
        return quarter_turns(self.directions)

    @property
    def em(self) -> float:
        """The size of the middle character, in points; 0 without words."""
        if not len(self):
            return 0.0
        order = np.argsort(self.sizes, kind="stable")
        ends = np.cumsum(self.lengths[order])
        return float(self.sizes[order][int(np.searchsorted(ends, ends[-1] / 2))])


def read_words(page: pymupdf.DisplayList) -> LayerWords:
    """The words of a page, form fields and annotations among them; what lies off it is left out.

    MuPDF tells words with their boxes, and spans with their styles; asking for each character
    instead would take five times as long.
    """
    by_outline, by_advance = (
        pymupdf.TextPage(page.get_textpage(flags))
        for flags in (_WORD_FLAGS, _WORD_FLAGS & ~pymupdf.TEXT_ACCURATE_BBOXES)
    )
    # By outlines, lines of nothing but spaces are empty, and left out: then numbers differ.
    lines = _Lines(by_advance.extractDICT()["blocks"])
    rows = part_words(by_outline.extractWORDS(), lines.gappy)
    found = [word for word in rows if word[5:7] in lines.numbers]
    boxes = np.array([word[:4] for word in found], np.float32).reshape(-1, 4)
    has_outline = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
    if not has_outline.all():  # as in fonts that are made to be invisible
        plain = {word[5:]: word[:4] for word in by_advance.extractWORDS()}
        for at in np.flatnonzero(~has_outline).tolist():
            boxes[at] = plain.get(found[at][5:], found[at][:4])
    left, top, right, bottom = page.rect
    boxes = np.clip(boxes, (left, top, left, top), (right, bottom, right, bottom))
    numbers = np.array([lines.numbers[word[5:7]] for word in found], np.int32)
    spans = lines.spans_at(numbers, (boxes[:, :2] + boxes[:, 2:]) / 2)
    return LayerWords(
        texts=tuple(_SURROGATES.sub(UNKNOWN, word[4]) for word in found),
        boxes=boxes,
        lines=numbers,
        blocks=np.array([word[5] for word in found], np.int32),
        directions=lines.directions[numbers],
        baselines=lines.origins[spans],
        sizes=lines.sizes[spans],
        fonts=lines.fonts[spans],
        runs_back=lines.runs_back[spans],
        is_painted=lines.is_painted[spans],
    )


def quarter_turns(directions: NDArray[np.floating]) -> NDArray[np.int64]:
    """(N,) quarter turns anticlockwise of directions, (N, 2); -1 for those at a slant."""
    x, y = directions.T
    turns = np.full(len(x), -1, np.int64)
    for turn, (along, across) in enumerate(((x, y), (-y, x), (-x, y), (y, x))):
        turns[(along > 0) & (np.abs(across) < _LEVEL)] = turn
    return turns


class _Lines:
    """MuPDF's lines and their spans, as arrays.

    Attributes:
        numbers: (block, line in the block) -> which line of the page.
        gappy: block and line -> the spans of level lines in which a space is missing.
        directions: (lines, 2) float32.
        origins, sizes, fonts, runs_back, is_painted: of each span; see `LayerWords`.
    """

    def __init__(self, blocks: list[dict[str, Any]]) -> None:
        self.numbers: dict[tuple[int, int], int] = {}
        self.gappy: dict[tuple[int, int], list[Span]] = {}
        directions: list[tuple[float, float]] = []
        rows: list[tuple[float, ...]] = []
        names: dict[str, int] = {}
        for block in blocks:
            for at, line in enumerate(block.get("lines", ())):
                number = self.numbers[block["number"], at] = len(directions)
                directions.append(line["dir"])
                if line["dir"] == (1, 0) and has_gaps(line["spans"]):
                    self.gappy[block["number"], at] = line["spans"]
                for span in line["spans"]:
                    font = names.setdefault(span["font"], len(names))
                    rows.append((number, font, span["size"], span["bidi"], _paint(span),
                                 *span["origin"], *span["bbox"]))  # fmt: skip
        table = np.array(rows, np.float64).reshape(-1, 11)
        self.directions = np.array(directions, np.float32).reshape(-1, 2)
        self.fonts = table[:, 1].astype(np.int32)
        self.sizes = table[:, 2].astype(np.float32)
        self.runs_back = table[:, 3] % 2 == 1
        self.is_painted = table[:, 4] > 0
        self.origins = table[:, 5:7].astype(np.float32)
        self._lines = table[:, 0].astype(np.int64)
        self._starts = self._along(self._lines, table[:, 5:7])
        self._order = np.lexsort((self._starts, self._lines))

    def spans_at(self, lines: NDArray[np.int32], points: NDArray[np.floating]) -> NDArray[np.int64]:
        """(N,) the span of a line, (N,), in which a point, (N, 2), lies."""
        if not len(lines):
            return np.zeros(0, np.int64)
        along = self._along(lines, points)
        # One scale for all lines, each further along than the whole of the one before.
        values = np.concatenate([along, self._starts])
        low, reach = values.min(), np.ptp(values) + 1
        keys = (self._starts - low + self._lines * reach)[self._order]
        found = np.searchsorted(keys, along - low + lines * reach, side="right") - 1
        first = np.searchsorted(self._lines[self._order], lines)
        return np.asarray(self._order[np.maximum(found, first)], np.int64)

    def _along(
        self, lines: NDArray[np.integer], points: NDArray[np.floating]
    ) -> NDArray[np.float64]:
        return np.asarray((self.directions[lines] * points).sum(axis=1), np.float64)


def _paint(span: dict[str, Any]) -> bool:
    """Whether a span is to be seen, as far as its own settings tell."""
    return bool(span["char_flags"] & (_FILLED | _STROKED | _CLIPPED)) and span["alpha"] > 0
