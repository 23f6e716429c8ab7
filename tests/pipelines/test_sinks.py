"""Rows to Parquet, committed."""

import re
from datetime import UTC, datetime
from pathlib import Path

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import ledger, sinks, storage
from pipelines.ledger import RunPlan
from pipelines.sinks import SCHEMAS, CommitRun, WriteRows
from pipelines.tallies import Counts
from schemas import Failure, rows

FAILED = rows.row_from_failure(Failure("d", "u", 0, "render", "c", "m"))


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
    assert run.files.keys() == set(ledger.TABLES)
    for table, [name] in run.files.items():
        assert re.fullmatch(rf"{table}/run_id=r1/part-[0-9a-f]{{32}}\.parquet", name)
        assert storage.exists(f"{output}/{name}")


def test_files_are_compressed_and_say_their_schema(tmp_path):
    write(tmp_path, [FAILED])
    [path] = (tmp_path / "pages" / "run_id=r1").iterdir()
    file = pq.ParquetFile(path)
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


def page_rows_of(output):
    """The pages that anybody finds below an output folder, committed or not."""
    names = [found.path for found in storage.list_files(f"{output}/pages")]
    return sum(pq.read_table(pa.BufferReader(storage.read(name))).num_rows for name in names)


def test_what_an_attempt_that_failed_has_written_is_not_of_the_run(output):
    storage.write_whole(f"{ledger.table_folder(output, 'pages', 'r1')}/part-dead.parquet", b"half")
    write(output, [FAILED])
    assert page_rows_of(output) == 1


def test_a_run_that_is_done_again_after_its_commit_stays_as_it_was(output):
    write(output, [FAILED])
    run = ledger.read_run(output, "r1")
    write(output, [FAILED])
    assert ledger.read_run(output, "r1") == run
    assert storage.is_remote(output) or not (Path(output) / "_staging").exists()


def test_a_run_whose_commit_broke_off_is_committed_by_the_next_attempt(output, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(storage, "write_whole", lose_power)
        with pytest.raises(OSError, match="power"):
            write(output, [FAILED])
    assert ledger.list_committed(output) == []
    write(output, [FAILED])
    [run_id] = ledger.list_committed(output)
    assert page_rows_of(output) == 1
    [name] = ledger.read_run(output, run_id).files["pages"]
    assert storage.exists(f"{output}/{name}")


def lose_power(path, content):
    raise OSError("the power went off")


def test_a_commit_that_broke_off_may_be_tried_again_alone(tmp_path, monkeypatch):
    commits = []
    monkeypatch.setattr(ledger, "commit", lambda *arguments: commits.append(arguments) or "")
    write(tmp_path, [FAILED])
    monkeypatch.undo()
    [arguments] = commits
    with monkeypatch.context() as patch:
        patch.setattr(storage, "write_whole", lose_power)
        with pytest.raises(OSError, match="power"):
            ledger.commit(*arguments)
    ledger.commit(*arguments)
    assert page_rows_of(tmp_path) == 1


def test_rows_are_gathered_into_few_groups(tmp_path, monkeypatch):
    monkeypatch.setattr(sinks._WriteFile, "_ROWS", 2)
    write(tmp_path, [FAILED] * 5)
    [path] = (tmp_path / "pages").rglob("*.parquet")
    file = pq.ParquetFile(path)
    assert (file.metadata.num_rows, file.num_row_groups) == (5, 1)
    monkeypatch.setattr(sinks._WriteFile, "_GROUP_BYTES", 1)
    write(tmp_path / "other", [FAILED] * 5)
    [path] = (tmp_path / "other" / "pages").rglob("*.parquet")
    assert pq.ParquetFile(path).num_row_groups == 3
