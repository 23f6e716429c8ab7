"""How far a run has come, told as a bar, as plain lines, as JSON, or not at all."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from pipelines import logs
from pipelines.logs import Tell
from schemas import Failure, Page
from schemas.rows import DocumentRecord

if TYPE_CHECKING:
    from ocr_core.sources import PageSelection
    from pipelines.ingest import Opened
    from pipelines.options import Report

# So many failures are named; the rest are only counted, and all have their rows.
NAMED_FAILURES = 10


class Headway:
    """How far a run has come.

    Args:
        tell: is told of chunks and failures; see `pipelines.logs`.

    Attributes:
        documents: how many there are in all.
        pages: how many have been tried.
        failed: documents that could not be opened and pages that could not be read.
        named: the first few of these, in words.
    """

    def __init__(self, documents: int, tell: Tell | None = None) -> None:
        self.documents = documents
        self.pages = 0
        self.failed = 0
        self.named: list[str] = []
        self.started = time.monotonic()
        self._tell = tell or logs.teller("quiet")
        self._done = 0
        self._run_id = ""
        self._chunk_started = self.started
        self._chunk_documents = 0
        self._chunk_pages = 0
        self._pages_before = 0
        self._failed_before = 0

    @property
    def position(self) -> float:
        """Documents that are done; those of the chunk in work by the share of its pages."""
        share = (self.pages - self._pages_before) / max(self._chunk_pages, 1)
        return self._done + self._chunk_documents * min(share, 1.0)

    @property
    def pages_per_second(self) -> float:
        return self.pages / max(time.monotonic() - self.started, 1e-9)

    def begin_chunk(
        self, chunk: Sequence[Opened | DocumentRecord], selection: PageSelection, run_id: str = ""
    ) -> None:
        """Sources that are about to be read, and those of which it is known that they cannot."""
        from pipelines import ingest  # and Beam, which exports and evaluations do without

        self._run_id, self._chunk_started = run_id, time.monotonic()
        self._chunk_documents = len(chunk)
        self._chunk_pages = sum(ingest.count_pages(one, selection) for one in chunk)
        self._pages_before, self._failed_before = self.pages, self.failed
        self._tell(
            "chunk-begun",
            run_id=run_id,
            documents=self._chunk_documents,
            pages=self._chunk_pages,
        )
        for one in chunk:
            if isinstance(one, DocumentRecord) and one.error_code is not None:
                self._fail(one.uri, None, one.error_code, one.error_message or "")

    def end_chunk(self) -> None:
        """What was begun is committed."""
        self._tell(
            "chunk-committed",
            run_id=self._run_id,
            documents=self._chunk_documents,
            pages=self.pages - self._pages_before,
            seconds=round(time.monotonic() - self._chunk_started, 3),
        )
        self._done += self._chunk_documents
        self._chunk_documents = 0

    def drop_chunk(self, left_out: int) -> None:
        """What was begun is not committed: it is read again, without so many of its documents."""
        self.pages, self.failed = self._pages_before, self._failed_before
        del self.named[self.failed :]
        self.documents -= left_out
        self._chunk_documents = 0

    def hear(self, result: Page | Failure) -> None:
        """A page that was tried."""
        self.pages += 1
        if isinstance(result, Failure):
            page = (result.page_index or 0) + 1
            self._fail(result.uri, page, result.code, f"{result.stage}: {result.message}")

    @property
    def seconds_left(self) -> float | None:
        """About how long the rest takes, at the pace so far; None while nothing is done."""
        done = self.position
        elapsed_s = time.monotonic() - self.started
        return elapsed_s * (self.documents - done) / done if done > 0 else None

    def in_words(self) -> str:
        """What is told of it to people."""
        failed = f", {self.failed} failed" if self.failed else ""
        return (
            f"{int(self.position)}/{self.documents} documents, {self.pages} pages{failed}, "
            f"{self.pages_per_second:.2f} pages/s"
        )

    def _fail(self, uri: str, page: int | None, code: str, message: str) -> None:
        self.failed += 1
        self._tell("failed", uri=uri, page=page, code=code, message=message)
        if len(self.named) < NAMED_FAILURES:
            where = uri if page is None else f"{uri}, page {page}"
            self.named.append(f"{where}: {code}: {message}")


class Reporter(Protocol):
    """Shows headway while it is entered."""

    def __enter__(self) -> Reporter: ...

    def __exit__(self, *error: object) -> None: ...

    def show(self, headway: Headway, now: bool = False) -> None:
        """Called for every page; `now` at the end of a chunk."""


def make_reporter(report: Report, stream: TextIO | None = None) -> Reporter:
    """The reporter that a user asked for; a bar on a terminal, lines elsewhere.

    Args:
        stream: where it tells; None for standard error.
    """
    stream = stream or sys.stderr
    if report == "quiet":
        return Silence()
    if report == "json":
        return JsonLines(stream)
    can_move = stream.isatty() and os.environ.get("TERM") != "dumb"
    return Bar(stream) if can_move else PlainLines(stream)


def duration(seconds: float) -> str:
    """A stretch of time in the units that matter.

    >>> duration(7.2), duration(95), duration(7500)
    ('7 s', '1 min 35 s', '2 h 5 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


class Silence:
    """Tells nothing."""

    def __enter__(self) -> Silence:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def show(self, headway: Headway, now: bool = False) -> None:
        """Nothing."""


class Bar(Silence):
    """A bar that moves with every page."""

    def __init__(self, stream: TextIO) -> None:
        self._bar = Progress(
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.description}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=Console(file=stream),
            transient=True,
        )

    def __enter__(self) -> Bar:
        self._task = self._bar.add_task("opening")
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def show(self, headway: Headway, now: bool = False) -> None:
        self._bar.update(
            self._task,
            total=headway.documents,
            completed=headway.position,
            description=headway.in_words(),
        )


class PlainLines(Silence):
    """A line now and then, for logs."""

    def __init__(self, stream: TextIO, every_s: float = 10.0) -> None:
        self._stream = stream
        self._every_s = every_s
        self._last = 0.0

    def show(self, headway: Headway, now: bool = False) -> None:
        if now or time.monotonic() - self._last >= self._every_s:
            self._last = time.monotonic()
            self._stream.write(self.line(headway) + "\n")  # at once: others may write, too
            self._stream.flush()

    def line(self, headway: Headway) -> str:
        left_s = headway.seconds_left
        if not left_s:  # at the end, and while nothing is known
            return headway.in_words()
        return f"{headway.in_words()}, about {duration(left_s)} left"


class JsonLines(PlainLines):
    """An object a line, for programs."""

    def line(self, headway: Headway) -> str:
        return logs.line(
            "progress",
            documents=headway.documents,
            documents_done=round(headway.position, 2),
            pages=headway.pages,
            failed=headway.failed,
            pages_per_second=round(headway.pages_per_second, 3),
        )
