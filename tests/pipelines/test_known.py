"""What the committed runs know of the files of an inbox."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import ledger
from pipelines.known import Known, Rules
from pipelines.ledger import RunPlan
from pipelines.sinks import SCHEMAS
from pipelines.stamps import KnownStamp, Stamp
from pipelines.tallies import Counts
from schemas import rows
from schemas.rows import DocumentRecord

STARTED_AT = datetime(2025, 1, 1, tzinfo=UTC)
A, B = "aa" * 32, "bb" * 32
READ = DocumentRecord(A, "/in/a", 1, "application/pdf", 1, "read", None, None, "f", STARTED_AT, 0.1)
FAILED = replace(READ, status="failed", error_code="corrupt-source", error_message="open: no")
PARTLY = replace(READ, status="partly", error_code="page-too-large", error_message="page 2: big")
STAMP = Stamp("/in/a", 1, 1_000_000_000)


def commit(output, *records, sources=()):
    """A run with these documents; without pages and lines, at which nobody is to look."""
    plan = RunPlan(ledger.new_run_id(), str(output), "f", {}, (), {}, STARTED_AT, tuple(sources))
    folder = Path(ledger.table_folder(str(output), "documents", plan.run_id))
    folder.mkdir(parents=True)
    table = pa.Table.from_pylist([rows.row_from_record(record) for record in records])
    pq.write_table(table.cast(SCHEMAS["documents"]), folder / "part-0.parquet")
    files = {"documents": [str((folder / "part-0.parquet").relative_to(output))]}
    for name in ("pages", "lines"):
        path = Path(ledger.table_folder(str(output), name, plan.run_id), "part-0.parquet")
        path.parent.mkdir(parents=True)
        path.write_bytes(b"no Parquet")
        files[name] = [str(path.relative_to(output))]
    ledger.commit(plan, files, Counts())


def known(output, **changes):
    return Known.load(str(output), Rules(**{"fingerprint": "f", "max_attempts": 2} | changes))


@pytest.mark.parametrize(
    ("records", "changes", "standing"),
    [
        ([READ], {}, "done"),
        ([READ], {"fingerprint": "g"}, "outdated"),
        ([READ], {"fingerprint": "g", "reprocess": True}, "unknown"),
        ([READ], {"reprocess": True}, "done"),
        ([FAILED], {}, "failed"),
        ([FAILED, replace(FAILED, attempt=2)], {}, "quarantined"),
        ([replace(FAILED, attempt=2)], {"retry_failed": True}, "failed"),
        ([replace(FAILED, attempt=2)], {"fingerprint": "g"}, "unknown"),
        ([FAILED, READ], {}, "done"),
        ([READ, FAILED], {}, "done"),
        ([PARTLY], {}, "quarantined"),  # another try would find the same page too large
        ([replace(PARTLY, error_code="timeout")], {}, "failed"),
        ([PARTLY], {"fingerprint": "g"}, "outdated"),
        ([replace(READ, status="duplicate")], {}, "unknown"),  # of what was then not read
        ([], {}, "unknown"),
    ],
)
def test_what_stands_of_a_content(tmp_path, records, changes, standing):
    for record in records:
        commit(tmp_path, record)
    assert known(tmp_path, **changes).standing(A, "/in/a") == standing


def test_a_try_counts_from_the_last(tmp_path):
    commit(tmp_path, FAILED)
    commit(tmp_path, replace(FAILED, attempt=2, error_code="timeout"))
    trouble = known(tmp_path).trouble(A, "/in/a")
    assert (trouble.attempt, trouble.error_code) == (2, "timeout")
    assert known(tmp_path).trouble(B, "/in/b") is None


def test_a_file_is_known_by_name_size_and_time(tmp_path):
    commit(tmp_path, READ, sources=[KnownStamp(STAMP, A)])
    found = known(tmp_path)
    assert found.holds(STAMP)
    assert found.standing_of(STAMP) == "done"
    assert not found.holds(replace(STAMP, size_bytes=2))
    assert not found.holds(replace(STAMP, modified_ns=2))
    assert not found.holds(replace(STAMP, uri="/in/b"))
    assert found.is_named("/in/a")
    assert not found.is_named("/in/b")


def test_a_file_of_which_only_the_content_is_known_has_to_be_opened(tmp_path):
    commit(tmp_path, READ)
    assert not known(tmp_path).holds(STAMP)
    assert known(tmp_path).has_row("/in/a", A)


def test_the_last_content_of_a_name_counts(tmp_path):
    commit(tmp_path, READ, sources=[KnownStamp(STAMP, A)])
    later = replace(STAMP, modified_ns=2)
    commit(tmp_path, replace(READ, doc_id=B), sources=[KnownStamp(later, B)])
    found = known(tmp_path)
    assert found.holds(later)
    assert not found.holds(STAMP)
    assert (found.has_row("/in/a", A), found.has_row("/in/a", B)) == (False, True)
    assert found.standing(A, "/in/c") == "done"


def test_what_could_not_be_had_goes_by_its_name(tmp_path):
    record = replace(FAILED, doc_id="", error_code="missing-source")
    commit(tmp_path, record, sources=[KnownStamp(STAMP, "")])
    found = known(tmp_path)
    assert found.holds(STAMP)
    assert found.standing_of(STAMP) == "failed"
    assert found.standing("", "/in/other") == "unknown"


def test_an_output_that_is_not_there_knows_nothing(tmp_path):
    assert not known(tmp_path / "none").is_named("/in/a")
