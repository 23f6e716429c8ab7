"""The documents of committed runs, each once and by name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from pipelines import runs
from pipelines.ledger import CommittedRun
from schemas.rows import Row
from schemas.shelf import Shelf

_COLUMNS = (
    "doc_id", "uri", "bytes", "media_type", "page_count", "status", "error_code", "error_message",
)  # fmt: skip
# Hexadecimal digits that name a document in addresses: 64 bits, of which no two happen to be alike.
KEY_DIGITS = 16
NO_CONTENT = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of the list.

    Attributes:
        key: names it in addresses: the beginning of its `doc_id`, or, for further documents of the
            same content and for what could not be opened, of the SHA-256 of its uri.
        page_count: pages of the source; None if it could not be opened.
        content: position of what it holds among all contents; `NO_CONTENT` if none was read.
    """

    key: str
    uri: str
    doc_id: str
    status: str
    page_count: int | None
    size_bytes: int
    media_type: str
    error_code: str | None
    error_message: str | None
    content: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What there is to look at.

    Which run's word on a document counts, `schemas.shelf` tells.

    Attributes:
        runs: oldest first.
        entries: by uri.
        n_contents: how many different contents were read.
        readings: of each content, the position in `runs` of the run whose pages count.
        contents_of: of each run, SHA-256 -> position of the contents whose pages it has.
        by_key: see `Entry.key`.
        by_content: of each content, the documents that have it, by uri.
    """

    runs: Sequence[CommittedRun]
    entries: Sequence[Entry]
    n_contents: int
    readings: Sequence[int]
    contents_of: Sequence[dict[str, int]]
    by_key: dict[str, Entry]
    by_content: Sequence[Sequence[Entry]]


def take(committed: Sequence[CommittedRun]) -> Catalogue:
    """The catalogue of some runs, oldest first."""
    shelf = Shelf[int]()
    for position, run in enumerate(committed):
        shelf.add(position, _rows(run))
    reading_of = shelf.readings
    contents = {doc_id: content for content, doc_id in enumerate(reading_of)}
    entries = list(_entries(shelf.rows.values(), contents))
    by_content: list[list[Entry]] = [[] for _ in contents]
    for entry in entries:
        if entry.content != NO_CONTENT:
            by_content[entry.content].append(entry)
    contents_of: list[dict[str, int]] = [{} for _ in committed]
    for doc_id, position in reading_of.items():
        contents_of[position][doc_id] = contents[doc_id]
    return Catalogue(
        runs=committed,
        entries=entries,
        n_contents=len(contents),
        readings=[*reading_of.values()],
        contents_of=contents_of,
        by_key={entry.key: entry for entry in entries},
        by_content=by_content,
    )


def shown_name(uri: str, folders: Iterable[str]) -> tuple[str, str]:
    """The folder of a document below those that were read, and its name.

    >>> shown_name("/scans/1912/may/a.pdf", ["/scans"])
    ('1912/may', 'a.pdf')
    """
    above = [folder for folder in folders if uri.startswith(f"{folder.rstrip('/')}/")]
    rest = uri[len(max(above, key=len).rstrip("/")) + 1 :] if above else uri
    folder, _, name = rest.rpartition("/")
    return folder, name


def _rows(run: CommittedRun) -> Iterator[Row]:
    for batch in runs.read_batches(run, "documents", _COLUMNS):
        yield from batch.to_pylist()


def _entries(rows: Iterable[Row], contents: dict[str, int]) -> Iterator[Entry]:
    taken: set[str] = set()
    for row in sorted(rows, key=itemgetter("uri")):
        doc_id, uri, size_bytes, media_type, page_count, status, code, message = (
            row[name] for name in _COLUMNS
        )
        key = doc_id[:KEY_DIGITS]
        if not key or key in taken:
            key = hashlib.sha256(uri.encode()).hexdigest()[:KEY_DIGITS]
        taken.add(key)
        content = contents.get(doc_id, NO_CONTENT)
        yield Entry(
            key, uri, doc_id, status, page_count, size_bytes, media_type, code, message, content
        )
