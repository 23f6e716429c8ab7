"""What an ingest tells at its end, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines import storage, summary
from pipelines.candidates import REASONS
from pipelines.summary import Summary

# So many of what is told one by one are named.
_NAMED = 10

_LEFT_ALONE: Mapping[str, str] = {
    "done": "known",
    "outdated": "read by other weights or options (--reprocess reads them again)",
    "quarantined": "failed too often (--retry-failed tries them again)",
    "unsettled": "just written, left for the next time",
    "older": "older than asked for",
}
_PASSED_OVER: Mapping[str, str] = {
    "again": "known, with a new time",
    "unsettled": "written while they were read, left for the next time",
    "vanished": "gone before they were read",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of the files that were to be opened.

    Attributes:
        passed_over: how many were not read after all, and why.
        is_whole: whether nothing was left because of `--limit`.
    """

    summary: Summary
    passed_over: Counter[str] = field(default_factory=Counter)
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did.

    Attributes:
        verdicts: how many files of the inbox there were of each.
        moved: how many files were moved, by where to.
        trouble: folders that could not be looked into and files that could not be moved, in words.
        other_kinds: by suffix, the files of the inbox that are of no kind that is read.
    """

    reading: Reading
    verdicts: Counter[str]
    moved: Counter[str]
    trouble: tuple[str, ...]
    other_kinds: Counter[str] = field(default_factory=Counter)

    @property
    def exit_code(self) -> int:
        return 0 if self.reading.summary.counts.is_complete and not self.trouble else 3


def as_text(report: Report) -> str:
    """The report for people."""
    lines = [seen_as_text(report.verdicts, report.other_kinds)]
    lines += _with_words(report.reading.passed_over, _PASSED_OVER)
    lines += [f"moved       {count} to {place}" for place, count in report.moved.items()]
    lines += ["limit       reached; the rest is left for the next time"] * (
        not report.reading.is_whole
    )
    lines += [f"trouble     {words}" for words in report.trouble[:_NAMED]]
    lines += [f"trouble     {more} more" for more in [len(report.trouble) - _NAMED] if more > 0]
    if report.reading.summary.run_ids:
        lines.append(summary.as_text(report.reading.summary))
    return "\n".join(lines)


def seen_as_text(verdicts: Counter[str], other_kinds: Counter[str]) -> str:
    """How many files there were of each verdict, and of no kind to read, for people."""
    to_open: dict[str, int] = {name: verdicts[name] for name in REASONS if verdicts[name]}
    opened = summary.by_name(to_open) or "none new"
    first = f"inbox       {sum(verdicts.values())} files: {opened}"
    lines = [first, *_with_words(verdicts, _LEFT_ALONE)]
    if other_kinds:
        kinds = summary.passed_over_as_text(other_kinds)
        lines.append(f"            {other_kinds.total()} more of no kind to read: {kinds}")
    return "\n".join(lines)


def as_values(report: Report) -> dict[str, object]:
    """The report for programs."""
    return summary.as_values(report.reading.summary) | {
        "exit_code": report.exit_code,
        "files": dict(report.verdicts),
        "other_kinds": dict(report.other_kinds),
        "passed_over": dict(report.reading.passed_over),
        "moved": dict(report.moved),
        "trouble": list(report.trouble),
        "failed": list(report.reading.summary.named),
        "limit_reached": not report.reading.is_whole,
    }


def write(report: Report, path: str) -> None:
    """Writes the report for programs, whole or not at all."""
    content = json.dumps(as_values(report), indent=1, ensure_ascii=False)
    storage.write_whole(path, content.encode())


def _with_words(counts: Mapping[str, int], words: Mapping[str, str]) -> list[str]:
    return [f"            {counts[name]} {words[name]}" for name in words if counts.get(name)]
