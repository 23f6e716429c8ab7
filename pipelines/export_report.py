"""What came of the exports of runs: `OUTPUT/_exports/<run_id>.json`, and how it is told."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipelines import logs, staging, storage
from pipelines.export_files import Exported
from pipelines.options import Report


@dataclass(frozen=True, slots=True, order=True)
class ExportFailure:
    """A format that a document could not be exported to."""

    uri: str
    format_name: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.uri}: {self.format_name}: {self.code}: {self.message}"


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What came of the exports of one run or of several.

    Attributes:
        files: that were written.
        failures: in order of documents and formats.
    """

    files: int = 0
    failures: tuple[ExportFailure, ...] = ()

    def as_values(self) -> dict[str, Any]:
        """For a JSON log."""
        return {"export_files": self.files, "exports_failed": len(self.failures)}


def write_report(run_id: str, output: str, exported: Iterable[Exported]) -> str:
    """Writes what came of the exports of a run; returns the name of the file.

    Raises:
        OcrError: it cannot be written.
    """
    documents = list(exported)
    failures = sorted(failure for one in documents for failure in _failures(one))
    report = ExportReport(sum(one.n_files for one in documents), tuple(failures))
    path = staging.export_report(output, run_id)
    with storage.refusals_told(output):
        content = json.dumps(asdict(report), indent=1, ensure_ascii=False)
        storage.write_whole(path, content.encode(errors="backslashreplace"))
    return path


def read_reports(output: str, run_ids: Sequence[str]) -> ExportReport:
    """What came of the exports of runs, all together."""
    paths = [staging.export_report(output, run_id) for run_id in run_ids]
    contents = [json.loads(storage.read(path)) for path in paths]
    return ExportReport(
        sum(content["files"] for content in contents),
        tuple(ExportFailure(**one) for content in contents for one in content["failures"]),
    )


def tell_failures(exports: ExportReport, report: Report) -> None:
    """Says of each failure, on standard error."""
    for one in exports.failures:
        if report == "json":
            message = f"{one.format_name}: {one.message}"
            logs.tell("failed", uri=one.uri, page=None, code=one.code, message=message)
        else:
            print(f"beam-ocr: {one}", file=sys.stderr)


def as_text(exports: ExportReport, folder: str) -> str:
    """What came of them in a line."""
    failed = f"; {len(exports.failures)} failed" * bool(exports.failures)
    return f"wrote {exports.files} files to {folder}{failed}"


def _failures(exported: Exported) -> Iterator[ExportFailure]:
    for format_name, (code, message) in exported.failures.items():
        yield ExportFailure(exported.uri, format_name, code, message)
