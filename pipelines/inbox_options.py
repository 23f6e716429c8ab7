"""Every flag of an ingest beyond those of a run."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ocr_core.errors import ConfigError
from pipelines import options, storage
from pipelines.options import OcrOptions

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """An ingest.

    Attributes:
        run: how is read, and from which folders into which; their names are absolute.
        settle_s: how long a file must have been left alone.
        since: as the user wrote it, such as `7d`; empty for all.
        limit: documents that are read, at most; 0 for all.
        move_done, move_failed: where files go; None to leave them in the inbox.
        report_file: where the report goes as JSON, absolute; None for nowhere.
    """

    run: OcrOptions
    settle_s: float
    since: str
    limit: int
    max_attempts: int
    reprocess: bool
    retry_failed: bool
    dry_run: bool
    move_done: Path | None
    move_failed: Path | None
    report_file: str | None

    @property
    def output(self) -> str:
        return self.run.output

    @property
    def folders(self) -> list[str]:
        """The folders that make up the inbox."""
        return list(self.run.inputs)

    @property
    def written_folders(self) -> list[str]:
        """Folders in which it must be possible to write."""
        report_folder = [self.report_file.rpartition("/")[0] or "/"] if self.report_file else []
        return [self.output, *report_folder]

    @property
    def leave_out(self) -> set[Path]:
        """Folders, without links, that are no part of the inbox though they may lie in it."""
        folders = (Path(self.output), self.move_done, self.move_failed)
        return {folder.resolve() for folder in folders if folder}

    def check(self) -> None:
        """Makes sure that an ingest can follow this, before it starts.

        Raises:
            ConfigError: it cannot.
        """
        self.run.check()
        since_s(self.since, 0.0)
        options.check_least("--settle", self.settle_s, 0)
        options.check_least("--limit", self.limit, 0)
        options.check_least("--max-attempts", self.max_attempts, 1)
        for folder in self.folders:
            self._check_folder(folder)

    def _check_folder(self, folder: str) -> None:
        places = [place for place in (self.move_done, self.move_failed) if place]
        if storage.is_remote(folder):
            if places:
                raise ConfigError("files of a bucket cannot be moved")
        elif not Path(folder).is_dir():
            advice = "; single files are for `beam-ocr run`" if Path(folder).exists() else ""
            raise ConfigError(f"no such folder: {folder}{advice}")
        elif Path(folder).resolve() in {place.resolve() for place in places}:
            raise ConfigError(f"files cannot be moved to {folder}, which is the inbox itself")


def add_ingest_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of `IngestOptions`."""
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="INBOX",
        help="a folder, or several, here or at gs:// or s3://",
    )
    options.add_local_arguments(parser)
    parser.epilog = "Exit codes: 0 done, 1 broken off, 2 wrong usage, 3 some failed, 4 in use."
    _add_choice_arguments(parser)
    _add_retry_arguments(parser)
    _add_end_arguments(parser)


def ingest_options_from(args: argparse.Namespace) -> IngestOptions:
    """The options that flags give."""
    run = options.run_options_from(args)
    folders = tuple(map(storage.absolute, run.inputs))
    return IngestOptions(
        run=replace(run, inputs=folders, output=storage.absolute(run.output)),
        settle_s=args.settle,
        since=args.since,
        limit=args.limit,
        max_attempts=args.max_attempts,
        reprocess=args.reprocess,
        retry_failed=args.retry_failed,
        dry_run=args.dry_run,
        move_done=_absolute(args.move_done),
        move_failed=_absolute(args.move_failed),
        report_file=storage.absolute(args.report_file) if args.report_file else None,
    )


def since_s(text: str, now_s: float) -> float:
    """When `7d`, `12h`, `2025-01-31` or `2025-01-31T08:00` was, in seconds since 1970; 0 for "".

    Raises:
        ConfigError: it is no time.
    """
    if not text:
        return 0.0
    if ago := re.fullmatch(r"(\d+(?:\.\d+)?)([smhdw])", text):
        return now_s - float(ago[1]) * _SECONDS[ago[2]]
    try:
        return datetime.fromisoformat(text).timestamp()  # of this machine's zone if it names none
    except ValueError as error:
        raise ConfigError(
            f"--since takes 30m, 12h, 7d, 2w or 2025-01-31T08:00, not {text}"
        ) from error


def _add_choice_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--settle",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="leave files for the next time that were written within so many seconds, as they may "
        "still grow; 0 takes all (default: %(default)g)",
    )
    parser.add_argument(
        "--since",
        default="",
        metavar="TIME",
        help="only files written since: 12h or 7d ago, or a date such as 2025-01-31",
    )
    parser.add_argument(
        "--limit", type=int, default=0, metavar="N", help="read N documents at most, and then stop"
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="list the files that would be opened, by name, size and time; read and write nothing",
    )


def _add_retry_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-attempts",
        type=int,
        default=3,
        metavar="N",
        help="leave a document alone that failed so often (default: %(default)s)",
    )
    parser.add_argument(
        "--retry-failed",
        action="store_true",
        help="try once more what failed, however often it has been tried",
    )
    parser.add_argument(
        "--reprocess",
        action="store_true",
        help="read again what was read by other weights or options; what is the same stays",
    )


def _add_end_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--move-done", type=Path, metavar="DIR", help="move files there once they are read"
    )
    parser.add_argument(
        "--move-failed",
        type=Path,
        metavar="DIR",
        help="move files there that failed and are not to be tried again",
    )
    parser.add_argument(
        "--report",
        dest="report_file",
        metavar="FILE",
        help="write what came of it as JSON as well",
    )


def _absolute(folder: Path | None) -> Path | None:
    return Path(storage.absolute(str(folder))) if folder else None
