"""A few rows and columns of Parquet files."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import runs
from pipelines.viewer import tables
from pipelines.viewer.tables import Span


@pytest.fixture
def file(tmp_path):
    """Ten rows in groups of three."""
    path = tmp_path / "a.parquet"
    table = pa.table({"doc_id": list("aabbbcccca"), "page_index": range(10)})
    pq.write_table(table, path, row_group_size=3)
    return str(path)


@pytest.mark.parametrize(("start", "count"), [(0, 10), (0, 1), (2, 2), (3, 3), (4, 5), (9, 1)])
def test_a_span_is_read_whatever_groups_it_lies_in(file, start, count):
    found = tables.read_span(Span(file, start, count), ["page_index"])
    assert [row["page_index"] for row in found] == [*range(start, start + count)]


@pytest.mark.parametrize("rows", [2, 3, 100])
def test_spans_do_not_depend_on_how_many_rows_are_read_at_once(file, rows, monkeypatch):
    monkeypatch.setattr(tables, "_BATCH_ROWS", rows)
    found = tables.read_span(Span(file, 2, 6))
    assert [row["doc_id"] for row in found] == list("bbbccc")


@pytest.mark.parametrize("start", [0, 2, 5, 9])
def test_a_scan_begins_where_it_is_told(file, start, monkeypatch):
    monkeypatch.setattr(tables, "_COLUMN_ROWS", 2)
    scanned = list(tables.scan(file, ["page_index"], start))
    numbers = np.concatenate([one.numbers("page_index") for one in scanned])
    assert numbers.tolist() == [*range(start, 10)]
    assert [one.first for one in scanned] == [int(one.numbers("page_index")[0]) for one in scanned]


def test_nothing_is_after_the_end(file):
    assert list(tables.scan(file, ["page_index"], 10)) == []


def test_rows_know_what_content_they_are_of(file):
    scanned = list(tables.scan(file, ["doc_id"]))
    owners = np.concatenate([one.of_contents({"a": 0, "c": 7}) for one in scanned])
    assert owners.tolist() == [0, 0, -1, -1, -1, 7, 7, 7, 7, 0]


def test_files_have_the_folder_of_the_run(run):
    [committed] = runs.committed(str(run))
    [file] = tables.files_of(committed, "pages")
    assert file.startswith(f"{run}/pages/")


def test_files_in_a_bucket_are_read_too(file, bucket):
    with open(file, "rb") as stream:  # noqa: PTH123 - a string
        bucket["mem://a.parquet"] = stream.read()
    assert len(tables.read_span(Span("mem://a.parquet", 2, 6))) == 6
