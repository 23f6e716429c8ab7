"""`python -m tests.measure_view --pages 10000`: how fast and how large the viewer of a run is.

Makes a run of very many pages, starts `beam-ocr view` as a user does, and asks for what a browser
asks for: the run, the first documents, the first page. Then for pages all over the run, and for
searches through all of it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests import synthetic_run


@dataclass(frozen=True, slots=True)
class Measured:
    """Of a viewer, from the start of its process.

    Attributes:
        first_page_s, first_cpu_s: until the first page was there, by the clock and of CPU: on a
            busy machine the latter tells more.
        resident_mb: the most that the server held in memory.
        slowest_page_s: of pages all over the run.
        search_s: for something that only the last page says.
    """

    first_page_s: float
    first_cpu_s: float
    first_resident_mb: float
    slowest_page_s: float
    search_s: float
    resident_mb: float


def main(arguments: list[str]) -> int:
    """Measures, and tells; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure_view")
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--pages-a-document", type=int, default=20)
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="view-") as folder:
        synthetic_run.commit_large(Path(folder), args.pages, args.pages_a_document)
        found = measure(Path(folder), args.pages)
    print(
        f"{args.pages} pages: first page after {found.first_page_s:.2f} s "
        f"({found.first_cpu_s:.2f} s of CPU, {found.first_resident_mb:.0f} MB), other pages after "
        f"{found.slowest_page_s:.2f} s at most, all searched in {found.search_s:.2f} s, "
        f"{found.resident_mb:.0f} MB at most"
    )
    return 0


def measure(run: Path, n_pages: int) -> Measured:
    """What a viewer of a run takes.

    Raises:
        AssertionError: what it answers is not what is in the run.
    """
    began = time.monotonic()
    command = [sys.executable, "-m", "pipelines.cli", "view", str(run)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            address = re.match(r"http://\S+", server.stdout.readline())[0]
            ask(address, "api/run")
            listed = ask(address, "api/documents?start=0&count=100")
            key = listed["documents"][0]["key"]
            ask(address, f"api/documents/{key}")
            if not ask(address, f"api/pages/{key}/0")["lines"]:
                raise AssertionError("the first page is empty")
            first = (time.monotonic() - began, cpu_s(server.pid), peak_mb(server.pid))
            slowest_s = max(time_pages(address, listed["total"]))
            search_s = time_search(address, n_pages)
            return Measured(*first, slowest_s, search_s, peak_mb(server.pid))
        finally:
            server.terminate()


def time_pages(address: str, n_documents: int) -> list[float]:
    """Seconds that the last page of each of twenty documents took."""
    took = []
    for start in range(0, n_documents, max(1, n_documents // 20)):
        [document] = ask(address, f"api/documents?start={start}&count=1")["documents"]
        began = time.monotonic()
        ask(address, f"api/pages/{document['key']}/{document['pages'] - 1}")
        took.append(time.monotonic() - began)
    return took


def time_search(address: str, n_pages: int) -> float:
    """Seconds until the one page that says its number was found, and all others were looked at."""
    began = time.monotonic()
    hits, place, searched = [], "0.0", 0
    looked_for = urllib.parse.quote(f'"number {n_pages - 1}"')
    while place is not None:
        found = ask(address, f"api/search?q={looked_for}&from={place}")
        hits += found["hits"]
        searched += found["searched"]
        place = found["next"]
    if (len(hits), searched) != (1, n_pages):
        raise AssertionError(f"{len(hits)} pages found among {searched}")
    return time.monotonic() - began


def ask(address: str, what: str):
    """A JSON answer."""
    with urllib.request.urlopen(address + what, timeout=60) as response:
        return json.load(response)


def cpu_s(process: int) -> float:
    """Seconds of CPU that a process has taken so far, on Linux."""
    values = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")


def peak_mb(process: int) -> float:
    """The most that a process has held in memory so far, on Linux."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
