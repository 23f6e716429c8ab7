"""`python -m tests.measure_handles`: how often a worker loads its models, what it holds, how full.

Reads a folder once for each number of threads and of pages in a batch, each time in a process of
its own, and prints

- how often models were loaded: once, however many threads and stages ask for them
- what the process holds before and after that, and the most it holds while it reads, together with
  the helpers that draw pages for it; of a GPU, the most that PyTorch held
- how full batches are: pages that are given to the detector together and lines to the recognisers,
  the mean and its share of the limit
- from the first batch on, pages per second, and what a page takes in all, in seconds of CPU of the
  process without its helpers, and in the networks: in seconds of CPU too, or on a GPU by the
  clock, with what a thread waits until the others are done there.

    python -m tests.measure_handles                                   samples/, 1, 2 and 4 threads
    python -m tests.measure_handles FOLDER --threads 2 --quality fast
    python -m tests.measure_handles FOLDER --device cuda --threads 1 --batch-pages 8 16 32 --table

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
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

from tests.process_trees import PeakMemory, resident_bytes

BATCH_PAGES = 8  # of `beam-ocr run`, unless it is told otherwise
COLUMNS = (
    *("threads", "pages in a batch", "pages/s", "seconds a page", "of them in the networks"),
    *("tiles at once", "lines at once", "memory", "memory of the GPU"),
)
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


@dataclass(frozen=True, slots=True)
class Setting:
    """How a folder is read.

    Attributes:
        device: `cpu` or `cuda`.
    """

    threads: int = 1
    quality: str = "standard"
    device: str = "cpu"
    batch_pages: int = BATCH_PAGES

    @property
    def flags(self) -> list[str]:
        """What gives it to a process of its own."""
        how = ["--quality", self.quality, "--device", self.device]
        return [*how, "--threads", str(self.threads), "--batch-pages", str(self.batch_pages)]


@dataclass(slots=True)
class Measured:
    """What a process was seen to do.

    Attributes:
        loads: how often models were loaded.
        before_bytes, after_bytes: of its memory, around the first of them.
        peak_bytes: the most while it read, its helpers included.
        gpu_bytes: the most that PyTorch held of a GPU.
        wall_s, cpu_s: from the first batch on, by the clock and of this process without helpers.
        network_s: within the networks, summed over threads; see above.
        pages, tiles, lines: how many went through the engine, the detector and the recognisers
            together.
    """

    loads: int = 0
    before_bytes: int = 0
    after_bytes: int = 0
    peak_bytes: int = 0
    gpu_bytes: int = 0
    wall_s: float = 0.0
    cpu_s: float = 0.0
    network_s: float = 0.0
    pages: Fill = field(default_factory=Fill)
    tiles: Fill = field(default_factory=Fill)
    lines: Fill = field(default_factory=Fill)


def main(arguments: list[str]) -> int:
    """Measures with each number of threads and of pages in a batch; returns the exit code."""
    args = make_parser().parse_args(arguments)
    settings = [
        Setting(threads, args.quality, args.device, pages)
        for pages in args.batch_pages
        for threads in args.threads
    ]
    if args.here:
        print(json.dumps(asdict(measure(args.folder, settings[0]))))
        return 0
    if args.table:
        print(row(COLUMNS), row(["---"] * len(COLUMNS)), sep="\n", flush=True)
    loads = set()
    for setting in settings:
        measured = measure_apart(args.folder, setting)
        loads.add(measured.loads)
        print((as_row if args.table else describe)(setting, measured), flush=True)
    return 0 if loads == {1} else 1


def make_parser() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.measure_handles",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLES)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--batch-pages", type=int, nargs="+", default=[BATCH_PAGES])
    parser.add_argument("--quality", default="standard")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--table", action="store_true", help="print a Markdown table")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser


def describe(setting: Setting, measured: Measured) -> str:
    """What was measured, in words."""
    before, after, peak = (
        size >> 20 for size in (measured.before_bytes, measured.after_bytes, measured.peak_bytes)
    )
    return (
        f"{setting.threads} threads: models were loaded {measured.loads} times; {before} MiB "
        f"before, {after} MiB after, {peak} MiB while reading\n"
        f"  pages: {measured.pages}\n  tiles: {measured.tiles}\n  lines: {measured.lines}\n"
        f"  {measured.cpu_s:.1f} CPU-seconds, networks {measured.network_s:.1f} seconds"
    )


def as_row(setting: Setting, measured: Measured) -> str:
    """What was measured, as a row of a Markdown table."""
    pages = max(sum(measured.pages.counts), 1)
    gpu = f"{measured.gpu_bytes / 2**30:.2f} GiB" if setting.device == "cuda" else "-"
    return row(
        (
            f"{setting.threads}",
            f"{setting.batch_pages}",
            f"{pages / max(measured.wall_s, 1e-9):.2f}",
            f"{measured.cpu_s / pages:.3f}",
            f"{measured.network_s / pages:.3f}",
            f"{max(measured.tiles.counts, default=0)}",
            f"{max(measured.lines.counts, default=0)}",
            f"{measured.peak_bytes / 2**30:.2f} GiB",
            gpu,
        )
    )


def row(cells: Sequence[str]) -> str:
    """Cells as a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def measure_apart(folder: Path, setting: Setting) -> Measured:
    """What `measure` says in a process of its own, which has loaded nothing before."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.measure_handles", str(folder)]
    told = subprocess.run(
        [*command, *setting.flags, "--here"], check=True, stdout=subprocess.PIPE, text=True
    )
    values: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    fills = {name: Fill(**values.pop(name)) for name in ("pages", "tiles", "lines")}
    return Measured(**values, **fills)


def measure(folder: Path, setting: Setting) -> Measured:
    """Reads a folder as `beam-ocr run` does, and watches."""
    from pipelines import cli

    measured = Measured()
    watch_loading(measured)
    watch_batches(measured, setting.batch_pages)
    watch_networks(measured, setting.device)
    with tempfile.TemporaryDirectory(prefix="measure-handles-") as output:
        where = [str(folder), "--output", output, "--quiet", "--text-layer", "ignore"]
        how = ["--quality", setting.quality, "--device", setting.device]
        size = ["--batch-pages", str(setting.batch_pages), "--workers", str(setting.threads)]
        with PeakMemory(os.getpid()) as memory:
            code = cli.main(["run", *where, *how, *size])
    if code != 0:
        raise SystemExit(f"the run ended with {code}")
    measured.wall_s += time.perf_counter()
    measured.cpu_s += time.process_time()
    measured.peak_bytes = memory.peak_bytes
    measured.gpu_bytes = gpu_bytes(setting.device)
    return measured


def gpu_bytes(device: str) -> int:
    """The most that PyTorch has held of a GPU, its reserve included."""
    import torch

    return torch.cuda.max_memory_reserved() if device == "cuda" else 0


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


def watch_batches(measured: Measured, batch_pages: int) -> None:
    """Has the size of every batch written down, beside the limits of the engine."""
    from ocr_core import backends
    from ocr_core.engine import Engine
    from ocr_core.engine_options import DEFAULTS, EngineOptions

    limits = [DEFAULTS]

    def watch_limits(
        engine: Engine, detector: Any, reader: Any, lexicon_of: Any, *rest: Any
    ) -> None:
        limits[:] = [one for one in rest if isinstance(one, EngineOptions)] or limits

    def watch_pages(engine: Engine, pages: Any) -> None:
        if not measured.pages.counts:
            measured.wall_s, measured.cpu_s = -time.perf_counter(), -time.process_time()
        measured.pages.add(len(pages), len(pages) / batch_pages)

    def watch_tiles(network: Any, tiles: Any) -> None:
        measured.tiles.add(len(tiles), tiles.size / limits[0].max_tile_pixels)

    def watch_lines(network: Any, crops: Any, widths: Any) -> None:
        measured.lines.add(len(crops), crops.size / limits[0].max_crop_pixels)

    before(Engine, "__init__", watch_limits)
    before(Engine, "detect_pages", watch_pages)
    before(backends.TorchDetector, "__call__", watch_tiles)
    before(backends.TorchRecogniser, "__call__", watch_lines)


def watch_networks(measured: Measured, device: str) -> None:
    """Has the time within the networks added up."""
    from ocr_core import backends

    clock = time.thread_time if device == "cpu" else time.perf_counter
    lock = threading.Lock()

    def add(network_s: float) -> None:
        with lock:
            measured.network_s += network_s

    around(backends.TorchDetector, "__call__", clock, add)
    around(backends.TorchRecogniser, "__call__", clock, add)


def before(owner: type, name: str, watch: Callable[..., None]) -> None:
    """Has `watch` called with what a method is called with, before it is."""
    method = getattr(owner, name)

    @wraps(method)
    def watched(*args: Any) -> Any:
        watch(*args)
        return method(*args)

    setattr(owner, name, watched)


def around(
    owner: type, name: str, clock: Callable[[], float], tell: Callable[[float], None]
) -> None:
    """Has `tell` called with what a method took by a clock, in seconds."""
    method = getattr(owner, name)

    @wraps(method)
    def watched(*args: Any) -> Any:
        start = clock()
        try:
            return method(*args)
        finally:
            tell(clock() - start)

    setattr(owner, name, watched)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
