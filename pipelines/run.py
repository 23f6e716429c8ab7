"""`beam-ocr run`: reads documents into the three tables."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines import export_report, options, stopping, summary
from pipelines.export_report import ExportReport
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
    with stopping.as_by_ctrl_c(), Invocation("run", run_options) as invocation:
        result = read(run_options, handle)
        exports = _look_at_exports(run_options, result.run_ids)
        exit_code = 0 if result.counts.is_complete and not exports.failures else 3
        export_report.tell_failures(exports, run_options.report)
        told = exports.as_values() if run_options.export else {}
        invocation.end(result, exit_code, summary.as_values(result) | told)
    if run_options.report == "progress":
        print(summary.as_text(result))
        if result.counts.documents and not result.counts.page_total and run_options.read.pages:
            print(f"no document has any of the pages {run_options.read.pages}")
        if run_options.export is not None:
            print(export_report.as_text(exports, run_options.export.folder))
    return exit_code


def _look_at_exports(run_options: OcrOptions, run_ids: Sequence[str]) -> ExportReport:
    """What came of the exports of runs; nothing if none were wanted."""
    if run_options.export is None:
        return ExportReport()
    return export_report.read_reports(run_options.output, run_ids)
