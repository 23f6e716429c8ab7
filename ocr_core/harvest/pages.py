"""A PDF page as ground truth: its lines with their places, as far as they can be trusted."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ocr_core.charset import Charset
from ocr_core.harvest.ink import Extents
from ocr_core.harvest.text import BASELINE_EMS, TextLayer, find_runs, is_space
from ocr_core.synth.no_text import MIN_RULE, RULE_SIGNS
from ocr_core.text_layer.ink import FAINT, PageInk
from ocr_core.text_layer.words import UNKNOWN, Floats

# Refused are pages with less text than this, in characters.
_LEAST_TEXT = 30
# Shares of a page's area, and of its characters.
_MOST_PICTURE, _MOST_HIDDEN, _MOST_STRANGE, _LEAST_READABLE = 0.5, 0.05, 0.15, 0.5
# Pictures narrower than this, in points, are bullets.
_LEAST_PICTURE = 12.0
_MOST_UNKNOWN = 0.3  # of a line's characters
# Long arrows are made of a dash and a short one.
_LONG_ARROWS = ("-→", "←-")


class Use(IntEnum):
    """What a line is good for."""

    READ = 0  # to find and to read
    FOUND = 1  # to find; what it says is not sure, or cannot be written in the charset
    IGNORED = 2  # neither; a detector may find it or not


@dataclass(frozen=True, slots=True, eq=False)
class HarvestedPage:
    """What stands where on a page of a PDF.

    Attributes:
        path: of the PDF.
        size: width and height in points.
        texts: of N lines.
        corners: (N, 4, 2) float32, clockwise from each line's own top left, in points.
        uses: (N,) uint8, of `Use`.
        ems: (N,) float32, size of the type, in points.
        fonts: in which most of each line is set.
    """

    path: str
    page_index: int
    size: tuple[float, float]
    texts: tuple[str, ...]
    corners: Floats
    uses: NDArray[np.uint8]
    ems: Floats
    fonts: tuple[str, ...]

    @property
    def font(self) -> str:
        """In which most of its lines are set."""
        return Counter(self.fonts).most_common(1)[0][0]

    @property
    def em(self) -> float:
        """The size of the middle line that can be read, in points."""
        return float(np.median(self.ems[self.uses == Use.READ]))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a page is not used."""

    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class OpenPage:
    """What is known of a page before it is judged.

    Attributes:
        size: width and height in points.
        pixels: (H, W) uint8, at `text_layer.ink.DPI`.
        pictures: (N, 4) float32, in points.
    """

    path: str
    page_index: int
    size: tuple[float, float]
    layer: TextLayer
    pixels: NDArray[np.uint8]
    pictures: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A line on its way: how it can be used, and what of it shows."""

    text: str
    corners: Floats
    use: Use
    em: float
    members: NDArray[np.int64]


def judge_page(page: OpenPage, extents: Extents, charset: Charset) -> HarvestedPage | Refusal:
    """The lines of a page, or why it is not to be used."""
    layer = page.layer
    inked = np.array([not is_space(character) for character in layer.characters], bool)
    if inked.sum() < _LEAST_TEXT:
        return Refusal("too little text")
    if _covered(page) > _MOST_PICTURE:
        return Refusal("scan or background picture")
    ink, boxes = PageInk(page.pixels), _ink_boxes(layer, extents)
    shown, faint = ink.shows(boxes), ink.shows(boxes, FAINT)
    if (inked & ~faint).sum() > _MOST_HIDDEN * inked.sum():
        return Refusal("hidden text")
    em = float(np.median(layer.sizes[inked]))
    shapes, strange = ink.strange_shapes(
        np.concatenate([boxes[inked], page.pictures, _accent_room(layer, boxes, inked)]), em
    )
    if shapes > _MOST_STRANGE * inked.sum() + 10:
        return Refusal("ink without text")
    lines = []
    for members in find_runs(layer):
        line = _line((layer, ink), members, extents, charset)
        own = members[inked[members]]
        if faint[own].mean() < 0.5:
            continue
        if shown[own].mean() < 0.9:
            line = _ignored(line)
        lines.append(line)
    lines = _apart(lines, page.pictures)
    readable = sum(len(line.text) for line in lines if line.use == Use.READ)
    if readable < _LEAST_READABLE * sum(len(line.text) for line in lines):
        return Refusal("few characters of the charset")
    return _gathered(page, lines, np.concatenate([page.pictures, strange]))


def without(page: HarvestedPage, doubtful: NDArray[np.bool_]) -> HarvestedPage | Refusal:
    """The page with some of its lines, (N,), no more to be read."""
    uses = np.where(doubtful & (page.uses == Use.READ), Use.FOUND, page.uses).astype(np.uint8)
    lengths = np.array([len(text) for text in page.texts])
    if lengths[uses == Use.READ].sum() < _LEAST_READABLE * lengths.sum():
        return Refusal("text that differs from its ink")
    return replace(page, uses=uses)


def _covered(page: OpenPage) -> float:
    """The share of the page that its largest picture takes."""
    width, height = page.size
    if not len(page.pictures):
        return 0.0
    edges = np.clip(page.pictures, 0, (width, height, width, height))
    areas = (edges[:, 2] - edges[:, 0]) * (edges[:, 3] - edges[:, 1])
    return float(areas.max()) / (width * height)


def _ink_boxes(layer: TextLayer, extents: Extents) -> Floats:
    """Where the ink of each character should be, (N, 4)."""
    boxes = layer.boxes.copy()
    turns = layer.turns[layer.lines]
    reach = np.array(
        [
            (extent.top, extent.bottom)
            for extent in (
                extents.of_character(layer.font_names[font], character)
                for font, character in zip(layer.fonts, layer.characters, strict=True)
            )
        ],
        np.float32,
    ).reshape(-1, 2)
    above, below = (reach * layer.sizes[:, None]).T
    x, y = layer.origins.T
    for turn, (low, high, first, last) in enumerate(
        ((1, 3, y - above, y + below), (0, 2, x - above, x + below),
         (1, 3, y - below, y + above), (0, 2, x - below, x + above))
    ):  # fmt: skip
        of_turn = turns == turn
        boxes[of_turn, low], boxes[of_turn, high] = first[of_turn], last[of_turn]
    return boxes


def _accent_room(layer: TextLayer, boxes: Floats, inked: NDArray[np.bool_]) -> Floats:
    """Boxes a little larger than the characters': what hangs over from them is theirs."""
    by = 0.12 * layer.sizes[inked, None] * np.array([[-1, -1, 1, 1]], np.float32)
    return np.asarray(boxes[inked] + by, np.float32)


def _line(
    page: tuple[TextLayer, PageInk],
    members: NDArray[np.int64],
    extents: Extents,
    charset: Charset,
) -> _Line:
    layer, ink = page
    turn = int(layer.turns[layer.lines[members[0]]])
    own = np.array([member for member in members if not is_space(layer.characters[member])])
    em = float(np.median(layer.sizes[own]))
    text = layer.text(members)
    if turn < 0:
        left, top = layer.boxes[own, :2].min(axis=0)
        right, bottom = layer.boxes[own, 2:].max(axis=0)
        return _Line(text, _corners(left, top, right, bottom), Use.IGNORED, em, own)
    start, end, down = layer.along(own)
    baseline = float(np.median(down))
    above, below = _reach(layer, own, extents, down - baseline)
    low, high = float(start.min()), float(end.max())
    if turn == 0:
        reach = 0.12 * em
        low, high = ink.ends((low, baseline - above, high, baseline + below), reach)
    corners = _turned(_corners(low, baseline - above, high, baseline + below), turn)
    off = np.abs(down - baseline) > BASELINE_EMS * em
    if off.mean() > 0.3 or not _is_text(text):
        use = Use.IGNORED
    elif turn > 1 or off.any() or not _is_plain(text, charset) or _runs_back(start, end, em):
        use = Use.FOUND
    else:
        use = Use.READ
    return _Line(text, corners, use, em, own)


def _reach(
    layer: TextLayer, own: NDArray[np.int64], extents: Extents, down: Floats
) -> tuple[float, float]:
    """How far a line's box reaches above and below its baseline: to its fonts' ends or further."""
    fonts, counts = np.unique(layer.fonts[own], return_counts=True)
    em = {font: float(np.median(layer.sizes[own[layer.fonts[own] == font]])) for font in fonts}
    least = min(0.15 * len(own), counts.max())
    main = [font for font, count in zip(fonts, counts, strict=True) if count >= least]
    usual = [(extents.of_font(layer.font_names[font]), em[font]) for font in main]
    above = max(extent.top * size for extent, size in usual)
    below = max(extent.bottom * size for extent, size in usual)
    for member, by in zip(own, down, strict=True):
        font, size = layer.font_names[layer.fonts[member]], float(layer.sizes[member])
        extent = extents.of_character(font, layer.characters[member])
        above = max(above, extent.top * size - float(by))
        below = max(below, extent.bottom * size + float(by))
    return above, below


def _is_text(text: str) -> bool:
    """Whether there are letters to find: neither icons and other unknown signs, nor a rule."""
    is_rule = len(text) >= MIN_RULE and not text.strip(RULE_SIGNS + " ")
    strange = sum(unicodedata.category(c) in {"Co", "Cn", "Cc"} or c == UNKNOWN for c in text)
    return not is_rule and strange <= _MOST_UNKNOWN * len(text)


def _is_plain(text: str, charset: Charset) -> bool:
    """Whether a text can be written, and is not letterspaced so that its words fall apart."""
    if not text or not charset.holds(text) or any(arrow in text for arrow in _LONG_ARROWS):
        return False
    words = [word for word in text.split() if any(character.isalpha() for character in word)]
    single = sum(len(word) == 1 for word in words)
    return len(words) < 4 or single < 0.6 * len(words)


def _runs_back(start: Floats, end: Floats, em: float) -> bool:
    """Whether characters are not in the order in which they stand, or stand on each other."""
    return bool((start[1:] < start[:-1] + 0.2 * (end[:-1] - start[:-1]) - 0.05 * em).any())


def _corners(left: float, top: float, right: float, bottom: float) -> Floats:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def _turned(corners: Floats, turn: int) -> Floats:
    """Corners along and down a line, on the page."""
    along, down = corners.T
    x, y = ((along, down), (down, -along), (-along, -down), (-down, along))[turn]
    return np.stack([x, y], axis=1).astype(np.float32)


def _ignored(line: _Line) -> _Line:
    return _Line(line.text, line.corners, Use.IGNORED, line.em, line.members)


def _apart(lines: Sequence[_Line], pictures: Floats) -> list[_Line]:
    """The lines, those ignored that lie on each other or on a picture."""
    corners = np.array([line.corners for line in lines]).reshape(-1, 4, 2)
    boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    over = _overlaps(boxes, boxes)
    np.fill_diagonal(over, 0)
    on_picture = _overlaps(boxes, pictures)
    bad = np.asarray((over > 0.35).any(axis=1) | (on_picture > 0.2).any(axis=1))
    return [
        _ignored(line) if is_bad else line for line, is_bad in zip(lines, bad.tolist(), strict=True)
    ]


def _overlaps(first: Floats, second: Floats) -> NDArray[np.float64]:
    """(N, M): the area that boxes share, as a share of the smaller one's."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    areas = [
        np.prod(np.clip(boxes[:, 2:] - boxes[:, :2], 1e-3, None), axis=1)
        for boxes in (first, second)
    ]
    return np.asarray(shared / np.minimum(areas[0][:, None], areas[1][None, :]), np.float64)


def _gathered(page: OpenPage, lines: Sequence[_Line], masks: Floats) -> HarvestedPage:
    """The page with its lines, and what else is to be ignored as lines without text."""
    layer = page.layer
    large = masks[(masks[:, 2:] - masks[:, :2]).max(axis=1, initial=0) > _LEAST_PICTURE]
    corners = [line.corners for line in lines] + [_corners(*box) for box in large]
    uses = [int(line.use) for line in lines] + [int(Use.IGNORED)] * len(large)
    ems = [line.em for line in lines] + [float(np.median([line.em for line in lines]))] * len(large)
    fonts = [layer.font_names[np.bincount(layer.fonts[line.members]).argmax()] for line in lines]
    return HarvestedPage(
        page.path, page.page_index, page.size,
        tuple(line.text for line in lines) + ("",) * len(large),
        np.array(corners, np.float32), np.array(uses, np.uint8), np.array(ems, np.float32),
        (*fonts, *[""] * len(large)),
    )  # fmt: skip
