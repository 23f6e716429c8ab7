"""Paragraphs of made-up pages, and the kinds that they are taken for."""

from __future__ import annotations

from ocr_core.block_kinds import kinds_of
from ocr_core.paragraphs import Paragraph, Row
from ocr_core.sheet import Part, Sheet
from schemas import Box

PAGE = Box(0, 0, 800, 1200)
FULL = "Some running text that fills its column from left to right."


def part(top: float, *texts: str, left: float = 100, height: float = 20) -> Paragraph:
    """Rows of text, the first at `top`."""
    rows = tuple(
        Row((), Box(left, y, left + 10 * len(text), y + height), height, text)
        for y, text in ((top + 1.3 * height * n, text) for n, text in enumerate(texts))
    )
    is_item = texts[0][0] in "•123"
    return Paragraph(rows, flows=True, is_item=is_item)


def body(top: float) -> Paragraph:
    return part(top, FULL, FULL, FULL, "The end.")


def kinds(*parts: Part) -> list[str]:
    return kinds_of(parts, Sheet.of(PAGE, parts))
