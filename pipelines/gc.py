"""`beam-ocr gc`: removes what runs have written that were never committed."""

from __future__ import annotations

import argparse

from pipelines import ledger, storage


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
    """Removes uncommitted runs and says which; returns the exit code."""
    output = storage.absolute(args.output)
    removed, left = ledger.remove_uncommitted(output, min_age_s=3600 * args.older_than)
    for run_id in removed:
        print(f"removed {run_id}")
    for run_id in left:
        print(f"left alone {run_id}: it wrote less than {args.older_than:g} hours ago")
    if not removed and not left:
        print("nothing to remove")
    return 0
