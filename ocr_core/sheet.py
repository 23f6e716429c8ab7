"""What is usual on a page: the size of its text, the white between its lines."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr_core.footnotes import pitch_of
from ocr_core.paragraphs import Paragraph
from ocr_core.tables.model import Table
from schemas import Box

Part = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page and its text, level.

    Attributes:
        box: of the whole page.
        height: of its usual line, in pixels.
        white: between its usual lines, in pixels.
        pitch: how wide a character of running text is, in pixels; 0 where that cannot be told.
        has_prose: whether there is running text, and not a receipt or a form.
    """

    box: Box
    height: float
    white: float
    pitch: float
    has_prose: bool

    @staticmethod
    def of(box: Box, parts: Sequence[Part]) -> Sheet:
        """What is usual on a page of these parts."""
        paragraphs = [part for part in parts if isinstance(part, Paragraph)]
        prose = [part for part in paragraphs if is_prose(part)]
        rows = [row for part in prose or paragraphs for row in part.rows]
        height = statistics.median(row.height for row in rows) if rows else 1.0
        whites = [
            below.box.top - above.box.bottom
            for part in prose
            for above, below in pairwise(part.rows)
        ]
        white = max(statistics.median(whites), 0.0) if whites else 0.0
        pitch = pitch_of([row for part in prose for row in part.rows])
        return Sheet(box, height, white, pitch, has_prose=len(whites) >= 2)


def is_prose(part: Paragraph) -> bool:
    """Whether a paragraph is running text of several lines."""
    return part.flows and len(part.rows) > 1
