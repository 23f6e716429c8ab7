"""Document -> its tables as CSV."""

from __future__ import annotations

import csv
import io

from ocr_core.exporters.cells import grid_of
from ocr_core.exporters.formats import tables_of
from schemas import Document, Page


def export_csv(document: Document) -> bytes:
    """The tables of a document, row by row, an empty line between two of them. UTF-8.

    A cell that spans others stands where its first row and column are; the others are empty.
    """
    texts = []
    for page in document.pages:
        for table in tables_of(page) if isinstance(page, Page) else ():
            stream = io.StringIO()
            csv.writer(stream, lineterminator="\n").writerows(grid_of(table))
            texts.append(stream.getvalue())
    return "\n".join(texts).encode()
