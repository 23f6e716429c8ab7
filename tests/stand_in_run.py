"""`python -m tests.stand_in_run run INPUT...`: `beam-ocr` with stand-in models in place of weights.

All but the networks is what a run with weights goes through.
"""

from __future__ import annotations

import sys

from pipelines import cli, digest, inference
from tests import stand_in_ingest


def main(arguments: list[str]) -> int:
    """Runs one command; returns its exit code."""
    handle = stand_in_ingest.stand_in_handle()
    inference.handle_for = lambda *_: handle
    digest.weights_digest = lambda *_: handle.digest
    return cli.main([*arguments, "--no-correct"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
