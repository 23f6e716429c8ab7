"""The rulings of a PDF page, from its drawing commands: exact, and faster than to look for them."""

# PyMuPDF says that it is typed, but most of its functions are not.
# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pymupdf

from schemas import Ruling

# In points: the shortest ruling and the thickest; anything thicker is a bar or a panel.
SHORTEST, THICKEST = 10.0, 4.0
# A rise of no more than this share of its length is level.
_SLOPE = 0.02
_WHITE = 0.97
# Maps and plots have more drawings than this; to list them takes seconds, and they are no tables.
MOST_DRAWINGS = 3000

Segment = tuple[float, float, float, float, float]  # x and y of both ends, thickness


def find_rulings(page: pymupdf.Page, scale: float) -> tuple[Ruling, ...]:
    """The level and upright lines that a page draws, thin boxes among them.

    Args:
        scale: pixels to the point of the page as it is shown.
    """
    found = [segment for drawing in page.get_cdrawings() for segment in _segments(drawing)]
    if not found:
        return ()
    table = np.array(found, np.float64)
    matrix = np.array([getattr(page.rotation_matrix, name) for name in "abcdef"])
    turn, shift = matrix[:4].reshape(2, 2), matrix[4:]
    ends = np.stack([table[:, :2] @ turn + shift, table[:, 2:4] @ turn + shift]) * scale
    low, high = ends.min(axis=0), ends.max(axis=0)
    return tuple(
        Ruling((x0, y0), (x1, y1), thickness)
        for (x0, y0), (x1, y1), thickness in zip(
            low.tolist(), high.tolist(), (table[:, 4] * scale).tolist(), strict=True
        )
    )


def _segments(drawing: Mapping[str, Any]) -> Iterator[Segment]:
    """The straight lines of one drawing that can be seen."""
    is_stroked = "s" in drawing["type"] and not _is_white(drawing.get("color"))
    is_filled = "f" in drawing["type"] and not _is_white(drawing.get("fill"))
    width = max(drawing.get("width") or 0.0, 0.1)
    for kind, *shape in drawing["items"]:
        if kind == "l" and is_stroked:
            (x0, y0), (x1, y1) = shape
            yield from _line(x0, y0, x1, y1, width)
        elif kind == "re":
            x0, y0, x1, y1 = shape[0]
            if min(x1 - x0, y1 - y0) <= THICKEST and (is_filled or is_stroked):
                yield from _thin(x0, y0, x1, y1)
            elif is_stroked:
                for ends in (
                    (x0, y0, x1, y0),
                    (x0, y1, x1, y1),
                    (x0, y0, x0, y1),
                    (x1, y0, x1, y1),
                ):
                    yield from _line(*ends, width)


def _line(x0: float, y0: float, x1: float, y1: float, width: float) -> Iterator[Segment]:
    run, rise = sorted((abs(x1 - x0), abs(y1 - y0)), reverse=True)
    if run >= SHORTEST and rise <= _SLOPE * run and width <= THICKEST:
        yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), width


def _thin(x0: float, y0: float, x1: float, y1: float) -> Iterator[Segment]:
    """The middle of a box that is so thin that it is meant as a line."""
    width, height = x1 - x0, y1 - y0
    if width >= height:
        yield from _line(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2, max(height, 0.1))
    else:
        yield from _line((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, max(width, 0.1))


def _is_white(colour: Any) -> bool:
    """Whether a colour, grey, RGB or CMYK as MuPDF gives it, cannot be told from paper."""
    return bool(colour) and min(colour) >= _WHITE
