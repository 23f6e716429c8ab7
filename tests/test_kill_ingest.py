"""Whole ingests as processes: killed and resumed, two at once, documents that keep arriving.

Small versions of what `python -m tests.kill_ingest` and `python -m tests.arrivals` do at length.
"""

import os
import signal
import time

import duckdb
import pandas
import polars
import pytest

from pipelines import locks
from tests import arrivals, kill_ingest, stand_in_ingest


def test_what_was_killed_and_resumed_equals_what_was_not(tmp_path, capfd):
    inbox, calm, killed = tmp_path / "in", tmp_path / "calm", tmp_path / "killed"
    kill_ingest.write_inbox(inbox, 8)
    flags = ("--max-attempts", "1")
    assert stand_in_ingest.wait(stand_in_ingest.fork(inbox, calm, *flags, chunk=3)) == 3
    for committed in (1, 2):
        child = stand_in_ingest.fork(inbox, killed, *flags, chunk=3)
        wait_for_runs(killed, committed)
        os.kill(child, signal.SIGKILL)
        assert stand_in_ingest.wait(child) == -signal.SIGKILL
        assert kill_ingest.check_visible(killed) > 0
    # The one that fails has had its try, and is left alone.
    assert stand_in_ingest.wait(stand_in_ingest.fork(inbox, killed, *flags, chunk=3)) == 0
    assert kill_ingest.compare(calm, killed) == 0
    capfd.readouterr()


def wait_for_runs(output, count, deadline_s=120.0):
    """Waits until so many runs are committed; what follows goes on."""
    until = time.monotonic() + deadline_s
    while time.monotonic() < until:
        if len(list(output.glob("_runs/*.json"))) >= count:
            return
        time.sleep(0.005)
    raise AssertionError("nothing was committed")


def test_of_two_that_are_started_together_one_works_and_one_says_so(tmp_path, capfd):
    inbox, output = tmp_path / "in", tmp_path / "out"
    kill_ingest.write_inbox(inbox, 3)
    children = [stand_in_ingest.fork(inbox, output) for _ in range(2)]
    assert sorted(map(stand_in_ingest.wait, children)) == [0, 4]
    assert "is in use by process" in capfd.readouterr().err
    assert isinstance(locks.take(str(output)), locks.Lock)


def test_of_documents_that_keep_arriving_each_content_is_read_once(tmp_path, capfd):
    assert arrivals.main(["--documents", "12", "--batches", "3", "--folder", str(tmp_path)]) == 0
    capfd.readouterr()


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """What an ingest writes."""
    root = tmp_path_factory.mktemp("readers")
    kill_ingest.write_inbox(root / "in", 4)
    stand_in_ingest.wait(stand_in_ingest.fork(root / "in", root / "out"))
    return root / "out"


@pytest.mark.parametrize("table", ["documents", "pages", "lines"])
def test_tables_are_read_by_duckdb_polars_and_pandas(output, table):
    by_duckdb = duckdb.sql(f"from '{output}/{table}/*/*.parquet'")
    by_polars = polars.read_parquet(f"{output}/{table}/")
    by_pandas = pandas.read_parquet(output / table)
    assert set(by_duckdb.columns) == set(by_polars.columns) == set(by_pandas.columns)
    doc_ids = sorted(doc_id for (doc_id,) in by_duckdb.select("doc_id").fetchall())
    assert doc_ids == sorted(by_polars["doc_id"]) == sorted(by_pandas["doc_id"]) != []


def test_the_ledger_is_read_by_duckdb_polars_and_pandas(output):
    [path] = (output / "_runs").glob("*.json")
    by_duckdb = duckdb.sql(
        f"select unnest(sources).uri from read_json('{output}/_runs/*.json')"
    ).fetchall()
    by_polars = polars.read_json(path)["sources"].explode().struct.field("uri")
    by_pandas = pandas.DataFrame(pandas.read_json(path, typ="series")["sources"])["uri"]
    wanted = sorted(polars.read_parquet(f"{output}/documents/")["uri"])
    assert sorted(uri for (uri,) in by_duckdb) == wanted
    assert sorted(by_polars) == sorted(by_pandas) == wanted
