"""Document -> JSON lines: a page a line, named as in the Parquet tables."""

from __future__ import annotations

import json
import math
from typing import Any

from schemas import Document, Failure, Page, rows

# What the tables hold: more decimals would only spell out how 32 bits are written.
_DIGITS = 7


def export_jsonl(document: Document) -> bytes:
    """A JSON object a page: its row of `pages`, and `lines`, its rows of `lines`. UTF-8."""
    return b"".join(_dumped(page) + b"\n" for page in document.pages)


def _dumped(page: Page | Failure) -> bytes:
    if isinstance(page, Failure):
        row = rows.row_from_failure(page) | {"lines": []}
    else:
        row = rows.row_from_page(page) | {"lines": rows.rows_from_lines(page)}
    return json.dumps(_shortened(row), ensure_ascii=False, allow_nan=False).encode()


def _shortened(value: Any) -> Any:
    """Numbers as precise as a 32-bit float, wherever they are; what is none becomes null."""
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _shortened(inner) for name, inner in value.items()}
    return [_shortened(inner) for inner in value] if isinstance(value, list) else value
