"""`python -m tests.measure_hostile FOLDER`: files that break readers, each alone and all at once.

`FOLDER/manifest.tsv` lists them: category (their sub-folder), file, and the password of those that
have one. Each is read by a `beam-ocr run` in a process of its own, forked once all is imported and
the weights are there, or started anew with `--cold`; a file with a password is read without it
first. Told are seconds of the clock and of CPU, the memory of the process and its helpers at their
most, and what became of it. Ends with 0 if each has the rows that it should have, within 30 s of
CPU (others may use the machine) and 2 GB.
"""

from __future__ import annotations

import argparse
import csv
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.dataset as ds

from ocr_core.engine import Engine
from ocr_core.sandbox import drawing
from pipelines import (
    inference,
    launch,  # noqa: F401 - imported before anything is forked
    options,
    run,
)
from tests.process_trees import PeakMemory

MOST_S, MOST_BYTES = 30.0, 2_000_000_000
PATIENCE_S = 1800.0  # of the clock, after which it hangs; others use the machine, too

READ = frozenset({"read", "empty"})
BROKEN = frozenset({"corrupt-source", "empty-source", "unsupported-format", "page-too-large"})
# What may become of a document and its pages, by category.
ALLOWED = {
    "encrypted": READ,
    "malformed_pdf": READ | BROKEN,
    "malformed_image": READ | BROKEN,
    "resource_pdf": READ | {"page-too-large"},
    "trick_pdf": READ,
    "valid_odd_image": READ,
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a run over hostile files came to.

    Attributes:
        code: how its process ended; minus the number of a signal that killed it.
        ends: statuses and codes of documents and pages.
        text: of all pages.
        missing: pages without a row, and documents without one.
    """

    code: int
    wall_s: float
    cpu_s: float
    peak_bytes: int
    ends: frozenset[str]
    text: str
    missing: int

    @property
    def is_bounded(self) -> bool:
        return self.code in (0, 3) and self.cpu_s <= MOST_S and self.peak_bytes <= MOST_BYTES

    def __str__(self) -> str:
        return (
            f"{self.wall_s:6.1f} s {self.cpu_s:6.1f} CPU-s {self.peak_bytes >> 20:5} MiB "
            f"exit {self.code:2}  {', '.join(sorted(self.ends)) or 'nothing'}"
        )


def main(arguments: list[str]) -> int:
    """Measures; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure_hostile", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--like", default="", help="only files whose names hold this")
    parser.add_argument("--together", action="store_true", help="only all at once")
    parser.add_argument("--cold", action="store_true", help="start each process anew")
    args = parser.parse_args(arguments)
    files = [row for row in manifest(args.folder) if args.like in row["file"]]
    _engine = None if args.cold else prepare()  # held for those that are forked
    attempts, bad = ([], 0) if args.together else read_alone(args.folder, files, args.cold)
    words = [row["password"] for row in files if row["password"]]
    paths = [args.folder / row["category"] / row["file"] for row in files]
    together = read(paths, words, args.cold)
    bad += together.code not in (0, 3) or together.missing > 0
    print(f"together: {together}")
    if attempts:
        wall_s, cpu_s = max(one.wall_s for one in attempts), max(one.cpu_s for one in attempts)
        peak_mib = max(one.peak_bytes for one in attempts) >> 20
        print(f"{len(attempts)} alone, {bad} bad; at most {wall_s:.1f} s,", end=" ")
        print(f"{cpu_s:.1f} CPU-s, {peak_mib} MiB")
    return 1 if bad else 0


def read_alone(
    folder: Path, files: Sequence[dict[str, str]], is_cold: bool
) -> tuple[list[Attempt], int]:
    """Reads each file by itself; returns what came of them, and how many did not end well."""
    attempts, bad = [], 0
    for row in files:
        path = folder / row["category"] / row["file"]
        passwords = ([], [row["password"]]) if row["password"] else ([],)
        for words in passwords:
            attempt = read([path], words, is_cold)
            is_good = is_as_it_should(row, attempt, with_password=bool(words))
            bad += not is_good
            attempts.append(attempt)
            print(f"{'ok ' if is_good else 'BAD'} {attempt}  {row['file']}", flush=True)
    return attempts, bad


def prepare() -> Engine:
    """Opens the weights that every run is to use which is forked."""
    parser = argparse.ArgumentParser()
    options.add_run_arguments(parser)
    defaults = options.run_options_from(parser.parse_args(["-", "--output", "-"]))
    handle = inference.handle_for(defaults.read)
    inference.handle_for = lambda *_: handle
    return handle.acquire()


def manifest(folder: Path) -> list[dict[str, str]]:
    """The files, as the manifest lists them."""
    with (folder / "manifest.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def is_as_it_should(row: dict[str, str], attempt: Attempt, with_password: bool) -> bool:
    """Whether a file ended as its row of the manifest expects."""
    if not attempt.is_bounded or attempt.missing:
        return False
    if row["password"] and not with_password:
        return attempt.ends == {"failed", "encrypted-source"}
    statuses = {"failed", "partly"} if attempt.ends & BROKEN else set()
    has_text = bool(attempt.text.strip()) or not row["password"]
    return attempt.ends <= ALLOWED[row["category"]] | statuses and has_text


def read(paths: Sequence[Path], passwords: Sequence[str], is_cold: bool) -> Attempt:
    """Has files read by a process of their own, which is killed if it hangs."""
    with tempfile.TemporaryDirectory(prefix="measure-hostile-") as folder:
        output = Path(folder, "out")
        listed = Path(folder, "files.txt")
        listed.write_text("".join(f"{path.resolve()}\n" for path in paths), encoding="utf-8")
        flags = ["run", f"@{listed}", "--output", str(output), "--quiet", "--workers", "1"]
        flags += [f"--password={word}" for word in passwords]
        began = time.monotonic()
        child = start(flags, Path(folder, "told"), is_cold)
        alarm = threading.Timer(PATIENCE_S, os.kill, (child, signal.SIGKILL))
        alarm.start()
        with PeakMemory(child) as memory:
            _, status, usage = os.wait4(child, 0)
        alarm.cancel()
        ends, text, missing = what_became(output, len(paths))
        return Attempt(
            code=os.waitstatus_to_exitcode(status),
            wall_s=time.monotonic() - began,
            cpu_s=usage.ru_utime + usage.ru_stime,  # its helpers' as well, once they have ended
            peak_bytes=memory.peak_bytes,
            ends=ends,
            text=text,
            missing=missing,
        )


def start(flags: list[str], told: Path, is_cold: bool) -> int:
    """Starts a command, and returns the id of its process; what it says goes to a file."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        descriptor = os.open(told, os.O_WRONLY | os.O_CREAT)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        if is_cold:
            os.execv(sys.executable, [sys.executable, "-m", "pipelines.cli", *flags])
        parser = argparse.ArgumentParser()
        run.add_arguments(parser)
        code = run.main(parser.parse_args(flags[1:]))
        drawing.shared().close()  # or what helpers took would not be counted
    finally:
        os._exit(code)


def what_became(output: Path, count: int) -> tuple[frozenset[str], str, int]:
    """Statuses and codes, the text, and how many documents and pages have no row."""
    tables = {}
    for table in ("documents", "pages"):
        folder = output / table
        data = folder.is_dir() and ds.dataset(folder, format="parquet", partitioning="hive")
        tables[table] = data.to_table().to_pylist() if data else []
    documents, pages = tables["documents"], tables["pages"]
    ends = {row[key] for row in documents + pages for key in ("status", "error_code") if row[key]}
    wanted = sum(row["page_count"] or 0 for row in documents if row["status"] != "duplicate")
    missing = abs(count - len(documents)) + abs(wanted - len(pages))
    return frozenset(ends), "\n".join(row["text"] for row in pages if row["text"]), missing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
