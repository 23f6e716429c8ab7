"""The runs of an output folder: which are committed, and what the others left behind.

A run exists once `_runs/<run_id>.json` does. That file is written last and whole. A run that
`beam-ocr compact` put together replaces others, which are gone once it exists, whatever is left
of them.
"""

from __future__ import annotations

import json
import math
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ocr_core.errors import OcrError
from pipelines import discovery, staging, storage
from pipelines.staging import TABLES, table_folder
from pipelines.stamps import KnownStamp
from pipelines.tallies import Counts

__all__ = ["TABLES", "table_folder"]

_RUNS = "_runs"
# Whatever is as old as this is not being written any more; it takes milliseconds.
_DRAFT_S = 600.0
# What makes the id of a run that replaces others; it sorts where they did.
_COMPACTED = re.compile(r"-c[0-9a-f]{6}$")


class SourcesChangedError(Exception):
    """Sources were written while a run read them, so that nobody knows what it has read.

    A bug of nobody, and told to no user: whoever reads the inbox leaves them for later.
    """


@dataclass(frozen=True, slots=True)
class RunPlan:
    """A run before it starts.

    Attributes:
        output: the folder of the data set.
        fingerprint: of the weights and of every option that changes the text.
        options: every option, as plain values.
        folders: below which its sources lie; exports keep their sub-folders.
        versions: of the software that reads.
        sources: files of an inbox and what is in them, so that they need not be opened again.
        replaces: the ids of the runs whose rows it takes over.
    """

    run_id: str
    output: str
    fingerprint: str
    options: Mapping[str, Any]
    folders: tuple[str, ...]
    versions: Mapping[str, str]
    started_at: datetime
    sources: tuple[KnownStamp, ...] = ()
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommittedRun:
    """A run whose rows can be trusted.

    Attributes:
        files: of each table, relative to the output folder.
    """

    plan: RunPlan
    files: Mapping[str, list[str]]
    counts: Counts
    committed_at: datetime


def new_run_id() -> str:
    """An id that no other run has, and that sorts by time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"


def compacted_run_id(last: str) -> str:
    """An id that no other run has, and that sorts just after that of the last run it replaces."""
    return f"{_COMPACTED.sub('', last)}-c{secrets.token_hex(3)}"


def commit(plan: RunPlan, files: Mapping[str, list[str]], counts: Counts) -> str:
    """Makes a run exist; returns the file that says so.

    May be called again, with the same files or, after all of the run was done again, with others:
    a run that exists stays as it is. Files that are not named here are what attempts that failed
    have left, and are removed.

    Raises:
        SourcesChangedError: sources of the inbox were written meanwhile; nothing exists.
        OcrError: what it has written is gone.
    """
    path = _run_file(plan.output, plan.run_id)
    if storage.exists(path):  # but whoever waits for it was not told
        staging.clear(plan.output, plan.run_id)
        return path
    _check_sources(plan)
    named = {name for names in files.values() for name in names}
    staging.remove_others(plan.output, plan.run_id, named)
    if not storage.is_remote(plan.output):
        staging.install(plan.output, plan.run_id)
        final = (staging.final_name(name, plan.run_id) for name in named)
        if not all(Path(plan.output, name).exists() for name in final):
            raise OcrError(
                f"what was written to {plan.output} is gone; if this machine slept, another may "
                "have taken over"
            )
    committed_at = datetime.now(UTC)
    content = asdict(replace(plan, sources=())) | {
        "started_at": plan.started_at.isoformat(),
        "committed_at": committed_at.isoformat(),
        "wall_seconds": (committed_at - plan.started_at).total_seconds(),
        "files": {
            table: sorted(staging.final_name(name, plan.run_id) for name in names)
            for table, names in files.items()
        },
        "counts": counts.as_json(),
        "sources": [known.as_json() for known in plan.sources if known.tells],
    }
    del content["output"]  # the folder may be moved
    storage.write_whole(path, json.dumps(content, indent=1, ensure_ascii=False).encode())
    staging.clear(plan.output, plan.run_id)
    return path


def read_run(output: str, run_id: str) -> CommittedRun:
    """A committed run."""
    content = _read(output, run_id)
    plan = RunPlan(
        run_id=run_id,
        output=output,
        fingerprint=content["fingerprint"],
        options=content["options"],
        folders=tuple(content["folders"]),
        versions=content["versions"],
        started_at=datetime.fromisoformat(content["started_at"]),
        sources=tuple(map(KnownStamp.from_json, content.get("sources", []))),
        replaces=tuple(content.get("replaces", [])),
    )
    committed_at = datetime.fromisoformat(content["committed_at"])
    return CommittedRun(plan, content["files"], Counts(**content["counts"]), committed_at)


def list_committed(output: str) -> list[str]:
    """The ids of the committed runs, oldest first."""
    named = _list_named(output)
    return sorted(named - _replaced(output, named))


def clear_up(output: str) -> None:
    """Removes, under the lock of the output, what ingests and compactions left that were killed."""
    remove_replaced(output)
    remove_uncommitted(output, min_age_s=math.inf, is_locked=True)


def remove_replaced(output: str) -> None:
    """Removes what is left of runs that another one replaces."""
    named = _list_named(output)
    remove_runs(output, sorted(_replaced(output, named) & named))


def remove_runs(output: str, run_ids: Iterable[str]) -> None:
    """Removes runs, their rows before the files that tell of them."""
    run_ids = list(run_ids)
    if not storage.is_remote(output):
        staging.withdraw(output, run_ids)  # at once out of sight of whoever reads the tables
    for run_id in run_ids:
        staging.remove(output, run_id)
        storage.remove_file(_run_file(output, run_id))


def remove_uncommitted(
    output: str, min_age_s: float, is_locked: bool = False
) -> tuple[list[str], list[str]]:
    """Removes what runs that were never committed have written.

    A run that wrote within the last `min_age_s` seconds may still be going on, and is left alone;
    not so one that would hold the lock.

    Args:
        is_locked: whether the caller holds the lock of the output.

    Returns:
        the ids of the runs that were removed, and of those that were left alone.
    """
    _remove_drafts(output)
    named = _list_named(output)
    for run_id in staging.list_staged(output) & named:  # it crashed as soon as it was committed
        staging.clear(output, run_id)
    uncommitted = staging.list_runs(output) - named
    if not uncommitted:
        return [], []
    last_written_s = staging.last_written(output)
    removed, left = [], []
    for run_id in sorted(uncommitted & last_written_s.keys()):
        is_dead = is_locked and staging.is_marked(output, run_id)
        if is_dead or time.time() - last_written_s[run_id] >= min_age_s:
            staging.remove(output, run_id)
            storage.remove_file(staging.export_report(output, run_id))
            removed.append(run_id)
        else:
            left.append(run_id)
    return removed, left


def _check_sources(plan: RunPlan) -> None:
    """Makes sure that what a run has read is what its sources hold.

    A run that replaces others reads no sources, and knows of them what those knew.
    """
    if plan.replaces:
        return
    changed = [known.stamp.uri for known in plan.sources if discovery.has_changed(known.stamp)]
    if changed:
        raise SourcesChangedError(", ".join(changed))


def _list_named(output: str) -> set[str]:
    """The ids of all runs that have a file, even if they were replaced."""
    names = (
        found.path.rpartition("/")[2] for found in storage.list_files(storage.join(output, _RUNS))
    )
    return {
        name.removesuffix(".json")
        for name in names
        if name.endswith(".json") and not name.startswith(".")
    }


def _remove_drafts(output: str) -> None:
    """Removes files of runs that were being written when their writer was killed."""
    if not storage.is_remote(output):
        for draft in Path(output, _RUNS).glob(".*.json.*"):
            if time.time() - draft.stat().st_mtime >= _DRAFT_S:
                draft.unlink(missing_ok=True)


def _replaced(output: str, named: Iterable[str]) -> set[str]:
    """The ids of the runs that others replace, there or not."""
    return {
        replaced
        for run_id in named
        if _COMPACTED.search(run_id)
        for replaced in _read(output, run_id)["replaces"]
    }


def _read(output: str, run_id: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(storage.read(_run_file(output, run_id)))
    return content


def _run_file(output: str, run_id: str) -> str:
    return storage.join(output, _RUNS, run_id + ".json")
