"""What came of a call, for the textfile collector of Prometheus's node_exporter.

The format is the text exposition format, version 0.0.4. All are gauges of the last call, with the
output folder and the command as labels, so that several inboxes of one machine may each have
a file. What has not happened is there as 0, so that a first failure shows as a change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, get_args

from ocr_core.errors import InputError
from pipelines.ending import Ending
from schemas.document import DocumentStatus, PageStatus
from schemas.rows import STAGES

_PREFIX = "beam_ocr_"
_CODES = (*sorted(error.code for error in InputError.__subclasses__()), "internal-error")

Labels = dict[str, str]


class Gauge(NamedTuple):
    """A gauge and its values, each with the labels that tell it from the others."""

    name: str
    meaning: str
    values: Sequence[tuple[Labels, float]]


def as_text(ending: Ending) -> str:
    """The whole file, each line of which ends in a newline."""
    shared = {"command": ending.command, "output": ending.summary.output}
    return "".join(_lines(gauge, shared) for gauge in _gauges(ending))


def _gauges(ending: Ending) -> Iterator[Gauge]:
    summary, counts = ending.summary, ending.summary.counts
    yield _one("start_timestamp_seconds", "When it started.", ending.started_at.timestamp())
    yield _one("end_timestamp_seconds", "When it ended.", ending.ended_at.timestamp())
    yield _one("exit_code", "0 all read, 1 broken off, 3 some failed.", ending.exit_code)
    yield _one("duration_seconds", "From start to end, start-up included.", ending.total_s)
    yield _one("peak_memory_bytes", "Of its main process.", ending.peak_memory_bytes)
    yield _one("committed_runs", "Chunks that were committed.", len(summary.run_ids))
    documents, pages = get_args(DocumentStatus), get_args(PageStatus)
    yield _by("documents", "Documents by status.", "status", counts.documents, documents)
    yield _by("pages", "Pages by status.", "status", counts.pages, pages)
    yield _by("failures", "Documents and pages that failed.", "code", counts.failures, _CODES)
    yield _by("stage_seconds", "Work, over all workers.", "stage", counts.seconds, STAGES)
    yield _one("lines", "Lines that were read.", counts.lines)
    yield _one("confidence", "Mean of what was read, by characters, 0 to 1.", counts.confidence)
    yield _one("pages_per_second", "Start-up excluded.", summary.pages_per_second)


def _one(name: str, meaning: str, value: float) -> Gauge:
    return Gauge(name, meaning, [({}, value)])


def _by(
    name: str, meaning: str, label: str, values: Mapping[str, float], expected: Sequence[str]
) -> Gauge:
    """One value for each name that is expected or met."""
    names = dict.fromkeys((*expected, *values))
    return Gauge(name, meaning, [({label: key}, values.get(key, 0)) for key in names])


def _lines(gauge: Gauge, shared: Labels) -> str:
    name = _PREFIX + gauge.name
    lines = [f"# HELP {name} {gauge.meaning}", f"# TYPE {name} gauge"]
    for labels, value in gauge.values:
        inside = ",".join(f'{key}="{_escape(text)}"' for key, text in (shared | labels).items())
        lines.append(f"{name}{{{inside}}} {float(value)!r}")
    return "\n".join(lines) + "\n"


def _escape(text: str) -> str:
    r"""A label's value as it stands between quotes.

    >>> _escape('a "b" \\ c')
    'a \\"b\\" \\\\ c'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return escaped.encode(errors="replace").decode()  # names of files that are no UTF-8
