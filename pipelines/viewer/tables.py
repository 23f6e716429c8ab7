"""Parquet files of runs, a few columns or a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipelines import storage
from pipelines.ledger import CommittedRun
from schemas.rows import Row

# Rows that are in memory at once: of lines, whose words make them large, and of single columns.
_BATCH_ROWS = 512
_COLUMN_ROWS = 16_384


@dataclass(frozen=True, slots=True)
class Span:
    """Rows of a file that follow each other.

    Attributes:
        file: its name, with its folder.
        start: the first of them, from 0.
    """

    file: str
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class Scanned:
    """Rows of which only some columns were read.

    Attributes:
        first: the row of the file with which they begin.
        columns: those that were asked for.
    """

    first: int
    columns: pa.RecordBatch

    def of_contents(self, contents: dict[str, int]) -> NDArray[np.int32]:
        """(N,) int32, the content of each row; -1 for those that are not among `contents`."""
        doc_ids = self.columns.column("doc_id")
        codes = [contents.get(doc_id, -1) for doc_id in doc_ids.dictionary.to_pylist()]
        found: NDArray[np.int32] = np.array([*codes, -1], np.int32)[as_numpy(doc_ids.indices)]
        return found

    def numbers(self, column: str) -> NDArray[np.generic]:
        """(N,), a column of numbers."""
        return as_numpy(self.columns.column(column))


def as_numpy(values: pa.Array) -> NDArray[np.generic]:
    """(N,), the same numbers; by DLPack, as `to_numpy` takes half a second to import pandas."""
    found: NDArray[np.generic] = np.from_dlpack(values)
    return found


def files_of(run: CommittedRun, table: str) -> list[str]:
    """The files of one table of a run, with their folders."""
    return [storage.join(run.plan.output, name) for name in run.files[table]]


def scan(file: str, columns: Sequence[str], start: int = 0) -> Iterator[Scanned]:
    """Some columns of a file, some rows at a time; `doc_id` comes as a dictionary.

    Args:
        start: the row to begin with. Groups of rows before it are not read.
    """
    with ExitStack() as stack:
        parquet = _open(file, stack)
        groups, first = _groups(parquet.metadata, start)
        for batch in parquet.iter_batches(
            _COLUMN_ROWS, row_groups=groups, columns=list(columns), use_threads=False
        ):
            end = first + batch.num_rows
            if end > start:
                skipped = max(start - first, 0)
                yield Scanned(first + skipped, batch.slice(skipped))
            first = end


def read_span(span: Span, columns: Sequence[str] | None = None) -> list[Row]:
    """The rows of a span.

    Args:
        columns: that are read; None for all.
    """
    names = None if columns is None else list(columns)
    found: list[Row] = []
    with ExitStack() as stack:
        parquet = _open(span.file, stack)
        groups, first = _groups(parquet.metadata, span.start, span.count)
        for batch in parquet.iter_batches(
            _BATCH_ROWS, row_groups=groups, columns=names, use_threads=False
        ):
            skipped = max(span.start - first, 0)
            if skipped < batch.num_rows:
                found += batch.slice(skipped, span.count - len(found)).to_pylist()
            first += batch.num_rows
            if len(found) == span.count:
                break
    return found


def _open(file: str, stack: ExitStack) -> pq.ParquetFile:
    stream = stack.enter_context(storage.open_remote(file)) if storage.is_remote(file) else file
    return stack.enter_context(
        pq.ParquetFile(stream, read_dictionary=["doc_id"], pre_buffer=False, buffer_size=1 << 16)
    )


def _groups(
    metadata: pq.FileMetaData, start: int, count: int | None = None
) -> tuple[list[int], int]:
    """The groups of rows that hold some rows, and the first row of the first of them."""
    groups: list[int] = []
    first = row = 0
    for group in range(metadata.num_row_groups):
        end = row + metadata.row_group(group).num_rows
        if end > start and (count is None or row < start + count):
            first = first if groups else row
            groups.append(group)
        row = end
    return groups, first
