"""A page as the browser takes it: plain values, as short as they can be.

    line   [block_id, confidence, quad, text, raw_text, words, edits]
    word   [left, top, right, bottom, confidence, text, raw_text]
    edit   [start, end, before, after, reason], as in the tables
    cell   [row, column, row_span, column_span, [left, top, right, bottom], text]

`raw_text` is null where it is the text. Coordinates are pixels, to a tenth.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.viewer import tables
from pipelines.viewer.catalogue import NO_CONTENT, Entry
from pipelines.viewer.index import LineIndex, PageIndex
from schemas.rows import Row

_FACTS = (
    "page_index", "status", "error_code", "error_message", "width_px", "height_px", "dpi",
    "orientation_deg", "skew_deg", "source", "source_reason", "language", "line_count",
)  # fmt: skip


class PageReader:
    """Reads pages from the tables."""

    def __init__(self, pages: PageIndex, lines: LineIndex) -> None:
        self._pages = pages
        self._lines = lines

    def read(self, entry: Entry, page_index: int) -> Row | None:
        """A page and all that is on it; None if there is no such page."""
        row = self._read_row(entry, page_index)
        if row is None:
            return None
        spans = self._lines.find(entry.content, page_index)
        lines = [line for span in spans for line in tables.read_span(span)]
        lines.sort(key=lambda line: line["line_index"])
        return {
            **{name: row.get(name) for name in _FACTS},
            "skew_deg": round(row["skew_deg"], 2),
            "confidence": round(row["confidence"], 4),
            "seconds": {stage: round(s, 3) for stage, s in row["seconds"].items() if s is not None},
            "blocks": [_block(block) for block in row["blocks"]],
            "lines": [_line(line) for line in lines],
        }

    def find_drawn(self, entry: Entry, page_index: int) -> tuple[int, int] | None:
        """The dpi at which a page was drawn and by how many degrees it was turned, if it was."""
        row = self._read_row(entry, page_index, ("dpi", "orientation_deg"))
        return None if row is None else (row["dpi"], row["orientation_deg"])

    def _read_row(
        self, entry: Entry, page_index: int, columns: tuple[str, ...] | None = None
    ) -> Row | None:
        if entry.content == NO_CONTENT:
            return None
        span = self._pages.find(entry.content, page_index)
        return tables.read_span(span, columns)[0] if span else None


def _block(row: Row) -> Row:
    return {
        "id": row["block_id"],
        "kind": row["kind"],
        "quad": _rounded(row["quad"]),
        "text": row["text"],
        "cells": [_cell(cell) for cell in row["cells"] or ()],
    }


def _cell(row: Row) -> list[object]:
    place = [row[name] for name in ("row", "column", "row_span", "column_span")]
    return [*place, _edges(row["box"]), row["text"]]


def _line(row: Row) -> list[object]:
    return [
        row["block_id"],
        round(row["confidence"], 3),
        _rounded(row["quad"]),
        row["text"],
        _unless_same(row),
        [_word(word) for word in row["words"]],
        [[e["start"], e["end"], e["before"], e["after"], e["reason"]] for e in row["edits"]],
    ]


def _word(row: Row) -> list[object]:
    return [*_edges(row["box"]), round(row["confidence"], 3), row["text"], _unless_same(row)]


def _unless_same(row: Row) -> str | None:
    raw: str = row["raw_text"]
    return None if raw == row["text"] else raw


def _edges(box: Row) -> list[float]:
    return _rounded(box[edge] for edge in ("left", "top", "right", "bottom"))


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(value, 1) for value in values]
