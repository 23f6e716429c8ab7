"""`beam-ocr gc`: removes what is left of runs that were never committed, or were replaced."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from pathlib import Path

from pipelines import ledger, locks, storage
from pipelines.locks import Lock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr gc`."""
    parser.add_argument("output", metavar="DIR", help="the output folder of runs")
    parser.add_argument(
        "--older-than",
        type=float,
        default=1.0,
        metavar="HOURS",
        help="leave alone what was written since, as its run may go on (default: %(default)s)",
    )


def main(args: argparse.Namespace) -> int:
    """Removes uncommitted runs and says which; returns the exit code.

    Raises:
        OcrError: the folder cannot be written to.
    """
    output = storage.absolute(args.output)
    with storage.refusals_told(output), ExitStack() as stack:
        is_locked = _lock(output, stack)
        if is_locked:
            ledger.remove_replaced(output)
        removed, left = ledger.remove_uncommitted(output, 3600 * args.older_than, is_locked)
    for run_id in removed:
        print(f"removed {run_id}")
    for run_id in left:
        print(f"left alone {run_id}: it wrote less than {args.older_than:g} hours ago")
    if not removed and not left:
        is_missing = not storage.is_remote(output) and not Path(output).exists()
        print(f"nothing to remove{': there is no such folder' if is_missing else ''}")
    return 0


def _lock(output: str, stack: ExitStack) -> bool:
    """Takes the lock of an output; whatever an ingest left behind then has no owner."""
    if not storage.is_remote(output) and not Path(output).is_dir():
        return False
    lock = locks.take(output)
    if isinstance(lock, Lock):
        stack.enter_context(lock)
        return True
    return False
