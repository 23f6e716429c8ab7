"""Whether the text layer of a page can stand for what is printed on it, and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.text_layer.ink import FAINT, PageInk
from ocr_core.text_layer.plausibility import has_implausible_font
from ocr_core.text_layer.words import Floats, LayerWords

Look = Callable[[], PageInk]


class Reason(StrEnum):
    """Why a page was read from its pixels, from its text layer, or from both."""

    NO_LAYER = "no-text-layer"
    DAMAGED = "damaged-text-layer"
    INVISIBLE = "invisible-text"
    GARBAGE = "garbage-mapping"
    DIFFERS = "layer-differs-from-ink"
    AGREES = "agrees"
    DAMAGED_PICTURE = "damaged-picture"  # a large picture is lost or cut off, whatever the layer
    ASKED = "asked-for"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What a text layer is good for.

    Attributes:
        kept: (N,) the words that stand for what is printed.
        is_all: whether they are all that the page says, beyond doubt.
    """

    reason: Reason
    kept: NDArray[np.bool_]
    is_all: bool


# Shares of a layer's characters. A layer most of which cannot be seen is an earlier reading of a
# scan; where less is hidden, what shows is kept. Bullets and icons are few of a page's characters.
MOST_HIDDEN, DOUBTFUL_HIDDEN, MOST_UNKNOWN = 0.5, 0.05, 0.15
# Words that lie on each other: a share of the word, and of the layer's characters.
_OVERLAP, MOST_OVERLAPPED = 0.4, 0.05
# A small drawing tells whether there is ink: pixels to the em of most text, and its limits.
EM_PX, LEAST_DPI, MOST_DPI = 10.0, 40.0, 140.0
MOST_PIXELS = 8e6
# A word is repeated if its middle is no further off than this share of its height.
_REPEAT = 0.25
_GRID = 2000.0  # cells across a page, at most
# What hangs over from a word's glyphs, in ems, is not ink without text.
_MARGIN = 0.12
# Groups of shapes like letters that no word explains: from so many on, they are looked at. Shorter
# ones, in ems with an em of room about them, are boxes to tick and bits of drawings.
STRANGE_GROUPS, SHORTEST_GROUP = 2, 3.0
# A picture of so much of the page, with less text than this on it, is looked at in any case.
_LARGE_PICTURE, _FEW_CHARACTERS = 0.5, 200
# Controls, private characters and those that a file does not name.
_MEANINGLESS = re.compile("[\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")


@dataclass(frozen=True, slots=True, eq=False)
class LayerPage:
    """What is known of a page before it is judged.

    Attributes:
        size: width and height in points.
        pictures: (P, 4) float32, in points.
        is_covered: (N,) whether an opaque picture was painted over a word.
    """

    words: LayerWords
    size: tuple[float, float]
    pictures: Floats
    is_covered: NDArray[np.bool_]


def judge(page: LayerPage, look: Look) -> Verdict:
    """Whether the words of a layer can be seen, mean something, and are all there is.

    Args:
        look: draws the page, at `drawing_dpi`; it is called last, and only if need be.
    """
    words = page.words
    lengths, unknown = words.lengths, unknown_characters(words)
    if not lengths.sum():
        return _refused(words, Reason.NO_LAYER)
    seen = words.is_painted & ~page.is_covered
    if lengths[~seen].sum() > MOST_HIDDEN * lengths.sum():
        return _refused(words, Reason.INVISIBLE)
    if unknown[seen].sum() > MOST_UNKNOWN * lengths[seen].sum():
        return _refused(words, Reason.GARBAGE)
    ink = look()
    seen &= ink.shows(words.boxes, FAINT)
    hidden = lengths[~seen].sum() / lengths.sum()
    if hidden > MOST_HIDDEN:
        return _refused(words, Reason.INVISIBLE)
    kept = seen & ~repeated(words)
    is_sure = hidden <= DOUBTFUL_HIDDEN and overlap(words, kept) <= MOST_OVERLAPPED
    is_all = is_sure and not has_implausible_font(words) and not _has_more(page, seen, ink)
    return Verdict(Reason.AGREES, kept, is_all)


def drawing_dpi(em: float, size: tuple[float, float]) -> float:
    """The resolution at which letters of `em` points can just be told from specks.

    Args:
        size: width and height of the page in points; a very large one is drawn coarsely.
    """
    dpi = min(max(EM_PX / max(em, 1.0) * 72, LEAST_DPI), MOST_DPI)
    area = max(size[0] * size[1] / 72**2, 1e-6)
    return float(min(dpi, (MOST_PIXELS / area) ** 0.5))


def unknown_characters(words: LayerWords) -> NDArray[np.int64]:
    """(N,) how many characters of each word mean nothing; a lone private one is an icon."""
    return np.array(
        [
            0 if len(text) == 1 and "\ue000" <= text <= "\uf8ff" else _count(text)
            for text in words.texts
        ],
        np.int64,
    )


def repeated(words: LayerWords) -> NDArray[np.bool_]:
    """(N,) whether each word stands where it stood before, as a shadow does or bold by two."""
    middles = (words.boxes[:, :2] + words.boxes[:, 2:]) / 2
    reach = np.maximum(_REPEAT * (words.boxes[:, 3] - words.boxes[:, 1]), 0.5)
    cells = np.floor(middles / reach[:, None]).astype(np.int64)
    seen: set[tuple[str, int, int]] = set()
    result = np.zeros(len(words), bool)
    for at in np.flatnonzero(crowded(words.boxes)).tolist():
        text, (x, y) = words.texts[at], cells[at].tolist()
        result[at] = (text, x, y) in seen
        seen.update((text, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
    return result


def overlap(words: LayerWords, kept: NDArray[np.bool_]) -> float:
    """The share of the characters of the kept words that lie on others of them."""
    lengths = words.lengths[kept]
    return float(lengths[crowded(words.boxes[kept])].sum() / max(lengths.sum(), 1))


def crowded(boxes: Floats) -> NDArray[np.bool_]:
    """(N,) whether much of each box, (N, 4), is shared with others."""
    if not len(boxes):
        return np.zeros(0, bool)
    scale = min(1.0, _GRID / max(float(boxes.max()), 1.0))
    x0, y0, x1, y1 = np.rint(boxes * scale).astype(int).T
    x1, y1 = np.maximum(x1, x0 + 1), np.maximum(y1, y0 + 1)
    layers = np.zeros((y1.max(), x1.max()), np.uint16)
    for left, top, right, bottom in np.stack([x0, y0, x1, y1], axis=1).tolist():
        layers[top:bottom, left:right] += 1
    sums = cv2.integral((layers > 1).view(np.uint8))
    shared = sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]
    return np.asarray(shared > _OVERLAP * (x1 - x0) * (y1 - y0), np.bool_)


def _has_more(page: LayerPage, seen: NDArray[np.bool_], ink: PageInk) -> bool:
    """Whether there may be text on the page that no word explains."""
    words = page.words
    margin = _MARGIN * words.sizes[seen, None] * np.array([[-1, -1, 1, 1]], np.float32)
    _, groups = ink.strange_shapes(words.boxes[seen] + margin, words.em)
    if (groups[:, 2] - groups[:, 0] >= SHORTEST_GROUP * words.em).sum() >= STRANGE_GROUPS:
        return True
    sides = np.prod(page.pictures[:, 2:] - page.pictures[:, :2], axis=1)
    is_scan = sides.max(initial=0) > _LARGE_PICTURE * page.size[0] * page.size[1]
    return bool(is_scan and words.lengths[seen].sum() < _FEW_CHARACTERS)


def _refused(words: LayerWords, reason: Reason) -> Verdict:
    return Verdict(reason, np.zeros(len(words), bool), is_all=False)


def _count(text: str) -> int:
    return 0 if text.isascii() and text.isprintable() else len(_MEANINGLESS.findall(text))
