"""The log of `--log-json`: one JSON object a line on standard error, and nothing else there.

Each has `event` and `time`, in seconds since 1970, and:

    start            command, version, output, options
    chunk-begun      run_id, documents, pages
    failed           uri, page (from 1; null for a whole document), code, message
    progress         documents, documents_done, pages, failed, pages_per_second
    chunk-committed  run_id, documents, pages, seconds
    message          level, logger, message, traceback: what a library says, and bugs of ours
    candidate        uri, reason: what `ingest --dry-run` would open
    error            exit_code, message: why the command ends without having done what it was to do
    done             exit_code, counts, confidence, wall_seconds, pages_per_second, output, run_ids;
                     after a run with --export: export_files, exports_failed;
                     after an ingest, what its report says as well

Keys are never renamed; new ones may be added. A chunk that is begun and not committed, though
others follow, is begun again without files that were written meanwhile.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any, Protocol


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declares how progress is told."""
    report = parser.add_mutually_exclusive_group()
    report.add_argument(
        "--quiet", dest="report", action="store_const", const="quiet", help="say nothing but errors"
    )
    report.add_argument(
        "--log-json",
        dest="report",
        action="store_const",
        const="json",
        help="tell what happens as JSON, one object a line, on standard error",
    )
    parser.set_defaults(report="progress")


class Tell(Protocol):
    """Tells of an event."""

    def __call__(self, event: str, **values: Any) -> None: ...


def teller(report: str) -> Tell:
    """What tells of events to a user who wants `report`; only those who want JSON hear of them."""
    return tell if report == "json" else _silence


def tell(event: str, **values: Any) -> None:
    """Writes one line of the log."""
    sys.stderr.write(line(event, **values) + "\n")  # at once, or threads would share lines
    sys.stderr.flush()


def line(event: str, **values: Any) -> str:
    """One object of the log."""
    content = {"event": event, "time": round(time.time(), 3)} | values
    # In ASCII, whatever standard error can write: names of files may hold bytes that are no text.
    return json.dumps(content, default=str)


def complain(exit_code: int, words: str, as_json: bool) -> int:
    """Says why a command ends; returns the exit code."""
    if as_json:
        tell("error", exit_code=exit_code, message=words)
    else:
        print(f"beam-ocr: {words}", file=sys.stderr)
    return exit_code


def begin(as_json: bool) -> None:
    """Lets Beam log errors only: on import it warns of what it would need for BigQuery.

    What a worker in this process logs is raised too, and so would be told twice. Nothing is told of
    connections that end because the program does.
    """
    handler = logging.StreamHandler()
    handler.addFilter(_is_news)
    handler.setFormatter(
        JsonFormatter() if as_json else logging.Formatter("%(levelname)s: %(message)s")
    )
    logging.basicConfig(level=logging.ERROR, handlers=[handler])
    logging.getLogger("apache_beam.runners.common").setLevel(logging.CRITICAL)
    if as_json:
        logging.captureWarnings(True)
        logging.getLogger("py.warnings").setLevel(logging.WARNING)
        sys.excepthook = _tell_bug
        threading.excepthook = partial(_unless_farewell, _tell_bug_of_thread)
    elif getattr(threading.excepthook, "func", None) is not _unless_farewell:
        threading.excepthook = partial(_unless_farewell, threading.excepthook)


class JsonFormatter(logging.Formatter):
    """Makes events of what libraries log."""

    def format(self, record: logging.LogRecord) -> str:
        trace = self.formatException(record.exc_info) if record.exc_info else None
        return _message(record.levelname, record.name, record.getMessage(), trace)


def _message(level: str, logger: str, message: str, trace: str | None) -> str:
    return line("message", level=level, logger=logger, message=message, traceback=trace)


def _tell_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tells of an error that nobody caught; Python ends with exit code 1 after it."""
    words = "".join(traceback.format_exception(kind, error, trace))
    sys.stderr.write(_message("CRITICAL", "beam-ocr", f"{kind.__name__}: {error}", words) + "\n")
    tell("error", exit_code=1, message=f"{kind.__name__}: {error}")


def _tell_bug_of_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        words = "".join(traceback.format_exception(args.exc_value))
        message = f"{args.exc_type.__name__}: {args.exc_value}"
        sys.stderr.write(_message("ERROR", "beam-ocr", message, words) + "\n")


def _unless_farewell(
    tell_error: Callable[[threading.ExceptHookArgs], object], args: threading.ExceptHookArgs
) -> None:
    """Tells of what ended a thread."""
    if not _is_farewell(args.exc_value):
        tell_error(args)


def _is_news(record: logging.LogRecord) -> bool:
    return not (record.exc_info and _is_farewell(record.exc_info[1]))


def _is_farewell(error: BaseException | None) -> bool:
    """Whether a connection broke because this program is over, whatever came of it.

    Beam stops the job server that it has started when Python exits. Workers in this process still
    listen to it then, and take that for an error, which it would have been any earlier.
    """
    is_over = not threading.main_thread().is_alive()
    return is_over and type(error).__module__.partition(".")[0] == "grpc"  # too slow to import


def _silence(event: str, **values: Any) -> None:
    """Nothing."""
