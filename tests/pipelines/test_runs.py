"""Committed runs and the documents in them."""

import shutil
from dataclasses import replace

import pytest

import schemas
from pipelines import launch, ledger, runs
from schemas import Failure, Page, shelf
from tests import documents


def documents_of(output):
    return {
        document.source.uri.rpartition("/")[2]: document
        for document in runs.read_documents(str(output))
    }


def test_documents_come_with_their_pages_in_order(output):
    found = documents_of(output)
    assert found.keys() == {"note.png", "z copy.png", "Form.TIF", "a[1].pdf"}
    first, second, third = found["a[1].pdf"].pages
    assert isinstance(second, Failure)
    assert (first.text, third.text) == ("abc de", "e d")
    assert [word.text for word in first.lines[0].words] == ["abc", "de"]
    assert found["a[1].pdf"].source.page_count == 3


def test_a_copy_has_the_pages_of_what_it_is_a_copy_of(output):
    found = documents_of(output)
    assert found["z copy.png"].pages == found["note.png"].pages


def test_every_source_is_listed_once(output, inbox):
    names = ["forms/Form.TIF", "forms/a[1].pdf", "note.png", "z copy.png"]
    assert runs.list_sources(str(output)) == [str(inbox / name) for name in names]


def test_what_is_not_committed_is_not_there(output, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(output, copy)
    shutil.rmtree(copy / "_runs")
    assert runs.committed(str(copy)) == []
    assert documents_of(copy) == {}


@pytest.fixture
def reread(tmp_path, handle, options):
    """An output folder in which a file was read, changed, read again, and failed in the end."""
    inbox, output = tmp_path / "in", tmp_path / "out"
    for text in ("a", "b"):
        documents.write_png(inbox / "1.png", text)
        launch.launch(options(output, inbox), handle)
    (inbox / "1.png").write_bytes(b"")
    launch.launch(options(output, inbox), handle)
    return output


def test_a_document_is_taken_from_the_last_run_that_could_read_it(reread):
    assert len(ledger.list_committed(str(reread))) == 3
    [document] = documents_of(reread).values()
    assert [page.text for page in document.pages] == ["b"]


def test_a_source_that_was_never_opened_has_no_pages(tmp_path, handle, options):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.png").touch()
    launch.launch(options(tmp_path / "out", tmp_path / "in"), handle)
    [document] = documents_of(tmp_path / "out").values()
    assert document.pages == ()


def test_many_documents_are_read_a_few_at_a_time(output, monkeypatch):
    whole = documents_of(output)
    monkeypatch.setattr(shelf, "BATCH_DOCUMENTS", 1)
    assert documents_of(output) == whole


def test_rows_of_some_documents(output):
    [run] = runs.committed(str(output))
    [row] = [row for row in runs.read_rows(run, "documents") if row["page_count"] == 3][:1]
    pages = runs.read_rows(run, "pages", {row["doc_id"]})
    assert {page["doc_id"] for page in pages} == {row["doc_id"]}
    assert len(pages) == 3
    moved = replace(run, files=run.files | {"pages": []})
    assert runs.read_rows(moved, "pages") == []


def test_pages_are_pages(output):
    assert all(
        isinstance(page, Page | Failure)
        for document in documents_of(output).values()
        for page in document.pages
    )


def test_the_rows_of_a_table_come_some_at_a_time(output, monkeypatch):
    monkeypatch.setattr(runs, "BATCH_ROWS", 2)
    [run] = runs.committed(str(output))
    batches = list(runs.read_batches(run, "pages", ["page_index", "status"]))
    assert len(batches) > 1
    assert {tuple(batch.column_names) for batch in batches} == {("page_index", "status")}
    found = [row for batch in batches for row in batch.to_pylist()]
    assert len(found) == len(runs.read_rows(run, "pages")) == 7


def test_programs_read_the_same_without_the_pipelines(output):
    assert list(schemas.read_run(output)) == list(runs.read_documents(str(output)))
