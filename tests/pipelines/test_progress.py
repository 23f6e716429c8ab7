"""How far a run has come, as told."""

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ocr_core.sources import ALL_PAGES
from pipelines import progress
from pipelines.ingest import Opened
from pipelines.progress import Bar, Headway, JsonLines, PlainLines, Silence
from schemas import Failure, Page, PageRef, Source


def terminal():
    stream = io.StringIO()
    stream.isatty = lambda: True
    return stream


def opened(uri, pages):
    source = Source("d", uri, 1, "application/pdf", pages)
    return Opened(source, "f", datetime(2025, 1, 1, tzinfo=UTC), seconds=0.0)


def page(index):
    return Page(PageRef("d", "u", index), 1, 1, 1, lines=())


@pytest.fixture
def headway():
    """Two of four documents done, and half of the pages of the other two."""
    headway = Headway(documents=4)
    headway.begin_chunk([opened("1", 1), opened("2", 1)], ALL_PAGES)
    headway.hear(page(0))
    headway.hear(Failure("d", "/in/2", 0, "detect", "out-of-memory", "too large"))
    headway.end_chunk()
    broken = replace(opened("/in/4", 1).close(), error_code="corrupt-source", error_message="open")
    headway.begin_chunk([opened("3", 2), broken], ALL_PAGES)
    headway.hear(page(0))
    return headway


def test_headway_moves_with_every_page(headway):
    assert headway.position == 3.0
    headway.hear(page(1))
    assert headway.position == 4.0
    headway.end_chunk()
    assert (headway.position, headway.pages) == (4.0, 4)


def test_failures_are_counted_and_the_first_few_named(headway):
    assert headway.failed == 2
    assert headway.named == [
        "/in/2, page 1: out-of-memory: detect: too large",
        "/in/4: corrupt-source: open",
    ]
    for index in range(100):
        headway.hear(Failure("d", "u", index, "detect", "c", "m"))
    assert (headway.failed, len(headway.named)) == (102, progress.NAMED_FAILURES)


def test_a_duplicate_is_no_failure():
    headway = Headway(documents=1)
    headway.begin_chunk([opened("1", 1).close()], ALL_PAGES)
    assert headway.failed == 0


@pytest.mark.parametrize(
    ("report", "stream", "kind"),
    [
        ("quiet", terminal(), Silence),
        ("json", terminal(), JsonLines),
        ("progress", io.StringIO(), PlainLines),
        ("progress", terminal(), Bar),
    ],
)
def test_a_bar_is_for_terminals_and_lines_for_logs(report, stream, kind):
    assert type(progress.make_reporter(report, stream)) is kind


def test_lines_are_told_now_and_then_and_at_the_end_of_a_chunk(headway):
    stream = io.StringIO()
    with PlainLines(stream, every_s=1000) as reporter:
        for _ in range(5):
            reporter.show(headway)
        reporter.show(headway, now=True)
    first, last = stream.getvalue().splitlines()
    assert first.startswith("3/4 documents, 3 pages, 2 failed, ")
    assert last.startswith("3/4 documents")


def test_json_lines_are_json(headway):
    stream = io.StringIO()
    with JsonLines(stream) as reporter:
        reporter.show(headway, now=True)
    event = json.loads(stream.getvalue())
    assert (event["event"], event["documents_done"], event["pages"]) == ("progress", 3.0, 3)


def test_the_bar_shows_how_far_it_is(headway):
    stream = terminal()
    with Bar(stream) as bar:
        bar.show(headway)
    assert "3/4 documents, 3 pages, 2 failed" in stream.getvalue()
    assert "75%" in stream.getvalue()


def test_silence_says_nothing(headway, capsys):
    with Silence() as silence:
        silence.show(headway, now=True)
    assert capsys.readouterr() == ("", "")


def test_chunks_and_failures_are_told_as_they_come():
    told = []
    headway = Headway(2, lambda event, **values: told.append((event, values)))
    broken = replace(opened("/in/2", 1).close(), error_code="corrupt-source", error_message="open")
    headway.begin_chunk([opened("/in/1", 2), broken], ALL_PAGES, "r1")
    headway.hear(page(0))
    headway.hear(Failure("d", "/in/1", 1, "detect", "timeout", "too slow"))
    headway.end_chunk()
    begun, document, failed_page, committed = told
    assert begun == ("chunk-begun", {"run_id": "r1", "documents": 2, "pages": 2})
    assert document == (
        "failed",
        {"uri": "/in/2", "page": None, "code": "corrupt-source", "message": "open"},
    )
    assert failed_page == (
        "failed",
        {"uri": "/in/1", "page": 2, "code": "timeout", "message": "detect: too slow"},
    )
    assert committed[0] == "chunk-committed"
    assert committed[1].pop("seconds") >= 0
    assert committed[1] == {"run_id": "r1", "documents": 2, "pages": 2}


def test_all_failures_are_told_however_few_are_named():
    told = []
    headway = Headway(1, lambda event, **values: told.append(values["page"]))
    for index in range(2 * progress.NAMED_FAILURES):
        headway.hear(Failure("d", "u", index, "detect", "c", "m"))
    assert told == list(range(1, 2 * progress.NAMED_FAILURES + 1))


def test_lines_say_how_long_it_takes_until_the_end(headway, monkeypatch):
    headway.started = 100.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: 160.0)
    assert headway.seconds_left == pytest.approx(20)  # three of four in a minute
    assert PlainLines(io.StringIO()).line(headway).endswith("pages/s, about 20 s left")
    assert Headway(4).seconds_left is None
    assert PlainLines(io.StringIO()).line(Headway(4)).endswith("pages/s")


def test_terminals_that_cannot_move_a_bar_get_lines(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    assert type(progress.make_reporter("progress", terminal())) is PlainLines


@pytest.mark.parametrize("no_colour", [True, False])
def test_colours_are_left_out_where_nobody_wants_them(headway, monkeypatch, no_colour):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_colour:
        monkeypatch.setenv("NO_COLOR", "1")
    stream = terminal()
    with Bar(stream) as bar:
        bar.show(headway)
    colours = re.findall(r"\x1b\[(?:\d+;)*(?:3[0-7]|38;5;\d+)m", stream.getvalue())
    assert bool(colours) is not no_colour


def test_a_chunk_that_is_read_again_counts_once(headway):
    headway.drop_chunk(left_out=1)
    assert (headway.position, headway.pages, headway.failed) == (2.0, 2, 1)
    assert headway.named == ["/in/2, page 1: out-of-memory: detect: too large"]
    headway.begin_chunk([opened("3", 2)], ALL_PAGES)
    headway.hear(page(0))
    headway.hear(page(1))
    headway.end_chunk()
    assert (headway.position, headway.documents, headway.pages) == (3.0, 3, 4)
