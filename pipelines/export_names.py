"""How documents are named: by globs of users, and in the files of exports."""

from __future__ import annotations

import fnmatch
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from ocr_core.errors import ConfigError
from ocr_core.exporters import EXPORTERS
from pipelines import discovery, runs, storage
from pipelines.export_files import ExportOptions

# What suffixes of formats begin with that have two parts, such as `.pdfa` of `.pdfa.pdf`.
_IN_SUFFIXES = frozenset(
    f".{exporter.suffix.partition('.')[0]}"
    for exporter in EXPORTERS.values()
    if "." in exporter.suffix
)


def is_named(uri: str, glob: str) -> bool:
    """Whether a glob matches a uri, whole or from some folder on.

    >>> is_named("/in/forms/a.pdf", "forms/*"), is_named("/in/forms/a.pdf", "a.*")
    (True, True)
    """
    return any(fnmatch.fnmatchcase(uri, end) for end in (glob, f"*/{glob}"))


def name_exports(uris: Iterable[str], folders: Iterable[str]) -> Mapping[str, PurePosixPath]:
    """Where the exports of each uri go, relative to the folder of exports and without a suffix.

    The sub-folders of what was read are kept. `a.pdf` becomes `a`, or stays `a.pdf` where `a.tif`
    would become `a` too, and `a.pdfa.tif` where its PDF would be named as the PDF/A of `a`.

    Args:
        folders: below which the sources were looked for.
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
        is_free = shorts[short] == 1 and short not in taken and short.suffix not in _IN_SUFFIXES
        names[uri] = short if is_free else path
    return names


def name_sources(
    output: str, uris: Iterable[str], folders: Iterable[str]
) -> Mapping[str, PurePosixPath]:
    """The names that exports get once a run is committed, beside what its output holds already.

    Args:
        uris: of all sources that the run meets, readable or not.
        folders: below which these were looked for.
    """
    known = {folder for run in runs.committed(output) for folder in run.plan.folders}
    return name_exports(sorted({*runs.list_sources(output), *uris}), known | set(folders))


def refuse_sources(names: Mapping[str, PurePosixPath], options: ExportOptions) -> None:
    """Makes sure that no source is written over.

    Raises:
        ConfigError: one would be.
    """
    sources = {_place(str(discovery.local_path(uri))) for uri in names}
    for name in names.values():
        for format_name in options.formats:
            path = storage.join(options.folder, f"{name}.{EXPORTERS[format_name].suffix}")
            if _place(path) in sources:
                raise ConfigError(f"{path} is a source: choose another folder for exports")


def _place(path: str) -> str:
    """The one name of what may have several."""
    # Links may run in a circle, which `resolve` takes for an error.
    return path if storage.is_remote(path) else os.path.realpath(path)


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
