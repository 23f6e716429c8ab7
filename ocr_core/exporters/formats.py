"""What a format is, and how a document becomes files of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ocr_core.exporters.structure import page_number
from schemas import Block, Document, Page

# What each file's name has between that of the document and the suffix, and what is in the file.
Parts = Iterator[tuple[str, Document]]


def whole(document: Document) -> Parts:
    """One file a document: `name.txt`."""
    yield "", document


def by_page(document: Document) -> Parts:
    """One file a page, failed ones among them: `name-0001.page.xml`."""
    for page in document.pages:
        yield f"-{page_number(page):04d}", replace(document, pages=(page,))


def by_table(document: Document) -> Parts:
    """One file a table: `name-0001-table-1.csv` for the first of the first page."""
    for page in document.pages:
        if isinstance(page, Page):
            for number, table in enumerate(tables_of(page), start=1):
                alone = replace(document, pages=(_with_nothing_but(table, page),))
                yield f"-{page_number(page):04d}-table-{number}", alone


def if_tables(document: Document) -> Parts:
    """One file a document that has a table; none for others."""
    if any(tables_of(page) for page in document.pages if isinstance(page, Page)):
        yield "", document


def tables_of(page: Page) -> list[Block]:
    """The tables of a page whose cells are known, in reading order."""
    return [block for block in page.blocks if block.kind == "table" and block.cells]


def _with_nothing_but(block: Block, page: Page) -> Page:
    lines = tuple(line for line in page.lines if line.block_id == block.block_id)
    return replace(page, blocks=(block,), lines=lines)


@dataclass(frozen=True, slots=True)
class Format:
    """A format that documents are exported to.

    Attributes:
        suffix: of its files, without the first point.
        export: what a file holds, from the part of a document that it is for, and from passwords
            if it reads the source.
        split: the parts, one for each file.
        reads_source: whether `export` opens the source again, for which the document's uri has to
            be a local path.
    """

    suffix: str
    export: Callable[..., bytes]
    split: Callable[[Document], Parts] = whole
    reads_source: bool = False

    def convert(self, part: Document, passwords: Sequence[str] = ()) -> bytes:
        """What the file of a part of a document holds.

        Args:
            passwords: tried on a source that needs one.

        Raises:
            InputError: the source cannot be opened again.
        """
        return self.export(part, passwords) if self.reads_source else self.export(part)
