"""`python -m tests.measure_scale`: what many pages take beside few, in time and memory.

Makes up PDFs of 200 pages, has `beam-ocr run` read more and more of them, each run a process of its
own, and prints what a page took and what the run took at its most, helpers included.

    python -m tests.measure_scale                              here, in chunks
    python -m tests.measure_scale --runner=PrismRunner         in one piece; flags go to the run
    python -m tests.measure_scale --pages 200 600 1800 --draw  pages are drawn

What is done to a page is left out, as `tests.stand_in_pages` tells: it takes a hundred times what
the rest of a run does, and the same on every page. All else is what users have. With `--draw` only
the networks are stand-ins: small pages are drawn, cleaned, read and laid out.

Times are seconds of CPU of the run and of all that it has waited for: they hardly depend on what
else the machine does, as those of a wall clock do, which are printed beside them. To start takes
many seconds whatever follows, more or fewer from run to run, so it is what each further page takes
that is compared, over sizes that are tens of thousands of pages apart. Ends with 0 if that is no
more than 1.15 times as much from the second size to the third as from the first to the second, and
if the third run takes no more than 1.3 times the memory of the second.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import block_pdfs
from tests.process_trees import PeakMemory

MOST_TIME = 1.15
MOST_MEMORY = 1.3
DOCUMENT_PAGES = 200
STAND_INS = {False: "tests.stand_in_pages", True: "tests.stand_in_run"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took.

    Attributes:
        memory_bytes: at its most, of all its processes together.
    """

    pages: int
    wall_s: float
    cpu_s: float
    memory_bytes: int

    def __str__(self) -> str:
        return (
            f"{self.pages:8} pages: {self.wall_s:8.1f} s, {self.cpu_s:8.1f} s of CPU, "
            f"{1000 * self.cpu_s / self.pages:6.2f} ms of CPU a page, "
            f"{self.memory_bytes >> 20:6} MiB at most"
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether many pages take no more than their share.

    Attributes:
        page_ms: CPU of each further page, up to the second size and up to the third.
        memory: of the third run, as a multiple of the second's.
    """

    page_ms: tuple[float, float]
    memory: float

    @classmethod
    def of(cls, few: Cost, more: Cost, most: Cost) -> Verdict:
        """By runs of three sizes, of which the first mainly tells what it takes to start."""
        page_ms = [
            1000 * (larger.cpu_s - smaller.cpu_s) / (larger.pages - smaller.pages)
            for smaller, larger in ((few, more), (more, most))
        ]
        return cls((page_ms[0], page_ms[1]), most.memory_bytes / more.memory_bytes)

    @property
    def time(self) -> float:
        """What a further page takes at last, as a multiple of what it took before."""
        return self.page_ms[1] / self.page_ms[0]

    @property
    def is_kept(self) -> bool:
        return self.time <= MOST_TIME and self.memory <= MOST_MEMORY

    def __str__(self) -> str:
        before, after = self.page_ms
        return (
            f"each further page takes {after:.2f} ms of CPU after {before:.2f} ms, "
            f"{self.time:.2f} times as much; memory is {self.memory:.2f} times as much"
        )


def main(arguments: list[str]) -> int:
    """Measures runs, the smallest first; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.measure_scale",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pages", type=int, nargs=3, default=[20_000, 110_000, 200_000])
    parser.add_argument("--keep", type=Path, help="a folder for documents and outputs")
    parser.add_argument("--draw", action="store_true", help="only the networks are stand-ins")
    args, flags = parser.parse_known_args(arguments)
    costs = []
    with tempfile.TemporaryDirectory(prefix="measure-scale-") as folder:
        for pages in sorted(args.pages):
            root = (args.keep or Path(folder)) / str(pages)
            costs.append(measure(root, pages, args.draw, flags))
            print(costs[-1], flush=True)
    verdict = Verdict.of(*costs)
    print(verdict)
    return 0 if verdict.is_kept else 1


def measure(root: Path, pages: int, draws: bool, flags: Sequence[str]) -> Cost:
    """What a run over so many pages takes; it must have read each.

    Raises:
        SystemExit: it has not.
    """
    inbox, output = root / "inbox", root / "out"
    write_documents(inbox, pages)
    command = [sys.executable, "-W", "ignore", "-m", STAND_INS[draws], "run", str(inbox)]
    how = ["--output", str(output), "--dpi", "72", "--text-layer", "ignore", "--quiet", *flags]
    before, began = children_cpu_s(), time.monotonic()
    process = subprocess.Popen([*command, *how])
    with PeakMemory(process.pid, every_s=0.2) as memory:
        code = process.wait()
    cost = Cost(pages, time.monotonic() - began, children_cpu_s() - before, memory.peak_bytes)
    if code != 0 or count_read(output) != pages:
        raise SystemExit(f"the run ended with {code} after {count_read(output)} of {pages} pages")
    return cost


def children_cpu_s() -> float:
    """CPU of all processes that this one, and those below it, have waited for, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def count_read(output: Path) -> int:
    """The pages that committed runs have read, by their files."""
    runs = (json.loads(path.read_text()) for path in output.glob("_runs/*.json"))
    return sum(run["counts"]["pages"].get("read", 0) for run in runs)


def write_documents(inbox: Path, pages: int) -> None:
    """Documents of so many pages in all, no two of them alike."""
    inbox.mkdir(parents=True)
    for number, start in enumerate(range(0, pages, DOCUMENT_PAGES)):
        count = min(DOCUMENT_PAGES, pages - start)
        (inbox / f"{number:06}.pdf").write_bytes(block_pdfs.make_pdf(count, f"{pages} {number}"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
