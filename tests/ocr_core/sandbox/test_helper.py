from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ocr_core.errors import ConfigError, CrashedRendererError, TookTooLongError
from ocr_core.sandbox import helper as helpers
from ocr_core.sandbox.helper import Helper, Terms
from ocr_core.sandbox.messages import Count, CountPages, DrawPages, Refused, Request
from ocr_core.sources import DEFAULT_OPTIONS, RenderOptions
from schemas import PageRange, Source
from tests import documents, hostile

ROOT = Path(__file__).parents[3]
TERMS = Terms.of(RenderOptions())


@pytest.fixture
def helper():
    made = Helper(TERMS)
    yield made
    made.close()


def count(path, timeout_s=10.0):
    return Request(CountPages(path, "application/pdf", RenderOptions()), timeout_s)


def draw(path, uri="", pages=1, timeout_s=10.0, options=DEFAULT_OPTIONS):
    source = Source("d", uri, 1, "application/pdf", pages)
    task = DrawPages(path, PageRange(source, tuple(range(pages))), options)
    return Request(task, timeout_s)


def is_alive(process_id):
    try:
        return "State:\tZ" not in Path(f"/proc/{process_id}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def wait_for_end_of(process_id):
    deadline = time.monotonic() + 20
    while is_alive(process_id) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(process_id)


def test_one_helper_answers_many_requests(helper, tmp_path):
    good = documents.write_pdf(tmp_path / "a.pdf", ["a", "b"])
    bad = documents.write_pdf(tmp_path / "b.pdf", ["a"], password="secret")
    for path, answer in ((good, Count(2)), (bad, Refused), (good, Count(2))):
        [given] = helper.ask(count(path))
        assert given == answer or isinstance(given, Refused)
        assert helper.is_idle
    assert helper.requests == 3


def test_one_whose_answers_have_not_all_been_taken_is_not_idle(helper, tmp_path):
    answers = helper.ask(draw(documents.write_pdf(tmp_path / "a.pdf", ["a", "b"]), pages=2))
    next(answers)
    assert not helper.is_idle


def test_what_takes_too_long_ends_in_time(helper, tmp_path):
    path = hostile.write_endless(tmp_path / "a.pdf")
    began = time.monotonic()
    with pytest.raises(TookTooLongError, match=r"longer than 0\.3 s"):
        list(helper.ask(draw(path, timeout_s=0.3)))
    assert time.monotonic() - began < 10
    assert not helper.is_idle


def test_a_crash_is_an_error_of_ours(misbehaving, tmp_path):
    misbehaving("os.kill(os.getpid(), signal.SIGSEGV)")
    helper = Helper(TERMS)
    path = documents.write_pdf(tmp_path / "a.pdf", ["a"])
    with pytest.raises(CrashedRendererError, match="SIGSEGV"):
        list(helper.ask(draw(path, uri="0")))
    helper.close()


def test_one_that_died_in_the_meantime(helper, tmp_path):
    os.kill(helper._process.pid, signal.SIGTERM)
    assert wait_for_end_of(helper._process.pid)
    with pytest.raises(CrashedRendererError, match="SIGTERM"):
        list(helper.ask(count(tmp_path / "a.pdf")))


def test_what_it_started_ends_with_it(monkeypatch, tmp_path):
    for program in ("pdfinfo", "pdftoppm"):
        (tmp_path / program).write_text("#!/bin/sh\nexec sleep 60\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    helper = Helper(Terms(TERMS.max_memory_bytes, "poppler"))
    group = helper._process.pid
    options = RenderOptions(renderer="poppler")
    path = documents.write_pdf(tmp_path / "a.pdf", ["a"])
    with pytest.raises(TookTooLongError):
        list(helper.ask(draw(path, timeout_s=0.5, options=options)))
    deadline = time.monotonic() + 20
    while group_exists(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not group_exists(group)


def group_exists(group):
    numbers = [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return any(is_alive(number) and group_of(number) == group for number in numbers)


def group_of(number):
    try:
        return os.getpgid(int(number))
    except ProcessLookupError:
        return None


def test_it_gets_none_of_the_secrets_in_the_environment(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "open sesame")
    helper = Helper(TERMS)
    environment = Path(f"/proc/{helper._process.pid}/environ").read_bytes()
    command = Path(f"/proc/{helper._process.pid}/cmdline").read_bytes()
    helper.close()
    assert b"sesame" not in environment + command
    assert b"PATH=" in environment


def test_one_that_is_not_there_says_why(monkeypatch):
    monkeypatch.setattr(helpers, "_COMMAND", (sys.executable, "-P", "-m", "ocr_core.nothing"))
    with pytest.raises(
        ConfigError, match=r"cannot be started: .*No module named ocr_core\.nothing"
    ):
        Helper(TERMS)


OWNER = """
import sys, time
from pathlib import Path
from ocr_core.sandbox.helper import Helper, Terms
from ocr_core.sandbox.messages import DrawPages, Request
from ocr_core.sources import RenderOptions
from schemas import PageRange, Source
helper = Helper(Terms.of(RenderOptions()))
print(helper._process.pid, flush=True)
if sys.argv[1:]:
    pages = PageRange(Source("d", "u", 1, "application/pdf", 1), (0,))
    list(helper.ask(Request(DrawPages(Path(sys.argv[1]), pages, RenderOptions()), 2)))
time.sleep(60)
"""


@pytest.mark.parametrize("is_busy", [False, True])
def test_it_ends_when_its_owner_is_killed(tmp_path, is_busy):
    arguments = [str(hostile.write_endless(tmp_path / "a.pdf"))] if is_busy else []
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, *arguments], stdout=subprocess.PIPE, cwd=ROOT
    )
    with owner:
        process_id = int(owner.stdout.readline())
        assert is_alive(process_id)
        owner.kill()
    assert wait_for_end_of(process_id)
