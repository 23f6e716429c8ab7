"""Document -> Markdown: CommonMark, with the tables of GitHub's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ocr_core.exporters.cells import grid_of
from ocr_core.exporters.headings import Place, heading_levels
from ocr_core.exporters.markdown_lists import list_items
from ocr_core.exporters.markdown_text import comment, escape
from ocr_core.exporters.structure import fill_blocks, page_number, reason_of
from schemas import Block, Document, Failure, Page

# Said in comments, as they are no part of the text: what is printed at the edges of pages.
ASIDE = frozenset({"header", "footer", "page-number"})
# One paragraph, whatever lines it was printed in.
FLOWING = frozenset({"paragraph", "caption"})
_HARD_BREAK = "  \n"


def export_markdown(document: Document) -> bytes:
    """The blocks in reading order, an empty line between them. UTF-8.

    Headings have levels by the size of print, the largest of the document the first, and by their
    numbers; items of lists keep their numbers and letters; tables have their first row as head
    unless there are figures in it, and cells that others span are empty; a figure is the word in
    brackets. Lines of text that does not flow, such as an address, stay lines. Where a page begins,
    which pages failed and why, running heads and page numbers are comments. Whatever Markdown would
    take for its own is escaped.
    """
    levels = heading_levels(document)
    parts = [part for page in document.pages for part in _page_parts(page, levels)]
    return "".join(f"{part}\n\n" for part in parts if part).removesuffix("\n").encode()


def _page_parts(page: Page | Failure, levels: Mapping[Place, int]) -> Iterator[str]:
    number = page_number(page)
    if isinstance(page, Failure):
        yield comment(f"page {number} failed: {reason_of(page)}")
        return
    yield comment(f"page {number}")
    for filled in fill_blocks(page):
        block = filled.block
        if block.kind == "heading":
            level = levels[page.ref.page_index, block.block_id]
            yield f"{'#' * level} {_joined(block)}"
        else:
            yield _block(block)


def _block(block: Block) -> str:
    if block.kind == "figure":
        return r"*\[figure\]*"
    if block.kind in ASIDE:
        return comment(f"{block.kind}: {block.text}")
    if block.kind == "table" and block.cells:
        return _table(block)
    if block.kind == "list":
        return list_items(block.text.splitlines())
    if block.kind in FLOWING:
        return _joined(block)
    return _HARD_BREAK.join(filter(None, map(escape, block.text.splitlines())))


def _joined(block: Block) -> str:
    """All of a block in one line."""
    return escape(" ".join(block.text.split()))


def _table(block: Block) -> str:
    """A table; one whose first row has figures in it has an empty head, as there must be one."""
    rows = [[escape(text) for text in row] for row in grid_of(block)]
    if any(character.isdigit() for text in rows[0] for character in text):
        rows.insert(0, [""] * len(rows[0]))
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
