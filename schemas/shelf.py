"""Which reading of each document counts, where several runs have met it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from schemas import rows
from schemas.document import Document, Failure, Page
from schemas.rows import Row

# Documents whose pages are in memory at once.
BATCH_DOCUMENTS = 256

Run = TypeVar("Run")
# The rows of a table of a run: all of them, or those of some documents.
ReadRows = Callable[[Run, str, Collection[str] | None], list[Row]]


@dataclass(slots=True)
class Shelf(Generic[Run]):
    """Where the documents of an output are.

    Attributes:
        rows: the row of `documents` of each uri that counts: the last one, but one that was read
            before one that failed.
        readings: by content, the last run that read it.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    readings: dict[str, Run] = field(default_factory=dict)

    def add(self, run: Run, document_rows: Iterable[Row]) -> None:
        """Takes in the rows of `documents` of a run that is later than those before."""
        for row in document_rows:
            failed = row["status"] == "failed"
            before = self.rows.get(row["uri"])
            if not failed or before is None or before["status"] == "failed":
                self.rows[row["uri"]] = row
            has_pages = row["page_count"] is not None and row["status"] != "duplicate"
            if has_pages and not (failed and row["doc_id"] in self.readings):
                self.readings[row["doc_id"]] = run

    def documents(
        self, read_rows: ReadRows[Run], uris: Collection[str] | None = None
    ) -> Iterator[Document]:
        """Every document once, or those of some uris, as the last run that could read it did.

        The second name of a content has the pages of the first. A source that could not be opened
        has no pages. Those of some documents are in memory at a time.
        """
        by_run: dict[int, tuple[Run, list[Row]]] = {}
        wanted = self.rows.keys() if uris is None else self.rows.keys() & uris
        for row in (row for uri, row in self.rows.items() if uri in wanted):
            run = self.readings.get(row["doc_id"])
            if run is None:
                yield rows.document_from_rows(row, [])
            else:
                by_run.setdefault(id(run), (run, []))[1].append(row)
        for run, document_rows in by_run.values():
            for start in range(0, len(document_rows), BATCH_DOCUMENTS):
                batch = document_rows[start : start + BATCH_DOCUMENTS]
                yield from _documents(run, batch, read_rows)


def _documents(run: Run, batch: list[Row], read_rows: ReadRows[Run]) -> Iterator[Document]:
    doc_ids = {row["doc_id"] for row in batch}
    lines: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in read_rows(run, "lines", doc_ids):
        lines[row["doc_id"], row["page_index"]].append(row)
    pages: dict[str, list[Page | Failure]] = defaultdict(list)
    for row in read_rows(run, "pages", doc_ids):
        page = rows.page_from_rows(row, lines[row["doc_id"], row["page_index"]])
        pages[row["doc_id"]].append(page)
    for row in batch:
        yield rows.document_from_rows(row, pages[row["doc_id"]])
