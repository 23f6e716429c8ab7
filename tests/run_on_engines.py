"""`python -m tests.run_on_engines OUTPUT INPUT...`: reads the same on every engine, and compares.

The engines are those of `BEAM_OCR_ENGINES`; see deploy/engines.sh. Prints how long each took, the
start of the engine included, and ends with 1 if any has read something else than a local run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from tests import engines

PARALLELISM = "--parallelism=2"


def main(arguments: list[str]) -> int:
    """Reads on all engines or on those that are named; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.run_on_engines", description=__doc__)
    parser.add_argument("output", type=Path, help="a folder for each engine is made here")
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="as of `beam-ocr run`")
    parser.add_argument("--quality", default="standard")
    parser.add_argument("--engines", nargs="+", choices=list(ENGINES), default=list(ENGINES))
    args = parser.parse_args(arguments)
    reading = [*(str(Path(name).resolve()) for name in args.inputs), "--quality", args.quality]
    local = args.output / "local"
    tell("local", read_timed(local, reading))
    differing = 0
    for name in args.engines:
        with ExitStack() as stack:
            began = time.monotonic()
            flags = ENGINES[name](stack)
            read_timed(args.output / name, [*reading, *flags])
            seconds = time.monotonic() - began
        differing += tell(name, seconds, list(differences(args.output / name, local)))
    return 1 if differing else 0


def on_flink(stack: ExitStack) -> list[str]:
    """Flink in the job server, with workers in the process that starts the run."""
    return [*_embedded(), "--environment_type=LOOPBACK"]


def on_flink_with_pool(stack: ExitStack) -> list[str]:
    """Flink in the job server, with a pool of workers."""
    workers = stack.enter_context(engines.worker_pool())
    return [*_embedded(), "--environment_type=EXTERNAL", f"--environment_config={workers}"]


def on_cluster(stack: ExitStack) -> list[str]:
    """A Flink session cluster, sent the job server with the job in it."""
    jar, lib = engines.need("flink-job-server.jar"), engines.need("flink/lib/complete")
    master, workers, _ = stack.enter_context(engines.cluster(lib.parents[1]))
    submit = [f"--flink_master={master}", "--flink_submit_uber_jar"]
    where = [f"--flink_job_server_jar={jar}", f"--environment_config={workers}"]
    return ["--runner=FlinkRunner", *submit, *where, PARALLELISM]


def on_prism(stack: ExitStack) -> list[str]:
    """Prism, with workers in the process that starts the run."""
    return ["--runner=PrismRunner", f"--prism_location={engines.need('prism')}"]


ENGINES: dict[str, Callable[[ExitStack], list[str]]] = {
    "flink": on_flink,
    "flink-with-pool": on_flink_with_pool,
    "flink-cluster": on_cluster,
    "prism": on_prism,
}


def read_timed(output: Path, arguments: list[str]) -> float:
    """Runs `beam-ocr run` to its end; returns how many seconds it took."""
    began = time.monotonic()
    engines.read(output, *arguments)
    return time.monotonic() - began


def differences(output: Path, local: Path) -> Iterator[str]:
    """For each table that is not the same, how many rows only one of the two has."""
    found, wanted = engines.tables(output), engines.tables(local)
    for table, rows in wanted.items():
        if found[table] != rows:
            more, less = set(found[table]) - set(rows), set(rows) - set(found[table])
            yield f"{table}: {len(less)} rows of {len(rows)} are missing, {len(more)} are others"


def tell(name: str, seconds: float, differing: list[str] | None = None) -> bool:
    """Prints a line for an engine; returns whether it read something else."""
    verdict = "" if differing is None else "; ".join(differing) or "the same"
    print(f"{name:16} {seconds:7.1f} s  {verdict}", flush=True)
    return bool(differing)


def _embedded() -> list[str]:
    jar = engines.need("flink-job-server.jar")
    return ["--runner=FlinkRunner", f"--flink_job_server_jar={jar}", PARALLELISM]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
