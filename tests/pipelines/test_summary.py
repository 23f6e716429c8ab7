"""The table with which a run ends."""

import json
import shlex
import subprocess
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import summary
from pipelines.summary import Summary
from pipelines.tallies import Counts

COUNTS = Counts(
    documents={"partly": 1, "read": 7},
    pages={"empty": 1, "failed": 2, "read": 37},
    failures={"out-of-memory": 2},
    lines=1234,
    characters=100,
    certainty=93.1,
    seconds={"recognise": 12.0, "detect": 8.5, "open": 0.1},
)
SUMMARY = Summary(COUNTS, 20.0, "out/", ("r1", "r2"), ("/in/a.pdf, page 1: out-of-memory",))


def test_the_table_says_what_came_of_the_run():
    text = summary.as_text(SUMMARY)
    for line in (
        "documents   1 partly, 7 read",
        "pages       1 empty, 2 failed, 37 read",
        "lines       1234",
        "confidence  0.931 on average",
        "failures    out-of-memory 2",
        "speed       2.00 pages/s (40 pages in 20.0 s)",
        "work        open 0.1 s, detect 8.5 s, recognise 12.0 s",
        "output      out/ (2 runs committed)",
        "failed: /in/a.pdf, page 1: out-of-memory",
        "failed: 1 more; see error_message in documents and pages",
    ):
        assert line in text.splitlines()


def test_the_last_line_shows_what_was_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out/lines/run_id=r1").mkdir(parents=True)
    rows = pa.table({"page_index": [0], "text": ["Dear Miss Thornbury,"]})
    pq.write_table(rows, tmp_path / "out/lines/run_id=r1/part-0.parquet")
    last = summary.as_text(SUMMARY).splitlines()[-1]
    command = shlex.split(last.removeprefix("Look at it: "))
    shown = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "Dear Miss Thornbury," in shown.stdout


def test_without_failures_none_are_named():
    text = summary.as_text(Summary(Counts(documents={"read": 1}), 1.0, "out", (), ()))
    assert "failures    none" in text
    assert "failed:" not in text


def test_what_was_passed_over_is_told_the_most_first():
    kinds = {".a": 1, ".docx": 12, "no suffix": 3} | {f".k{number}": 2 for number in range(5)}
    text = summary.as_text(replace(SUMMARY, passed_over=kinds))
    expected = ".docx 12, no suffix 3, .k0 2, .k1 2, .k2 2, .k3 2, others 3"
    assert f"passed over {expected}, as of no kind to read" in text.splitlines()
    assert summary.as_values(replace(SUMMARY, passed_over=kinds))["passed_over"] == kinds
    assert "passed over" not in summary.as_text(SUMMARY)


def test_damaged_pictures_are_told():
    text = summary.as_text(replace(SUMMARY, counts=replace(COUNTS, damaged=3)))
    assert "damaged     3 of the pages have a picture that ends too early" in text
    assert "damaged" not in summary.as_text(SUMMARY)


def test_the_same_as_values():
    values = json.loads(json.dumps(summary.as_values(SUMMARY)))
    assert values["counts"]["pages"]["read"] == 37
    assert (values["pages_per_second"], values["run_ids"]) == (2.0, ["r1", "r2"])
