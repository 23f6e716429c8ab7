"""`beam-ocr export`: committed runs -> files in the formats that people and archives use."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from ocr_core.errors import ConfigError
from ocr_core.exporters import EXPORTERS
from ocr_core.sources import ALL_PAGES, parse_page_numbers
from pipelines import logs, progress, run_folders, runs, source_options, storage
from pipelines.export_files import ExportOptions
from pipelines.export_names import is_named, name_exports, refuse_sources
from pipelines.export_options import parse_formats
from pipelines.export_progress import ExportHeadway
from pipelines.export_workers import Named, export_all
from pipelines.options import Report, check_least

# To start a process takes as long as to write some sixty pages in all formats.
_DOCUMENTS_A_WORKER = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr export`."""
    parser.add_argument("run", metavar="RUN", help="the output folder of runs")
    parser.add_argument(
        "--format",
        action="append",
        metavar="NAME,NAME...",
        help=f"any of {', '.join(EXPORTERS)}; may be repeated (default: txt)",
    )
    parser.add_argument(
        "--to", required=True, metavar="DIR", help="where the files are written; may be a bucket"
    )
    parser.add_argument(
        "--documents",
        nargs="+",
        default=[],
        metavar="GLOB",
        help="only documents whose uri, or the end of it from some folder on, matches any of these",
    )
    parser.add_argument("--pages", default="", metavar="1-3,7", help="only these pages of each")
    parser.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="processes that write (default: one for each core, or fewer for few documents)",
    )
    source_options.add_password_arguments(parser)
    logs.add_flags(parser)


def main(args: argparse.Namespace) -> int:
    """Writes the files of every document that is wanted; returns the exit code.

    Raises:
        ConfigError: there is nothing to export, or a flag cannot be followed.
    """
    if args.workers is not None:
        check_least("--workers", args.workers, 1)
    options = ExportOptions(
        formats=parse_formats(args.format or ["txt"]),
        folder=args.to,
        selection=parse_page_numbers(args.pages) if args.pages else ALL_PAGES,
        passwords=source_options.passwords_from(args),
    )
    run_folders.check_run(args.run)
    committed = runs.committed(args.run)
    uris = runs.list_sources(args.run)
    wanted = choose_documents(uris, args.documents)
    names = name_exports(uris, {folder for run in committed for folder in run.plan.folders})
    refuse_sources(names, options)
    storage.make_folder(options.folder)
    documents = _read(args.run, {uri: names[uri] for uri in wanted})
    n_workers = max(min(args.workers or _suit(len(wanted)), len(wanted)), 1)
    headway = ExportHeadway(len(wanted), logs.teller(args.report))
    with progress.make_reporter(args.report) as reporter:
        for exported in export_all(documents, options, n_workers):
            headway.take(exported)
            reporter.show(headway)
    return _end(headway, options.folder, args.report)


def choose_documents(uris: Iterable[str], globs: Sequence[str]) -> list[str]:
    """The uris that match any glob, whole or from some folder on; all of them without globs.

    Raises:
        ConfigError: none does.
    """
    chosen = [uri for uri in uris if not globs or any(is_named(uri, glob) for glob in globs)]
    if globs and not chosen:
        raise ConfigError(f"no document matches {' '.join(globs)}")
    return chosen


def _suit(n_documents: int) -> int:
    """How many processes so many documents are worth."""
    return min(os.cpu_count() or 1, math.ceil(n_documents / _DOCUMENTS_A_WORKER))


def _read(output: str, names: Mapping[str, PurePosixPath]) -> Iterator[Named]:
    for document in runs.read_documents(output, names):
        yield str(names[document.source.uri]), document


def _end(headway: ExportHeadway, folder: str, report: Report) -> int:
    """Says what came of it; returns the exit code."""
    for words in headway.failures if report != "json" else ():
        print(f"beam-ocr: {words}", file=sys.stderr)
    exit_code = 3 if headway.failures else 0
    told = {"unread": headway.unread, "failed": len(headway.failures)}
    if report == "json":
        logs.tell("done", exit_code=exit_code, output=folder, files=headway.files, **told)
    elif report == "progress":
        unread = f"; {headway.unread} documents could not be read" * (headway.unread > 0)
        failed = f"; {len(headway.failures)} failed" * bool(headway.failures)
        print(f"wrote {headway.files} files to {folder}{unread}{failed}")
    return exit_code
