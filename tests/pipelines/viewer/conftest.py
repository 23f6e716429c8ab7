"""Runs to look at: of a few files that are there, with a failure, a correction and a copy."""

import shutil
from dataclasses import replace

import pytest

from pipelines.viewer.books import open_books
from pipelines.viewer.pictures import Pictures
from schemas import Edit, Failure
from tests import documents, synthetic_run
from tests.synthetic_run import line_of, page_of, record_of


@pytest.fixture(scope="session")
def scans(tmp_path_factory):
    """A letter of two pages, the second of which failed; a note and its copy; and a broken file."""
    folder = tmp_path_factory.mktemp("scans")
    documents.write_tiff(folder / "letter.tif", ["ab", "cd"])
    documents.write_png(folder / "1912" / "note.png", "e")
    shutil.copy(folder / "1912" / "note.png", folder / "z copy.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return folder


@pytest.fixture(scope="session")
def run(scans, tmp_path_factory):
    """A run over `scans`."""
    output = tmp_path_factory.mktemp("run")
    letter = replace(
        record_of(scans / "letter.tif", 2), media_type="image/tiff", status="partly",
        error_code="timeout", error_message="it took too long",
    )  # fmt: skip
    note = record_of(scans / "1912" / "note.png", 1)
    copy = replace(note, uri=str(scans / "z copy.png"), status="duplicate")
    broken = record_of(scans / "broken.png", None, "corrupt-source")
    edit = Edit(0, 3, "teh", "the", "lexicon")
    first = synthetic_run.misread(line_of("the canal company", 40, 60, 0.97), edit)
    lines = [first, line_of("toll 4d", 60, 100)]
    failure = Failure(letter.doc_id, letter.uri, 1, "detect", "timeout", "it took too long")
    pages = [
        page_of(letter, 0, lines),
        failure,
        page_of(note, 0, [line_of("a whale at the quay", 20, 30, 0.6)]),
    ]
    synthetic_run.commit(output, [letter, note, copy, broken], pages, scans)
    return output


@pytest.fixture(scope="session")
def books(run):
    return open_books(str(run))


@pytest.fixture
def pictures(books):
    drawn = Pictures(books.catalogue, books.pages)
    yield drawn
    drawn.close()


@pytest.fixture(scope="session")
def entry_of(books):
    """Name of a file -> its document."""
    return {entry.uri.rpartition("/")[2]: entry for entry in books.catalogue.entries}.__getitem__
