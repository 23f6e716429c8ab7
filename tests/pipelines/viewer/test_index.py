"""Where pages and lines are."""

import math

import numpy as np
import pytest

from pipelines.viewer import tables
from pipelines.viewer.books import open_books
from pipelines.viewer.index import LineIndex, PageIndex, SpanIndex
from pipelines.viewer.tables import Span
from tests import synthetic_run


def test_spans_of_one_page_come_in_order_and_neighbours_are_one():
    found = np.array(
        [[1, 0, 1, 0, 5], [0, 3, 0, 10, 2], [0, 3, 0, 12, 4], [0, 3, 1, 9, 1], [0, 2, 0, 0, 9]]
    )
    index = SpanIndex(["a", "b"], found)
    assert index.find(0, 3) == [Span("a", 10, 6), Span("b", 9, 1)]
    assert index.find(1, 0) == [Span("b", 0, 5)]
    assert index.find(0, 4) == index.find(2, 0) == []


def test_an_index_of_nothing_finds_nothing():
    assert SpanIndex([], np.zeros((0, 5), np.int64)).find(0, 0) == []


def test_every_page_is_found_with_its_lines(output):
    books = open_books(str(output))
    pages, lines = PageIndex(books.catalogue), LineIndex(books.catalogue)
    assert pages.page_total == 7
    for entry in books.catalogue.entries:
        for page_index, status, _ in pages.statuses_of(entry.content):
            [row] = tables.read_span(pages.find(entry.content, page_index))
            assert (row["doc_id"], row["page_index"]) == (entry.doc_id, page_index)
            assert row["status"] == status
            read = [
                line
                for span in lines.find(entry.content, page_index)
                for line in tables.read_span(span)
            ]
            assert len(read) == row["line_count"]
            assert {(line["doc_id"], line["page_index"]) for line in read} <= {
                (entry.doc_id, page_index)
            }


def test_confidences_are_of_pages_that_were_read(books, entry_of):
    letter, note = entry_of("letter.tif").content, entry_of("note.png").content
    states = books.index.statuses_of(letter)
    assert [(page, status) for page, status, _ in states] == [(0, "read"), (1, "failed")]
    assert books.index.means[letter] == pytest.approx(states[0][2])
    assert books.index.means[note] == pytest.approx(0.6)


def test_a_document_without_a_page_that_was_read_has_no_confidence(tmp_path, scans):
    record = synthetic_run.record_of(scans / "letter.tif", 1)
    synthetic_run.commit(tmp_path, [record], [], scans)
    index = open_books(str(tmp_path)).index
    assert math.isnan(index.means[0])


@pytest.mark.parametrize("rows", [7, 100])
def test_pages_are_found_however_rows_are_batched(tmp_path, rows, monkeypatch):
    monkeypatch.setattr(tables, "_COLUMN_ROWS", rows)
    synthetic_run.commit_large(tmp_path, 6, 3)
    books = open_books(str(tmp_path))
    for entry in books.catalogue.entries:
        for page_index in range(3):
            assert len(books.pages.read(entry, page_index)["lines"]) == 45
