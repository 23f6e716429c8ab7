"""Documents from what was just read, beside those that are read back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipelines import runs
from pipelines.export_rows import gather_documents
from pipelines.ingest import Opened
from schemas import Failure, Page
from tests import exported_document


def no_earlier():
    raise AssertionError("nobody needs what was read before")


def stored(output):
    return {document.source.uri: document for document in runs.read_documents(str(output))}


def records_of(document, *others, status="read"):
    """Records of a document and of copies of it."""
    started_at = document.started_at or datetime(2025, 1, 1, tzinfo=UTC)
    opened = Opened(document.source, "f" * 64, started_at, seconds=0.5)
    first = replace(opened.close(), status=status)
    return [first, *(replace(first, uri=uri, status="duplicate") for uri in others)]


def test_pages_come_in_order_and_copies_have_them_too():
    document = exported_document.whole_document()
    records = records_of(document, "/in/copy.pdf")
    gathered = list(gather_documents(records, reversed(document.pages), no_earlier))
    assert [one.source.uri for one in gathered] == [document.source.uri, "/in/copy.pdf"]
    for one in gathered:
        indices = [
            page.page_index if isinstance(page, Failure) else page.ref.page_index
            for page in one.pages
        ]
        assert indices == [0, 1, 2]
        assert [type(page) for page in one.pages] == [Page, Failure, Page]


def test_numbers_are_as_round_as_in_the_tables(output):
    """Read back once more, nothing changes; a number in between is rounded."""
    for document in stored(output).values():
        [again] = gather_documents(records_of(document), document.pages, no_earlier)
        assert again.pages == document.pages
    document = exported_document.whole_document()
    first = document.pages[0]
    fine = replace(first, skew_deg=0.1)
    [rounded] = gather_documents(records_of(document), [fine], no_earlier)
    assert rounded.pages[0].skew_deg == pytest.approx(0.1)
    assert rounded.pages[0].skew_deg != 0.1


def test_what_this_run_has_no_pages_of_comes_from_an_earlier_one(output):
    name = "note.png"
    [before] = [one for uri, one in stored(output).items() if uri.endswith(name)]

    def earlier():
        return runs.take_stock(str(output))

    failed = Failure(before.source.doc_id, before.source.uri, 0, "detect", "timeout", "too long")
    for records, results in (
        (records_of(before, status="failed"), [failed]),
        (records_of(before, status="duplicate"), []),
    ):
        [found] = gather_documents(records, results, earlier)
        assert found == before


def test_what_nobody_could_read_keeps_its_failures(output):
    document = exported_document.whole_document()
    failed = replace(document.pages[1], page_index=0)
    records = records_of(document, status="failed")
    [found] = gather_documents(records, [failed], lambda: runs.take_stock(str(output)))
    assert [page.code for page in found.pages] == [failed.code]
