"""Whole runs with stand-in models."""

import json

import apache_beam as beam
import duckdb
import polars
import pytest

from ocr_core.errors import ConfigError, OcrError
from pipelines import launch, ledger, progress, runs
from pipelines.inference import EngineHandle
from schemas import Failure
from tests import documents


def texts_of(output):
    """Name of each document and the text of its pages; a code for one that failed."""
    return {
        document.source.uri.rpartition("/")[2]: [
            page.code if isinstance(page, Failure) else page.text for page in document.pages
        ]
        for document in runs.read_documents(str(output))
    }


def rows_of(output, table):
    """The rows of a table, but for what differs between any two runs."""
    found = [row for run in runs.committed(str(output)) for row in runs.read_rows(run, table)]
    for row in found:
        for name in ("seconds", "started_at"):
            row.pop(name, None)
    return sorted(found, key=lambda row: json.dumps(row, sort_keys=True))


TEXTS = {
    "note.png": ["ab cd"],
    "z copy.png": ["ab cd"],
    "Form.TIF": ["a", "", "bb"],
    "a[1].pdf": ["abc de", "internal-error", "e d"],
}


def test_every_page_is_read_and_one_that_fails_takes_no_other_with_it(output):
    assert texts_of(output) == TEXTS


def test_every_source_has_one_row_and_a_status(output):
    statuses = {row["uri"].rpartition("/")[2]: row for row in rows_of(output, "documents")}
    assert {name: row["status"] for name, row in statuses.items()} == {
        "note.png": "read",
        "z copy.png": "duplicate",
        "Form.TIF": "read",
        "a[1].pdf": "partly",
    }
    partly = statuses["a[1].pdf"]
    assert partly["error_code"] == "internal-error"
    assert partly["error_message"].startswith("page 2: detect: ")
    assert partly["attempt"] == 1
    assert {len(row["fingerprint"]) for row in statuses.values()} == {64}
    assert statuses["note.png"]["doc_id"] == statuses["z copy.png"]["doc_id"]


def test_the_file_of_a_run_counts_what_its_tables_hold(output):
    [run] = runs.committed(str(output))
    counts = run.counts
    assert counts.documents == {"duplicate": 1, "partly": 1, "read": 2}
    assert counts.pages == {"empty": 1, "failed": 1, "read": 5}
    assert counts.failures == {"internal-error": 1}
    assert counts.lines == len(rows_of(output, "lines")) == 5
    # Words are as certain as their two to four characters of 0.95 together.
    assert counts.confidence == pytest.approx(0.87, abs=0.02)
    assert {"open", "render", "detect", "recognise", "layout"} <= counts.seconds.keys()
    assert run.files.keys() == {"documents", "pages", "lines"}
    assert all((output / name).exists() for names in run.files.values() for name in names)


@pytest.mark.parametrize("changes", [{"batch_pages": 1}, {"workers": 2}])
def test_rows_depend_neither_on_the_batch_nor_on_the_workers(
    output, inbox, handle, options, tmp_path, changes
):
    launch.launch(options(tmp_path, inbox, **changes), handle)
    for table in ("documents", "pages", "lines"):
        assert rows_of(tmp_path, table) == rows_of(output, table)


def test_other_readers_see_a_partitioned_data_set(output):
    [run_id] = ledger.list_committed(str(output))
    pages = f"{output}/pages/*/*.parquet"
    query = f"select run_id, text, seconds.detect > 0 from read_parquet('{pages}') order by text"
    by_duckdb = duckdb.sql(query).fetchall()
    assert [row[1] for row in by_duckdb] == ["", "", "a", "ab cd", "abc de", "bb", "e d"]
    assert {row[0] for row in by_duckdb} == {run_id}
    by_polars = polars.read_parquet(f"{output}/lines/", hive_partitioning=True)
    assert sorted(by_polars["text"]) == ["a", "ab cd", "abc de", "bb", "e d"]
    assert set(by_polars["run_id"]) == {run_id}
    words = by_polars.explode("words").unnest("words", separator="_")["words_text"]
    assert sorted(words) == ["a", "ab", "abc", "bb", "cd", "d", "de", "e"]


def test_bad_files_beside_good_ones_each_have_their_code(handle, options, tmp_path):
    inbox = tmp_path / "inbox"
    documents.write_pdf(inbox / "good.pdf", ["ab"])
    documents.write_pdf(inbox / "locked.pdf", ["ab"], password="secret")
    (inbox / "text.pdf").write_text("Dear Sir or Madam")
    (inbox / "empty.png").touch()
    (inbox / "flat.pbm").write_bytes(b"P4\n0 0\n")
    (inbox / "broken.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Cata")
    summary = launch.launch(options(tmp_path / "out", inbox), handle)
    assert not summary.counts.is_complete
    found = rows_of(tmp_path / "out", "documents")
    assert {row["uri"].rpartition("/")[2]: row["error_code"] for row in found} == {
        "good.pdf": None,
        "locked.pdf": "encrypted-source",
        "text.pdf": "unsupported-format",
        "empty.png": "empty-source",
        "flat.pbm": "empty-source",
        "broken.pdf": "corrupt-source",
    }
    assert len(found) == 6
    assert texts_of(tmp_path / "out")["good.pdf"] == ["ab"]
    assert len(summary.named) == 5


def test_each_chunk_is_a_run_and_content_is_read_once_over_all(
    handle, options, tmp_path, monkeypatch
):
    monkeypatch.setattr(launch, "CHUNK_PAGES", 2)
    for name, text in (("1", "a"), ("2", "b"), ("3", "a"), ("4", "c")):
        documents.write_png(tmp_path / "in" / f"{name}.png", text)
    summary = launch.launch(options(tmp_path / "out", tmp_path / "in"), handle)
    assert len(summary.run_ids) == 2
    assert ledger.list_committed(str(tmp_path / "out")) == list(summary.run_ids)
    assert summary.counts.documents == {"duplicate": 1, "read": 3}
    assert texts_of(tmp_path / "out")["3.png"] == ["a"]


def test_a_run_that_fails_is_not_committed(handle, options, tmp_path, monkeypatch):
    def fail(*_):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(ledger, "commit", fail)
    documents.write_png(tmp_path / "in" / "1.png", "a")
    output = tmp_path / "out"
    with pytest.raises(RuntimeError, match="the disk is full"):
        launch.launch(options(output, tmp_path / "in"), handle)
    assert list(output.rglob("*.parquet"))
    assert ledger.list_committed(str(output)) == []
    removed, left = ledger.remove_uncommitted(str(output), min_age_s=0)
    assert (len(removed), left) == (1, [])
    assert not [path for path in output.rglob("*") if path.is_file()]


def test_a_full_disk_is_told_in_words(handle, options, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ledger, "commit", fail)
    documents.write_png(tmp_path / "in" / "1.png", "a")
    with pytest.raises(OcrError, match="No space left on device; what was committed stays"):
        launch.launch(options(tmp_path / "out", tmp_path / "in"), handle)


def test_only_the_selected_pages_are_read(handle, options, tmp_path):
    documents.write_tiff(tmp_path / "in" / "1.tif", ["a", "b", "c", "d"])
    read = options("", "").read
    read = type(read)(**{name: getattr(read, name) for name in read.__slots__} | {"pages": "2,4-"})
    launch.launch(options(tmp_path / "out", tmp_path / "in", read=read), handle)
    assert texts_of(tmp_path / "out") == {"1.tif": ["b", "d"]}
    [row] = rows_of(tmp_path / "out", "documents")
    assert (row["status"], row["page_count"]) == ("read", 4)


def test_an_empty_folder_is_a_mistake(handle, options, tmp_path):
    with pytest.raises(ConfigError, match="nothing to read"):
        launch.launch(options(tmp_path / "out", tmp_path), handle)


def test_what_a_folder_holds_beside_sources_is_told(handle, options, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "letter.docx").touch()
    with pytest.raises(ConfigError, match=r"nothing to read in .*: only \.docx 1"):
        launch.launch(options(tmp_path / "out", tmp_path / "in"), handle)
    documents.write_tiff(tmp_path / "in" / "1.tif", ["a"])
    result = launch.launch(options(tmp_path / "out", tmp_path / "in"), handle)
    assert result.passed_over == {".docx": 1}


def test_weights_that_do_not_load_are_told_before_anything_is_written(options, tmp_path):
    def fail():
        raise ConfigError("no such weights")

    documents.write_png(tmp_path / "in" / "1.png", "a")
    with pytest.raises(ConfigError, match="no such weights"):
        launch.launch(options(tmp_path / "out", tmp_path / "in"), EngineHandle(fail, "none such"))
    assert not (tmp_path / "out").exists()


def test_sources_are_chunked_by_pages_and_never_split(monkeypatch):
    monkeypatch.setattr(launch, "CHUNK_PAGES", 10)
    monkeypatch.setattr(launch, "CHUNK_DOCUMENTS", 3)
    monkeypatch.setattr(launch.ingest, "count_pages", lambda pages, _: pages)
    chunks = list(launch.split_into_chunks([25, 4, 4, 4, 0, 0, 0, 9, 1, 1], None))
    assert chunks == [[25], [4, 4, 4], [0, 0, 0], [9, 1], [1]]


def test_a_local_run_names_its_runner(handle, options, tmp_path, monkeypatch):
    documents.write_png(tmp_path / "in" / "1.png", "a")
    runners = []
    run = beam.Pipeline.run
    monkeypatch.setattr(
        beam.Pipeline, "run", lambda self, *a: (runners.append(type(self.runner)), run(self, *a))[1]
    )
    launch.launch(options(tmp_path / "out", tmp_path / "in"), handle)
    assert [runner.__name__ for runner in runners] == ["FnApiRunner"]


def test_an_interrupt_within_a_stage_is_still_an_interrupt(handle, options, tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(progress.Headway, "hear", interrupt)
    documents.write_png(tmp_path / "in" / "1.png", "a")
    with pytest.raises(KeyboardInterrupt):
        launch.launch(options(tmp_path / "out", tmp_path / "in"), handle)
    assert ledger.list_committed(str(tmp_path / "out")) == []
