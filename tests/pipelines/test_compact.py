"""Many small runs into few large ones."""

import argparse
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.parquet as pq
import pytest

from ocr_core.errors import ConfigError, OcrError
from pipelines import compact, launch, ledger, locks, runs, stamps
from pipelines.locks import InUseError
from pipelines.stamps import KnownStamp
from tests import documents


@pytest.fixture(scope="module")
def small_runs(tmp_path_factory, handle, options):
    """An output of four runs: a document read, one that failed in part, changed and read again."""
    root = tmp_path_factory.mktemp("small")
    first, second = root / "in" / "0.pdf", root / "in" / "1.pdf"
    documents.write_pdf(first, ["a", "poison"])
    documents.write_pdf(second, ["c"])
    for path in (first, first, second):
        launch.launch(options(root / "out", path), handle)
    documents.write_pdf(first, ["a", "b"])
    launch.launch(options(root / "out", first), handle)
    return root / "out"


@pytest.fixture
def output(small_runs, tmp_path):
    """A copy of it, to be changed."""
    shutil.copytree(small_runs, tmp_path / "out")
    return str(tmp_path / "out")


def documents_of(output):
    return {document.source.uri: document.pages for document in runs.read_documents(output)}


def rows_of(output, table):
    """Rows as a stranger finds them, by DuckDB."""
    return duckdb.sql(f"select * exclude run_id from '{output}/{table}/*/*.parquet'").fetchall()


def compact_command(output, *flags):
    parser = argparse.ArgumentParser()
    compact.add_arguments(parser)
    return compact.main(parser.parse_args([output, *flags]))


def test_whoever_reads_documents_finds_the_same(output):
    before, rows_before = documents_of(output), rows_of(output, "documents")
    assert compact.compact(output, 10**6) == (4, 1)
    assert documents_of(output) == before
    assert sorted(rows_of(output, "documents"), key=str) == sorted(rows_before, key=str)
    assert len(list_files(output, "documents")) == 1


def test_what_is_known_of_files_stays_though_they_were_written_since(output, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"x")
    source = KnownStamp(stamps.of_status(str(path), path.stat()), "ab" * 32)
    read = [ledger.read_run(output, run_id) for run_id in ledger.list_committed(output)]
    plan = replace(read[0].plan, run_id=ledger.new_run_id(), sources=(source,))
    ledger.commit(plan, {table: [] for table in ledger.TABLES}, read[0].counts)
    path.write_bytes(b"and more")
    compact.compact(output, 10**6)
    [merged] = ledger.list_committed(output)
    assert ledger.read_run(output, merged).plan.sources == (source,)


def list_files(output, table):
    return [name for _, _, names in os.walk(f"{output}/{table}") for name in names]


def test_of_a_document_that_was_tried_again_only_the_last_pages_stay(output):
    assert len(rows_of(output, "pages")) == 7
    compact.compact(output, 10**6)
    pages = duckdb.sql(f"select doc_id, page_index from '{output}/pages/*/*.parquet'").fetchall()
    assert len(pages) == len(set(pages)) == 5


def test_the_run_stands_in_the_place_of_those_that_it_replaces(output, handle, options, tmp_path):
    first, *_, last = ledger.list_committed(output)
    documents.write_png(tmp_path / "later.png", "d")
    launch.launch(options(output, tmp_path / "later.png", batch_pages=1), handle)
    later = ledger.list_committed(output)[-1]
    read = [ledger.read_run(output, run_id) for run_id in ledger.list_committed(output)[:-1]]
    merged = compact.merge(read, 10**6)
    assert ledger.list_committed(output) == [merged, later]
    assert first < last < merged < later
    run = ledger.read_run(output, merged)
    assert run.plan.replaces[0] == first
    assert run.counts.document_total == 4


def test_runs_of_other_fingerprints_are_kept_apart(output, monkeypatch):
    ids = ledger.list_committed(output)
    read_run = ledger.read_run

    def with_other_fingerprint(output, run_id):
        run = read_run(output, run_id)
        if run_id in ids[2:]:
            object.__setattr__(run.plan, "fingerprint", "another")
        return run

    monkeypatch.setattr(ledger, "read_run", with_other_fingerprint)
    assert list(compact.group_runs(output)) == [ids[:2], ids[2:]]
    monkeypatch.setattr(compact, "_MAX_DOCUMENTS", 1)
    assert list(compact.group_runs(output)) == []


def test_lines_of_before_a_column_came_have_none_of_it(output):
    last = max(Path(output, "lines").glob("*/*.parquet"))
    with pq.ParquetFile(last) as file:
        older = file.read().drop_columns(["restored"])
    pq.write_table(older, last, use_compliant_nested_type=True)
    before = documents_of(output)
    assert compact_command(output) == 0
    assert documents_of(output) == before
    told = duckdb.sql(f"select distinct restored from '{output}/lines/*/*.parquet'").fetchall()
    assert {value for (value,) in told} == {None, False}


def test_a_second_time_there_is_nothing_to_do(output, capsys):
    assert compact_command(output) == 0
    assert compact_command(output) == 0
    assert capsys.readouterr().out.splitlines() == [
        "put 4 runs together into 1",
        "nothing to put together",
    ]


def test_files_are_begun_anew_after_so_many_bytes(output, monkeypatch):
    monkeypatch.setattr(compact, "_GROUP_BYTES", 1)
    before = documents_of(output)
    compact.compact(output, 1)
    assert len(list_files(output, "pages")) == 3
    assert documents_of(output) == before


def test_whatever_reads_parquet_reads_the_result(output):
    compact.compact(output, 10**6)
    texts = ["a", "b", "c"]
    folder = f"{output}/pages/"
    assert set(polars.read_parquet(folder, hive_partitioning=True)["text"]) >= set(texts)
    assert set(pandas.read_parquet(folder)["text"]) >= set(texts)
    assert {row[0] for row in duckdb.sql(f"select text from '{folder}*/*.parquet'").fetchall()} >= {
        *texts
    }


def crash_at(event_number, output):
    """Compacts in a process that ends at the nth change to the file system; its exit code."""
    child = os.fork()
    if not child:
        seen = 0

        def count(event, args):
            nonlocal seen
            changes = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "shutil.rmtree")
            is_write = event == "open" and isinstance(args[1], str) and "w" in args[1]
            if (event in changes or is_write) and output in str(args[0]):
                seen += 1
                if seen == event_number:
                    os._exit(9)

        sys.addaudithook(count)
        compact_command(output)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_crash_at_any_moment_loses_nothing_and_the_next_time_finishes(
    small_runs, tmp_path, capfd, monkeypatch
):
    monkeypatch.setattr(os, "fsync", lambda _: None)  # of the power nothing is to be learnt here
    before = documents_of(str(small_runs))
    moments = 0
    for moment in range(1, 200):
        output = str(tmp_path / f"{moment}")
        shutil.copytree(small_runs, output)
        code = crash_at(moment, output)
        assert documents_of(output) == before, f"after a crash at change {moment}"
        assert compact_command(output) == 0
        assert documents_of(output) == before
        pages = rows_of(output, "pages")
        assert len(pages) == 5, f"after a crash at change {moment}"
        assert sorted(os.listdir(output)) == ["_runs", "documents", "lines", "pages"]  # noqa: PTH208
        shutil.rmtree(output)
        if code == 0:
            break
        moments += 1
    assert moments > 20
    capfd.readouterr()


def test_while_an_ingest_is_at_work_nothing_is_touched(output):
    before = ledger.list_committed(output)
    with locks.take(output), pytest.raises(InUseError):
        compact_command(output)
    assert ledger.list_committed(output) == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gs://b/out", "is not a folder on this machine"),
        ("/no/such/folder", "there is no folder /no/such/folder"),
    ],
)
def test_only_folders_of_this_machine_are_compacted(name, message):
    with pytest.raises(ConfigError, match=message):
        compact_command(name)


def test_a_full_disk_is_told_and_the_old_runs_stay(output, monkeypatch):
    before, runs_before = documents_of(output), ledger.list_committed(output)

    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ledger.storage, "write_whole", fail)
        with pytest.raises(OcrError, match=f"cannot write to {output}: No space left"):
            compact_command(output)
    assert ledger.list_committed(output) == runs_before
    assert documents_of(output) == before
    assert compact_command(output) == 0
    assert documents_of(output) == before
