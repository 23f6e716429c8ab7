"""All that is known of a run."""

import pytest

from ocr_core.errors import ConfigError
from pipelines.viewer.books import open_books


def test_an_overview_names_the_run(books, run):
    assert books.overview()["name"] == run.name
    assert books.overview()["pages"] == 3


def test_a_document_has_the_states_of_its_pages(books, entry_of):
    document = books.document(entry_of("letter.tif").key)
    assert [state[:2] for state in document["states"]] == [[0, "read"], [1, "failed"]]
    assert document["uri"].endswith("/letter.tif")


def test_a_document_that_was_not_opened_says_why(books, entry_of):
    document = books.document(entry_of("broken.png").key)
    assert (document["states"], document["error_message"]) == ([], "it does not parse")


def test_what_is_not_in_the_run_is_not_there(books):
    assert books.document("0" * 16) is None
    assert books.page("0" * 16, 0) is None


def test_a_folder_without_a_run_cannot_be_looked_at(tmp_path):
    with pytest.raises(ConfigError, match="no committed run"):
        open_books(str(tmp_path))
