"""One ingest at a time."""

import json
import os
import signal
import time
from dataclasses import asdict, replace

import pytest

from pipelines import locks
from pipelines.locks import Holder, InUseError, Lock


def holder_in(output):
    return Holder(**json.loads((output / "_lock").read_text()))


def leave(output, holder, age_s=0.0):
    """The lock that a process leaves that is killed."""
    path = output / "_lock"
    path.write_text(json.dumps(asdict(holder)))
    os.utime(path, (time.time() - age_s,) * 2)


@pytest.fixture
def mine():
    return locks._this_process()


def ended_process():
    """The id of a process that has ended."""
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def test_a_lock_is_held_until_it_is_left(tmp_path):
    lock = locks.take(str(tmp_path))
    with lock:
        assert lock.is_held()
        found = locks.take(str(tmp_path))
        assert isinstance(found, Holder)
        assert found.pid == os.getpid()
        assert str(found).startswith(f"process {os.getpid()} on {os.uname().nodename}, since ")
    assert list(tmp_path.iterdir()) == []
    assert isinstance(locks.take(str(tmp_path)), Lock)


def test_who_must_have_a_lock_is_told_who_has_it(tmp_path):
    with locks.hold(str(tmp_path)) as lock:
        assert lock.is_held()
        with pytest.raises(InUseError, match=f"{tmp_path} is in use by process {os.getpid()} on "):
            locks.hold(str(tmp_path))


def test_the_lock_of_a_process_that_is_gone_is_taken_over(tmp_path, mine):
    leave(tmp_path, replace(mine, pid=ended_process(), token="gone"))
    with locks.take(str(tmp_path)):
        assert holder_in(tmp_path).pid == os.getpid()


def test_a_pid_that_was_given_out_again_is_another_process(tmp_path, mine):
    leave(tmp_path, replace(mine, born=mine.born - 1, token="gone"))
    assert isinstance(locks.take(str(tmp_path)), Lock)


def test_a_process_that_nobody_has_reaped_is_gone_all_the_same(tmp_path, mine):
    child = os.fork()
    if not child:
        signal.pause()
    born = locks._born(child)
    leave(tmp_path, replace(mine, pid=child, born=born, token="child"))
    assert isinstance(locks.take(str(tmp_path)), Holder)
    os.kill(child, signal.SIGKILL)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)  # it has ended, and stays a zombie
    assert isinstance(locks.take(str(tmp_path)), Lock)
    os.waitpid(child, 0)


@pytest.mark.parametrize("change", [{"host": "elsewhere"}, {"space": "another container"}])
def test_of_another_machine_only_the_time_of_its_lock_is_known(tmp_path, mine, change):
    other = replace(mine, pid=1, token="other", **change)
    leave(tmp_path, other, age_s=locks.LEASE_S - 60)
    assert locks.take(str(tmp_path)) == other
    leave(tmp_path, other, age_s=locks.LEASE_S + 60)
    assert isinstance(locks.take(str(tmp_path)), Lock)


def test_a_holder_renews_its_lock(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "BEAT_S", 0.01)
    with locks.take(str(tmp_path)):
        os.utime(tmp_path / "_lock", (0, 0))
        deadline = time.monotonic() + 10
        while (tmp_path / "_lock").stat().st_mtime == 0 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert (tmp_path / "_lock").stat().st_mtime > 0


def test_who_was_taken_over_leaves_the_lock_of_the_other_alone(tmp_path, mine):
    with locks.take(str(tmp_path)) as lock:
        leave(tmp_path, replace(mine, token="other"))
        assert not lock.is_held()
    assert holder_in(tmp_path).token == "other"


def test_a_lock_that_says_nothing_may_be_about_to(tmp_path):
    (tmp_path / "_lock").touch()
    assert isinstance(locks.take(str(tmp_path)), Holder)
    os.utime(tmp_path / "_lock", (0, 0))
    assert isinstance(locks.take(str(tmp_path)), Lock)


def test_of_two_that_replace_a_lock_one_comes_too_late(tmp_path, mine):
    gone = replace(mine, pid=ended_process(), token="gone")
    leave(tmp_path, gone)
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text(json.dumps(asdict(replace(mine, token="first"))))
    second.write_text(json.dumps(asdict(replace(mine, token="second"))))
    assert locks._replace(str(tmp_path / "_lock"), gone, first)
    assert not locks._replace(str(tmp_path / "_lock"), gone, second)
    assert holder_in(tmp_path).token == "first"


def test_what_was_left_by_who_was_killed_while_taking_the_lock_is_removed(tmp_path, mine):
    killed = replace(mine, pid=ended_process(), token="killed")
    for holder in (killed, replace(mine, token="at it")):
        (tmp_path / f"_lock.{holder.token}").write_text(json.dumps(asdict(holder)))
    with locks.take(str(tmp_path)):
        assert sorted(path.name for path in tmp_path.iterdir()) == ["_lock", "_lock.at it"]


def test_without_hard_links_a_lock_is_still_for_one(tmp_path, monkeypatch):
    def fail(*_):
        raise PermissionError("no links here")

    monkeypatch.setattr(locks.os, "link", fail)
    with locks.take(str(tmp_path)):
        assert isinstance(locks.take(str(tmp_path)), Holder)


def test_in_a_bucket(bucket):
    with locks.take("mem://b/out"):
        assert isinstance(locks.take("mem://b/out"), Holder)
    assert bucket == {}
