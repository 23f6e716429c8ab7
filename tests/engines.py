"""The engines that a run can be given to besides this process, and whether they read the same.

Where they lie is told by `BEAM_OCR_ENGINES`, the folder that `deploy/engines.sh` fills. What is not
there is skipped, unless that script says by `BEAM_OCR_ENGINES_REQUIRED` that it has to be.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest

from pipelines import ledger, runs

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
# A run on an engine takes seconds, and minutes on a machine that has other things to do.
TIMEOUT_S = 900.0


def need(name: str, *programs: str) -> Path:
    """A file in the folder of engines; skips the test if it or a program cannot be had."""
    folder = os.environ.get("BEAM_OCR_ENGINES", "")
    path = Path(folder, name)
    missing = [program for program in programs if shutil.which(program) is None]
    if not folder or not path.exists():
        missing.append(name)
    if missing:
        lacks = f"{', '.join(missing)} cannot be had; see deploy/engines.sh"
        if os.environ.get("BEAM_OCR_ENGINES_REQUIRED"):
            pytest.fail(lacks)
        pytest.skip(lacks)
    return path


def read(output: Path, *arguments: str, module: str = "pipelines.cli", before: str = "") -> None:
    """Runs `beam-ocr run` to its end, and fails with what it said if it fails.

    Args:
        before: an argument that the module has before `run`.
    """
    run = [*filter(None, [before]), "run", "--output", str(output), *arguments]
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, *run],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    assert told.returncode in {0, 3}, told.stdout


def environment() -> dict[str, str]:
    """Workers are `python`, and stand-ins are found from anywhere."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}


@contextmanager
def worker_pool() -> Iterator[str]:
    """The address of a pool of Beam's workers, as stands beside a task manager."""
    port = free_port()
    module = "apache_beam.runners.worker.worker_pool_main"
    process = subprocess.Popen(
        [sys.executable, "-m", module, f"--service_port={port}"],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until(lambda: process.poll() is not None or is_open(port), "the pool of workers")
        assert process.poll() is None
        yield f"localhost:{port}"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """The addresses of a Flink cluster and of its workers, and the folder of its processes."""
    flink, workers = free_port(), free_port()
    ports = {"FLINK_PORT": str(flink), "WORKER_PORT": str(workers), "PYTHON": sys.executable}
    script = [str(ROOT / "deploy" / "flink" / "cluster.sh")]
    try:
        subprocess.run([*script, "start", str(folder)], check=True, env=environment() | ports)
        yield f"localhost:{flink}", f"localhost:{workers}", folder
    finally:
        subprocess.run([*script, "stop", str(folder)], check=True, env=environment() | ports)


def tables(output: Path) -> dict[str, list[str]]:
    """The rows of all runs of an output folder, in any order, but for times."""
    found: dict[str, list[str]] = {}
    for table in ledger.TABLES:
        rows = [row for run in runs.committed(str(output)) for row in runs.read_rows(run, table)]
        found[table] = sorted(json.dumps(timeless(row), sort_keys=True) for row in rows)
    return found


def timeless(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what differs between any two runs."""
    return {name: value for name, value in row.items() if name not in {"seconds", "started_at"}}


def visible_rows(output: Path, table: str) -> int:
    """The rows that somebody finds who reads all files of a table, committed or not."""
    import pyarrow.parquet as pq

    return sum(pq.ParquetFile(path).metadata.num_rows for path in (output / table).rglob("*.*"))


def check_same(output: Path, local: Path) -> None:
    """Makes sure that a run has read what a local one has, and that nobody finds more."""
    found, wanted = tables(output), tables(local)
    for table, rows in wanted.items():
        assert rows
        assert found[table] == rows
        assert visible_rows(output, table) == len(rows)
    assert not (output / "_staging").exists()


def wait_until(is_so, what: str, timeout_s: float = TIMEOUT_S) -> None:
    """Waits for something that comes by itself."""
    end = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < end, f"{what} took more than {timeout_s:g} s"
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody uses, nor the one after it.

    It is none of those that systems give away by themselves (32768 and more on Linux), to whoever
    binds or connects next: it has to stay free until somebody is up who takes seconds to start.
    """
    # Beam's pools of workers listen on both families.
    both = socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both else socket.AF_INET
    while True:
        port = random.randrange(16_000, 32_000, 2)
        try:
            for number in (port, port + 1):
                socket.create_server(("", number), family=family, dualstack_ipv6=both).close()
        except OSError:
            continue
        return port


def is_open(port: int) -> bool:
    """Whether a gRPC server listens."""
    with grpc.insecure_channel(f"localhost:{port}") as channel:
        try:
            grpc.channel_ready_future(channel).result(timeout=1)
        except grpc.FutureTimeoutError:
            return False
    return True
