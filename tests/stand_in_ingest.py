"""`beam-ocr ingest` in a process of its own, with stand-in models in place of weights."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

from ocr_core.engine import Engine
from ocr_core.reading import LineReader
from pipelines import cli, digest, inference, launch
from pipelines.inference import EngineHandle
from tests import documents
from tests.stand_ins import GreyRecogniser, PoisonedDetector


def stand_in_handle() -> EngineHandle:
    """Of an engine of stand-ins, which fails on pages that say `poison`."""
    reader = LineReader(GreyRecogniser())
    return EngineHandle(partial(Engine, PoisonedDetector(), reader, None), "stand-ins")


def ingest(folder: Path, output: Path, *flags: str) -> int:
    """Ingests a folder at the resolution of test documents; returns the exit code."""
    arguments = [str(folder), "--output", str(output), "--dpi", str(documents.DPI)]
    defaults = ["--workers", "1", "--no-correct", "--quiet", "--settle", "0"]
    return cli.main(["ingest", *arguments, *defaults, *flags])


def fork(folder: Path, output: Path, *flags: str, chunk: int = 0) -> int:
    """Starts an ingest as a copy of this process, and returns its id.

    Importing all that it takes lasts longer than what a test has to do.
    """
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        code = main([str(chunk), str(folder), str(output), *flags])
    finally:
        os._exit(code)


def start(folder: Path, output: Path, *flags: str, chunk: int = 0) -> int:
    """Starts an ingest as a process like any other, and returns its id."""
    command = [sys.executable, "-m", "tests.stand_in_ingest", str(chunk), str(folder), str(output)]
    return os.spawnv(os.P_NOWAIT, sys.executable, [*command, *flags])


def main(arguments: list[str]) -> int:
    """Ingests with stand-ins; returns the exit code.

    Args:
        arguments: documents in a chunk, 0 for the usual number; inbox; output; flags.
    """
    chunk, folder, output, *flags = arguments
    if int(chunk):
        launch.CHUNK_DOCUMENTS = int(chunk)
    handle = stand_in_handle()
    inference.handle_for = lambda *_: handle
    digest.weights_digest = lambda *_: handle.digest
    return ingest(Path(folder), Path(output), *flags)


def wait(child: int) -> int:
    """How a process ended: its exit code, or minus the number of the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
