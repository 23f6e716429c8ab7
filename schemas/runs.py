"""The documents of an output folder, from its committed runs, with nothing but pyarrow."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.document import Document
from schemas.rows import Row
from schemas.shelf import Shelf

# Rows of a file that are in memory at once; a page of many lines is some hundred kilobytes.
BATCH_ROWS = 512
_RUNS = "_runs"


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    folder: Path
    files: Mapping[str, list[str]]


def read_run(folder: str | Path) -> Iterator[Document]:
    """Every document of an output folder once, as the last committed run that could read it did.

    Never all of it is in memory, but for a row of each document. What is in a bucket is copied
    here first.

    Raises:
        FileNotFoundError: there is no committed run.
    """
    shelf = Shelf[_Run]()
    for run in _committed(Path(folder)):
        shelf.add(run, _read_rows(run, "documents"))
    return shelf.documents(_read_rows)


def _committed(folder: Path) -> list[_Run]:
    """Runs that exist, oldest first, but for those that a later one has taken over."""
    names = {path.stem for path in (folder / _RUNS).glob("*.json") if path.name[0] != "."}
    contents = {name: json.loads((folder / _RUNS / f"{name}.json").read_bytes()) for name in names}
    replaced = {one for content in contents.values() for one in content.get("replaces", [])}
    if not names:
        raise FileNotFoundError(f"{folder} holds no committed run")
    return [_Run(folder, contents[name]["files"]) for name in sorted(names - replaced)]


def _read_rows(run: _Run, table: str, doc_ids: Collection[str] | None = None) -> list[Row]:
    found: list[Row] = []
    for name in run.files[table]:
        with pq.ParquetFile(run.folder / name) as file:
            for batch in file.iter_batches(BATCH_ROWS):
                if doc_ids is not None:
                    batch = batch.filter(pc.field("doc_id").isin(list(doc_ids)))
                found += batch.to_pylist()
    return found
