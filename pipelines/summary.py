"""The short table with which a run ends."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.tallies import Counts
from schemas.rows import STAGES

_MOST_KINDS = 6


@dataclass(frozen=True, slots=True)
class Summary:
    """What an invocation did, over all of its runs.

    Attributes:
        wall_s: from the first source to the last commit, start-up excluded.
        run_ids: of the runs that it committed.
        named: the first few failures, in words.
        passed_over: by suffix, the files in folders that are of no kind that is read.
    """

    counts: Counts
    wall_s: float
    output: str
    run_ids: tuple[str, ...]
    named: tuple[str, ...]
    passed_over: Mapping[str, int] = field(default_factory=dict)

    @property
    def pages_per_second(self) -> float:
        return self.counts.page_total / max(self.wall_s, 1e-9)


def as_text(summary: Summary) -> str:
    """The table, the failures, and how to look at the output."""
    counts = summary.counts
    table = {
        "documents": by_name(counts.documents) or "none",
        "pages": by_name(counts.pages) or "none",
        "lines": f"{counts.lines}",
        "confidence": f"{counts.confidence:.3f} on average",
        "failures": by_name(counts.failures, name_first=True) or "none",
        "speed": f"{summary.pages_per_second:.2f} pages/s "
        f"({counts.page_total} pages in {summary.wall_s:.1f} s)",
        "work": _work(counts.seconds) or "none",
        "output": f"{summary.output} ({len(summary.run_ids)} runs committed)",
    }
    if counts.damaged:
        table["damaged"] = (
            f"{counts.damaged} of the pages have a picture that ends too early or cannot be"
            " decoded; what is there was read (source_reason: damaged-picture)"
        )
    if summary.passed_over:
        table["passed over"] = f"{passed_over_as_text(summary.passed_over)}, as of no kind to read"
    lines = [f"{name:<11} {value}" for name, value in table.items()]
    if summary.named:
        lines += ["", *(f"failed: {words}" for words in summary.named)]
        more = sum(counts.failures.values()) - len(summary.named)
        lines += [f"failed: {more} more; see error_message in documents and pages"] * (more > 0)
    return "\n".join([*lines, "", f"Look at it: {_look(summary.output)}"])


def as_values(summary: Summary) -> dict[str, object]:
    """The same for a JSON log."""
    return {
        "counts": summary.counts.as_json(),
        "confidence": round(summary.counts.confidence, 4),
        "wall_seconds": round(summary.wall_s, 3),
        "pages_per_second": round(summary.pages_per_second, 3),
        "output": summary.output,
        "run_ids": list(summary.run_ids),
        "passed_over": dict(summary.passed_over),
    }


def by_name(counts: Mapping[str, int], name_first: bool = False) -> str:
    """Counts as a list in words, such as `3 read, 1 failed`, or with names first `timeout 1`."""
    return ", ".join(
        f"{name} {count}" if name_first else f"{count} {name}" for name, count in counts.items()
    )


def passed_over_as_text(counts: Mapping[str, int]) -> str:
    """What was not taken, the most first and a few kinds only, such as `.docx 12, no suffix 3`."""
    most_first = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    rest = sum(count for _, count in most_first[_MOST_KINDS:])
    shown = dict(most_first[:_MOST_KINDS]) | ({"others": rest} if rest else {})
    return by_name(shown, name_first=True)


def _work(seconds: Mapping[str, float]) -> str:
    return ", ".join(f"{stage} {seconds[stage]:.1f} s" for stage in STAGES if stage in seconds)


def _look(output: str) -> str:
    folder = output.rstrip("/") + "/lines"
    code = f"import pandas; print(pandas.read_parquet('{folder}')[['page_index', 'text']])"
    return f'{_interpreter()} -c "{code}"'


def _interpreter() -> str:
    """The Python that runs this, as it is typed here: it has what the line imports."""
    python, here = Path(sys.executable), Path.cwd()
    return str(python.relative_to(here) if python.is_relative_to(here) else python)
