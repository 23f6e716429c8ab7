"""The short table with which a run ends."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.tallies import Counts
from schemas.rows import STAGES


@dataclass(frozen=True, slots=True)
class Summary:
    """What an invocation did, over all of its runs.

    Attributes:
        wall_s: from the first source to the last commit, start-up excluded.
        run_ids: of the runs that it committed.
        named: the first few failures, in words.
    """

    counts: Counts
    wall_s: float
    output: str
    run_ids: tuple[str, ...]
    named: tuple[str, ...]

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
    }


def by_name(counts: Mapping[str, int], name_first: bool = False) -> str:
    """Counts as a list in words, such as `3 read, 1 failed`, or with names first `timeout 1`."""
    return ", ".join(
        f"{name} {count}" if name_first else f"{count} {name}" for name, count in counts.items()
    )


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
