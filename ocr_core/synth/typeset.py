"""Text to clean ink: a line of text set in a face, with the place of every word known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFont

from ocr_core.synth.dots import shallow, strike
from ocr_core.synth.figures import drawn_old_style, own_old_style
from ocr_core.synth.fonts import Face, open_font
from ocr_core.synth.shapes import SHAPES, draw_shape

Ink = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class LineStyle:
    """How a line is set.

    Attributes:
        size_px: pixels to the em.
        kerned: whether words are set whole, with the face's own kerning and ligatures: several
            times slower than character by character.
        tracking: extra room after each character, in ems; only where not kerned.
        word_gap: width of a space, relative to the face's own.
        jitter: how unevenly characters are placed and inked, as by a typewriter; 0 to 1.
        underline: whether a rule is drawn below the words.
        small_caps: height of the capitals that stand for small letters, relative to the face's
            own; 0 sets small letters as such. Only where not kerned.
        thin_gap: room before `;:!?` and inside quotes, as old compositors left it, relative to a
            space; it is none of the text. Only where not kerned.
        cell: width of each character's cell, in ems, in whose middle it stands, as tills and
            matrix printers set any face; 0 leaves each character its own width. Only where not
            kerned.
        ell_for_one: whether `l` stands for every `1`, as on typewriters without that key.
        old_figures: whether digits rise and hang as small letters do. Only where not kerned.
        slashed_zero: whether a stroke crosses each zero, as printers of tills set it.
        dotted_zero: whether a dot stands in each zero.
        shallow_m: how far the middle of an M dips, relative to the face's own; only where not
            kerned.
        wide: how wide the line is drawn, relative to the face's own width.
        dots: diameter of the dots that stand for the pixels of a face that has `rows`, relative to
            their distance; 0 draws whole strokes.
    """

    face: Face
    size_px: int
    kerned: bool = False
    tracking: float = 0.0
    word_gap: float = 1.0
    jitter: float = 0.0
    underline: bool = False
    small_caps: float = 0.0
    thin_gap: float = 0.0
    slashed_zero: bool = False
    ell_for_one: bool = False
    cell: float = 0.0
    dotted_zero: bool = False
    shallow_m: float = 1.0
    wide: float = 1.0
    dots: float = 0.0
    old_figures: bool = False


@dataclass(frozen=True, slots=True)
class SetWord:
    """A word and where it runs, in pixels from the line's left end."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True, eq=False)
class SetLine:
    """A line of text as ink.

    Attributes:
        text: what it says.
        ink: (H, W) uint8, 255 where there is full ink.
        ink_left, ink_top: where the ink's first column and row stand, in pixels from the left end
            of the baseline; `ink_top` is negative.
        ascent, descent: from the baseline to the top of tall letters and to the bottom of hanging
            ones, in pixels, or to the ink where that reaches further.
        words: from left to right.
    """

    text: str
    ink: Ink
    ink_left: int
    ink_top: int
    width: float
    ascent: float
    descent: float
    words: tuple[SetWord, ...]


def set_line(text: str, style: LineStyle, rng: np.random.Generator) -> SetLine:
    """Sets one line; `text` is not empty and the face holds its characters."""
    if style.dots and style.face.rows:
        scale = style.size_px / style.face.rows
        line = _set_line(text, replace(style, size_px=style.face.rows), rng)
        return _enlarged(line, (scale * style.wide, scale), style.dots)
    line = _set_line(text, style, rng)
    return line if style.wide == 1 else _enlarged(line, (style.wide, 1.0))


def _set_line(text: str, style: LineStyle, rng: np.random.Generator) -> SetLine:
    # Set whole, a word would show the face's sign for what it lacks in place of a shape.
    whole = style.kerned and SHAPES.keys().isdisjoint(text)
    pieces, words, width = (_by_word if whole else _by_character)(text, style, rng)
    ink, left, top = _join(pieces)
    ascent, descent = _extent(style.face, style.size_px)
    if style.underline:
        ink, top = _underlined(ink, left, top, width, style.size_px)
    ink_bottom = top + ink.shape[0] if not style.underline else 0
    return SetLine(
        text, ink, left, top, width, max(ascent, -top), max(descent, ink_bottom), tuple(words)
    )


def _enlarged(line: SetLine, scale: tuple[float, float], dots: float = 0.0) -> SetLine:
    """The line at a scale across and down, its ink as dots where they have a diameter."""
    across, down = scale
    if dots:
        ink = strike(line.ink, scale, dots)
    else:
        size = (max(1, round(line.ink.shape[1] * across)), line.ink.shape[0])
        ink = np.asarray(cv2.resize(line.ink, size, interpolation=cv2.INTER_AREA), np.uint8)
    return SetLine(
        line.text,
        ink,
        round(line.ink_left * across),
        round(line.ink_top * down),
        line.width * across,
        line.ascent * down,
        line.descent * down,
        tuple(SetWord(word.text, word.left * across, word.right * across) for word in line.words),
    )


def line_width(text: str, style: LineStyle) -> float:
    """About how wide `text` comes out, in pixels."""
    font = open_font(style.face, style.size_px)
    space = _glyphs(style.face, style.size_px)[" "].advance
    if style.cell:
        return len(text) * style.cell * style.size_px * style.wide
    spaces = text.count(" ") * (style.word_gap - 1) * space
    tracking = len(text) * style.tracking * style.size_px
    return (font.getlength(text) + spaces + tracking) * style.wide


_Piece = tuple[Ink, int, int]  # ink, its left and top from the left end of the baseline


def _by_word(
    text: str, style: LineStyle, rng: np.random.Generator
) -> tuple[list[_Piece], list[SetWord], float]:
    font = open_font(style.face, style.size_px)
    space = _glyphs(style.face, style.size_px)[" "].advance * style.word_gap
    pieces, words, x = [], [], 0.0
    for word in text.split(" "):
        if not word:
            x += space
            continue
        ink, (dx, dy) = _mask(font, word)
        advance = font.getlength(word)
        pieces.append((ink, round(x) + dx, dy))
        words.append(SetWord(word, x, x + advance))
        x += advance + space
    return pieces, words, words[-1].right


def _by_character(
    text: str, style: LineStyle, rng: np.random.Generator
) -> tuple[list[_Piece], list[SetWord], float]:
    glyphs = _glyphs(style.face, style.size_px)
    tracking = style.tracking * style.size_px
    space = (style.cell * style.size_px or glyphs[" "].advance) * style.word_gap + tracking
    thin_gap = style.thin_gap * space
    pieces: list[_Piece] = []
    words: list[SetWord] = []
    x, start, word = 0.0, 0.0, ""
    for character, (right, down), weight in zip(
        text + " ", *_unevenness(len(text), style, rng), strict=True
    ):
        if character == " ":
            if word:
                words.append(SetWord(word, start, x - tracking))
            word = ""
            x += space
            start = x
            continue
        glyph = _styled(character, glyphs, style)
        ink = glyph.ink if weight >= 0.97 or not glyph.ink.size else _paler(glyph.ink, weight)
        if word and character in _GAP_BEFORE:
            x += thin_gap
        pieces.append((ink, round(x + right) + glyph.left, round(down) + glyph.top))
        x += glyph.advance + tracking + (thin_gap if character in _GAP_AFTER else 0.0)
        word += character
    return pieces, words, words[-1].right


_GAP_BEFORE = frozenset(";:!?»”")
_GAP_AFTER = frozenset("«“")
_DIGITS = frozenset("0123456789")


def _styled(character: str, glyphs: _Glyphs, style: LineStyle) -> _Glyph:
    """The glyph of a character in a style that sets some of them by another glyph."""
    if style.cell:
        return _in_cell(glyphs[character], style.cell * style.size_px)
    if style.small_caps and character.islower() and style.face.holds(character.upper()):
        capital = character.upper()
        if len(capital) == 1:
            return _glyphs(style.face, max(6, round(style.size_px * style.small_caps)))[capital]
    if style.old_figures and character in _DIGITS:
        return _old_figures(style.face, style.size_px)[character]
    if style.ell_for_one and character == "1":
        return glyphs["l"]
    if style.slashed_zero and character == "0":
        return _slashed(glyphs[character])
    if style.dotted_zero and character == "0":
        return _dotted(glyphs[character])
    if style.shallow_m < 1 and character == "M":
        return replace(glyphs[character], ink=shallow(glyphs[character].ink, style.shallow_m))
    return glyphs[character]


def _in_cell(glyph: _Glyph, width: float) -> _Glyph:
    """A glyph in the middle of a cell, squeezed where it is too wide."""
    height, wide = glyph.ink.shape
    room = max(3, round(0.94 * width))
    ink = glyph.ink
    if wide > room and height:
        ink = np.asarray(cv2.resize(ink, (room, height), interpolation=cv2.INTER_AREA), np.uint8)
    return _Glyph(ink, round((width - ink.shape[1]) / 2), glyph.top, width)


def _slashed(zero: _Glyph) -> _Glyph:
    """A zero with a stroke from its lower left to its upper right."""
    height, width = zero.ink.shape
    ink = zero.ink.copy()
    inset = 0.22 if width > 10 else 0.3  # few pixels leave no room to end within the ring
    start, end = (
        (round(width * inset), round(height * 0.82)),
        (round(width * (1 - inset)), round(height * 0.18)),
    )
    cv2.line(ink, start, end, 255, max(1, width // 7), cv2.LINE_AA)
    return replace(zero, ink=ink)


def _dotted(zero: _Glyph) -> _Glyph:
    """A zero with a dot in its middle."""
    height, width = zero.ink.shape
    ink = zero.ink.copy()
    side = max(1, width // 5)
    top, left = round((height - side) / 2), round((width - side) / 2)
    ink[top : top + side, left : left + side] = 255
    return replace(zero, ink=ink)


def _unevenness(
    n: int, style: LineStyle, rng: np.random.Generator
) -> tuple[list[tuple[float, float]], list[float]]:
    """By how much each of `n` characters, and the space after them, is misplaced and inked."""
    shake = style.jitter * style.size_px * 0.035
    offsets = np.clip(rng.normal(0, 1, (n, 2)), -2.5, 2.5) * (shake * 0.6, shake)
    weights = 1 - style.jitter * rng.random(n) ** 2 * 0.5
    return [*map(tuple, offsets.tolist()), (0.0, 0.0)], [*weights.tolist(), 1.0]


def _paler(ink: Ink, weight: float) -> Ink:
    return np.asarray(cv2.convertScaleAbs(ink, alpha=weight), np.uint8)


def _mask(
    font: ImageFont.FreeTypeFont, text: str, features: list[str] | None = None
) -> tuple[Ink, tuple[int, int]]:
    mask, offset = font.getmask2(text, mode="L", anchor="ls", features=features)
    width, height = mask.size
    # An image of it, because the mask itself gives its pixels one by one.
    ink = np.asarray(Image.Image()._new(mask), np.uint8).reshape(height, width)
    return ink, (int(offset[0]), int(offset[1]))


@dataclass(frozen=True, slots=True, eq=False)
class _Glyph:
    """A character's ink, its left and top from the pen, and how far the pen moves on."""

    ink: Ink
    left: int
    top: int
    advance: float


# A character that no face has: what it draws is what a face draws for any that it lacks.
_NOWHERE = "\U0010ffff"


def _shape(character: str, size_px: int) -> _Glyph:
    """A shape in the middle of small letters' height, with a little room about it."""
    ink = draw_shape(character, size_px)
    side = len(ink)
    room = round(0.1 * size_px)
    return _Glyph(ink, room, -round(0.33 * size_px + side / 2), side + 2.0 * room)


class _Glyphs(dict[str, _Glyph]):
    """The characters of a font, each drawn when it is first asked for."""

    def __init__(self, font: ImageFont.FreeTypeFont) -> None:
        super().__init__()
        self._font = font
        self._missing = bytes(font.getmask(_NOWHERE))

    def __missing__(self, character: str) -> _Glyph:
        ink, (left, top) = _mask(self._font, character)
        if character in SHAPES and ink.tobytes() == self._missing:
            glyph = self[character] = _shape(character, int(self._font.size))
            return glyph
        glyph = self[character] = _Glyph(ink, left, top, self._font.getlength(character))
        return glyph


@lru_cache(maxsize=64)
def _glyphs(face: Face, size_px: int) -> _Glyphs:
    return _Glyphs(open_font(face, size_px))


class _OldFigures(dict[str, _Glyph]):
    """The digits of a font in old style: its own where it has them."""

    def __init__(self, font: ImageFont.FreeTypeFont) -> None:
        super().__init__()
        self._font = font
        self._x_height = round(-font.getbbox("x", anchor="ls")[1])

    def __missing__(self, digit: str) -> _Glyph:
        own = own_old_style(self._font, digit)
        ink, (left, top) = _mask(self._font, digit, own)
        if not own:
            ink, top = drawn_old_style(digit, ink, top, self._x_height)
        glyph = self[digit] = _Glyph(ink, left, top, self._font.getlength(digit))
        return glyph


@lru_cache(maxsize=64)
def _old_figures(face: Face, size_px: int) -> _OldFigures:
    return _OldFigures(open_font(face, size_px))


@lru_cache(maxsize=1024)
def _extent(face: Face, size_px: int) -> tuple[float, float]:
    """Ascent and descent of the letters that reach furthest, in pixels from the baseline."""
    font = open_font(face, size_px)
    top = font.getbbox("bdhklH", anchor="ls")[1]
    bottom = font.getbbox("gpqyj", anchor="ls")[3]
    return float(-top), float(bottom)


def _join(pieces: Sequence[_Piece]) -> _Piece:
    """All pieces on one canvas, overlapping ones by their darker ink."""
    inked = [piece for piece in pieces if piece[0].size]
    if not inked:
        return np.zeros((1, 1), np.uint8), 0, 0
    edges = [(x, y, x + ink.shape[1], y + ink.shape[0]) for ink, x, y in inked]
    lefts, tops, rights, bottoms = zip(*edges, strict=True)
    left, top, right, bottom = min(lefts), min(tops), max(rights), max(bottoms)
    canvas = np.zeros((bottom - top, right - left), np.uint8)
    for ink, x, y in inked:
        part = canvas[y - top : y - top + ink.shape[0], x - left : x - left + ink.shape[1]]
        np.maximum(part, ink, out=part)
    return canvas, left, top


def _underlined(ink: Ink, left: int, top: int, width: float, size_px: int) -> tuple[Ink, int]:
    """The ink with a rule a tenth of an em below the baseline."""
    rule_top = round(size_px * 0.1) - top
    thick = max(1, size_px // 18)
    height = max(ink.shape[0], rule_top + thick)
    canvas = np.zeros((height, ink.shape[1]), np.uint8)
    canvas[: ink.shape[0]] = ink
    canvas[rule_top : rule_top + thick] = 255
    return canvas, top
