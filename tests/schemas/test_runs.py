import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import Box, Line, Page, PageRef, Quad, Word, read_run, rows
from schemas.rows import DOCUMENTS, LINES, PAGES, DocumentRecord

BOX = Box(0, 0, 10, 10)
LINE = Line("right", "rjght", 0.5, Quad.from_box(BOX), (Word("right", "rjght", BOX, 0.5),))


def write_run(folder, run_id, uri, replaces=()):
    """A committed run of one page, as a reader of the format would expect it."""
    page = Page(PageRef("1", uri, 0), 100, 200, 72, (LINE,))
    now = datetime(2025, 1, 1, tzinfo=UTC)
    record = DocumentRecord("1", uri, 9, "image/png", 1, "read", None, None, "f", now, 0.0)
    tables = {
        "documents": ([rows.row_from_record(record)], DOCUMENTS),
        "pages": ([rows.row_from_page(page)], PAGES),
        "lines": (rows.rows_from_lines(page), LINES),
    }
    files = {}
    for table, (its_rows, schema) in tables.items():
        files[table] = [f"{table}/run_id={run_id}/part-0.parquet"]
        path = folder / files[table][0]
        path.parent.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(its_rows, schema=schema), path)
    path = folder / "_runs" / f"{run_id}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"files": files, "replaces": list(replaces)}))
    return path


def test_documents_come_back_as_they_were(tmp_path):
    write_run(tmp_path, "1", "a.png")
    [document] = read_run(str(tmp_path))
    assert document.source.uri == "a.png"
    [page] = document.pages
    assert page.lines == (LINE,)
    assert (page.width_px, page.height_px) == (100, 200)


def test_drafts_and_runs_that_were_replaced_are_not_read(tmp_path):
    old = write_run(tmp_path, "1", "a.png")
    write_run(tmp_path, "1-c0", "b.png", replaces=["1"])
    old.with_name(".2.json.draft.json").write_text("not whole")
    assert [document.source.uri for document in read_run(tmp_path)] == ["b.png"]


def test_a_folder_without_runs_is_a_mistake(tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no committed run"):
        read_run(tmp_path)
