"""Line crops for the recogniser, cut out of small worn blocks of text as a detector would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.cropping import crop_quad
from ocr_core.synth import degrade, tills
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.fonts import Face
from ocr_core.synth.no_text import draw_no_text
from ocr_core.synth.screens import draw_screen
from ocr_core.synth.text import TextSource
from ocr_core.synth.typeset import LineStyle, SetLine, line_width, set_line
from schemas import Quad

Rng = np.random.Generator
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class LineSample:
    """A line crop and what it says.

    Attributes:
        pixels: (height, W) uint8, 0 black ink, 255 white paper.
        text: in the charset, without spaces at its ends; empty where there is none to read.
        taught: (T, C) float16, the log-probabilities of labels that a teacher sees at each step.
    """

    pixels: Pixels
    text: str
    taught: NDArray[np.float16] | None = None


class LineSource(Protocol):
    """Makes lines by seed, such as a `LineMaker`."""

    def make(self, seed: int, strength: float = 1.0) -> list[LineSample]: ...


@dataclass(frozen=True, slots=True)
class LineSettings:
    """How line samples are made.

    Attributes:
        height: of the crops, in pixels.
        max_width: of a crop; longer lines are not made.
        typescript: share of blocks set as by a typewriter or, a third of them, by a till.
        no_text: share of blocks that hold none, and crops labelled so.
    """

    height: int = 40
    max_width: int = 1400
    typescript: float = 0.25
    no_text: float = 0.04


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Lines below each other, as clean ink.

    Attributes:
        baseline: where lines stand, as a share of their quads' height.
        till: whether a till has set it.
    """

    ink: Pixels
    quads: list[Quad]
    texts: list[str]
    em_px: float
    baseline: float = 0.78
    till: bool = False


class LineMaker:
    """Makes line samples, a block at a time; a seed gives the same block anywhere."""

    def __init__(
        self, faces: Sequence[Face], source: TextSource, settings: LineSettings | None = None
    ) -> None:
        self._source = source
        self._settings = settings or LineSettings()
        self._any = _Choice(faces)
        typewriters = [face for face in faces if face.kind in {"typewriter", "mono"}]
        self._typewriters = _Choice(typewriters) if typewriters else self._any
        of_tills = [face for face in faces if tills.is_till_face(face)]
        self._tills = _Choice(of_tills) if of_tills else None

    def make(self, seed: int, strength: float = 1.0) -> list[LineSample]:
        """About ten lines that share face, size, paper and wear.

        Args:
            strength: of the wear, 0 to 1; 1 is what real scans show.
        """
        rng = np.random.default_rng(seed)
        till = self._tills is not None and rng.random() < self._settings.typescript / 3
        style, leading = self._till_style(rng) if till else self._style(rng)
        if rng.random() < self._settings.no_text:
            ink, quads = draw_no_text(rng, style)
            return self.cut(rng, Block(ink, quads, [""] * len(quads), style.size_px), strength)
        corpus = self._corpus(rng, style.face)
        if corpus.language == "fr":  # whose compositors leave room that is a space of the text
            style = replace(style, thin_gap=0.0)
        texts = (self._till_texts if till else self._texts)(rng, style, corpus)
        drawn = _spaced_quotes(texts) if rng.random() < 0.25 else texts
        lines = [set_line(text, _varied(style, rng), rng) for text in drawn]
        ink, quads = _block(lines, leading * style.size_px, rng)
        if rng.random() < 0.03:  # cells of tables that are shaded
            ink = np.maximum(ink, draw_screen(ink.shape, style.size_px, rng))
        baseline = lines[0].ascent / (lines[0].ascent + lines[0].descent)
        return self.cut(rng, Block(ink, quads, texts, style.size_px, baseline, till), strength)

    def _style(self, rng: Rng) -> tuple[LineStyle, float]:
        """A style, and the leading in ems."""
        size_px = int(rng.integers(36, 60))
        leading = _leading(rng)
        # What tills have not set: the rest of what is typed, in both.
        share = self._settings.typescript / 3 if self._tills else 0.0
        if rng.random() < (self._settings.typescript - share) / (1 - share):
            if rng.random() < 0.25:  # a till's own face, each character in a cell
                cell = float(rng.uniform(0.42, 0.72))
                return LineStyle(self._any.draw(rng), size_px, cell=cell), leading
            face = self._typewriters.draw(rng)
            jitter = float(rng.beta(1.5, 1.5)) if rng.random() < 0.7 else 0.0
            form = rng.random()
            slashed, ell = form < 0.3, 0.3 <= form < 0.55
            style = LineStyle(face, size_px, jitter=jitter, slashed_zero=slashed, ell_for_one=ell)
            return style, leading
        face = self._any.draw(rng)
        style = LineStyle(face, size_px, kerned=rng.random() < 0.25)
        form = rng.random()
        if form < 0.12:
            style = replace(style, kerned=False, tracking=float(rng.uniform(0.03, 0.25)))
        elif form < 0.22:
            style = replace(style, kerned=False, tracking=float(-rng.uniform(0.01, 0.04)))
        if rng.random() < 0.35:  # justified text stretches and squeezes its spaces
            style = replace(style, word_gap=float(rng.uniform(0.7, 2.4)))
        if rng.random() < 0.1:
            style = replace(style, kerned=False, jitter=float(rng.uniform(0, 0.5)))
        if rng.random() < 0.05:
            style = replace(style, kerned=False, small_caps=float(rng.uniform(0.68, 0.86)))
        if rng.random() < 0.08:
            style = replace(style, kerned=False, old_figures=True)
        if rng.random() < 0.2:
            style = replace(style, kerned=False, thin_gap=float(rng.uniform(0.1, 0.85)))
        return style, leading

    def _till_style(self, rng: Rng) -> tuple[LineStyle, float]:
        """A style of a till, and the leading in ems."""
        face = (self._tills or self._any).draw(rng)
        style = tills.till_style(face, int(rng.integers(36, 60)), rng)
        return tills.one_size(style, rng), _leading(rng)

    def _till_texts(self, rng: Rng, style: LineStyle, corpus: Corpus) -> list[str]:
        """What lines of receipts say, most of them in capitals."""
        longest = min(self._longest(style), 44)
        upper = rng.random() < 0.4
        texts = []
        for _ in range(int(rng.integers(6, 12))):
            if rng.random() < 0.7:
                n = int(rng.integers(min(8, longest), longest + 1))
                text = self._source.of_kind("till", rng, corpus, n)
            else:
                text = self._source.line(rng, _length(rng, longest), corpus)
            if upper and len(text.upper()) == len(text):
                text = text.upper()
            text = _drawable(text, style.face)
            if text and line_width(text, style) < self._widest(style):
                texts.append(text)
        return texts or ["1"]

    def _texts(self, rng: Rng, style: LineStyle, corpus: Corpus) -> list[str]:
        """What the lines of a block say: a paragraph, a column of short entries, or a mixture."""
        longest = self._longest(style)
        form = rng.random()
        texts = []
        for _ in range(int(rng.integers(6, 12))):
            if form < 0.4:
                n = int(rng.integers(longest // 2, longest + 1))
                text = self._source.running(rng, corpus, n)
            else:
                text = self._source.line(rng, _length(rng, longest), corpus)
            if form > 0.8 and not style.small_caps:
                text = text.upper() if len(text.upper()) == len(text) else text
            if style.small_caps:
                text = _with_capital(text, rng)
            text = _drawable(text, style.face)
            if text and line_width(text, style) < self._widest(style):
                texts.append(text)
        return texts or ["1"]

    def _corpus(self, rng: Rng, face: Face) -> Corpus:
        """A language that the face has the letters of, or the first one."""
        for _ in range(8):
            corpus = self._source.corpus(rng)
            if face.holds("".join(corpus.words[:200])):
                return corpus
        return self._source.first

    def _widest(self, style: LineStyle) -> float:
        """In pixels at the size of the style; an em is about 0.8 of a crop's height."""
        return self._settings.max_width / self._settings.height * style.size_px * 1.2

    def _longest(self, style: LineStyle) -> int:
        sample = "the quick brown fox jumps over"
        return int(max(6, self._widest(style) * 0.9 / (line_width(sample, style) / len(sample))))

    def cut(self, rng: Rng, block: Block, strength: float) -> list[LineSample]:
        """Wears the block, takes its picture, and cuts its lines out."""
        if block.till:
            ink = _as_till_wears(block, rng, strength)
        else:
            if rng.random() < 0.35:  # condensed and extended faces are rarer in fonts than on paper
                block = _squeezed(block, float(rng.uniform(0.55, 1.25)))
            ink = _as_print_wears(block, rng, strength)
        # Letters of few dots, which are narrow too, bear less than others.
        share = 0.75 if block.till else 1.0
        ink, scale = degrade.shrink_to_scan(ink, share * block.em_px, rng)
        pixels = degrade.scan(ink, rng, share * strength)
        if rng.random() < 0.05:
            pixels = np.asarray(cv2.bitwise_not(pixels), dtype=np.uint8)
        samples = []
        for quad, text in zip(block.quads, block.texts, strict=True):
            cut = jittered(quad, scale, rng)
            crop = crop_quad(pixels, cut, self._settings.height)
            if crop.shape[1] <= self._settings.max_width * 1.1:
                samples.append(LineSample(crop, text))
        return samples


class _Choice:
    """Draws faces by their weights; families with many faces do not crowd out the others."""

    def __init__(self, faces: Sequence[Face]) -> None:
        self._faces = list(faces)
        families: dict[str, int] = {}
        for face in faces:
            families[face.family] = families.get(face.family, 0) + 1
        weights = np.array([face.weight / families[face.family] ** 0.5 for face in faces])
        self._edges = np.cumsum(weights) / weights.sum()

    def draw(self, rng: Rng) -> Face:
        at = int(np.searchsorted(self._edges, rng.random()))
        return self._faces[min(at, len(self._faces) - 1)]


def _squeezed(block: Block, factor: float) -> Block:
    """The block at `factor` of its width and its own height."""
    height, width = block.ink.shape
    size = (max(1, round(width * factor)), height)
    ink = np.asarray(cv2.resize(block.ink, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    wide = np.array([factor, 1.0], np.float32)
    quads = [Quad.from_corners(quad.corners * wide) for quad in block.quads]
    return replace(block, ink=ink, quads=quads)


def _as_print_wears(block: Block, rng: Rng, strength: float) -> Pixels:
    """The ink of a block as presses, typewriters, matrix printers and copiers lay it."""
    ink = block.ink
    if rng.random() < 0.10 * strength:
        ink = degrade.dot_matrix(ink, rng, block.em_px)
        return _without_rows(ink, block, rng) if rng.random() < 0.4 else ink
    ink = degrade.print_ink(ink, rng, block.em_px, strength)
    return _without_rows(ink, block, rng) if rng.random() < 0.02 * strength else ink


def _as_till_wears(block: Block, rng: Rng, strength: float) -> Pixels:
    """The ink of a block as tills lay it: with dry ribbons and rows that are missing."""
    ink = degrade.print_ink(block.ink, rng, block.em_px, 0.7 * strength)
    if not 0.4 < float(ink.mean()) / max(float(block.ink.mean()), 1e-3) < 2.2:
        ink = block.ink  # strokes of few dots vanish and run together sooner than others
    if rng.random() < 0.35 * strength:
        ink = degrade.ribbon(ink, rng, block.em_px)
    return _without_rows(ink, block, rng) if rng.random() < 0.4 * strength else ink


def _without_rows(ink: Pixels, block: Block, rng: Rng) -> Pixels:
    return tills.without_rows(ink, block.quads, block.baseline, block.em_px, rng)


def _leading(rng: Rng) -> float:
    return float(rng.choice([rng.uniform(0.95, 1.25), rng.uniform(1.15, 2.0)]))


def _length(rng: Rng, longest: int) -> int:
    """Characters in a line: short ones as often as long ones, because tables and receipts are."""
    return int(np.exp(rng.uniform(np.log(2), np.log(longest + 1))))


def _with_capital(text: str, rng: Rng) -> str:
    """A text for small capitals: with none of full height beside them, they read as capitals."""
    initials = text.title() if rng.random() < 0.5 else text
    has_capital = any(character.isupper() for character in initials)
    made = initials if has_capital else text.upper()
    return made if len(made) == len(text) else text


def _drawable(text: str, face: Face) -> str:
    """What a face can draw of a text, without the double spaces that gaps would leave."""
    if face.holds(text):
        return text
    return " ".join("".join(c for c in text if c in face.characters).split())


def _spaced_quotes(texts: Sequence[str]) -> list[str]:
    """Double quotes as old compositors set them, of two single ones; they still mean one."""
    return [text.replace("“", "‘‘").replace("”", "’’") for text in texts]


def _varied(style: LineStyle, rng: Rng) -> LineStyle:
    """Now and then a line of a block is underlined."""
    return replace(style, underline=True) if rng.random() < 0.04 else style


def _block(lines: list[SetLine], pitch: float, rng: Rng) -> tuple[Pixels, list[Quad]]:
    """The ink of the lines below each other, turned a little, and the quad of each line."""
    pad = int(pitch)
    tallest = max(line.ascent for line in lines)
    width = int(max(line.width for line in lines)) + 2 * pad
    height = int(tallest + pitch * len(lines)) + 2 * pad
    ink = np.zeros((height, width), np.uint8)
    quads = []
    for i, line in enumerate(lines):
        indent = rng.uniform(0, 1.5 * pitch) if rng.random() < 0.3 else 0.0
        left = int(pad + min(indent, width - 2 * pad - line.width))
        baseline = int(pad + tallest + i * pitch)
        _paste(ink, line, left, baseline)
        quads.append(_line_quad(line, left, baseline))
    _draw_rules(ink, quads, rng)
    return turned(ink, quads, rng)


def _paste(ink: Pixels, line: SetLine, left: int, baseline: int) -> None:
    top, start = max(baseline + line.ink_top, 0), max(left + line.ink_left, 0)
    part = ink[top : top + line.ink.shape[0], start : start + line.ink.shape[1]]
    np.maximum(part, line.ink[: part.shape[0], : part.shape[1]], out=part)


def _line_quad(line: SetLine, left: int, baseline: int) -> Quad:
    x0 = left + min(line.ink_left, 0)
    x1 = left + max(line.width, line.ink_left + line.ink.shape[1])
    y0, y1 = baseline - line.ascent, baseline + line.descent
    return Quad(x0, y0, x1, y0, x1, y1, x0, y1)


def _draw_rules(ink: Pixels, quads: list[Quad], rng: Rng) -> None:
    """Rules of tables and forms, above, below or beside a line, touching it or not."""
    if rng.random() > 0.15:
        return
    thick = int(rng.integers(1, 5))
    for quad in quads:
        if rng.random() < 0.5:
            y = int(quad.y2 + rng.uniform(-0.15, 0.3) * quad.height)
            cv2.line(ink, (0, y), (ink.shape[1], y), 255, thick)
        if rng.random() < 0.2:
            x = int(quad.x0 - rng.uniform(0.1, 0.6) * quad.height)
            cv2.line(ink, (x, int(quad.y0)), (x, int(quad.y2)), 255, thick)


def turned(ink: Pixels, quads: list[Quad], rng: Rng) -> tuple[Pixels, list[Quad]]:
    """A slight turn and shear that the quads follow, and sometimes a wave that they do not."""
    if rng.random() < 0.45:
        return ink, quads
    height, width = ink.shape
    centre = (width / 2, height / 2)
    affine = cv2.getRotationMatrix2D(centre, float(np.clip(rng.normal(0, 1.0), -3, 3)), 1.0)
    affine[0, 1] += rng.normal(0, 0.04)
    turned = cv2.warpAffine(ink, affine, (width, height), flags=cv2.INTER_LINEAR)
    moved = [
        Quad.from_corners(cv2.transform(quad.corners[None].astype(np.float64), affine)[0])
        for quad in quads
    ]
    return np.asarray(turned, dtype=np.uint8), moved


def jittered(quad: Quad, scale: float, rng: Rng) -> Quad:
    """The quad as a detector might find it: a little too high, too wide, too far aside."""
    corners = (quad.corners.astype(np.float64) + 0.5) * scale - 0.5
    height = max(quad.height * scale, 1.0)
    top, bottom = np.clip(rng.normal(0, 0.06, 2), -0.16, 0.16) * height
    if rng.random() < 0.12:  # a box that a neighbour, a stamp or an accent has made too high
        top += rng.uniform(0, 0.35) * height
        bottom += rng.uniform(0, 0.35) * height
    # Cutting into a first or last letter would teach guessing; too much paper is harmless.
    left, right = rng.uniform(-0.08, 0.30, 2) * height
    tilt = rng.normal(0, 0.02) * height
    corners[:, 0] += (-left, right, right, -left)
    corners[:, 1] += (-top - tilt, -top + tilt, bottom + tilt, bottom - tilt)
    return Quad.from_corners(corners)
