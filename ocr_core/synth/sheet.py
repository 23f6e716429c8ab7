"""A sheet of paper and the hand that sets type on it: what all layouts share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeVar

import numpy as np

from ocr_core.synth.canvas import Canvas
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.fonts import Face, FontKind, open_font
from ocr_core.synth.photos import PhotoAlbum
from ocr_core.synth.screens import draw_screen
from ocr_core.synth.text import TextSource
from ocr_core.synth.typeset import LineStyle, set_line

Align = Literal["left", "right", "centre", "justify"]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Pen:
    """How running text is set.

    Attributes:
        leading: from baseline to baseline, in ems.
        tint: 255 full ink; less is grey; below 0 takes ink away, for light text on dark.
        indents: by how much a paragraph's first lines start further right, in ems.
        hyphenates: whether words are broken at line ends.
    """

    style: LineStyle
    leading: float = 1.25
    align: Align = "left"
    tint: int = 255
    indents: tuple[float, ...] = ()
    hyphenates: bool = False

    @property
    def em(self) -> int:
        return self.style.size_px

    def aligned(self, align: Align) -> Pen:
        """The pen, aligning that way."""
        return replace(self, align=align)

    def tracked(self, ems: float) -> Pen:
        """The pen, letterspaced."""
        return replace(self, style=replace(self.style, tracking=ems))

    def sized(self, factor: float) -> Pen:
        """The pen at another size."""
        size = max(7, round(self.style.size_px * factor))
        return replace(self, style=replace(self.style, size_px=size))

    @property
    def pitch(self) -> float:
        """From baseline to baseline, in pixels."""
        return self.leading * self.style.size_px


@dataclass(frozen=True, slots=True)
class Column:
    """Where lines may run, in pixels."""

    left: float
    right: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


class FaceShelf:
    """Faces by kind, drawn by their weight."""

    def __init__(self, faces: Sequence[Face]) -> None:
        self._by_kind: dict[FontKind, list[Face]] = {}
        for face in faces:
            self._by_kind.setdefault(face.kind, []).append(face)
        self._all = list(faces)

    def draw(self, rng: np.random.Generator, kinds: Sequence[FontKind]) -> Face:
        faces = [face for kind in kinds for face in self._by_kind.get(kind, ())] or self._all
        edges = np.cumsum([face.weight for face in faces])
        return faces[int(np.searchsorted(edges, rng.random() * edges[-1]))]


@dataclass(slots=True, eq=False)
class Sheet:
    """One page in the making.

    Attributes:
        dpi: canvas pixels to the inch.
        smallest_px: ems smaller than this would be too small to read once scanned.
        album: photographs to be printed, if there are any.
    """

    canvas: Canvas
    rng: np.random.Generator
    shelf: FaceShelf
    source: TextSource
    corpus: Corpus
    dpi: float
    smallest_px: float
    album: PhotoAlbum | None = None

    @property
    def width(self) -> int:
        return self.canvas.width

    @property
    def height(self) -> int:
        return self.canvas.height

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def count(self, low: int, high: int) -> int:
        """From `low` to `high`, both included."""
        return int(self.rng.integers(low, high + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        return items[int(self.rng.integers(len(items)))]

    def align(self, *choices: Align) -> Align:
        """One of several ways to align."""
        return self.pick(choices)

    def px(self, points: float) -> float:
        """Points in pixels."""
        return points * self.dpi / 72

    def points(self, px: float) -> float:
        """Pixels in points."""
        return px * 72 / self.dpi

    def pen(self, points: float, kinds: Sequence[FontKind] = ("text",)) -> Pen:
        """A pen of about this size; typewriters get uneven, few faces get letterspaced."""
        size = self.px(points)
        if size < self.smallest_px and not self.chance(0.08):
            size = self.smallest_px * self.between(1.0, 1.25)
        face = self.shelf.draw(self.rng, kinds)
        jitter = self.between(0.1, 1.0) if face.kind == "typewriter" and self.chance(0.7) else 0.0
        gap = 1.0 if face.kind in ("mono", "typewriter") else self.between(0.85, 1.35)
        style = LineStyle(face, max(5, round(size)), word_gap=gap, jitter=jitter)
        return Pen(style, leading=self.leading())

    def leading(self) -> float:
        """Mostly 1.1 to 1.4 ems; some text is set tight and some wide."""
        form = self.rng.random()
        if form < 0.15:
            return self.between(0.98, 1.1)
        return self.between(1.1, 1.4) if form < 0.8 else self.between(1.4, 1.9)

    def text(self, kind: str, pen: Pen, n: int) -> str:
        """About `n` characters of one kind of text that the pen's face can draw; never empty."""
        if kind == "running":
            drawn = self.source.running(self.rng, self.corpus, n)
        else:
            drawn = self.source.of_kind(kind, self.rng, self.corpus, n)
        return self.drawable(drawn, pen)

    def drawable(self, text: str, pen: Pen) -> str:
        """What the pen's face can draw of a text, spaces tidied; a number where that is nothing."""
        face = pen.style.face
        if not face.holds(text):
            text = "".join(character for character in text if character in face.characters)
        return " ".join(text.split()) or str(self.rng.integers(10, 999))

    def write(
        self, text: str, pen: Pen, x: float, baseline: float, align: Align | None = None
    ) -> float:
        """Sets one line from, to or about `x`; gives its width."""
        line = set_line(text, pen.style, self.rng)
        align = align or pen.align
        shift = {"right": line.width, "centre": line.width / 2}.get(align, 0.0)
        self.canvas.put(line, x - shift, baseline, pen.tint)
        return line.width

    def rule(self, column: Column, y: float, points: float = 0.6) -> None:
        """A level rule across a column."""
        self.canvas.rule((column.left, y), (column.right, y), self.px(points))

    def shade(self, box: tuple[float, float, float, float], em_px: float, darkness: int) -> None:
        """A grey panel behind text of some size: a tone, or a quarter of the time dots."""
        if self.chance(0.75):
            self.canvas.fill(box, darkness)
            return
        left, top, right, bottom = (max(0, round(edge)) for edge in box)
        if right > left and bottom > top:
            screen = draw_screen((bottom - top, right - left), em_px, self.rng)
            self.canvas.stamp(screen, left, top)

    def fit(self, text: str, pen: Pen, width: float) -> str:
        """The first words of `text` that fit into a width, the first one cut where it must."""
        return " ".join(break_lines(text.split(), pen, width)[0])

    def place(self, text: str, pen: Pen, column: Column, baseline: float) -> float:
        """Sets what fits of one line into a column by the pen's alignment; gives its width."""
        text = self.fit(text, pen, column.width)
        x = {"right": column.right, "centre": column.middle}
        return self.write(text, pen, x.get(pen.align, column.left), baseline)

    def paragraph(
        self, text: str, pen: Pen, column: Column, y: float, bottom: float = 1e9
    ) -> float:
        """Sets a paragraph with its top at `y`, down to `bottom` at most; gives where it ends."""
        lines = break_lines(text.split(), pen, column.width)
        for number, words in enumerate(lines):
            if y + pen.pitch > bottom:
                break
            left = column.left + indent_px(pen, number)
            baseline = y + pen.pitch / 2 + 0.3 * pen.em
            is_last = number == len(lines) - 1
            self._set(
                words, pen if not is_last else _ragged(pen), Column(left, column.right), baseline
            )
            y += pen.pitch
        return y

    def _set(self, words: Sequence[str], pen: Pen, column: Column, baseline: float) -> None:
        if pen.align == "justify":
            pen = _justified(pen, words, column.width)
        x = {"right": column.right, "centre": column.middle}
        self.write(" ".join(words), pen, x.get(pen.align, column.left), baseline)


def indent_px(pen: Pen, line: int) -> float:
    """By how much a paragraph's line starts further right, in pixels; lines count from 0."""
    return pen.indents[line] * pen.em if line < len(pen.indents) else 0.0


def _ragged(pen: Pen) -> Pen:
    return replace(pen, align="left") if pen.align == "justify" else pen


def _justified(pen: Pen, words: Sequence[str], width: float) -> Pen:
    """The pen with spaces as wide as make the words fill the width, within reason."""
    style = pen.style
    wider = 0.0
    if len(words) > 1:
        free = width - natural_width(words, style)
        space = max(advance(style.face, style.size_px, " "), 1.0)
        wider = style.word_gap + free / (len(words) - 1) / space
        # a gap as wide as the line is high would read as the end of a segment
        if wider * space > 0.95 * pen.em:
            wider = 0.0
    if wider < 0.4:
        return _ragged(pen)
    return replace(pen, style=replace(style, word_gap=wider), align="left")


def natural_width(words: Sequence[str], style: LineStyle) -> float:
    """The width of a line of words as `set_line` sets it, in pixels."""
    spaces = len(words) - 1
    tracking = style.tracking * style.size_px
    space = advance(style.face, style.size_px, " ") * style.word_gap + tracking
    return sum(word_width(word, style) for word in words) + spaces * space


def word_width(word: str, style: LineStyle) -> float:
    """The width of one word set character by character, in pixels."""
    width = sum(advance(style.face, style.size_px, character) for character in word)
    return width + len(word) * style.tracking * style.size_px


@lru_cache(maxsize=16384)
def advance(face: Face, size_px: int, character: str) -> float:
    """How far a character moves the next one, in pixels."""
    return open_font(face, size_px).getlength(character)


def break_lines(words: Sequence[str], pen: Pen, width: float) -> list[list[str]]:
    """Words by line; words wider than a line are cut."""
    style = pen.style
    space = advance(style.face, style.size_px, " ") * style.word_gap
    space += style.tracking * style.size_px
    lines: list[list[str]] = [[]]
    free = width - indent_px(pen, 0)
    waiting = list(reversed(words))
    while waiting:
        word = waiting.pop()
        needs = word_width(word, style)
        if needs <= free:
            lines[-1].append(word)
            free -= needs + space
            continue
        head = _head(word, pen, free)
        if not lines[-1]:
            head = head or word[: max(1, int(len(word) * free / needs))]
            word = word[len(head) :]
            lines[-1].append(head)
        elif head:
            word = word[len(head) :]
            lines[-1].append(head + "-")
        if word:
            waiting.append(word)
        free = width - indent_px(pen, len(lines))
        lines.append([])
    return [line for line in lines if line] or [["-"]]


def _head(word: str, pen: Pen, free: float) -> str:
    """What of a word fits on a line before a hyphen; nothing if it had better not be broken."""
    if not (pen.hyphenates and len(word) > 5 and word.isalpha()):
        return ""
    free -= word_width("-", pen.style)
    keep = len(word) - 2
    while keep > 1 and word_width(word[:keep], pen.style) > free:
        keep -= 1
    return word[:keep] if keep > 1 else ""
