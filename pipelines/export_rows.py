"""What a run has just read -> documents, as `beam-ocr export` gets them once it is committed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import pyarrow as pa

from pipelines import runs
from pipelines.ledger import CommittedRun
from pipelines.sinks import SCHEMAS
from schemas import Document, Failure, Page, rows
from schemas.rows import DocumentRecord, Row
from schemas.shelf import Shelf

# The rows of one content by table, not yet in any file.
Tables = Mapping[str, list[Row]]
AnyShelf = Shelf[CommittedRun | Tables]


def gather_documents(
    records: Sequence[DocumentRecord],
    results: Iterable[Page | Failure],
    earlier: Callable[[], Shelf[CommittedRun]],
) -> Iterator[Document]:
    """The documents of one content, each with all of its pages.

    Args:
        records: of every source with this content.
        results: its pages, in any order; none if an earlier run has read it.
        earlier: what committed runs hold, for what this one could not read or need not.
    """
    tables = _as_stored(records, list(results))
    shelf = AnyShelf()
    if not any(record.status in {"read", "partly"} for record in records):
        shelf = _part_of(earlier(), records)
    shelf.add(tables, tables["documents"])
    yield from shelf.documents(_read_rows, {record.uri for record in records})


def _as_stored(records: Iterable[DocumentRecord], results: Sequence[Page | Failure]) -> Tables:
    """Rows with the numbers that the tables keep, which are a little rounder than those read."""
    pages = [result for result in results if isinstance(result, Page)]
    failures = [result for result in results if isinstance(result, Failure)]
    table_rows: dict[str, list[Row]] = {
        "documents": [rows.row_from_record(record) for record in records],
        "pages": [*map(rows.row_from_page, pages), *map(rows.row_from_failure, failures)],
        "lines": [row for page in pages for row in rows.rows_from_lines(page)],
    }
    return {
        table: pa.RecordBatch.from_pylist(some_rows, schema=SCHEMAS[table]).to_pylist()
        for table, some_rows in table_rows.items()
    }


def _part_of(shelf: Shelf[CommittedRun], records: Iterable[DocumentRecord]) -> AnyShelf:
    """What a shelf knows of a few sources and of their contents."""
    known = {one.uri: shelf.rows[one.uri] for one in records if one.uri in shelf.rows}
    doc_ids = {one.doc_id for one in records} | {row["doc_id"] for row in known.values()}
    readings = {doc_id: shelf.readings[doc_id] for doc_id in doc_ids if doc_id in shelf.readings}
    return AnyShelf(known, dict(readings))


def _read_rows(
    run: CommittedRun | Tables, table: str, doc_ids: Collection[str] | None = None
) -> list[Row]:
    if isinstance(run, CommittedRun):
        return runs.read_rows(run, table, doc_ids)
    return [row for row in run[table] if doc_ids is None or row["doc_id"] in doc_ids]
