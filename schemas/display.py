"""Pages as HTML, as notebooks show what an expression gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.document import Block, Cell, Document, Line, Page, Word

# Words with less confidence are underlined; 0 to 1.
DOUBTFUL = 0.8
_DOUBT = "text-decoration: underline dotted #c60"
_CORRECTED = "background: rgba(60, 130, 220, .18)"
_TAGS = {"heading": "h4", "caption": "em", "header": "small", "footer": "small"}


def document_html(document: Document) -> str:
    """The file, and each page with what became of it."""
    parts = [f"<p><b>{escape(document.source.uri)}</b>, {len(document.pages)} pages</p>"]
    for page in document.pages:
        made = getattr(page, "_repr_html_", None)
        parts.append(made() if made else f"<p>{escape(str(page))}</p>")
    return "\n".join(parts)


def page_html(page: Page) -> str:
    """The blocks of a page in reading order; words in doubt and words put right are marked."""
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in page.lines:
        lines[line.block_id].append(line)
    told = f"page {page.ref.page_index + 1}: {len(page.lines)} lines, {page.confidence:.0%}"
    blocks = [_block_html(block, lines[block.block_id]) for block in page.blocks]
    return "\n".join([f"<article><small>{told}</small>", *blocks, "</article>"])


def _block_html(block: Block, lines: Sequence[Line]) -> str:
    if block.cells:
        return _table_html(block.cells)
    if block.kind == "figure":
        return "<p>[figure]</p>"
    tag = _TAGS.get(block.kind, "p")
    text = "<br>".join(" ".join(map(_word_html, line.words)) for line in lines)
    return f"<{tag}>{text or escape(block.text)}</{tag}>"


def _table_html(cells: Sequence[Cell]) -> str:
    rows: dict[int, list[str]] = defaultdict(list)
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        spans = f'rowspan="{cell.row_span}" colspan="{cell.column_span}"'
        rows[cell.row].append(f"<td {spans}>{escape(cell.text)}</td>")
    body = "".join(f"<tr>{''.join(row)}</tr>" for _, row in sorted(rows.items()))
    return f"<table>{body}</table>"


def _word_html(word: Word) -> str:
    text = escape(word.text)
    if word.corrected:
        return f'<span style="{_CORRECTED}" title="read: {escape(word.raw_text)}">{text}</span>'
    if word.confidence < DOUBTFUL:
        return f'<span style="{_DOUBT}" title="{word.confidence:.0%}">{text}</span>'
    return text
