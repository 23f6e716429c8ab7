"""Rows -> Parquet, and the file that makes them count.

A runner may try anything again: a bundle whose worker was lost, or all of a run. So nothing that is
written has a name that two attempts share, and only what has the names that reach the commit is
of the run.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.pvalue import AsIter, AsSingleton, PCollection
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from pipelines import ledger, storage
from pipelines.ledger import RunPlan
from pipelines.tallies import Counts
from schemas import rows

SCHEMAS: Mapping[str, pa.Schema] = {
    "documents": rows.DOCUMENTS,
    "pages": rows.PAGES,
    "lines": rows.LINES,
}


class WriteRows(beam.PTransform):
    """Writes rows of one table of a run; the result is the names of the files.

    One file for each bundle, written where its rows come up, so that what is read is never
    gathered, nor waits for anything. Beam's own writer moves all files on one worker at the end.
    """

    def __init__(self, table: str, plan: RunPlan) -> None:
        super().__init__()
        self._folder = ledger.table_folder(plan.output, table, plan.run_id)
        self._schema = SCHEMAS[table]

    def expand(self, table_rows: PCollection[rows.Row]) -> PCollection[str]:
        return table_rows | "WriteParquet" >> beam.ParDo(_WriteFile(self._folder, self._schema))


class CommitRun(beam.PTransform):
    """Writes `_runs/<run_id>.json` once all files of all tables stand; gives its name."""

    def __init__(self, plan: RunPlan) -> None:
        super().__init__()
        self._plan = plan

    def expand(
        self, written: tuple[dict[str, PCollection[str]], PCollection[Counts]]
    ) -> PCollection[str]:
        files, counts = written
        return (
            counts.pipeline
            | "Plan" >> beam.Create([self._plan])
            | "Commit"
            >> beam.Map(
                _commit,
                AsSingleton(counts),
                *(AsIter(files[table]) for table in ledger.TABLES),
            )
        )


class _WriteFile(beam.DoFn):
    """Writes the rows of a bundle to a file, and gives its name once it is whole."""

    # Rows become columns some at a time, and columns a row group at 64 MB: what readers like.
    _ROWS = 1000
    _GROUP_BYTES = 64 << 20

    def __init__(self, folder: str, schema: pa.Schema) -> None:
        self._folder = folder
        self._schema = schema

    def start_bundle(self) -> None:
        self._rows: list[rows.Row] = []
        self._batches: list[pa.RecordBatch] = []
        self._path = ""

    def process(self, row: rows.Row) -> None:
        if not self._path:
            self._open()
        self._rows.append(row)
        if len(self._rows) >= self._ROWS:
            self._make_batch()
            if sum(batch.nbytes for batch in self._batches) >= self._GROUP_BYTES:
                self._write_group()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        if not self._path:
            return
        self._make_batch()
        self._write_group()
        self._writer.close()
        self._stream.close()
        yield GlobalWindows.windowed_value_at_end_of_window(self._path)

    def _open(self) -> None:
        self._path = new_file(self._folder)
        self._stream = storage.create(self._path)
        self._writer = open_writer(self._stream, self._schema)

    def _make_batch(self) -> None:
        self._batches.append(pa.RecordBatch.from_pylist(self._rows, schema=self._schema))
        self._rows = []

    def _write_group(self) -> None:
        self._writer.write_table(pa.Table.from_batches(self._batches, schema=self._schema))
        self._batches = []


def new_file(folder: str) -> str:
    """The name of a file in a folder of a run, which no other attempt has."""
    return storage.join(folder, f"part-{uuid.uuid4().hex}.parquet")


def open_writer(stream: object, schema: pa.Schema) -> pq.ParquetWriter:
    """How rows of any table are written."""
    return pq.ParquetWriter(stream, schema, compression="zstd", use_compliant_nested_type=True)


def _commit(plan: RunPlan, counts: Counts, *files: Iterable[str]) -> str:
    root = plan.output.rstrip("/") + "/"
    names = {
        table: [name.removeprefix(root) for name in table_files]
        for table, table_files in zip(ledger.TABLES, files, strict=True)
    }
    for table, table_names in names.items():
        if not table_names:
            table_names.append(_write_empty(table, plan).removeprefix(root))
    return ledger.commit(plan, names, counts)


def _write_empty(table: str, plan: RunPlan) -> str:
    """A file without rows: who reads a table of a run finds its columns."""
    path = new_file(ledger.table_folder(plan.output, table, plan.run_id))
    with storage.create(path) as stream, open_writer(stream, SCHEMAS[table]):
        return path
