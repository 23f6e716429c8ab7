"""`beam-ocr export`: committed runs -> one file a document."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from ocr_core.errors import ConfigError
from ocr_core.exporters import EXPORTERS
from ocr_core.repeated_heads import mark_repeated_heads
from pipelines import runs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr export`."""
    parser.add_argument("run", metavar="RUN", help="the output folder of runs")
    parser.add_argument(
        "--format", choices=sorted(EXPORTERS), default="txt", help="(default: %(default)s)"
    )
    parser.add_argument(
        "--to", type=Path, required=True, metavar="DIR", help="where the files are written"
    )


def main(args: argparse.Namespace) -> int:
    """Writes what every document says; returns the exit code.

    Raises:
        ConfigError: there is nothing to export.
    """
    committed = runs.committed(args.run)
    if not committed:
        raise ConfigError(f"{args.run} holds no committed run")
    folders = {folder for run in committed for folder in run.plan.folders}
    names = name_exports(runs.list_sources(args.run), folders, args.format)
    written = 0
    for document in runs.read_documents(args.run):
        if not document.pages:
            continue
        path = args.to / names[document.source.uri]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(EXPORTERS[args.format](mark_repeated_heads(document)))
        written += 1
    unread = len(names) - written
    print(f"wrote {written} files to {args.to}" + (f"; {unread} could not be read" * (unread > 0)))
    return 0


def name_exports(
    uris: Iterable[str], folders: Iterable[str], suffix: str
) -> Mapping[str, PurePosixPath]:
    """Where the export of each uri goes, relative to the folder of exports.

    The sub-folders of what was read are kept. `a.pdf` becomes `a.txt`, or `a.pdf.txt` where `a.tif`
    would become `a.txt` too.
    """
    parts = {uri: _parts(uri) for uri in uris}
    known = [_parts(folder) for folder in folders]
    tops = {_top(path, known) for path in parts.values()}
    shared = len(_common(tops))
    paths = {uri: PurePosixPath(*path[shared:]) for uri, path in parts.items()}
    shorts = Counter(path.with_suffix("") for path in paths.values())
    taken = set(paths.values())
    names = {}
    for uri, path in paths.items():
        short = path.with_suffix("")
        is_clear = shorts[short] == 1 and short not in taken
        names[uri] = path.with_name(f"{short.name if is_clear else path.name}.{suffix}")
    return names


def _parts(uri: str) -> tuple[str, ...]:
    """`gs://bucket/a/b.pdf` or `/a/b.pdf` as names that may stand in a path."""
    return tuple(part.rstrip(":") for part in uri.split("/") if part)


def _top(path: tuple[str, ...], folders: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The folder among `folders` that a file is below, or else the one that it is in."""
    above = [folder for folder in folders if path[: len(folder)] == folder]
    return max(above, key=len, default=path[:-1])


def _common(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The folders that all paths begin with."""
    in_order = sorted(paths) or [()]
    first, last = in_order[0], in_order[-1]
    shared = 0
    while shared < min(len(first), len(last)) and first[shared] == last[shared]:
        shared += 1
    return first[:shared]
