"""`python -m tests.measure_known_files`: what an ingest costs when all files are known.

Makes an inbox of many small files and the runs of an ingest that has read them, without reading
them; then times `beam-ocr ingest` as a user starts it, before and after `beam-ocr compact`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import digest, inbox_options, launch, ledger, stamps
from pipelines.launch import CHUNK_DOCUMENTS
from pipelines.ledger import RunPlan
from pipelines.sinks import SCHEMAS
from pipelines.stamps import KnownStamp
from pipelines.tallies import Counts
from schemas import rows
from schemas.rows import DocumentRecord

_FILES_IN_A_FOLDER = 1000
# Linux takes for the memory of a process at its most also what started it: so that is to be small.
_WATCH = """
import os, sys
child = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process took: on a busy machine its CPU time tells more than the clock."""

    cpu_s: float
    peak_mb: float


def main(arguments: list[str]) -> int:
    """Times an ingest of known files; returns 0 if it found nothing new."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure_known_files")
    parser.add_argument("--files", type=int, default=100_000)
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="known-files-") as root:
        inbox, output = Path(root, "inbox"), Path(root, "output")
        known = list(write_files(inbox, args.files))
        commit_runs(known, inbox, output)
        few = measure(inbox, output, Path(root, "report.json"))
        print(f"{args.files} files in {len(ledger.list_committed(str(output)))} runs: {few}")
        run_command("compact", str(output))
        many = measure(inbox, output, Path(root, "report.json"))
        print(f"{args.files} files in {len(ledger.list_committed(str(output)))} runs: {many}")
    return 0


def write_files(inbox: Path, count: int) -> Iterator[KnownStamp]:
    """Files in folders, and what is in them."""
    for number in range(count):
        path = inbox / f"{number // _FILES_IN_A_FOLDER:04}" / f"document {number:07}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = f"%PDF {number}".encode()
        path.write_bytes(content)
        os.utime(path, (1e9, 1e9))
        stamp = stamps.of_status(str(path), path.stat())
        yield KnownStamp(stamp, hashlib.sha256(content).hexdigest())


def commit_runs(known: Sequence[KnownStamp], inbox: Path, output: Path) -> None:
    """The runs of an ingest that has read files, as large as an ingest makes them."""
    plan = plan_of(inbox, output)
    for start in range(0, len(known), CHUNK_DOCUMENTS):
        sources = tuple(known[start : start + CHUNK_DOCUMENTS])
        commit_run(replace(plan, run_id=ledger.new_run_id(), sources=sources))


def commit_run(plan: RunPlan) -> None:
    """A run that has read its sources, of which none has a page."""
    table_rows = {
        "documents": [rows.row_from_record(_record(source, plan)) for source in plan.sources],
        "pages": [],
        "lines": [],
    }
    files = {}
    for table, some_rows in table_rows.items():
        folder = Path(ledger.table_folder(plan.output, table, plan.run_id))
        folder.mkdir(parents=True)
        records = pa.Table.from_pylist(some_rows, schema=SCHEMAS[table])
        pq.write_table(records, folder / "part-0.parquet", compression="zstd")
        files[table] = [str((folder / "part-0.parquet").relative_to(plan.output))]
    ledger.commit(plan, files, Counts(documents={"read": len(plan.sources)}))


def plan_of(inbox: Path, output: Path) -> RunPlan:
    """The plan of a run over an inbox with the shipped weights and default options."""
    parser = argparse.ArgumentParser()
    inbox_options.add_ingest_arguments(parser)
    args = parser.parse_args([str(inbox), "--output", str(output)])
    run = inbox_options.ingest_options_from(args).run
    return launch.make_plan(run, run.fingerprint(digest.weights_digest(None)))


def measure(inbox: Path, output: Path, report: Path) -> str:
    """What an ingest took that found nothing new.

    Raises:
        AssertionError: it found something.
    """
    began = time.monotonic()
    usage = run_command(
        "ingest", str(inbox), "--output", str(output), "--report", str(report), "--quiet"
    )
    seconds = time.monotonic() - began
    files = json.loads(report.read_text(encoding="utf-8"))["files"]
    if files.keys() != {"done"}:
        raise AssertionError(f"files that were known were taken for others: {files}")
    return (
        f"{seconds:.1f} s ({usage.cpu_s:.1f} of CPU), {usage.peak_mb:.0f} MB at its most, "
        f"{files['done']} known"
    )


def run_command(*arguments: str) -> Usage:
    """Runs a command in a process of its own; returns what it took.

    Raises:
        AssertionError: it failed.
    """
    watched = [sys.executable, "-S", "-c", _WATCH, sys.executable, "-m", "pipelines.cli"]
    ended = subprocess.run([*watched, *arguments], stdout=subprocess.PIPE, text=True, check=False)
    code, cpu_s, peak_mb = map(float, ended.stdout.splitlines()[-1].split())
    if code:
        raise AssertionError(f"{' '.join(arguments)} failed")
    return Usage(cpu_s, peak_mb)


def _record(source: KnownStamp, plan: RunPlan) -> DocumentRecord:
    return DocumentRecord(
        doc_id=source.doc_id,
        uri=source.stamp.uri,
        size_bytes=source.stamp.size_bytes,
        media_type="application/pdf",
        page_count=1,
        status="read",
        error_code=None,
        error_message=None,
        fingerprint=plan.fingerprint,
        started_at=datetime.now(UTC),
        seconds=0.1,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
