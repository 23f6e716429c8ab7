"""Which runs exist."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines import ledger, storage
from pipelines.ledger import RunPlan
from pipelines.tallies import Counts


def plan(output, run_id):
    return RunPlan(
        run_id=run_id,
        output=str(output),
        fingerprint="f" * 64,
        options={"dpi": 200},
        folders=("/in",),
        versions={"python": "3.11"},
        started_at=datetime(2025, 1, 1, tzinfo=UTC),
    )


def write_rows(output, run_id):
    """What a run leaves when it crashes: a file, and one that Beam was still writing."""
    for table in ledger.TABLES:
        folder = ledger.table_folder(str(output), table, run_id)
        storage.write_whole(f"{folder}/part-0.parquet", b"")
        storage.write_whole(f"{folder}/beam-temp-part-1/x.part", b"")


def test_a_committed_run_comes_back_from_its_file(tmp_path):
    files = {"documents": ["documents/b", "documents/a"], "pages": [], "lines": []}
    counts = Counts(documents={"read": 1}, lines=3, seconds={"detect": 0.5})
    path = ledger.commit(plan(tmp_path, "r1"), files, counts)
    assert path == f"{tmp_path}/_runs/r1.json"
    assert ledger.list_committed(str(tmp_path)) == ["r1"]
    run = ledger.read_run(str(tmp_path), "r1")
    assert run.plan == plan(tmp_path, "r1")
    assert run.counts == counts
    assert run.files["documents"] == ["documents/a", "documents/b"]
    assert run.committed_at > run.plan.started_at


def test_a_file_that_is_being_written_is_no_run(tmp_path):
    (tmp_path / "_runs").mkdir()
    (tmp_path / "_runs" / ".r1.json.123").touch()
    assert ledger.list_committed(str(tmp_path)) == []


def test_what_was_never_committed_is_removed_and_the_rest_stays(tmp_path):
    write_rows(tmp_path, "r1")
    write_rows(tmp_path, "r2")
    ledger.commit(plan(tmp_path, "r2"), {"documents": [], "pages": [], "lines": []}, Counts())
    assert ledger.remove_uncommitted(str(tmp_path), min_age_s=0) == (["r1"], [])
    assert {path.name for path in tmp_path.glob("*/run_id=*")} == {"run_id=r2"}
    assert ledger.list_committed(str(tmp_path)) == ["r2"]


def test_a_run_that_may_still_go_on_is_left_alone(tmp_path):
    write_rows(tmp_path, "r1")
    for path in Path(tmp_path).rglob("*.parquet"):
        os.utime(path, (0, 0))
    assert ledger.remove_uncommitted(str(tmp_path), min_age_s=3600) == ([], ["r1"])
    assert len(list(tmp_path.rglob("*.parquet"))) == 3


@pytest.mark.parametrize("tables", [("pages",), ("documents", "lines")])
def test_a_run_that_wrote_only_some_tables_is_removed_too(tmp_path, tables):
    for table in tables:
        storage.write_whole(f"{tmp_path}/{table}/run_id=r1/part", b"")
    assert ledger.remove_uncommitted(str(tmp_path), min_age_s=0) == (["r1"], [])


def test_in_a_bucket(bucket):
    write_rows("mem://b/out", "r1")
    ledger.commit(plan("mem://b/out", "r2"), {"documents": []}, Counts())
    assert ledger.list_committed("mem://b/out") == ["r2"]
    assert ledger.remove_uncommitted("mem://b/out", min_age_s=0) == (["r1"], [])
    assert list(bucket) == ["mem://b/out/_runs/r2.json"]


def test_ids_sort_by_time():
    ids = [ledger.new_run_id() for _ in range(5)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 5
