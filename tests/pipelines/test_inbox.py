"""The command that reads what is new, in one process, with stand-in models."""

import json
import os
import signal
import sys
import time
from collections import Counter

import pytest

from pipelines import digest, inference, ledger, locks, runs
from pipelines import ingest as stages
from pipelines.locks import Lock
from tests import documents, stand_in_ingest


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch, handle):
    """Stand-in models in place of weights."""
    monkeypatch.setattr(inference, "handle_for", lambda *_: handle)
    monkeypatch.setattr(digest, "weights_digest", lambda *_: handle.digest)


@pytest.fixture
def place(tmp_path):
    """An inbox beside an output."""
    (tmp_path / "in").mkdir()
    return tmp_path


def put(path, text, age_s=1000):
    """A document of one page that was written so long ago."""
    documents.write_png(path, text)
    age(path, age_s)
    return path


def age(path, age_s=1000):
    moment = path.stat().st_mtime - age_s
    os.utime(path, (moment, moment))


def ingest(place, *flags):
    """The exit code, and how many files were what."""
    code = stand_in_ingest.ingest(
        place / "in", place / "out", "--report", str(place / "report"), *map(str, flags)
    )
    return code, json.loads((place / "report").read_text())["files"]


def rows_of(place):
    """Name, status and attempt of every row of documents, as they were committed."""
    return [
        (row["uri"].rpartition("/")[2], row["status"], row["attempt"])
        for run in runs.committed(str(place / "out"))
        for row in sorted(runs.read_rows(run, "documents"), key=lambda row: row["uri"])
    ]


def test_only_what_is_new_or_changed_is_read_and_each_content_once(place, monkeypatch):
    first, second = put(place / "in/1.png", "a"), put(place / "in/sub/2.png", "b")
    assert ingest(place) == (0, {"new": 2})
    opened = take_note_of_opened(monkeypatch)
    assert ingest(place) == (0, {"done": 2})
    assert opened == []
    first.rename(place / "in/moved.png")
    put(second, "c", age_s=500)
    put(place / "in/copy.png", "a")
    assert ingest(place) == (0, {"new": 2, "changed": 1})
    assert sorted(map(os.path.basename, opened)) == ["2.png", "copy.png", "moved.png"]
    assert rows_of(place) == [
        ("1.png", "read", 1),
        ("2.png", "read", 1),
        ("copy.png", "duplicate", 1),
        ("moved.png", "duplicate", 1),
        ("2.png", "read", 1),
    ]
    texts = {
        document.source.uri.rpartition("/")[2]: document.pages[0].text
        for document in runs.read_documents(str(place / "out"))
    }
    assert texts == {"1.png": "a", "2.png": "c", "copy.png": "a", "moved.png": "a"}


def take_note_of_opened(monkeypatch):
    """The uri of every file that is opened from now on."""
    opened = []
    open_source = stages.open_source

    def note(uri, *more):
        opened.append(uri)
        return open_source(uri, *more)

    monkeypatch.setattr(stages, "open_source", note)
    return opened


def test_a_file_with_a_new_time_is_hashed_once_and_has_no_second_row(place):
    path = put(place / "in/1.png", "a")
    ingest(place)
    age(path, 50)
    assert ingest(place) == (0, {"changed": 1})
    assert json.loads((place / "report").read_text())["passed_over"] == {"again": 1}
    assert ingest(place) == (0, {"done": 1})
    assert rows_of(place) == [("1.png", "read", 1)]


def test_what_fails_is_tried_so_often_and_then_left_alone_until_told_otherwise(place):
    (place / "in/bad.pdf").write_bytes(b"nonsense")
    age(place / "in/bad.pdf")
    flags = ("--max-attempts", 2)
    assert ingest(place, *flags) == (3, {"new": 1})
    assert ingest(place, *flags) == (3, {"retry": 1})
    assert ingest(place, *flags) == (0, {"quarantined": 1})
    assert ingest(place, *flags, "--retry-failed") == (3, {"retry": 1})
    assert rows_of(place) == [("bad.pdf", "failed", attempt) for attempt in (1, 2, 3)]


def test_what_was_just_written_is_left_for_the_next_time(place):
    put(place / "in/old.png", "a", age_s=100)
    put(place / "in/new.png", "b", age_s=5)
    assert ingest(place, "--settle", 60) == (0, {"new": 1, "unsettled": 1})
    assert ingest(place, "--settle", 0) == (0, {"done": 1, "new": 1})


def test_other_options_read_again_only_when_asked_to(place):
    put(place / "in/1.png", "a")
    ingest(place)
    assert ingest(place, "--text-layer", "ignore") == (0, {"outdated": 1})
    again = ("--text-layer", "ignore", "--reprocess")
    assert ingest(place, *again) == (0, {"reprocess": 1})
    assert ingest(place, *again) == (0, {"done": 1})
    assert [row[1] for row in rows_of(place)] == ["read", "read"]


def test_files_are_moved_once_what_was_read_of_them_is_committed(place):
    put(place / "in/sub/1.png", "a")
    put(place / "in/2.png", "a")
    (place / "in/bad.pdf").write_bytes(b"nonsense")
    age(place / "in/bad.pdf")
    flags = ("--move-done", place / "in/done", "--move-failed", place / "failed")
    assert ingest(place, *flags, "--max-attempts", 2)[0] == 3
    assert left_in(place / "in") == ["bad.pdf", "done/2.png", "done/sub/1.png"]
    assert ingest(place, *flags, "--max-attempts", 2)[0] == 3
    assert left_in(place / "in") == ["done/2.png", "done/sub/1.png"]
    assert left_in(place / "failed") == ["bad.pdf"]
    moved = json.loads((place / "report").read_text())["moved"]
    assert moved == {str(place / "failed"): 1}


def left_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.*"))


def test_files_that_a_crash_left_in_the_inbox_are_moved_by_the_next_ingest(place):
    put(place / "in/1.png", "a")
    ingest(place)
    assert ingest(place, "--move-done", place / "done") == (0, {"done": 1})
    assert (left_in(place / "in"), left_in(place / "done")) == ([], ["1.png"])


def test_a_limit_leaves_the_rest_for_the_next_time(place):
    for number, text in enumerate(["a", "a", "b", "c"]):
        put(place / f"in/{number}.png", text)
    assert ingest(place, "--limit", 2) == (0, {"new": 4})
    assert json.loads((place / "report").read_text())["limit_reached"] is True
    assert ingest(place)[1] == {"done": 2, "new": 2}
    assert Counter(row[1] for row in rows_of(place)) == {"read": 3, "duplicate": 1}


def test_a_rehearsal_writes_nothing(place, capsys):
    put(place / "in/1.png", "a")
    put(place / "in/2.png", "b", age_s=5)
    flags = ("--dry-run", "--settle", "60", "--report", str(place / "report"))
    assert stand_in_ingest.ingest(place / "in", place / "out", *flags) == 0
    assert capsys.readouterr().out == f"new       {place}/in/1.png\n"
    assert not (place / "out").exists()
    assert not (place / "report").exists()


def test_a_rehearsal_keeps_to_the_limit(place, capsys):
    for number, text in enumerate(["a", "b", "c"]):
        put(place / f"in/{number}.png", text)
    flags = ("--dry-run", "--limit", "2")
    assert stand_in_ingest.ingest(place / "in", place / "out", *flags) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_while_one_is_at_work_another_ends_at_once(place, capsys):
    put(place / "in/1.png", "a")
    (place / "out").mkdir()
    with locks.take(str(place / "out")):
        assert stand_in_ingest.ingest(place / "in", place / "out") == 4
    told = capsys.readouterr().err
    assert f"{place}/out is in use by process {os.getpid()} on " in told
    assert ledger.list_committed(str(place / "out")) == []


def test_a_file_that_is_written_while_it_is_read_is_left_for_the_next_time(place, monkeypatch):
    path = put(place / "in/1.png", "a")
    put(place / "in/2.png", "b")
    commit = ledger.commit

    def commit_late(plan, files, counts):
        if len(plan.sources) == 2:
            put(path, "c", age_s=50)
        return commit(plan, files, counts)

    monkeypatch.setattr("pipelines.sinks.ledger.commit", commit_late)
    assert ingest(place)[0] == 0
    assert json.loads((place / "report").read_text())["passed_over"] == {"unsettled": 1}
    assert rows_of(place) == [("2.png", "read", 1)]
    assert not (place / "out/_staging").exists()
    assert ingest(place)[1] == {"done": 1, "new": 1}
    assert [name for name, _, _ in rows_of(place)] == ["2.png", "1.png"]


def test_a_full_disk_is_told_and_leaves_nothing_behind(place, monkeypatch, capsys):
    def fail(*_):
        raise OSError(28, "No space left on device")

    put(place / "in/1.png", "a")
    (place / "report").write_text("of the last time")
    monkeypatch.setattr(ledger.storage, "write_whole", fail)
    assert (
        stand_in_ingest.ingest(place / "in", place / "out", "--report", str(place / "report")) == 1
    )
    told = capsys.readouterr().err
    assert f"cannot write to {place}/out: No space left on device; what was" in told
    assert not (place / "report").exists()
    left = [path for path in (place / "out").rglob("*") if path.is_file()]
    assert left == []


def test_what_cannot_be_written_is_told_before_anything_is_read(place, capsys):
    put(place / "in/1.png", "a")
    (place / "file").write_text("where a folder should be")
    for output, report in (("file", "report"), ("out", "file/report")):
        flags = ("--report", str(place / report))
        assert stand_in_ingest.ingest(place / "in", place / output, *flags) == 2
        assert f"cannot reach {place}/file: " in capsys.readouterr().err
    assert ledger.list_committed(str(place / "out")) == []


def test_a_lock_that_was_lost_ends_the_ingest(place, monkeypatch, capsys):
    put(place / "in/1.png", "a")
    monkeypatch.setattr(Lock, "is_held", lambda _: False)
    assert stand_in_ingest.ingest(place / "in", place / "out") == 1
    assert f"the lock of {place}/out is lost" in capsys.readouterr().err
    assert ledger.list_committed(str(place / "out")) == []


def test_when_nothing_is_new_neither_beam_nor_the_networks_are_opened(place, monkeypatch):
    put(place / "in/1.png", "a")
    ingest(place)
    monkeypatch.delitem(sys.modules, "pipelines.inbox_reading")
    assert ingest(place) == (0, {"done": 1})
    assert "pipelines.inbox_reading" not in sys.modules


def test_who_stops_it_finds_it_unlocked_and_the_signal_as_it_was(place, monkeypatch, capsys):
    def stop(*_):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(ledger, "clear_up", stop)
    assert stand_in_ingest.ingest(place / "in", place / "out") == 130
    assert signal.getsignal(signal.SIGTERM) == before
    assert "interrupted" in capsys.readouterr().err
    assert isinstance(locks.take(str(place / "out")), Lock)


def test_metrics_tell_of_every_ingest_but_not_of_one_that_finds_another_at_work(place):
    metrics = place / "last.json"
    put(place / "in" / "1.png", "a")
    assert ingest(place, "--metrics", metrics)[0] == 0
    first = json.loads(metrics.read_text(encoding="utf-8"))
    assert (first["command"], first["documents"], first["lines"]) == ("ingest", {"read": 1}, 1)
    assert ingest(place, "--metrics", metrics)[0] == 0
    second = metrics.read_text(encoding="utf-8")
    assert json.loads(second)["documents"] == {}
    with locks.hold(str(place / "out")):
        assert ingest(place, "--metrics", metrics)[0] == 4
    assert metrics.read_text(encoding="utf-8") == second
