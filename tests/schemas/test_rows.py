"""The three tables: what was read becomes rows, and the rows become what was read."""

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import Block, Box, Cell, Edit, Failure, Line, Page, PageRef, Quad, Source, Word, rows

REF = PageRef("d" * 64, "letters/a.pdf", 3)
QUAD = Quad(1, 2, 9.5, 2, 9.5, 6, 1, 6)
CELLS = (Cell(0, 0, 1, 2, Box(1, 2, 9, 4), "ß€"), Cell(1, 0, 1, 1, Box(1, 4, 5, 6), ""))
RECORD = rows.DocumentRecord(
    doc_id=REF.doc_id,
    uri=REF.uri,
    size_bytes=1234,
    media_type="application/pdf",
    page_count=None,
    status="failed",
    error_code="encrypted-source",
    error_message="open: a password is needed",
    fingerprint="f" * 64,
    started_at=datetime(2025, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
    seconds=0.25,
    attempt=2,
)
FAILURE = Failure(REF.doc_id, REF.uri, 3, "detect", "out-of-memory", "too large: 9 GB")


def make_page():
    words = (
        Word("the", "tbe", Box(1, 2, 4, 6), 0.5),
        Word("end", "end", Box(5, 2, 9, 6), 0.75),
    )
    first = Line("the end", "tbe end", 0.5, QUAD, words, (Edit(1, 2, "b", "h", "lexicon"),))
    foot = ((1.0, 9.0), (5.5, 9.5), (11.0, 9.0))
    second = Line("ß€", "ß€", 1.0, QUAD, (), block_id=1, restored=True, baseline=foot)
    return Page(
        ref=REF,
        width_px=100,
        height_px=200,
        dpi=300,
        lines=(first, second),
        blocks=(Block(0, "heading", QUAD, "the end"), Block(1, "table", QUAD, "ß€", CELLS)),
        orientation_deg=90,
        skew_deg=-0.5,
        source="mixed",
        source_reason="agrees",
        language="en",
        seconds={"render": 0.25, "detect": 0.5},
    )


def through_parquet(schema, table_rows, path):
    table = pa.Table.from_pylist(table_rows, schema=schema)
    pq.write_table(table, path, use_compliant_nested_type=True)
    return pq.read_table(path).to_pylist()


@pytest.mark.parametrize(
    ("schema", "row"),
    [
        (rows.DOCUMENTS, rows.row_from_record(RECORD)),
        (rows.PAGES, rows.row_from_page(make_page())),
        (rows.PAGES, rows.row_from_failure(FAILURE)),
        (rows.LINES, rows.rows_from_lines(make_page())[0]),
    ],
)
def test_a_row_has_every_column_of_its_table_and_no_other(schema, row):
    assert list(row) == schema.names


def test_a_page_comes_back_from_its_rows(tmp_path):
    page = make_page()
    [page_row] = through_parquet(rows.PAGES, [rows.row_from_page(page)], tmp_path / "pages")
    line_rows = through_parquet(rows.LINES, rows.rows_from_lines(page), tmp_path / "lines")
    assert rows.page_from_rows(page_row, reversed(line_rows)) == page


def test_a_row_without_a_reason_gives_a_page_without_one():
    row = rows.row_from_page(make_page())
    del row["source_reason"]  # as files of earlier versions have it
    assert rows.page_from_rows(row, []).source_reason is None


def test_lines_of_before_lines_were_restored_were_not(tmp_path):
    page = make_page()
    row = rows.row_from_page(page)
    line_rows = rows.rows_from_lines(page)
    assert [line["restored"] for line in line_rows] == [False, True]
    del line_rows[0]["restored"]  # as files of earlier versions have it
    line_rows[1]["restored"] = None  # as if put together with such files
    assert [line.restored for line in rows.page_from_rows(row, line_rows).lines] == [False, False]


def test_an_empty_page_comes_back_from_its_row(tmp_path):
    page = replace(make_page(), lines=(), blocks=(), language=None, seconds={})
    [row] = through_parquet(rows.PAGES, [rows.row_from_page(page)], tmp_path / "pages")
    assert row["status"] == "empty"
    assert rows.rows_from_lines(page) == []
    assert rows.page_from_rows(row, []) == page


def test_a_page_row_holds_what_readers_would_compute():
    row = rows.row_from_page(make_page())
    assert row["text"] == "the end\n\nß€"
    assert row["line_count"] == 2
    assert row["confidence"] == pytest.approx((3 * 0.5 + 3 * 0.75) / 6)


def test_a_failure_comes_back_from_its_row(tmp_path):
    [row] = through_parquet(rows.PAGES, [rows.row_from_failure(FAILURE)], tmp_path / "pages")
    assert (row["status"], row["error_code"], row["page_index"]) == ("failed", "out-of-memory", 3)
    assert rows.page_from_rows(row, []) == FAILURE


def test_a_whole_source_has_no_row_of_pages():
    with pytest.raises(ValueError, match="failed as a whole"):
        rows.row_from_failure(replace(FAILURE, page_index=None))


def test_a_record_comes_back_from_its_row(tmp_path):
    [row] = through_parquet(rows.DOCUMENTS, [rows.row_from_record(RECORD)], tmp_path / "documents")
    assert rows.record_from_row(row) == RECORD
    assert rows.record_from_row(row | {"run_id": "of the partition"}) == RECORD


def test_a_document_has_its_pages_in_order():
    row = rows.row_from_record(replace(RECORD, page_count=5))
    last = replace(make_page(), ref=replace(REF, page_index=4))
    document = rows.document_from_rows(row, [last, FAILURE])
    assert document.source == Source(REF.doc_id, REF.uri, 1234, "application/pdf", 5)
    assert document.pages == (FAILURE, last)


def test_an_unknown_stage_is_not_dropped_in_silence():
    with pytest.raises(ValueError, match="no such stage: polish"):
        rows.row_from_page(replace(make_page(), seconds={"polish": 1.0}))


def test_units_and_version_are_in_the_file(tmp_path):
    path = tmp_path / "pages.parquet"
    pq.write_table(pa.Table.from_pylist([], schema=rows.PAGES), path)
    schema = pq.read_schema(path)
    assert schema.metadata[b"beam_ocr_schema_version"] == b"1"
    assert schema.field("width_px").metadata[b"unit"] == b"px"
    assert all(field.metadata[b"description"] for field in schema)
