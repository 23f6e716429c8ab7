"""`beam-ocr compact`: puts many small runs together into few large ones.

An inbox that is read every ten minutes gathers some hundred thousand files a year. Runs that
follow each other and share a fingerprint become one run, which holds their rows in their order and
stands in their place. Where a document was read several times by the same weights and options, as
one that failed is, the pages and lines of the reading that counts are kept; of `documents` every
row is.

The new run is written out of sight and committed like any other; with that the old ones are gone,
whatever is left of their files, and those are removed. So a crash at any moment leaves either the
old runs or the new one, and the next ingest, `gc` or `compact` clears away the rest.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ocr_core.errors import ConfigError
from pipelines import ledger, locks, run_folders, runs, staging, storage
from pipelines.ledger import TABLES, CommittedRun
from pipelines.stamps import KnownStamp
from pipelines.tallies import add_counts

# What one run may hold after compaction: who reads some of its documents looks through all of it.
_MAX_DOCUMENTS = 5_000
# What is written at once.
_GROUP_BYTES = 32 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr compact`."""
    parser.add_argument("output", metavar="DIR", help="the output folder of runs")
    parser.add_argument(
        "--file-mb",
        type=float,
        default=64.0,
        metavar="N",
        help="begin another file of a table after about so many megabytes (default: %(default)g)",
    )


def main(args: argparse.Namespace) -> int:
    """Puts runs together and says how many; returns the exit code.

    Raises:
        ConfigError: there is nothing that can be put together.
        InUseError: somebody else is at work there.
        OcrError: there is no room to write; all that was committed stays.
    """
    output = storage.absolute(args.output)
    if storage.is_remote(output):
        raise ConfigError(f"{args.output} is not a folder on this machine")
    run_folders.check_folder(args.output)
    with storage.refusals_told(output), locks.hold(output):
        before, after = compact(output, round(args.file_mb * 1e6))
    print(f"put {before} runs together into {after}" if before else "nothing to put together")
    return 0


def compact(output: str, file_bytes: int) -> tuple[int, int]:
    """Puts runs together, under the lock of the output; returns how many there were and are."""
    ledger.clear_up(output)
    groups = list(group_runs(output))
    for group in groups:
        merge([ledger.read_run(output, run_id) for run_id in group], file_bytes)
    return sum(map(len, groups)), len(groups)


def group_runs(output: str) -> Iterator[list[str]]:
    """The ids of runs that belong together, two or more, oldest first."""
    group: list[str] = []
    fingerprint, documents = "", 0
    for run_id in ledger.list_committed(output):
        run = ledger.read_run(output, run_id)
        more = run.counts.document_total
        if run.plan.fingerprint != fingerprint or documents + more > _MAX_DOCUMENTS:
            if len(group) > 1:
                yield group
            group, fingerprint, documents = [], run.plan.fingerprint, 0
        group.append(run_id)
        documents += more
    if len(group) > 1:
        yield group


def merge(group: Sequence[CommittedRun], file_bytes: int) -> str:
    """Puts runs together, oldest first; returns the id of the run that replaces them."""
    last = group[-1].plan
    plan = replace(
        last,
        run_id=ledger.compacted_run_id(last.run_id),
        folders=tuple(sorted({folder for run in group for folder in run.plan.folders})),
        started_at=datetime.now(UTC),
        sources=tuple(_sources(group).values()),
        replaces=tuple(run.plan.run_id for run in group),
    )
    staging.mark(plan.output, plan.run_id)
    superseded = _superseded(group)
    files = {}
    for table in TABLES:
        folder = Path(ledger.table_folder(plan.output, table, plan.run_id))
        folder.mkdir(parents=True)
        rows = _rows(group, table, {} if table == "documents" else superseded)
        paths = _write(rows, _schema(group, table), folder, file_bytes)
        files[table] = [str(path.relative_to(plan.output)) for path in paths]
    ledger.commit(plan, files, add_counts(run.counts for run in group))
    ledger.remove_runs(plan.output, plan.replaces)
    return plan.run_id


def _sources(group: Sequence[CommittedRun]) -> dict[str, KnownStamp]:
    """The last that is said of each file, unless a later row says otherwise."""
    sources: dict[str, KnownStamp] = {}
    for run in group:
        for records in runs.read_batches(run, "documents", ["uri"]):
            for uri in records["uri"].to_pylist():
                sources.pop(uri, None)
        sources.update({source.stamp.uri: source for source in run.plan.sources})
    return sources


def _superseded(group: Sequence[CommittedRun]) -> dict[str, list[str]]:
    """By run, the contents of which another run of the group has the reading that counts.

    It is the last one, but one that failed after one that did not; as for whoever reads the runs.
    """
    reading: dict[str, str] = {}
    superseded: dict[str, list[str]] = {run.plan.run_id: [] for run in group}
    for run in group:
        for records in runs.read_batches(run, "documents", ["doc_id", "status", "page_count"]):
            for row in records.to_pylist():
                doc_id, run_id = row["doc_id"], run.plan.run_id
                before = reading.get(doc_id)
                if row["page_count"] is None or row["status"] == "duplicate" or before == run_id:
                    continue
                if before is not None and row["status"] == "failed":
                    superseded[run_id].append(doc_id)
                    continue
                if before is not None:
                    superseded[before].append(doc_id)
                reading[doc_id] = run_id
    return superseded


def _rows(
    group: Sequence[CommittedRun], table: str, superseded: dict[str, list[str]]
) -> Iterator[pa.Table]:
    for run in group:
        leave_out = pa.array(superseded.get(run.plan.run_id, []), pa.string())
        for records in runs.read_batches(run, table):
            if len(leave_out):
                is_kept = pc.invert(pc.is_in(records["doc_id"], value_set=leave_out))
                records = records.filter(is_kept)
            if len(records):
                yield records


def _schema(group: Sequence[CommittedRun], table: str) -> pa.Schema:
    """Of all files of a table: a column that only later versions wrote is null before."""
    paths = [storage.join(run.plan.output, name) for run in group for name in run.files[table]]
    schemas = [pq.read_schema(path) for path in reversed(paths)]
    return pa.unify_schemas(schemas) if schemas else pa.schema([])


def _write(
    rows: Iterable[pa.Table], schema: pa.Schema, folder: Path, file_bytes: int
) -> list[Path]:
    """Writes rows into files of about so many bytes; at least one, so that there are columns."""
    paths: list[Path] = []
    writer = None
    for records in _gather(rows, schema):
        if writer is None or paths[-1].stat().st_size >= file_bytes:
            if writer is not None:
                writer.close()
            paths.append(folder / f"part-{len(paths):05}.parquet")
            writer = _open_writer(paths[-1], schema)
        writer.write_table(records)
    if writer is None and len(schema):
        paths.append(folder / "part-00000.parquet")
        writer = _open_writer(paths[-1], schema)
    if writer is not None:
        writer.close()
    return paths


def _gather(rows: Iterable[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """The same in larger pieces, each of which becomes one row group."""
    gathered: list[pa.Table] = []
    n_bytes = 0
    for records in rows:
        gathered.append(_conform(records, schema))
        n_bytes += records.nbytes
        if n_bytes >= _GROUP_BYTES:
            yield pa.concat_tables(gathered)
            gathered, n_bytes = [], 0
    if gathered:
        yield pa.concat_tables(gathered)


def _open_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(path, schema, compression="zstd", use_compliant_nested_type=True)


def _conform(records: pa.Table, schema: pa.Schema) -> pa.Table:
    """Records with all columns of a schema, in its order."""
    columns = [
        records[field.name]
        if field.name in records.column_names
        else pa.nulls(len(records), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)
