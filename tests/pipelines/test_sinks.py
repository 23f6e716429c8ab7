"""Rows to Parquet, committed."""

from datetime import UTC, datetime

import apache_beam as beam
import pyarrow.parquet as pq
import pytest

from pipelines import ledger
from pipelines.ledger import RunPlan
from pipelines.sinks import SCHEMAS, CommitRun, WriteRows
from pipelines.tallies import Counts
from schemas import Failure, rows


def plan(output):
    return RunPlan("r1", str(output), "f", {}, (), {}, datetime(2025, 1, 1, tzinfo=UTC))


def write(output, page_rows):
    a_plan = plan(output)
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        files = {
            table: pipeline
            | f"Rows_{table}" >> beam.Create(page_rows if table == "pages" else [], reshuffle=False)
            | f"Write_{table}" >> WriteRows(table, a_plan)
            for table in ledger.TABLES
        }
        counts = pipeline | "Counts" >> beam.Create([Counts(lines=3)])
        _ = (files, counts) | CommitRun(a_plan)


@pytest.fixture(params=["local", "remote"])
def output(request, tmp_path, bucket):
    return str(tmp_path / "out") if request.param == "local" else "mem://b/out"


def test_a_run_is_committed_with_the_names_of_its_files(output):
    write(output, [])
    run = ledger.read_run(output, "r1")
    assert run.counts == Counts(lines=3)
    name = "run_id=r1/part-00000-of-00001.parquet"
    assert run.files == {table: [f"{table}/{name}"] for table in ledger.TABLES}


def test_files_are_compressed_and_say_their_schema(tmp_path):
    page_rows = [rows.row_from_failure(Failure("d", "u", 0, "render", "c", "m"))]
    write(tmp_path, page_rows)
    file = pq.ParquetFile(tmp_path / "pages" / "run_id=r1" / "part-00000-of-00001.parquet")
    assert file.metadata.num_rows == 1
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert file.schema_arrow.metadata[b"beam_ocr_schema_version"] == b"1"
    # Compliant nested lists: not `item`, which BigQuery and Spark do not read as a list.
    paths = {file.schema.column(i).path for i in range(len(file.schema))}
    assert "blocks.list.element.box.left" in paths


def test_a_table_without_rows_still_has_its_columns(tmp_path):
    write(tmp_path, [])
    [path] = (tmp_path / "lines").rglob("*.parquet")
    table = pq.ParquetFile(path).read()
    assert table.num_rows == 0
    assert table.schema.names == SCHEMAS["lines"].names
