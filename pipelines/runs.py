"""Committed runs -> the documents that they hold."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines import ledger, storage
from pipelines.ledger import CommittedRun
from schemas import Document
from schemas.rows import Row
from schemas.runs import BATCH_ROWS
from schemas.shelf import Shelf


def committed(output: str) -> list[CommittedRun]:
    """The committed runs of an output folder, oldest first."""
    output = storage.absolute(output)
    return [ledger.read_run(output, run_id) for run_id in ledger.list_committed(output)]


def list_sources(output: str) -> list[str]:
    """The uri of every document of an output folder, once."""
    return sorted(take_stock(output).rows)


def read_documents(output: str, uris: Collection[str] | None = None) -> Iterator[Document]:
    """Every document of an output folder once, as the last run that could read it did.

    The second name of a content has the pages of the first. A source that could not be opened has
    no pages.

    Args:
        uris: of the documents that are wanted; None for all.
    """
    return take_stock(output).documents(read_rows, uris)


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
            for batch in file.iter_batches(BATCH_ROWS, columns=names):
                yield pa.Table.from_batches([batch])


def take_stock(output: str) -> Shelf[CommittedRun]:
    """Where the documents of an output folder are."""
    shelf = Shelf[CommittedRun]()
    for run in committed(output):
        shelf.add(run, read_rows(run, "documents"))
    return shelf
