"""A call of `beam-ocr run` or `ingest`, which tells of its start and of its end."""

from __future__ import annotations

import json
import resource
import time
from contextlib import suppress
from datetime import UTC, datetime

from ocr_core.errors import ConfigError, OcrError
from pipelines import ending, ledger, logs, prometheus, storage, summary
from pipelines.ending import Ending
from pipelines.options import OcrOptions
from pipelines.summary import Summary
from pipelines.tallies import add_counts


class Invocation:
    """A call while it is entered; what came of it is told even if it breaks off.

    Raises:
        ConfigError: there is no place for the files that are to tell of it.
        OcrError: they cannot be written, though all that was read is committed.
    """

    def __init__(self, command: str, options: OcrOptions) -> None:
        self._command = command
        self._options = options
        self._tell = logs.teller(options.report)

    def __enter__(self) -> Invocation:
        self._started_at = datetime.now(UTC)
        self._began = time.monotonic()
        self._first_run_id = ledger.new_run_id()
        for path in (self._options.metrics_file, self._options.prometheus_file):
            if path:
                storage.make_folder(path.rpartition("/")[0] or "/")
        self._tell(
            "start",
            command=self._command,
            version=ending.version(),
            output=self._options.output,
            options=self._options.as_json(),
        )
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None:
            with suppress(OSError, OcrError):  # the error that it breaks off over says more
                self._write(self._committed(), _exit_code_of(error))

    def end(self, result: Summary, exit_code: int, values: dict[str, object] | None = None) -> None:
        """Tells what came of it.

        Args:
            values: what the log says of it; None for what the summary says.

        Raises:
            OcrError: a file cannot be written.
        """
        try:
            self._write(result, exit_code)
        except OSError as error:
            raise OcrError(
                f"all that was read is committed, but the metrics cannot be written: {error}"
            ) from error
        told = summary.as_values(result) if values is None else values
        self._tell("done", **{"exit_code": exit_code} | told)

    def _write(self, result: Summary, exit_code: int) -> None:
        options = self._options
        told = Ending(
            command=self._command,
            options=options,
            started_at=self._started_at,
            ended_at=datetime.now(UTC),
            exit_code=exit_code,
            summary=result,
            peak_memory_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10,
        )
        if options.metrics_file:
            content = json.dumps(ending.as_values(told), indent=1, ensure_ascii=False)
            storage.write_whole(options.metrics_file, content.encode(errors="backslashreplace"))
        if options.prometheus_file:
            storage.write_whole(options.prometheus_file, prometheus.as_text(told).encode())

    def _committed(self) -> Summary:
        """What this call committed before it broke off, by the files of its runs."""
        options = self._options
        output = storage.absolute(options.output)
        run_ids = [name for name in ledger.list_committed(output) if name > self._first_run_id]
        runs = [ledger.read_run(output, run_id) for run_id in run_ids]
        # Others may write to the same folder at the same time.
        own = [run for run in runs if run.plan.options == options.as_json()]
        return Summary(
            counts=add_counts(run.counts for run in own),
            wall_s=time.monotonic() - self._began,
            output=options.output,
            run_ids=tuple(run.plan.run_id for run in own),
            named=(),
        )


def _exit_code_of(error: BaseException) -> int:
    """What the command is going to end with."""
    if isinstance(error, KeyboardInterrupt):
        return 130
    return 2 if isinstance(error, ConfigError) else 1
