"""Committed runs -> the documents that they hold."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines import ledger, storage
from pipelines.ledger import CommittedRun
from schemas import Document, Failure, Page, rows
from schemas.rows import Row

# Documents whose pages are in memory at once.
_BATCH_DOCUMENTS = 256
# Rows of a file that are in memory at once; a page of many lines is some hundred kilobytes.
_BATCH_ROWS = 512


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where the documents of an output are.

    Attributes:
        rows: the row of `documents` of each uri that counts: the last one, but one that was read
            before one that failed.
        readings: by content, the last run that read it.
    """

    rows: dict[str, Row]
    readings: dict[str, CommittedRun]


def committed(output: str) -> list[CommittedRun]:
    """The committed runs of an output folder, oldest first."""
    output = storage.absolute(output)
    return [ledger.read_run(output, run_id) for run_id in ledger.list_committed(output)]


def list_sources(output: str) -> list[str]:
    """The uri of every document of an output folder, once."""
    return sorted(_take_stock(committed(output)).rows)


def read_documents(output: str) -> Iterator[Document]:
    """Every document of an output folder once, as the last run that could read it did.

    The second name of a content has the pages of the first. A source that could not be opened has
    no pages.
    """
    shelf = _take_stock(committed(output))
    by_run: dict[str, list[Row]] = defaultdict(list)
    for row in shelf.rows.values():
        run = shelf.readings.get(row["doc_id"])
        by_run[run.plan.run_id if run else ""].append(row)
    for row in by_run.pop("", []):
        yield rows.document_from_rows(row, [])
    runs = {run.plan.run_id: run for run in shelf.readings.values()}
    for run_id, document_rows in by_run.items():
        for start in range(0, len(document_rows), _BATCH_DOCUMENTS):
            batch = document_rows[start : start + _BATCH_DOCUMENTS]
            pages = _read_pages(runs[run_id], {row["doc_id"] for row in batch})
            for row in batch:
                yield rows.document_from_rows(row, pages[row["doc_id"]])


def read_rows(run: CommittedRun, table: str, doc_ids: Collection[str] | None = None) -> list[Row]:
    """The rows of one table of a run: all of them, or those of some documents."""
    found: list[Row] = []
    for records in read_batches(run, table):
        if doc_ids is not None:
            records = records.filter(pc.field("doc_id").isin(list(doc_ids)))
        found += records.to_pylist()
    return found


def read_batches(
    run: CommittedRun, table: str, columns: Sequence[str] | None = None
) -> Iterator[pa.Table]:
    """The rows of one table of a run, some at a time, in their order.

    Args:
        columns: that are read; None for all.
    """
    names = None if columns is None else list(columns)
    for name in run.files[table]:
        path = storage.join(run.plan.output, name)
        is_remote = storage.is_remote(path)
        with pq.ParquetFile(io.BytesIO(storage.read(path)) if is_remote else path) as file:
            for batch in file.iter_batches(_BATCH_ROWS, columns=names):
                yield pa.Table.from_batches([batch])


def _take_stock(runs: list[CommittedRun]) -> _Shelf:
    shelf = _Shelf({}, {})
    for run in runs:
        for row in read_rows(run, "documents"):
            failed = row["status"] == "failed"
            before = shelf.rows.get(row["uri"])
            if not failed or before is None or before["status"] == "failed":
                shelf.rows[row["uri"]] = row
            has_pages = row["page_count"] is not None and row["status"] != "duplicate"
            if has_pages and not (failed and row["doc_id"] in shelf.readings):
                shelf.readings[row["doc_id"]] = run
    return shelf


def _read_pages(run: CommittedRun, doc_ids: set[str]) -> dict[str, list[Page | Failure]]:
    """The pages of some documents."""
    lines: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in read_rows(run, "lines", doc_ids):
        lines[row["doc_id"], row["page_index"]].append(row)
    pages: dict[str, list[Page | Failure]] = defaultdict(list)
    for row in read_rows(run, "pages", doc_ids):
        page = rows.page_from_rows(row, lines[row["doc_id"], row["page_index"]])
        pages[row["doc_id"]].append(page)
    return pages
