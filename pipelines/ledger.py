"""The runs of an output folder: which are committed, and what the others left behind.

A run exists once `_runs/<run_id>.json` does. That file is written last and whole.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from pipelines import storage
from pipelines.tallies import Counts

TABLES = ("documents", "pages", "lines")
_RUNS = "_runs"
_PARTITION = "run_id="


@dataclass(frozen=True, slots=True)
class RunPlan:
    """A run before it starts.

    Attributes:
        output: the folder of the data set.
        fingerprint: of the weights and of every option that changes the text.
        options: every option, as plain values.
        folders: below which its sources lie; exports keep their sub-folders.
        versions: of the software that reads.
    """

    run_id: str
    output: str
    fingerprint: str
    options: Mapping[str, Any]
    folders: tuple[str, ...]
    versions: Mapping[str, str]
    started_at: datetime


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


def table_folder(output: str, table: str, run_id: str) -> str:
    """Where a run writes its rows of a table."""
    return storage.join(output, table, _PARTITION + run_id)


def commit(plan: RunPlan, files: Mapping[str, list[str]], counts: Counts) -> str:
    """Makes a run exist; returns the file that says so."""
    committed_at = datetime.now(UTC)
    content = asdict(plan) | {
        "started_at": plan.started_at.isoformat(),
        "committed_at": committed_at.isoformat(),
        "wall_seconds": (committed_at - plan.started_at).total_seconds(),
        "files": {table: sorted(names) for table, names in files.items()},
        "counts": counts.as_json(),
    }
    del content["output"]  # the folder may be moved
    path = _run_file(plan.output, plan.run_id)
    storage.write_whole(path, json.dumps(content, indent=1, ensure_ascii=False).encode())
    return path


def read_run(output: str, run_id: str) -> CommittedRun:
    """A committed run."""
    content = json.loads(storage.read(_run_file(output, run_id)))
    plan = RunPlan(
        run_id=run_id,
        output=output,
        fingerprint=content["fingerprint"],
        options=content["options"],
        folders=tuple(content["folders"]),
        versions=content["versions"],
        started_at=datetime.fromisoformat(content["started_at"]),
    )
    committed_at = datetime.fromisoformat(content["committed_at"])
    return CommittedRun(plan, content["files"], Counts(**content["counts"]), committed_at)


def list_committed(output: str) -> list[str]:
    """The ids of the committed runs, oldest first."""
    names = (
        found.path.rpartition("/")[2] for found in storage.list_files(storage.join(output, _RUNS))
    )
    return sorted(
        name.removesuffix(".json")
        for name in names
        if name.endswith(".json") and not name.startswith(".")
    )


def remove_uncommitted(output: str, min_age_s: float) -> tuple[list[str], list[str]]:
    """Removes what runs that were never committed have written.

    A run that wrote within the last `min_age_s` seconds may still be going on, and is left alone.

    Returns:
        the ids of the runs that were removed, and of those that were left alone.
    """
    committed = set(list_committed(output))
    removed, left = [], []
    for run_id, last_written_s in sorted(_last_written(output).items()):
        if run_id in committed:
            continue
        if time.time() - last_written_s < min_age_s:
            left.append(run_id)
            continue
        for table in TABLES:
            folder = table_folder(output, table, run_id)
            storage.remove_folder(folder)
        removed.append(run_id)
    return removed, left


def _last_written(output: str) -> dict[str, float]:
    """When each run wrote its last file, in seconds since 1970."""
    last: dict[str, float] = {}
    for table in TABLES:
        folder = storage.join(output, table)
        for found in storage.list_files(folder):
            partition = found.path.removeprefix(folder + "/").partition("/")[0]
            if partition.startswith(_PARTITION):
                run_id = partition.removeprefix(_PARTITION)
                last[run_id] = max(last.get(run_id, 0.0), found.modified_s)
    return last


def _run_file(output: str, run_id: str) -> str:
    return storage.join(output, _RUNS, run_id + ".json")
