"""What an ingest tells at its end."""

import json
from collections import Counter

import pytest

from pipelines import inbox_report
from pipelines.inbox_report import Reading, Report
from pipelines.summary import Summary
from pipelines.tallies import Counts

SUMMARY = Summary(Counts(documents={"read": 2}, pages={"read": 3}), 1.5, "out", ("r1",), ())
NOTHING = Summary(Counts(), 1.5, "out", (), ())
NO_OTHERS = Counter()
FAILED = Summary(Counts(failures={"timeout": 1}), 1.5, "out", ("r1",), ("/in/a: timeout",))


def report(summary=SUMMARY, verdicts=(), moved=(), trouble=(), other_kinds=NO_OTHERS, **reading):
    read = Reading(summary, **reading)
    return Report(read, Counter(verdicts), Counter(moved), trouble, other_kinds)


def test_it_says_what_became_of_every_file():
    lines = inbox_report.as_text(
        report(
            verdicts={"new": 2, "retry": 1, "done": 90, "unsettled": 4, "quarantined": 3},
            moved={"/done": 2},
            passed_over=Counter({"again": 1}),
            is_whole=False,
        )
    ).splitlines()
    assert lines[:7] == [
        "inbox       100 files: 2 new, 1 retry",
        "            90 known",
        "            3 failed too often (--retry-failed tries them again)",
        "            4 just written, left for the next time",
        "            1 known, with a new time",
        "moved       2 to /done",
        "limit       reached; the rest is left for the next time",
    ]
    assert "documents   2 read" in lines


def test_when_nothing_is_new_it_is_short():
    assert inbox_report.as_text(report(NOTHING, {"done": 5})).splitlines() == [
        "inbox       5 files: none new",
        "            5 known",
    ]


def test_what_is_of_no_kind_to_read_is_told():
    seen = report(NOTHING, {"done": 5}, other_kinds=Counter({".docx": 2, "no suffix": 7}))
    last = inbox_report.as_text(seen).splitlines()[-1]
    assert last == "            9 more of no kind to read: no suffix 7, .docx 2"
    assert inbox_report.as_values(seen)["other_kinds"] == {".docx": 2, "no suffix": 7}


@pytest.mark.parametrize(
    ("summary", "trouble", "code"),
    [(SUMMARY, (), 0), (NOTHING, (), 0), (FAILED, (), 3), (NOTHING, ("/in/x: no",), 3)],
)
def test_the_exit_code_tells_whether_anything_failed(summary, trouble, code):
    assert report(summary, trouble=trouble).exit_code == code


def test_trouble_is_named_but_not_without_end():
    text = inbox_report.as_text(report(NOTHING, trouble=tuple(f"/in/{n}" for n in range(12))))
    assert text.count("trouble     /in/") == 10
    assert text.endswith("trouble     2 more")


def test_the_same_as_json(tmp_path):
    inbox_report.write(report(FAILED, {"new": 2}, passed_over=Counter(vanished=1)), f"{tmp_path}/r")
    values = json.loads((tmp_path / "r").read_text())
    assert values["exit_code"] == 3
    assert (values["files"], values["passed_over"]) == ({"new": 2}, {"vanished": 1})
    assert (values["run_ids"], values["failed"]) == (["r1"], ["/in/a: timeout"])
    assert values["limit_reached"] is False
