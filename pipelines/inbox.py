"""`beam-ocr ingest`: reads what is new in a folder since the last time, and ends.

    lock ─► look through the inbox ─► open what is new ─► read in chunks, each committed ─► report

What the committed runs hold is all that is known of earlier times; there is nothing beside them
that could disagree.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from contextlib import closing
from functools import partial

from pipelines import (
    candidates,
    digest,
    inbox_options,
    inbox_report,
    ledger,
    locks,
    logs,
    stopping,
    storage,
)
from pipelines.candidates import Candidates, Sighting, Window
from pipelines.inbox_options import IngestOptions
from pipelines.inbox_report import Reading, Report
from pipelines.invocation import Invocation
from pipelines.known import Known, Rules
from pipelines.locks import Lock
from pipelines.moving import Mover
from pipelines.summary import Summary
from pipelines.tallies import Counts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr ingest`."""
    inbox_options.add_ingest_arguments(parser)


def main(args: argparse.Namespace) -> int:
    """Reads what is new; returns the exit code.

    Raises:
        ConfigError, WeightsError: before anything is read.
        InUseError: another ingest is at work.
        OcrError: it had to break off; what was committed stays.
    """
    options = inbox_options.ingest_options_from(args)
    options.check()
    fingerprint = options.run.fingerprint(digest.weights_digest(options.run.read.weights))
    if options.dry_run:
        return _rehearse(options, fingerprint)
    for folder in options.written_folders:
        storage.make_folder(folder)
    with stopping.as_by_ctrl_c(), storage.refusals_told(options.output):
        with locks.hold(options.output) as lock, Invocation("ingest", options.run) as invocation:
            report = read_inbox(options, fingerprint, lock)
            values = inbox_report.as_values(report)
            invocation.end(report.reading.summary, report.exit_code, values)
        _tell(report, options)
    return report.exit_code


def read_inbox(options: IngestOptions, fingerprint: str, lock: Lock) -> Report:
    """Reads what is new, under a lock.

    Raises:
        OcrError: it had to break off; what was committed stays.
    """
    began = time.monotonic()
    ledger.clear_up(options.output)
    if options.report_file:  # or that of the last time would tell of one that breaks off
        storage.remove_file(options.report_file)
    mover = Mover(options.folders, options.move_done, options.move_failed)
    known, found, sighting = _look(options, fingerprint, mover)
    with closing(found):
        if len(found):  # or else neither Beam nor the networks are wanted
            from pipelines import inbox_reading

            reading = inbox_reading.read(found, options, known, mover, lock)
        else:
            wall_s = time.monotonic() - began
            reading = Reading(Summary(Counts(), wall_s, options.output, (), ()))
    return Report(
        reading=reading,
        verdicts=sighting.verdicts,
        other_kinds=sighting.other_kinds,
        moved=mover.moved,
        trouble=(*sighting.unseen, *mover.trouble),
    )


def _tell(report: Report, options: IngestOptions) -> None:
    if options.report_file:
        inbox_report.write(report, options.report_file)
    if options.run.report == "progress":
        print(inbox_report.as_text(report))


def _look(
    options: IngestOptions, fingerprint: str, mover: Mover
) -> tuple[Known, Candidates, Sighting]:
    """What is known, what is to be opened, and what was seen of all."""
    rules = Rules(fingerprint, options.max_attempts, options.reprocess, options.retry_failed)
    known = Known.load(options.output, rules)
    now_s = time.time()
    window = Window(now_s, options.settle_s, inbox_options.since_s(options.since, now_s))
    judge = partial(candidates.judge, known=known, window=window)
    found, sighting = candidates.look_through(options.folders, options.leave_out, judge, mover.move)
    return known, found, sighting


def _rehearse(options: IngestOptions, fingerprint: str) -> int:
    """Lists what would be opened, and of all other files how many there are."""
    mover = Mover(options.folders, None, None)
    _, found, sighting = _look(options, fingerprint, mover)
    with closing(found):
        for candidate in itertools.islice(found, options.limit or None):
            if options.run.report == "json":
                logs.tell("candidate", uri=candidate.stamp.uri, reason=candidate.reason)
            else:
                print(f"{candidate.reason:<9} {candidate.stamp.uri}")
    if options.run.report == "progress":  # beside the list, which somebody may be reading
        seen = inbox_report.seen_as_text(sighting.verdicts, sighting.other_kinds)
        print(seen, file=sys.stderr)
    for words in sighting.unseen:
        logs.complain(3, f"cannot look into {words}", options.run.report == "json")
    return 3 if sighting.unseen else 0
