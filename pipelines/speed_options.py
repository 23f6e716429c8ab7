"""The flags that weigh speed against accuracy, and say what the networks run in."""

from __future__ import annotations

import argparse

from ocr_core import profiles, running


def add_speed_arguments(parser: argparse.ArgumentParser) -> None:
    """`--quality`, `--precision`, `--backend` and `--restore`."""
    parser.add_argument(
        "--quality",
        choices=list(profiles.PROFILES),
        default="standard",
        help="fast takes less CPU and reads a little worse (default: %(default)s)",
    )
    parser.add_argument(
        "--precision",
        choices=profiles.PRECISIONS,
        default="auto",
        help="what the networks calculate in; auto takes the fastest (default: %(default)s)",
    )
    running.add_backend_argument(parser)
    parser.add_argument(
        "--restore",
        action="store_true",
        help="restore the least certain lines by diffusion and read them once more; what they say "
        "then is taken where the picture as it is agrees",
    )
