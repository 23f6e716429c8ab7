"""The lines of a page as invisible text of a PDF page, each word on its ink."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ocr_core.exporters.glyphless import DESCENT, GlyphlessFont
from schemas import Line, Word

Floats = NDArray[np.float64]
# Lines and words without extent, which text of their own layer may have, get a little: in pixels.
_LEAST_PX = 1.0
# How steep a line may be, as the sine of its angle, for the width of a word's box to tell its run.
_STEEP = math.sqrt(0.5)
# Lines are a little askew below this, as the sine of their angle: some 8 degrees.
_ASKEW = 0.14


class Span(NamedTuple):
    """Where a word stands on its line: from `start` it runs `length` pixels along it."""

    word: Word
    start: float
    length: float


def invisible_text(
    lines: Iterable[Line], to_pdf: Floats, font: GlyphlessFont, font_name: str
) -> bytes:
    """A content stream that shows the words of lines in rendering mode 3, which paints nothing.

    The boxes of the font's glyphs fill the height of the line's quad, and each word is stretched to
    run as far as its ink does. PDF 32000-1:2008, 9.3 and 9.4.

    Shapes:
        to_pdf: (3, 3) affine, from pixels of the upright page to the PDF page's own units
    """
    shown = [_show_line(line, to_pdf, font, font_name) for line in lines if line.words]
    return "\n".join(["q 3 Tr", *shown, "Q"]).encode("ascii")


def _show_line(line: Line, to_pdf: Floats, font: GlyphlessFont, font_name: str) -> str:
    along, down = directions(line)
    axes = _level(along), _level(down)
    run, fall = (to_pdf[:2, :2] @ axis for axis in axes)
    unit, size = math.hypot(*run), max(line.quad.height, _LEAST_PX) * math.hypot(*fall)
    spans = list(spans_of(line))
    foot = axes[1] * line.quad.height * (0.5 - DESCENT)
    middles = [_middle(line) + along * (span.start + span.length / 2) for span in spans]
    starts = [
        to_pdf @ [*(middle - axes[0] * span.length / 2 + foot), 1.0]
        for middle, span in zip(middles, spans, strict=True)
    ]
    # Rows of it are the directions of the text, x to the right and y upwards, in units of the PDF.
    text_space = np.array([run / unit, -fall / math.hypot(*fall)])
    at = starts[0][:2]
    matrix = [_number(part, 4) for part in text_space.ravel()]
    parts = [f"BT /{font_name} {_number(size, 1)} Tf {' '.join(matrix)} {_numbers(at)} Tm"]
    at = np.round(at, 1)
    for span, start in zip(spans, starts, strict=True):
        moved = np.round(text_space @ (start[:2] - at), 1)
        stretch = 100 * span.length * unit / (font.width(span.word.text) * size)
        # The space that follows keeps words apart for readers that go by characters.
        shown = font.encode(span.word.text + " ")
        parts.append(f"{_numbers(moved)} Td {_number(stretch, 0)} Tz <{shown}> Tj")
        at = at + moved @ text_space  # as rounded, so that roundings do not add up along a line
    return " ".join([*parts, "ET"])


def _level(axis: Floats) -> Floats:
    """Level or upright if it is nearly so, like the glyphs that words are of.

    Readers such as poppler break words whose baseline rises by half a point from one end to the
    other. So on a line that is a little askew each word stands level, on its own baseline.
    """
    nearest = np.round(axis)
    return nearest if float(np.abs(axis - nearest).max()) < _ASKEW else axis


def directions(line: Line) -> tuple[Floats, Floats]:
    """Unit vectors along a line and down across it, x and y."""
    angle = math.radians(line.quad.angle_deg)
    along = np.array([math.cos(angle), -math.sin(angle)])
    return along, np.array([-along[1], along[0]])


def spans_of(line: Line) -> Iterator[Span]:
    """The words of a line along it, measured from the middle of its quad.

    A word's box is upright, so on a line that is not, it is wider than the word.
    """
    along, _ = directions(line)
    cosine, sine = abs(along)
    height = line.quad.height
    for word in line.words:
        if sine < _STEEP:
            length = (word.box.width - height * sine) / cosine
        else:
            length = (word.box.height - height * cosine) / sine
        length = max(float(length), _LEAST_PX)
        middle = float((np.array(word.box.centre) - _middle(line)) @ along)
        yield Span(word, middle - length / 2, length)


def _middle(line: Line) -> Floats:
    middle: Floats = line.quad.corners.astype(np.float64).mean(axis=0)
    return middle


def _numbers(values: Floats) -> str:
    return " ".join(_number(float(value), 1) for value in values)


def _number(value: float, places: int) -> str:
    """Short, never as `1e-05`, which PDF does not know, nor as `-0`."""
    written = f"{round(value, places) + 0.0:.{places}f}"
    return written.rstrip("0").rstrip(".") if places else written
