from datetime import UTC, datetime

from schemas import Page, PageRef, rows
from schemas.rows import DocumentRecord
from schemas.shelf import Shelf


def row_of(uri, doc_id, status="read", pages=1):
    now = datetime(2025, 1, 1, tzinfo=UTC)
    record = DocumentRecord(doc_id, uri, 1, "image/png", pages, status, None, None, "f", now, 0.0)
    return rows.row_from_record(record)


def read_rows(run, table, doc_ids):
    """Each run is the width of the pages that it has read."""
    if table == "lines":
        return []
    return [rows.row_from_page(Page(PageRef(doc_id, "", 0), run, 10, 72, ())) for doc_id in doc_ids]


def widths(shelf):
    return {
        document.source.uri: [page.width_px for page in document.pages]
        for document in shelf.documents(read_rows)
    }


def test_the_last_reading_counts():
    shelf = Shelf()
    shelf.add(100, [row_of("a", "1"), row_of("b", "2")])
    shelf.add(200, [row_of("a", "1")])
    assert widths(shelf) == {"a": [200], "b": [100]}


def test_but_none_that_failed():
    shelf = Shelf()
    shelf.add(100, [row_of("a", "1")])
    shelf.add(200, [row_of("a", "1", "failed"), row_of("b", "2", "failed", pages=None)])
    assert widths(shelf) == {"a": [100], "b": []}


def test_a_second_name_has_the_pages_of_the_first():
    shelf = Shelf()
    shelf.add(100, [row_of("a", "1")])
    shelf.add(200, [row_of("copy", "1", "duplicate")])
    assert widths(shelf) == {"a": [100], "copy": [100]}


def test_some_are_given_without_the_others():
    shelf = Shelf()
    shelf.add(100, [row_of("a", "1"), row_of("b", "2")])
    found = shelf.documents(read_rows, ["b", "none"])
    assert [document.source.uri for document in found] == ["b"]
