"""Lines of handwriting for the recogniser, cut out of small worn blocks as a detector would."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.cropping import crop_quad
from ocr_core.recipes.handwriting.strokes import Hand, draw_hand, write
from ocr_core.synth import degrade
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.fonts import Face
from ocr_core.synth.lines import LineSample, jittered, turned
from ocr_core.synth.text import TextSource
from ocr_core.synth.typeset import LineStyle, SetLine, line_width, set_line
from schemas import Quad

Rng = np.random.Generator
Pixels = NDArray[np.uint8]

_AND = re.compile(r"\b(and|und|et)\b")
# Letters of hands are about half as high as those of print of the same em.
_HIGH = 0.5


class HandMaker:
    """Makes lines of handwriting, a block at a time; a seed gives the same block anywhere.

    Args:
        faces: of handwriting; each is as likely as any other.
        height, max_width: of the crops, in pixels; longer lines are left out.
    """

    def __init__(
        self, faces: Sequence[Face], source: TextSource, height: int = 40, max_width: int = 1400
    ) -> None:
        self._faces = list(faces)
        self._source = source
        self._height = height
        self._max_width = max_width

    def make(self, seed: int, strength: float = 1.0) -> list[LineSample]:
        """Three to eight lines in one hand, on one paper.

        Args:
            strength: of the wear, 0 to 1; 1 is what real scans show.
        """
        rng = np.random.default_rng((seed, 11))
        hand, style = draw_hand(rng), self._style(rng)
        texts = self._texts(rng, style)
        drawn = [write(set_line(text, style, rng), hand, style.size_px, rng) for text in texts]
        ink, quads = _block(drawn, hand, style.size_px, rng)
        ink, quads = turned(ink, quads, rng)
        if rng.random() < 0.3 * strength:
            ink = degrade.ribbon(ink, rng, style.size_px)  # a pen that sputters
        ink, scale = degrade.shrink_to_scan(ink, _HIGH * style.size_px, rng)
        pixels = degrade.scan(ink, rng, strength)
        crops = [crop_quad(pixels, jittered(q, scale, rng), self._height) for q in quads]
        pairs = zip(crops, texts, strict=True)
        return [LineSample(crop, text) for crop, text in pairs if crop.shape[1] <= self._max_width]

    def _style(self, rng: Rng) -> LineStyle:
        face = self._faces[int(rng.integers(len(self._faces)))]
        gap = float(rng.uniform(0.8, 2.6))
        style = LineStyle(face, int(rng.integers(44, 72)), kerned=True, word_gap=gap)
        if rng.random() < 0.25:  # hands that print: each letter by itself, here and there
            jitter, tracking = float(rng.uniform(0.2, 1.0)), float(rng.uniform(-0.01, 0.08))
            style = replace(style, kerned=False, jitter=jitter, tracking=tracking)
        return replace(style, wide=float(rng.uniform(0.75, 1.35)))

    def _texts(self, rng: Rng, style: LineStyle) -> list[str]:
        sample = "the quick brown fox jumps over"
        widest = 0.8 * self._max_width / self._height * style.size_px
        longest = int(max(6, widest / (line_width(sample, style) / len(sample))))
        corpus = self._corpus(rng, style.face)
        texts = []
        for _ in range(int(rng.integers(3, 9))):
            most = int(np.exp(rng.uniform(np.log(8), np.log(max(9, min(longest, 80))))))
            text = _drawable(self._source.line(rng, most, corpus), style.face)
            if rng.random() < 0.3 and style.face.holds("&"):
                text = _AND.sub("&", text)
            if text and line_width(text, style) < widest:
                texts.append(text)
        return texts or ["yes"]

    def _corpus(self, rng: Rng, face: Face) -> Corpus:
        """A language that the face has the letters of; every second time the first one."""
        for _ in range(4 if rng.random() < 0.5 else 0):
            corpus = self._source.corpus(rng)
            if face.holds("".join(corpus.words[:200])):
                return corpus
        return self._source.first


def _drawable(text: str, face: Face) -> str:
    """What a face can draw of a text, without the double spaces that gaps would leave."""
    return " ".join("".join(c for c in text if face.holds(c)).split())


def _block(
    lines: Sequence[SetLine], hand: Hand, em_px: float, rng: Rng
) -> tuple[Pixels, list[Quad]]:
    """The ink of lines below each other, and the quad of each; ascenders may reach the line above.

    Shapes:
        returns: (H, W) uint8, 255 full ink
    """
    pitch = round((lines[0].ascent + lines[0].descent) * rng.triangular(0.65, 1.0, 1.7))
    pad = round(1.5 * em_px)
    width = max(line.ink.shape[1] for line in lines) + 3 * pad
    height = pitch * (len(lines) + 1) + max(line.ink.shape[0] for line in lines) + 2 * pad
    ink = np.zeros((height, width), np.uint8)
    baselines = [pad + round(lines[0].ascent) + n * pitch for n in range(len(lines))]
    quads = []
    for line, baseline in zip(lines, baselines, strict=True):
        left = pad + int(rng.integers(0, pad))
        _paste(ink, line.ink, left, baseline + line.ink_top)
        quads.append(_quad(line, left, baseline, hand.slope))
    if rng.random() < 0.4:
        _underline(ink, quads, em_px, rng)
    if rng.random() < 0.2:
        _rule(ink, baselines, em_px, rng)
    return ink, quads


def _paste(ink: Pixels, part: Pixels, left: int, top: int) -> None:
    first = max(0, -top)
    space = ink[top + first : top + part.shape[0], left : left + part.shape[1]]
    np.maximum(space, part[first : first + space.shape[0], : space.shape[1]], out=space)


def _quad(line: SetLine, left: int, baseline: int, slope: float) -> Quad:
    """Around the letters of a line that falls by `slope`."""
    columns = np.flatnonzero(line.ink.any(axis=0))
    first, last = (columns[0], columns[-1] + 1) if len(columns) else (0, line.ink.shape[1])
    start, end = baseline + slope * first, baseline + slope * last
    up, down = line.ascent, line.descent
    x0, x1 = float(left + first), float(left + last)
    return Quad(x0, start - up, x1, end - up, x1, end + down, x0, start + down)


def _underline(ink: Pixels, quads: Sequence[Quad], em_px: float, rng: Rng) -> None:
    """A stroke under some words of some lines, not quite straight."""
    for quad in quads:
        if rng.random() > 0.25:
            continue
        share = float(rng.uniform(0.1, 0.4))
        start = float(rng.uniform(0, 1 - share))
        x = np.linspace(start, start + share, 12)
        bow = 0.04 * em_px * np.sin(np.linspace(0, rng.uniform(1, 5), 12) + rng.uniform(0, 6))
        across = quad.x3 + x * (quad.x2 - quad.x3)
        down = quad.y3 + x * (quad.y2 - quad.y3) - rng.uniform(-0.02, 0.14) * em_px + bow
        points = np.stack([across, down], axis=1).round().astype(np.int32)
        thick = max(1, round(em_px * rng.uniform(0.02, 0.06)))
        cv2.polylines(ink, [points], False, int(rng.integers(140, 256)), thick, cv2.LINE_AA)


def _rule(ink: Pixels, baselines: Sequence[int], em_px: float, rng: Rng) -> None:
    """Pale lines of writing paper, on the baselines or about there."""
    offset = round(rng.uniform(-0.05, 0.2) * em_px)
    grey, thick = int(rng.integers(30, 120)), int(rng.integers(1, 3))
    for baseline in baselines:
        row = np.zeros_like(ink[baseline + offset : baseline + offset + thick]) + np.uint8(grey)
        part = ink[baseline + offset : baseline + offset + thick]
        np.maximum(part, row, out=part)
