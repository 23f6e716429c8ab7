"""`beam-ocr run`: reads documents into the three tables."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from pipelines import options, summary
from pipelines.invocation import Invocation
from pipelines.options import OcrOptions

if TYPE_CHECKING:  # brings Beam and PyTorch, which help can do without
    from pipelines.inference import EngineHandle


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr run`."""
    options.add_run_arguments(parser)


def main(args: argparse.Namespace) -> int:
    """Reads what the flags name; returns the exit code.

    Raises:
        ConfigError, WeightsError: before anything is read.
    """
    run_options = options.run_options_from(args)
    run_options.check()
    from pipelines import inference

    return run(run_options, inference.handle_for(run_options.read))


def run(run_options: OcrOptions, handle: EngineHandle) -> int:
    """Reads, tells what came of it, and returns the exit code."""
    from pipelines import cluster, launch, runners

    runners.check_flags(run_options.beam)
    if run_options.dry_run:
        print(json.dumps(cluster.describe(run_options, handle), indent=2))
        return 0
    read = launch.launch if runners.is_local(run_options.beam) else cluster.run
    with Invocation("run", run_options) as invocation:
        result = read(run_options, handle)
        exit_code = 0 if result.counts.is_complete else 3
        invocation.end(result, exit_code)
    if run_options.report == "progress":
        print(summary.as_text(result))
    return exit_code
