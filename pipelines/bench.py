"""`beam-ocr bench`: what a page costs on one core, beside another program if one is named.

Both sides read the same image files, page by page in turn, in one process and one thread each, and
what counts is CPU time. Ours is that of everything from the file to its text. Start-up is left out
on both sides: ours loads its weights and reads the first page once before anything is counted; of
the other program's time for a page, its time for a small blank image is taken off, the least of
several, measured in the same run.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

import ocr_core
from ocr_core import sources
from ocr_core.cleaning import steps
from ocr_core.errors import ConfigError, InputError
from pipelines import speed_options
from schemas import Failure, Page, PageImage, PageRange

if TYPE_CHECKING:
    from ocr_core.engine import Engine

BLANK_READINGS = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """What some pages cost.

    Attributes:
        cpu_s: CPU-seconds of ours, `peer_cpu_s` those of the other program without its start-up.
        seconds: ours by stage, by the clock.
    """

    pages: int = 0
    lines: int = 0
    cpu_s: float = 0.0
    peer_cpu_s: float = 0.0
    seconds: Mapping[str, float] = field(default_factory=dict)

    def __add__(self, other: Cost) -> Cost:
        stages = {**self.seconds, **other.seconds}
        return Cost(
            self.pages + other.pages,
            self.lines + other.lines,
            self.cpu_s + other.cpu_s,
            self.peer_cpu_s + other.peer_cpu_s,
            {stage: self.seconds.get(stage, 0) + other.seconds.get(stage, 0) for stage in stages},
        )


@dataclass(frozen=True, slots=True)
class Peer:
    """Another program that reads an image file.

    Attributes:
        command: its words, after which it takes the image's name and `stdout`, as Tesseract does.
        startup_s: CPU-seconds that it needs for a blank image.
    """

    command: tuple[str, ...]
    startup_s: float = 0.0

    def cpu_s(self, path: Path) -> float:
        """CPU-seconds that it takes for an image beyond its start-up.

        Raises:
            ConfigError: it fails.
        """
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1"}
        words = [*self.command, str(path), "stdout"]
        with subprocess.Popen(
            words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise ConfigError(f"{shlex.join(words)} ended with exit code {process.returncode}")
        return max(usage.ru_utime + usage.ru_stime - self.startup_s, 0.0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr bench`."""
    parser.epilog = (__doc__ or "").partition("\n\n")[2]
    parser.add_argument(
        "folders", type=Path, nargs="+", metavar="FOLDER", help="a folder of page images"
    )
    parser.add_argument(
        "--peer",
        metavar="COMMAND",
        help="another program to read the same pages, such as tesseract",
    )
    parser.add_argument(
        "--pages", type=int, metavar="N", help="only the first N images of each folder"
    )
    speed_options.add_speed_arguments(parser)
    parser.add_argument(
        "--weights", type=Path, metavar="PATH", help="your own weights instead of the shipped ones"
    )


def main(args: argparse.Namespace) -> int:
    """Prints a table, folder by folder; returns the exit code.

    Raises:
        ConfigError: there are no images, or the other program is missing or fails.
    """
    import torch  # which help does without

    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    found = {folder: list_images(folder)[: args.pages] for folder in args.folders}
    peer = make_peer(args.peer) if args.peer else None
    engine = ocr_core.load(
        args.weights,
        "cpu",
        precision=args.precision,
        quality=args.quality,
        backend=args.backend,
        restore=args.restore,
    )
    total = Cost()
    for folder, files in found.items():
        if not total.pages:
            measure(engine, None, files[:1])
        cost = reduce(Cost.__add__, measure(engine, peer, files), Cost())
        total += cost
        print("\n".join(table(folder.name, cost, peer)), flush=True)
    if len(found) > 1:
        print("\n".join(table("all", total, peer)))
    is_complete = total.pages == sum(map(len, found.values()))
    return 0 if is_complete else 3


def list_images(folder: Path) -> list[Path]:
    """The image files in a folder, by name.

    Raises:
        ConfigError: there are none, or no such folder.
    """
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {folder}")
    suffixes = sources.SUFFIXES - {".pdf"}
    files = sorted(file for file in folder.glob("*") if file.suffix.lower() in suffixes)
    if not files:
        raise ConfigError(f"no images in {folder}")
    return files


def make_peer(command: str) -> Peer:
    """The other program, with what its start-up costs.

    Raises:
        ConfigError: it is not there, or fails.
    """
    words = tuple(shlex.split(command))
    if not words or shutil.which(words[0]) is None:
        raise ConfigError(f"--peer: there is no program {command!r}")
    with tempfile.TemporaryDirectory() as folder:
        blank = Path(folder, "blank.png")
        cv2.imwrite(str(blank), np.full((64, 64), 255, np.uint8))
        return Peer(words, min(Peer(words).cpu_s(blank) for _ in range(BLANK_READINGS)))


def measure(engine: Engine, peer: Peer | None, files: Iterable[Path]) -> list[Cost]:
    """What each image costs; one that cannot be read is told of and does not count."""
    costs = []
    for file in files:
        start = time.process_time()
        try:
            pages = list(read(engine, file))
        except InputError as error:
            print(f"{file}: {error.code}: {error}")
            continue
        cpu_s = time.process_time() - start
        own = reduce(Cost.__add__, (Cost(0, len(p.lines), seconds=p.seconds) for p in pages))
        costs.append(own + Cost(1, 0, cpu_s, peer.cpu_s(file) if peer else 0.0))
    return costs


def read(engine: Engine, file: Path) -> Iterator[Page]:
    """The pages of an image file.

    Raises:
        InputError: one cannot be read.
    """
    source = sources.inspect(file, str(file))
    for image in sources.render_pages(file, PageRange(source, tuple(range(source.page_count)))):
        page: Page | Failure | PageImage = image
        if isinstance(image, PageImage):
            [page] = engine.read_pages([steps.prepare_page(image)])
        if isinstance(page, Failure):
            raise InputError(page.message, page.code)
        if isinstance(page, Page):
            page.text  # noqa: B018 - joins the lines
            yield page


def table(name: str, cost: Cost, peer: Peer | None) -> Iterator[str]:
    """What a folder cost, in two lines."""
    pages, cpu_s = max(cost.pages, 1), max(cost.cpu_s, 1e-9)
    words = [
        f"{name}: {cost.pages} images, {cost.cpu_s / pages:.3f} CPU-seconds each",
        f"{cost.pages / cpu_s:.2f} images and {cost.lines / cpu_s:.0f} lines a CPU-second",
    ]
    if peer:
        peer_cpu_s = max(cost.peer_cpu_s, 1e-9)
        words.append(
            f"{peer.command[0]} {cost.peer_cpu_s / pages:.3f} (start-up of {peer.startup_s:.3f} "
            f"left out): {cost.cpu_s / peer_cpu_s:.3f} of it"
        )
    yield "; ".join(words)
    stages = (f"{stage} {seconds / pages:.3f}" for stage, seconds in cost.seconds.items())
    yield f"    seconds each: {', '.join(stages)}"
