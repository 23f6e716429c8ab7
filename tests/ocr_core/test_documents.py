import pytest

from ocr_core import documents
from ocr_core.errors import ConfigError, CorruptSourceError, MissingSourceError
from schemas import Failure, Page
from tests import documents as made


def read_nothing(pages):
    return [Page(page.ref, 10, 10, page.dpi, ()) for page in pages]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.pdf"
    made.write_pdf(path, ["ab cd"] * 7)
    return path


def test_all_pages_of_a_file_are_read_in_order(path):
    batches = []

    def read(pages):
        batches.append(len(pages))
        return read_nothing(pages)

    document = documents.read_document(path, read)
    assert [page.ref.page_index for page in document.pages] == list(range(7))
    assert document.source.uri == str(path)
    assert max(batches) == documents.BATCH_PAGES


def test_or_some(path):
    document = documents.read_document(str(path), read_nothing, pages="2-3,9")
    assert [page.ref.page_index for page in document.pages] == [1, 2]
    with pytest.raises(ConfigError):
        documents.read_document(path, read_nothing, pages="two")


def test_a_page_that_cannot_be_read_takes_no_other_with_it(path):
    def read(pages):
        return [
            Failure("", "", page.ref.page_index, "recognise", "no", "")
            if page.ref.page_index == 1
            else read_nothing([page])[0]
            for page in pages
        ]

    pages = documents.read_document(path, read, pages="1-3").pages
    assert [isinstance(page, Failure) for page in pages] == [False, True, False]


def test_what_is_no_document_is_an_error(tmp_path):
    with pytest.raises(MissingSourceError):
        documents.read_document(tmp_path / "none.pdf", read_nothing)
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    with pytest.raises(CorruptSourceError):
        documents.read_document(tmp_path / "bad.pdf", read_nothing)
