"""Candidates -> committed runs.

Candidate ─ open, hash ─► known? ─ no ─► Opened ─► chunk ─ read ─► commit ─► move
                            └─ yes ─► its row, if the name is new; its stamp, if only that is
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from ocr_core.errors import OcrError
from pipelines import discovery, inference, ingest, launch, ledger, staging, stamps
from pipelines.candidates import Candidate, Candidates
from pipelines.inbox_options import IngestOptions
from pipelines.inbox_report import Reading
from pipelines.ingest import Opened
from pipelines.known import Known
from pipelines.launch import ChunkReader
from pipelines.ledger import RunPlan, SourcesChangedError
from pipelines.locks import Lock
from pipelines.moving import Mover
from pipelines.stamps import KnownStamp
from pipelines.tallies import Counts
from schemas.rows import DocumentRecord

# Files that need no row, of which no more than these have to be opened again after a crash.
_STAMPS_AT_ONCE = 1024


def read(
    candidates: Candidates, options: IngestOptions, known: Known, mover: Mover, lock: Lock
) -> Reading:
    """Reads and commits what is new in candidates, with the engine that the options ask for.

    Raises:
        ConfigError, WeightsError: before anything is read.
        OcrError: there is no room to write, or the lock has been lost.
    """
    handle = inference.handle_for(options.run.read)
    wanted = min(len(candidates), options.limit or len(candidates))
    with ChunkReader(options.run, handle, documents=wanted) as reader:
        inbox = InboxReader(options, known, reader, mover, lock)
        inbox.read(candidates)
    summary = launch.summarise(options.run, reader.run_ids, reader.headway)
    return Reading(summary, inbox.passed_over, inbox.is_whole)


class InboxReader:
    """Reads candidates a chunk at a time, each content once.

    Attributes:
        passed_over: how many were opened, or about to be, and not read after all, by why.
        is_whole: whether nothing was left because of a limit.
    """

    def __init__(
        self, options: IngestOptions, known: Known, reader: ChunkReader, mover: Mover, lock: Lock
    ) -> None:
        self._options = options
        self._known = known
        self._reader = reader
        self._mover = mover
        self._lock = lock
        self._pending: dict[str, KnownStamp] = {}  # of what waits to be read, by uri
        self._again: list[KnownStamp] = []  # of what needs no row
        self.passed_over: Counter[str] = Counter()
        self.is_whole = True

    def read(self, candidates: Iterable[Candidate]) -> None:
        """Reads and commits what is new in them.

        Raises:
            OcrError: there is no room to write, or the lock has been lost.
        """
        unique = ingest.set_duplicates_aside(self._open_all(candidates), seen=set())
        for chunk in launch.split_into_chunks(unique, self._options.run.read.selection):
            self._read_chunk(chunk)
        self._commit_stamps()

    def _open_all(self, candidates: Iterable[Candidate]) -> Iterator[Opened | DocumentRecord]:
        """What needs a row, of as many contents as the limit allows."""
        left = self._options.limit or float("inf")
        for candidate in candidates:
            if left == 0:
                self.is_whole = False
                return
            opened = self._open(candidate)
            if opened is not None:
                left -= isinstance(opened, Opened) or opened.status != "duplicate"
                yield opened

    def _open(self, candidate: Candidate) -> Opened | DocumentRecord | None:
        """What is to have a row of a candidate; None if it is passed over."""
        stamp = candidate.stamp
        opened = self._reader.open(stamp.uri)
        if discovery.is_gone(stamp.uri) or discovery.has_changed(stamp):
            self._pass_over("vanished" if discovery.is_gone(stamp.uri) else "unsettled")
            return None
        source = KnownStamp(stamp, opened.doc_id, stamps.tells_changes(stamp, time.time()))
        standing = self._known.standing(opened.doc_id, opened.uri)
        if standing in ("failed", "unknown"):
            trouble = self._known.trouble(opened.doc_id, opened.uri)
            self._pending[stamp.uri] = source
            return replace(opened, attempt=1 + (trouble.attempt if trouble else 0))
        if self._known.has_row(stamp.uri, opened.doc_id):
            self._again.append(source)
            if len(self._again) >= _STAMPS_AT_ONCE:
                self._commit_stamps()
            self._pass_over("again")
            return None
        self._pending[stamp.uri] = source
        return _as_copy(opened)

    def _pass_over(self, why: str) -> None:
        self.passed_over[why] += 1
        self._reader.headway.documents -= 1

    def _read_chunk(self, chunk: Sequence[Opened | DocumentRecord]) -> None:
        """Reads a chunk; without those of its files that are written meanwhile."""
        while chunk:
            if not self._lock.is_held():
                raise OcrError(
                    f"the lock of {self._options.output} is lost: the folder is gone, or this "
                    "machine slept and another took over; what was committed stays"
                )
            plan = self._plan([self._pending[one.uri] for one in chunk])
            try:
                self._reader.read(chunk, plan)
            except OcrError:
                with suppress(OSError):  # or the next ingest does
                    staging.remove(plan.output, plan.run_id)
                raise
            except (SourcesChangedError, RuntimeError):  # which Beam makes of most errors
                staging.remove(plan.output, plan.run_id)
                calm = [one for one in chunk if not discovery.has_changed(self._stamp(one))]
                if len(calm) == len(chunk):
                    raise
                self.passed_over["unsettled"] += len(chunk) - len(calm)
                self._reader.headway.drop_chunk(left_out=len(chunk) - len(calm))
                chunk = calm
            else:
                self._finish(plan)
                return

    def _commit_stamps(self) -> None:
        """Has the next ingest know files by their stamps that are known already by content."""
        if self._again:
            plan = self._plan(self._again)
            self._again = []
            with suppress(SourcesChangedError):  # they are opened again the next time
                ledger.commit(plan, {table: [] for table in ledger.TABLES}, Counts())
                self._finish(plan)

    def _finish(self, plan: RunPlan) -> None:
        """After a commit: moves its files."""
        if self._mover.is_needed:
            self._known.add_run(ledger.read_run(plan.output, plan.run_id))
            for source in plan.sources:
                standing = self._known.standing(source.doc_id, source.stamp.uri)
                self._mover.move(source.stamp, standing)
        for source in plan.sources:
            self._pending.pop(source.stamp.uri, None)

    def _plan(self, sources: Sequence[KnownStamp]) -> RunPlan:
        plan = launch.make_plan(self._options.run, self._reader.fingerprint)
        plan = replace(plan, sources=tuple(sources))
        staging.mark(plan.output, plan.run_id)
        return plan

    def _stamp(self, one: Opened | DocumentRecord) -> stamps.Stamp:
        return self._pending[one.uri].stamp


def _as_copy(opened: Opened | DocumentRecord) -> DocumentRecord:
    """The row of a known content under a new name; what cannot be opened says why."""
    return replace(opened.close(), status="duplicate") if isinstance(opened, Opened) else opened
