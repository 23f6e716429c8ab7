"""Where a run writes until it is committed."""

import os
from pathlib import Path

import pytest

from pipelines import staging, storage


def write(output, run_id, table="pages"):
    storage.write_whole(f"{staging.table_folder(output, table, run_id)}/part-0.parquet", b"x")


def visible(output):
    """What whoever reads the tables finds."""
    return sorted(
        str(path.relative_to(output))
        for table in staging.TABLES
        for path in Path(output, table).rglob("*")
        if path.is_file()
    )


@pytest.fixture
def output(tmp_path):
    return str(tmp_path / "out")


def test_nothing_is_seen_of_a_run_before_it_is_installed(output):
    write(output, "r1")
    assert visible(output) == []
    staging.install(output, "r1")
    assert visible(output) == ["pages/run_id=r1/part-0.parquet"]
    staging.clear(output, "r1")
    assert [path.name for path in Path(output).iterdir()] == ["pages"]


def test_files_are_named_by_where_they_come_to_lie(output):
    folder = staging.table_folder(output, "pages", "r1")
    name = f"{folder}/part-0".removeprefix(output + "/")
    assert staging.final_name(name, "r1") == "pages/run_id=r1/part-0"
    assert staging.final_name("pages/run_id=r1/part-0", "r1") == "pages/run_id=r1/part-0"


def test_in_a_bucket_a_run_writes_in_place():
    assert staging.table_folder("gs://b/out", "lines", "r1") == "gs://b/out/lines/run_id=r1"


def test_installing_what_is_installed_changes_nothing(output):
    write(output, "r1")
    staging.install(output, "r1")
    staging.install(output, "r1")
    assert visible(output) == ["pages/run_id=r1/part-0.parquet"]


def test_a_run_is_withdrawn_at_once_and_then_removed(output):
    for run_id in ("r1", "r2"):
        write(output, run_id)
        staging.install(output, run_id)
    staging.withdraw(output, ["r1"])
    assert visible(output) == ["pages/run_id=r2/part-0.parquet"]
    staging.remove(output, "r1")
    assert staging.list_runs(output) == {"r2"}


def test_a_run_is_found_wherever_it_has_written(output):
    write(output, "r1")
    write(output, "r2", "lines")
    staging.install(output, "r2")
    staging.mark(output, "r3")
    assert staging.list_runs(output) == {"r1", "r2", "r3"}
    assert staging.list_staged(output) == {"r1", "r2", "r3"}
    staging.clear(output, "r2")
    assert staging.list_staged(output) == {"r1", "r3"}
    assert staging.is_marked(output, "r3")
    assert not staging.is_marked(output, "r1")


def test_a_run_wrote_last_when_its_last_file_was_written(output):
    write(output, "r1")
    write(output, "r1", "lines")
    for at, table in ((1e9, "pages"), (9e9, "lines")):
        path = f"{staging.table_folder(output, table, 'r1')}/part-0.parquet"
        os.utime(path, (at, at))
    assert staging.last_written(output) == {"r1": 9e9}


def test_removing_one_run_leaves_the_place_of_others(output):
    write(output, "r1")
    write(output, "r2")
    staging.remove(output, "r1")
    assert staging.list_runs(output) == {"r2"}
