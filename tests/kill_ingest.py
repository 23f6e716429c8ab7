"""`python -m tests.kill_ingest`: kills an ingest at random moments, and looks at what remains.

A folder of small documents, some of them copies, broken, or with pages that fail, is read once
without disturbance and once by ingests that are killed (SIGKILL) and started again. In the end the
tables must be the same, row for row, but for ids of runs and times. After each kill, whoever reads
the tables must find whole files in which no page stands twice. Models are stand-ins.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyarrow.dataset as ds

from pipelines.staging import TABLES
from tests import documents, stand_in_ingest

# What differs between any two runs.
_NOT_COMPARED = {"run_id", "seconds", "started_at"}
_POLL_S = 0.01
# What an ingest reads before it is killed at the latest, if each chunk takes as long as the next.
_CHUNKS = 3
_FLAGS = ("--max-attempts", "1")  # or what failed would be tried again after each kill


def main(arguments: list[str]) -> int:
    """Kills, resumes and compares; returns 0 if nothing is lost and nothing there twice."""
    parser = argparse.ArgumentParser(prog="python -m tests.kill_ingest", description=__doc__)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--chunk", type=int, default=20, help="documents in a chunk")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="kill-ingest-") as root:
        inbox, calm = Path(root, "inbox"), Path(root, "calm")
        write_inbox(inbox, args.documents)
        startup_s, work_s = read_undisturbed(inbox, calm, args.chunk)
        print(
            f"undisturbed: {startup_s:.1f} CPU-seconds to start, {work_s:.1f} of work", flush=True
        )
        # Some are killed as they start, some as they read their first chunks, wherever these are.
        span_s = startup_s + _CHUNKS * work_s * args.chunk / args.documents
        moments = random.Random(args.seed)
        kills, rounds, bad = 0, 0, 0
        while kills < args.kills:
            rounds += 1
            killed = Path(root, f"killed-{rounds}")
            while kills < args.kills:
                moment_s = moments.random() * span_s
                if not kill_once(inbox, killed, args.chunk, moment_s):
                    break
                kills += 1
                pages = check_visible(killed)
                print(f"kill {kills} after {moment_s:.1f} s: {pages} pages are there", flush=True)
            stand_in_ingest.wait(stand_in_ingest.start(inbox, killed, *_FLAGS, chunk=args.chunk))
            bad += compare(calm, killed)
        print(f"{kills} kills in {rounds} folders, {bad} of which differ")
        return 1 if bad else 0


def read_undisturbed(inbox: Path, output: Path, chunk: int) -> tuple[float, float]:
    """Lets an ingest read all; CPU-seconds until it began to read, and from then on."""
    child = stand_in_ingest.start(inbox, output, *_FLAGS, chunk=chunk)
    while not (output / "_staging").exists():
        time.sleep(_POLL_S)
    startup_s = cpu_s(child)
    _, _, usage = os.wait4(child, 0)
    return startup_s, usage.ru_utime + usage.ru_stime - startup_s


def cpu_s(process: int) -> float:
    """CPU time that a process has taken, in seconds: how far it is, however busy the machine."""
    status = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    fields = status.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def write_inbox(inbox: Path, count: int) -> None:
    """Documents of one to three pages, no two the same but for some that are copies."""
    letters = "abcde"
    for number in range(count):
        text = "".join(letters[number // 5**place % 5] for place in range(4))
        path = inbox / f"shelf {number % 7}" / f"{number}"
        if number % 20 == 7:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".pdf").write_bytes(f"no PDF {number}".encode())
        elif number % 20 == 11:
            documents.write_pdf(path.with_suffix(".pdf"), [text, "poison", "a"])
        elif number % 20 == 13:
            documents.write_png(path.with_suffix(".png"), "ab cd")  # one after the other, copies
        elif number % 4 == 0:
            documents.write_tiff(path.with_suffix(".tif"), [text, "", text[::-1]])
        else:
            documents.write_png(path.with_suffix(".png"), text)
    for path in inbox.rglob("*.*"):
        os.utime(path, (1e9, 1e9))  # long ago: files of just now are opened again each time


def kill_once(inbox: Path, output: Path, chunk: int, after_s: float) -> bool:
    """Starts an ingest and kills it after so many CPU-seconds; False if it has ended before."""
    child = stand_in_ingest.start(inbox, output, *_FLAGS, chunk=chunk)
    while cpu_s(child) < after_s:
        time.sleep(_POLL_S)
        if has_ended(child):
            break
    os.kill(child, signal.SIGKILL)
    return stand_in_ingest.wait(child) == -signal.SIGKILL


def has_ended(child: int) -> bool:
    """Whether a process has ended; it still can be waited for."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def check_visible(output: Path) -> int:
    """How many pages anybody finds who opens the tables; each of them once.

    Raises:
        AssertionError: a page is there twice.
    """
    found = rows_of(output, "pages")
    pages = [(row["doc_id"], row["page_index"]) for row in found]
    if len(pages) != len(set(pages)):
        raise AssertionError(f"{len(pages) - len(set(pages))} pages are there twice")
    rows_of(output, "lines")
    return len(pages)


def rows_of(output: Path, table: str) -> list[dict[str, object]]:
    """The rows of a table as a stranger reads it, without what differs between any two runs."""
    if not (output / table).is_dir():
        return []
    data = ds.dataset(output / table, format="parquet", partitioning="hive")
    return [
        {name: value for name, value in row.items() if name not in _NOT_COMPARED}
        for row in data.to_table().to_pylist()
    ]


def compare(calm: Path, killed: Path) -> int:
    """Tells where two outputs differ; returns 0 if nowhere."""
    is_different = False
    for table in TABLES:
        wanted, found = (
            Counter(map(_as_text, rows_of(folder, table))) for folder in (calm, killed)
        )
        missing, extra = wanted - found, found - wanted
        is_different |= wanted != found
        print(
            f"{table}: {wanted.total()} rows, {missing.total()} missing, {extra.total()} too many"
        )
        for words, rows in (("missing", missing), ("too many", extra)):
            print(*(f"  {words}: {row[:2000]}\n" for row in list(rows)[:1]), sep="", end="")
    left = [path for path in (killed / "_staging", killed / "_lock") if path.exists()]
    print("left behind: " + (", ".join(map(str, left)) or "nothing"))
    print("the tables DIFFER" if is_different else "the tables are the same", flush=True)
    return 1 if is_different or left else 0


def _as_text(row: dict[str, object]) -> str:
    return json.dumps(row, sort_keys=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
