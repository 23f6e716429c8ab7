"""A row of a page -> what it shows, as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Literal

from pipelines.evaluation.alignment import Step, Token
from pipelines.evaluation.characters import Segment, compare_characters
from pipelines.evaluation.table import Row

Side = Literal["truth", "read"]

# Where something is missing: so narrow that lines stay as long as they were read.
_GAP = '<span class="gap" title="missing here">‸</span>'


def row_html(row: Row, number: int | None, fold_case: bool = False) -> str:
    """A row of the table of a page: a line of ground truth, and what was read for it.

    Args:
        number: of the line, from 1; None if the row does not begin one.
    """
    truth, read = (
        " ".join(filter(None, (_step_html(step, side, fold_case) for step in row.steps)))
        for side in _SIDES
    )
    kind = ' class="same"' if row.is_same else ""
    return (
        f'<tr{kind}><th scope="row">{number or ""}</th>'
        f'<td dir="auto">{truth}</td><td dir="auto">{read}</td></tr>\n'
    )


_SIDES: tuple[Side, Side] = ("truth", "read")


def _step_html(step: Step, side: Side, fold_case: bool) -> str:
    if step.kind == "changed":
        return _changed_html(compare_characters(step, fold_case), side)
    words = _said(step.truth if side == "truth" else step.read)
    if step.kind == "same":
        return words
    if not words:
        return _GAP if step.kind == "missing" else ""
    if step.kind == "moved":
        title = "was read at another place" if side == "truth" else "belongs at another place"
        return f'<span class="moved" title="{title}">⇄ {words}</span>'
    name = "del" if step.kind == "missing" else "ins"
    return f"<{name}>{words}</{name}>"


def _said(tokens: Iterable[Token]) -> str:
    return escape(" ".join(token.text for token in tokens))


def _changed_html(segments: Iterable[Segment], side: Side) -> str:
    shown = "".join(_segment_html(segment, side) for segment in segments)
    return f'<span class="changed">{shown}</span>'


def _segment_html(segment: Segment, side: Side) -> str:
    text = escape(segment.truth if side == "truth" else segment.read)
    if segment.mark == "same":
        return text
    shown = text.replace(" ", '<span class="space">␣</span>')
    if segment.mark == "substituted":
        other = segment.read if side == "truth" else segment.truth
        title = "read as" if side == "truth" else "should be"
        return f'<mark title="{title} {escape(other)}">{shown}</mark>'
    if not text:
        return _GAP if side == "read" else ""
    name = "del" if segment.mark == "missing" else "ins"
    return f"<{name}>{shown}</{name}>"
