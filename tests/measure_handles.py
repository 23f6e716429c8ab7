"""`python -m tests.measure_handles`: how often a worker loads its models, what it holds, how full.

Reads a folder once for each number of threads, each time in a process of its own, and prints

- how often models were loaded: once, however many threads and stages ask for them
- what the process holds before and after that, and the most it holds while it reads, together with
  the helpers that draw pages for it
- how full batches are: pages that are given to the detector together and lines to the recognisers,
  the mean and its share of the limit.

    python -m tests.measure_handles                                   samples/, 1, 2 and 4 threads
    python -m tests.measure_handles FOLDER --threads 2 --quality fast

Ends with 0 if every process loaded its models once.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

from tests.process_trees import PeakMemory, resident_bytes

BATCH_PAGES = 8  # of `beam-ocr run`, unless it is told otherwise
SAMPLES = Path(__file__).parents[1] / "samples"


@dataclass(frozen=True, slots=True)
class Fill:
    """How much is given to a network at once.

    Attributes:
        counts: pages or lines in each batch.
        shares: of the limit, of each batch; more than 1 where a single one is above it.
    """

    counts: list[int] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)

    def add(self, count: int, share: float) -> None:
        self.counts.append(count)
        self.shares.append(round(share, 4))

    def __str__(self) -> str:
        n = max(len(self.counts), 1)
        mean, share = sum(self.counts) / n, sum(self.shares) / n
        return f"{len(self.counts)} batches of {mean:.1f}, {share:.0%} of the limit"


@dataclass(slots=True)
class Measured:
    """What a process was seen to do.

    Attributes:
        loads: how often models were loaded.
        before_bytes, after_bytes: of its memory, around the first of them.
        peak_bytes: the most while it read, its helpers included.
        pages, tiles, lines: how many went through the engine, the detector and the recognisers
            together.
    """

    loads: int = 0
    before_bytes: int = 0
    after_bytes: int = 0
    peak_bytes: int = 0
    pages: Fill = field(default_factory=Fill)
    tiles: Fill = field(default_factory=Fill)
    lines: Fill = field(default_factory=Fill)


def main(arguments: list[str]) -> int:
    """Measures with each number of threads; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.measure_handles",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLES)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--quality", default="standard")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args(arguments)
    if args.here:
        print(json.dumps(asdict(measure(args.folder, args.threads[0], args.quality))))
        return 0
    loads = []
    for threads in args.threads:
        measured = measure_apart(args.folder, threads, args.quality)
        loads.append(measured.loads)
        print(describe(threads, measured), flush=True)
    return 0 if set(loads) == {1} else 1


def describe(threads: int, measured: Measured) -> str:
    """What was measured, in words."""
    before, after, peak = (
        size >> 20 for size in (measured.before_bytes, measured.after_bytes, measured.peak_bytes)
    )
    return (
        f"{threads} threads: models were loaded {measured.loads} times; {before} MiB before, "
        f"{after} MiB after, {peak} MiB while reading\n"
        f"  pages: {measured.pages}\n  tiles: {measured.tiles}\n  lines: {measured.lines}"
    )


def measure_apart(folder: Path, threads: int, quality: str) -> Measured:
    """What `measure` says in a process of its own, which has loaded nothing before."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.measure_handles", str(folder)]
    flags = ["--threads", str(threads), "--quality", quality, "--here"]
    told = subprocess.run([*command, *flags], check=True, stdout=subprocess.PIPE, text=True)
    values: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    fills = {name: Fill(**values.pop(name)) for name in ("pages", "tiles", "lines")}
    return Measured(**values, **fills)


def measure(folder: Path, threads: int, quality: str) -> Measured:
    """Reads a folder as `beam-ocr run` does, and watches."""
    from pipelines import cli

    measured = Measured()
    watch_loading(measured)
    watch_batches(measured)
    with tempfile.TemporaryDirectory(prefix="measure-handles-") as output:
        where = [str(folder), "--output", output, "--quiet", "--text-layer", "ignore"]
        how = ["--quality", quality, "--device", "cpu", "--batch-pages", str(BATCH_PAGES)]
        with PeakMemory(os.getpid()) as memory:
            code = cli.main(["run", *where, *how, "--workers", str(threads)])
    if code != 0:
        raise SystemExit(f"the run ended with {code}")
    measured.peak_bytes = memory.peak_bytes
    return measured


def watch_loading(measured: Measured) -> None:
    """Has every load of models counted, and measured the first time."""
    import ocr_core

    load, lock = ocr_core.load, threading.Lock()

    @wraps(load)
    def watched(*args: Any, **kwargs: Any) -> Any:
        gc.collect()
        before_bytes = resident_bytes(os.getpid())
        engine = load(*args, **kwargs)
        with lock:
            measured.loads += 1
            if measured.loads == 1:
                measured.before_bytes = before_bytes
                measured.after_bytes = resident_bytes(os.getpid())
        return engine

    ocr_core.load = watched


def watch_batches(measured: Measured) -> None:
    """Has the size of every batch written down; limits are those of runs on a CPU."""
    from ocr_core import backends
    from ocr_core.engine import Engine
    from ocr_core.engine_options import DEFAULTS

    def watch_pages(engine: Engine, pages: Any) -> None:
        measured.pages.add(len(pages), len(pages) / BATCH_PAGES)

    def watch_tiles(network: Any, tiles: Any) -> None:
        measured.tiles.add(len(tiles), tiles.size / DEFAULTS.max_tile_pixels)

    def watch_lines(network: Any, crops: Any, widths: Any) -> None:
        measured.lines.add(len(crops), crops.size / DEFAULTS.max_crop_pixels)

    before(Engine, "detect_pages", watch_pages)
    before(backends.TorchDetector, "__call__", watch_tiles)
    before(backends.TorchRecogniser, "__call__", watch_lines)


def before(owner: type, name: str, watch: Callable[..., None]) -> None:
    """Has `watch` called with what a method is called with, before it is."""
    method = getattr(owner, name)

    @wraps(method)
    def watched(*args: Any) -> Any:
        watch(*args)
        return method(*args)

    setattr(owner, name, watched)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
