"""Which runs exist."""

import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ocr_core.errors import OcrError
from pipelines import ledger, staging, stamps, storage
from pipelines.ledger import RunPlan, SourcesChangedError
from pipelines.stamps import KnownStamp
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
    folder = "documents/run_id=r1"
    for name in "ab":
        staged = ledger.table_folder(str(tmp_path), "documents", "r1")
        storage.write_whole(f"{staged}/{name}", b"")
    files = {"documents": [f"{folder}/b", f"{folder}/a"], "pages": [], "lines": []}
    counts = Counts(documents={"read": 1}, lines=3, seconds={"detect": 0.5})
    path = ledger.commit(plan(tmp_path, "r1"), files, counts)
    assert path == f"{tmp_path}/_runs/r1.json"
    assert ledger.list_committed(str(tmp_path)) == ["r1"]
    run = ledger.read_run(str(tmp_path), "r1")
    assert run.plan == plan(tmp_path, "r1")
    assert run.counts == counts
    assert run.files["documents"] == [f"{folder}/a", f"{folder}/b"]
    assert run.committed_at > run.plan.started_at


def test_a_file_that_is_being_written_is_no_run(tmp_path):
    (tmp_path / "_runs").mkdir()
    (tmp_path / "_runs" / ".r1.json.123").touch()
    assert ledger.list_committed(str(tmp_path)) == []


def test_what_was_never_committed_is_removed_and_the_rest_stays(tmp_path):
    write_rows(tmp_path, "r1")
    write_rows(tmp_path, "r2")
    ledger.commit(plan(tmp_path, "r2"), {"documents": [], "pages": [], "lines": []}, Counts())
    for run_id in ("r1", "r2"):
        storage.write_whole(staging.export_report(str(tmp_path), run_id), b"{}")
    assert ledger.remove_uncommitted(str(tmp_path), min_age_s=0) == (["r1"], [])
    assert {path.name for path in tmp_path.glob("*/run_id=*")} == {"run_id=r2"}
    assert [path.name for path in tmp_path.glob("_exports/*")] == ["r2.json"]
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


NO_FILES = {"documents": [], "pages": [], "lines": []}


def test_files_come_to_lie_among_the_tables_when_their_run_is_committed(tmp_path):
    folder = ledger.table_folder(str(tmp_path), "pages", "r1")
    storage.write_whole(f"{folder}/part-0.parquet", b"x")
    assert not (tmp_path / "pages").exists()
    name = f"{folder}/part-0.parquet".removeprefix(f"{tmp_path}/")
    ledger.commit(plan(tmp_path, "r1"), NO_FILES | {"pages": [name]}, Counts())
    [committed] = ledger.read_run(str(tmp_path), "r1").files["pages"]
    assert committed == "pages/run_id=r1/part-0.parquet"
    assert (tmp_path / committed).read_bytes() == b"x"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["_runs", "pages"]


def source(path, tells=True):
    path.write_bytes(b"x")
    return KnownStamp(stamps.of_status(str(path), path.stat()), "ab" * 32, tells)


def test_what_is_known_of_files_comes_back(tmp_path):
    known, unsure = source(tmp_path / "a.pdf"), source(tmp_path / "b.pdf", tells=False)
    a_plan = replace(plan(tmp_path / "out", "r1"), sources=(known, unsure))
    ledger.commit(a_plan, NO_FILES, Counts())
    assert ledger.read_run(str(tmp_path / "out"), "r1").plan.sources == (known,)


def test_a_run_whose_sources_were_written_meanwhile_does_not_exist(tmp_path):
    known = source(tmp_path / "a.pdf")
    (tmp_path / "a.pdf").write_bytes(b"and more")
    with pytest.raises(SourcesChangedError, match=r"a\.pdf"):
        ledger.commit(replace(plan(tmp_path, "r1"), sources=(known,)), NO_FILES, Counts())
    assert ledger.list_committed(str(tmp_path)) == []


def test_a_run_does_not_exist_whose_rows_somebody_has_removed(tmp_path):
    write_rows(str(tmp_path), "r1")
    staging.remove(str(tmp_path), "r1")
    with pytest.raises(OcrError, match="is gone"):
        ledger.commit(plan(tmp_path, "r1"), NO_FILES | {"pages": ["pages/p"]}, Counts())
    assert ledger.list_committed(str(tmp_path)) == []


def test_runs_that_another_replaces_are_gone_with_its_commit(tmp_path):
    output = str(tmp_path)
    for run_id in ("r1", "r2", "r3"):
        write_rows(output, run_id)
        ledger.commit(plan(output, run_id), NO_FILES, Counts())
    merged = ledger.compacted_run_id("r2")
    ledger.commit(replace(plan(output, merged), replaces=("r1", "r2")), NO_FILES, Counts())
    assert ledger.list_committed(output) == [merged, "r3"]
    ledger.remove_replaced(output)
    assert {path.name for path in tmp_path.glob("*/run_id=*")} == {"run_id=r3"}
    assert {path.stem for path in (tmp_path / "_runs").iterdir()} == {merged, "r3"}


def test_what_replaces_what_replaces_sorts_in_the_same_place():
    first = ledger.compacted_run_id("20250101T000000000001-aaaaaa")
    second = ledger.compacted_run_id(first)
    for run_id in (first, second):
        assert "20250101T000000000001-aaaaaa" < run_id < "20250101T000000000002-000000"
    assert len(first) == len(second)


def test_a_run_that_holds_the_lock_is_dead_if_somebody_else_holds_it(tmp_path):
    output = str(tmp_path)
    write_rows(output, "r1")
    write_rows(output, "r2")
    staging.mark(output, "r1")
    assert ledger.remove_uncommitted(output, 3600) == ([], ["r1", "r2"])
    assert ledger.remove_uncommitted(output, 3600, is_locked=True) == (["r1"], ["r2"])


def test_the_draft_of_a_writer_that_was_killed_is_removed(tmp_path):
    (tmp_path / "_runs").mkdir()
    for name, modified_s in ((".r1.json.12", 0), (".r2.json.34", time.time())):
        (tmp_path / "_runs" / name).touch()
        os.utime(tmp_path / "_runs" / name, (modified_s, modified_s))
    ledger.remove_uncommitted(str(tmp_path), 3600)
    assert [path.name for path in (tmp_path / "_runs").iterdir()] == [".r2.json.34"]


def test_a_place_that_a_committed_run_left_is_cleared(tmp_path):
    ledger.commit(plan(tmp_path, "r1"), NO_FILES, Counts())
    staging.mark(str(tmp_path), "r1")
    assert ledger.remove_uncommitted(str(tmp_path), 3600) == ([], [])
    assert not (tmp_path / "_staging").exists()


def test_ids_sort_by_time():
    ids = [ledger.new_run_id() for _ in range(5)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 5
