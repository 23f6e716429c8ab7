"""What came of a call, as `--metrics` writes it."""

from __future__ import annotations

import importlib.metadata
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from pipelines.options import OcrOptions
from pipelines.summary import Summary

# Of the file of `--metrics`; it changes when a key changes its meaning or is gone.
METRICS_VERSION = 1


@dataclass(frozen=True, slots=True)
class Ending:
    """What came of a call.

    Attributes:
        command: `run` or `ingest`.
        peak_memory_bytes: the most that this process has taken, without its helpers.
    """

    command: str
    options: OcrOptions
    started_at: datetime
    ended_at: datetime
    exit_code: int
    summary: Summary
    peak_memory_bytes: int

    @property
    def total_s(self) -> float:
        """From start to end, start-up included."""
        return (self.ended_at - self.started_at).total_seconds()


def as_values(ending: Ending) -> dict[str, object]:
    """The content of the file of `--metrics`.

    Times are in seconds; `seconds` are work by stage over all workers, `wall_seconds` are from the
    first source to the last commit, and `total_seconds` include start-up.
    """
    result, counts = ending.summary, ending.summary.counts
    return {
        "metrics_version": METRICS_VERSION,
        "command": ending.command,
        "version": version(),
        "started_at": ending.started_at.isoformat(),
        "ended_at": ending.ended_at.isoformat(),
        "exit_code": ending.exit_code,
        "documents": dict(counts.documents),
        "pages": dict(counts.pages),
        "lines": counts.lines,
        "characters": counts.characters,
        "confidence": round(counts.confidence, 4),
        "failures": dict(counts.failures),
        "seconds": {stage: round(seconds, 3) for stage, seconds in counts.seconds.items()},
        "wall_seconds": round(result.wall_s, 3),
        "total_seconds": round(ending.total_s, 3),
        "pages_per_second": round(result.pages_per_second, 3),
        "peak_memory_bytes": ending.peak_memory_bytes,
        "output": result.output,
        "run_ids": list(result.run_ids),
        "options": ending.options.as_json(),
    }


def version() -> str:
    """The version of the installed package."""
    with suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version("beam-ocr")
    return "unknown"
