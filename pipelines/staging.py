"""Where a run writes until it is committed: out of sight of whoever reads the tables.

    OUTPUT/_staging/<run_id>/documents/run_id=<run_id>/part-...
    OUTPUT/_staging/<run_id>/under-lock                           if it holds the lock of the output

When a run is committed its folders are moved among the tables, each in one step. In a bucket,
where a file appears when it is whole and moving is copying, a run writes in place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from pipelines import storage

TABLES = ("documents", "pages", "lines")
_EXPORTS = "_exports"
_STAGING = "_staging"
_PARTITION = "run_id="
_MARK = "under-lock"


def table_folder(output: str, table: str, run_id: str) -> str:
    """Where a run writes its rows of a table."""
    root = output if storage.is_remote(output) else _root(output, run_id)
    return storage.join(root, table, _PARTITION + run_id)


def export_report(output: str, run_id: str) -> str:
    """Where it is told what came of the exports of a run."""
    return storage.join(output, _EXPORTS, f"{run_id}.json")


def final_name(name: str, run_id: str) -> str:
    """Where a file of a run lies once it is committed; both relative to the output folder."""
    return name.removeprefix(f"{_STAGING}/{run_id}/")


def mark(output: str, run_id: str) -> None:
    """Says of a run, before it writes, that it goes on only while the output is locked."""
    if not storage.is_remote(output):
        Path(_root(output, run_id)).mkdir(parents=True, exist_ok=True)
        Path(_root(output, run_id), _MARK).touch()


def is_marked(output: str, run_id: str) -> bool:
    """Whether a run goes on only while the output is locked."""
    return not storage.is_remote(output) and Path(_root(output, run_id), _MARK).exists()


def remove_others(output: str, run_id: str, named: Collection[str]) -> None:
    """Removes what a run has written but for files that are named, relative to the output folder.

    Wherever they lie: of an attempt that broke off in the midst of it, some may be installed.
    """
    final = [final_name(name, run_id) for name in named]
    keep = {storage.join(root, name) for root in (output, _root(output, run_id)) for name in final}
    for table in TABLES:
        places = {table_folder(output, table, run_id), _installed(output, table, run_id)}
        for folder in places:
            for found in storage.list_files(folder):
                if found.path not in keep:
                    storage.remove_file(found.path)


def install(output: str, run_id: str) -> None:
    """Moves what a run has written among the tables."""
    root = Path(_root(output, run_id))
    for folder in sorted(root.glob(f"*/{_PARTITION}*")):
        storage.sync_folder(folder)
        target = Path(output, folder.relative_to(root))
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # an attempt that broke off has installed it, and it was emptied
            target.rmdir()
        folder.rename(target)


def withdraw(output: str, run_ids: Iterable[str]) -> None:
    """Moves what runs have written out of the tables again, before it is removed."""
    for run_id in run_ids:
        for table in TABLES:
            folder, hidden = _installed(output, table, run_id), table_folder(output, table, run_id)
            if Path(folder).exists():
                storage.remove_folder(hidden)
                Path(hidden).parent.mkdir(parents=True, exist_ok=True)
                Path(folder).rename(hidden)


def remove(output: str, run_id: str) -> None:
    """Removes all that a run has written; its mark goes last, when nothing is left to be found."""
    for table in TABLES:
        storage.remove_folder(_installed(output, table, run_id))
        storage.remove_folder(table_folder(output, table, run_id))
    clear(output, run_id)


def clear(output: str, run_id: str) -> None:
    """Removes the empty place of a run that is committed or was removed."""
    if storage.is_remote(output):
        return
    storage.remove_folder(_root(output, run_id))
    with suppress(OSError):  # others are at work there
        Path(output, _STAGING).rmdir()


def last_written(output: str) -> dict[str, float]:
    """Every run that has written anything, and when it last did, in seconds since 1970."""
    last = {} if storage.is_remote(output) else _folders(output)
    for folder in (_STAGING, *TABLES):
        for found in storage.list_files(storage.join(output, folder)):
            run_id = _run_of(found.path.removeprefix(output.rstrip("/") + "/"))
            if run_id:
                last[run_id] = max(last.get(run_id, 0.0), found.modified_s)
    return last


def list_staged(output: str) -> set[str]:
    """Every run that has a place of its own, committed or not."""
    place = Path(output, _STAGING)
    return {folder.name for folder in place.iterdir()} if place.is_dir() else set()


def list_runs(output: str) -> set[str]:
    """Every run that has written anything."""
    return set(last_written(output) if storage.is_remote(output) else _folders(output))


def _folders(output: str) -> dict[str, float]:
    """Every run of which there is a local folder, and when one was last put into it."""
    last: dict[str, float] = {}
    for parent in (_STAGING, *TABLES):
        with suppress(FileNotFoundError, NotADirectoryError):
            for folder in Path(output, parent).iterdir():
                run_id = _run_of(f"{parent}/{folder.name}")
                if run_id:
                    last[run_id] = max(last.get(run_id, 0.0), folder.stat().st_mtime)
    return last


def _run_of(name: str) -> str:
    """The run that a file belongs to, by its name relative to the output folder; or nothing."""
    folder, _, rest = name.partition("/")
    inside = rest.partition("/")[0]
    if folder == _STAGING:
        return inside
    return inside.removeprefix(_PARTITION) if inside.startswith(_PARTITION) else ""


def _installed(output: str, table: str, run_id: str) -> str:
    return storage.join(output, table, _PARTITION + run_id)


def _root(output: str, run_id: str) -> str:
    return storage.join(output, _STAGING, run_id)
