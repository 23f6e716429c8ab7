"""A page of an open PDF -> the lines of its text layer that can be trusted, and why."""

# PyMuPDF says that it is typed, but most of its functions are not.
# mypy: allow-untyped-calls

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
import pymupdf
from numpy.typing import NDArray

from ocr_core import pdf_losses
from ocr_core.figures import find_figures
from ocr_core.text_layer.ink import PageInk
from ocr_core.text_layer.judging import (
    LayerPage,
    Reason,
    Verdict,
    crowded,
    drawing_dpi,
    judge,
    repeated,
)
from ocr_core.text_layer.lines import make_lines
from ocr_core.text_layer.vectors import MOST_DRAWINGS, find_rulings
from ocr_core.text_layer.words import Floats, LayerWords, read_words
from schemas import Box, Line, Ruling

Mode = Literal["auto", "use", "ignore"]

Painted = Sequence[tuple[str, tuple[float, float, float, float]]]

# Pictures smaller than this, in points, are bullets and hold no text.
_LEAST_PICTURE = 12.0


@dataclass(frozen=True, slots=True)
class LayerText:
    """What the text layer of a page gives.

    Attributes:
        lines: those that can be trusted, in pixels.
        rulings: lines drawn on the page, in pixels; none unless `is_all`.
        figures: boxes around pictures and drawings, in pixels; none unless `is_all`.
        width_px, height_px: of the page.
        is_all: whether nothing else is to be read on the page.
    """

    reason: Reason
    lines: tuple[Line, ...]
    rulings: tuple[Ruling, ...]
    figures: tuple[Box, ...]
    width_px: int
    height_px: int
    is_all: bool


def read_layer(page: pymupdf.Page, dpi: int, mode: Mode) -> LayerText:
    """The lines that stand for what is printed on a page, in its pixels at `dpi`.

    Args:
        mode: `use` takes the layer whatever it is; `auto` takes what agrees with the page's ink.
    """
    scale = dpi / 72
    size = float(page.rect.width), float(page.rect.height)
    pdf_losses.said()
    shown = page.get_displaylist()
    is_damaged = pdf_losses.tell_of_undrawn_pictures(pdf_losses.said())
    words = read_words(shown)
    look_dpi = drawing_dpi(words.em, size)
    look = cache(lambda: _look(shown, look_dpi))
    painted = page.get_bboxlog() if len(words) else []
    if not len(words):
        verdict = Verdict(Reason.NO_LAYER, np.zeros(0, bool), is_all=False)
    elif mode == "use":
        verdict = Verdict(Reason.ASKED, ~repeated(words), is_all=True)
    else:
        pictures, is_covered = find_pictures(page, words, painted)
        verdict = judge(LayerPage(words, size, pictures, is_covered), look)
        if verdict.reason is Reason.AGREES and (
            is_damaged
            or pdf_losses.loses_picture(shown, look().pixels, look_dpi / 72, pictures, words.boxes)
        ):
            verdict = replace(verdict, reason=Reason.DAMAGED_PICTURE)
    lines = make_lines(words, verdict.kept, scale)
    rulings = _rulings(page, painted, scale) if verdict.is_all else ()
    figures: tuple[Box, ...] = ()
    if verdict.is_all and _has_figures(painted):
        quads = [line.quad for line in lines]
        figures = find_figures(look().pixels, quads, rulings, dpi / look_dpi)
    return LayerText(
        reason=verdict.reason,
        lines=lines,
        rulings=rulings,
        figures=figures,
        width_px=_pixels(size[0] * scale),
        height_px=_pixels(size[1] * scale),
        is_all=verdict.is_all,
    )


def find_pictures(
    page: pymupdf.Page, words: LayerWords, painted: Painted
) -> tuple[Floats, NDArray[np.bool_]]:
    """Where a page has pictures, (P, 4) in points, and which words lie under one, (N,).

    Covered are words under a picture without transparency that was painted after the last text
    in the place: the file of a scan whose text was put below it so that it can be searched. So are
    words under a shape that has other words on it.

    Args:
        painted: what is painted on the page and where, in order.
    """
    kinds = [kind for kind, _ in painted]
    boxes, is_picture = _pictures(page, painted)
    is_text = np.array([kind.endswith("-text") for kind in kinds], bool)
    fills = np.array([kind == "fill-path" for kind in kinds], bool)
    opaque = np.array([kind == "fill-image" for kind in kinds], bool) & is_picture
    if opaque.any() and any(image[1] for image in page.get_images()):
        opaque[:] = False  # a soft mask: which of them has it is not told
    if not (opaque | fills).any():
        return boxes[is_picture], np.zeros(len(words), bool)
    middles = (words.boxes[:, :2] + words.boxes[:, 2:]) / 2
    # Below a shape there is no ink of a word, unless another word is printed on both.
    is_crowded = crowded(words.boxes)
    printed = np.full(len(words), -1)  # which of what is painted has each word, at the latest
    covered = np.zeros(len(words), bool)
    covers = np.flatnonzero(opaque | (fills & is_crowded.any())).tolist()
    for at in np.flatnonzero(is_text).tolist() if covers else ():
        printed[_holds_all(boxes[at], words.boxes)] = at
    for at in covers:
        is_below = _holds(boxes[at], middles) & (printed < at)
        covered |= is_below & (is_crowded | opaque[at])
    return boxes[is_picture], covered


def picture_boxes(page: pymupdf.Page) -> Floats:
    """Where a page has pictures: (P, 4) in points, turned by its /Rotate."""
    boxes, is_picture = _pictures(page, page.get_bboxlog())
    return boxes[is_picture]


def _pictures(page: pymupdf.Page, painted: Painted) -> tuple[Floats, NDArray[np.bool_]]:
    """The boxes of what is painted, (N, 4) in points, and which of them are pictures, (N,)."""
    boxes = _as_shown(page, np.array([box for _, box in painted], np.float32).reshape(-1, 4))
    is_picture = np.array([kind in {"fill-image", "fill-imgmask"} for kind, _ in painted], bool)
    is_picture &= (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0) > _LEAST_PICTURE
    return boxes, is_picture


def _rulings(page: pymupdf.Page, painted: Painted, scale: float) -> tuple[Ruling, ...]:
    """The lines that a page draws, unless it draws too many things to list."""
    drawings = sum(kind.endswith("-path") for kind, _ in painted)
    return find_rulings(page, scale) if 0 < drawings <= MOST_DRAWINGS else ()


def _has_figures(painted: Painted) -> bool:
    """Whether anything but text is painted, so that there may be figures."""
    return any(not kind.endswith("-text") for kind, _ in painted)


def _look(shown: pymupdf.DisplayList, dpi: float) -> PageInk:
    """The page as it looks at some resolution."""
    zoom = pymupdf.Matrix(dpi / 72, dpi / 72)
    pixmap = shown.get_pixmap(matrix=zoom, colorspace=pymupdf.csGRAY, alpha=0)
    rows = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.stride)
    return PageInk(rows[:, : pixmap.width].copy(), dpi)  # the pixmap's memory goes with it


def _pixels(length: float) -> int:
    """How many pixels MuPDF draws of a length: whole ones, but for what is lost in rounding."""
    return max(math.ceil(length - 0.001), 1)


def _as_shown(page: pymupdf.Page, boxes: Floats) -> Floats:
    """Boxes turned as the page's /Rotate wants it."""
    if page.rotation == 0:
        return boxes
    matrix = np.array([getattr(page.rotation_matrix, name) for name in "abcdef"], np.float32)
    turn, shift = matrix[:4].reshape(2, 2), matrix[4:]
    first, second = boxes[:, :2] @ turn + shift, boxes[:, 2:] @ turn + shift
    return np.concatenate([np.minimum(first, second), np.maximum(first, second)], axis=1)


def _holds(box: Floats, points: NDArray[np.floating]) -> NDArray[np.bool_]:
    return np.asarray(((points >= box[:2]) & (points <= box[2:])).all(axis=1), np.bool_)


def _holds_all(box: Floats, boxes: Floats, slack: float = 1.0) -> NDArray[np.bool_]:
    low, high = boxes[:, :2] + slack, boxes[:, 2:] - slack
    return np.asarray(((low >= box[:2]) & (high <= box[2:])).all(axis=1), np.bool_)
