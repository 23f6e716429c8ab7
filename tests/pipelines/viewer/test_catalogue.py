"""The documents of runs, each once."""

from dataclasses import replace

import pytest

from pipelines import runs
from pipelines.viewer import catalogue
from pipelines.viewer.catalogue import NO_CONTENT
from tests import documents, synthetic_run
from tests.synthetic_run import line_of, page_of, record_of


def test_it_has_the_documents_that_others_read(output):
    taken = catalogue.take(runs.committed(str(output)))
    assert [entry.uri for entry in taken.entries] == runs.list_sources(str(output))


def test_a_key_names_one_document_whatever_its_content(books):
    entries = books.catalogue.entries
    assert len(books.catalogue.by_key) == len(entries) == 4
    assert all(len(entry.key) == 16 for entry in entries)


def test_the_first_name_of_a_content_has_its_digest(entry_of):
    note, copy = entry_of("note.png"), entry_of("z copy.png")
    assert note.doc_id.startswith(note.key)
    assert not copy.doc_id.startswith(copy.key)


def test_a_copy_has_the_pages_of_what_it_is_a_copy_of(entry_of, books):
    note, copy = entry_of("note.png"), entry_of("z copy.png")
    assert note.content == copy.content != NO_CONTENT
    assert books.catalogue.by_content[note.content] == [note, copy]


def test_what_was_never_opened_has_no_pages(entry_of):
    assert entry_of("broken.png").content == NO_CONTENT


@pytest.fixture
def reread(tmp_path):
    """A file that was read twice and then failed."""
    path = documents.write_png(tmp_path / "in" / "a.png", "a")
    record = record_of(path, 1)
    for said in ("once", "twice"):
        pages = [page_of(record, 0, [line_of(said, 0, 0)])]
        synthetic_run.commit(tmp_path / "out", [record], pages, tmp_path / "in")
    failed = replace(record, status="failed", error_code="timeout", error_message="slow")
    synthetic_run.commit(tmp_path / "out", [failed], [], tmp_path / "in")
    return str(tmp_path / "out")


def test_the_last_run_that_read_a_document_counts(reread):
    taken = catalogue.take(runs.committed(reread))
    [entry] = taken.entries
    assert (len(taken.runs), taken.readings, entry.status) == (3, [1], "read")
    [document] = runs.read_documents(reread)
    assert [page.text for page in document.pages] == ["twice"]


@pytest.mark.parametrize(
    ("uri", "folders", "expected"),
    [
        ("/in/a/b.pdf", ["/in"], ("a", "b.pdf")),
        ("/in/a/b.pdf", ["/in", "/in/a/"], ("", "b.pdf")),  # the nearest folder
        ("/inner/b.pdf", ["/in"], ("/inner", "b.pdf")),
        ("gs://bucket/x/b.pdf", ["gs://bucket"], ("x", "b.pdf")),
    ],
)
def test_names_are_shown_below_the_folders_that_were_read(uri, folders, expected):
    assert catalogue.shown_name(uri, folders) == expected
