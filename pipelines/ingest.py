"""Sources -> what can be read of them -> page images."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import apache_beam as beam
from apache_beam.pvalue import PCollection

from ocr_core import sources
from ocr_core.errors import InputError
from ocr_core.sandbox import drawing
from ocr_core.sources import DEFAULT_OPTIONS, PageSelection, RenderOptions
from pipelines import discovery
from pipelines.copies import LocalCopies
from schemas import Failure, Page, PageImage, PageRange, Source
from schemas.rows import DocumentRecord

# What one worker draws of a source before it may go to another: large enough for opening it not to
# matter, small enough to share out a chunk of a local run.
RANGE_PAGES = 8


@dataclass(frozen=True, slots=True)
class Opened:
    """A source that can be read.

    Attributes:
        seconds: what opening it took.
        fingerprint: of what will read it.
        attempt: from 1; how often it has been tried.
    """

    source: Source
    fingerprint: str
    started_at: datetime
    seconds: float
    attempt: int = 1

    @property
    def doc_id(self) -> str:
        return self.source.doc_id

    @property
    def uri(self) -> str:
        return self.source.uri

    def close(self) -> DocumentRecord:
        """The record of a document of which every page is read."""
        source = self.source
        return DocumentRecord(
            doc_id=source.doc_id,
            uri=source.uri,
            size_bytes=source.size_bytes,
            media_type=source.media_type,
            page_count=source.page_count,
            status="read",
            error_code=None,
            error_message=None,
            fingerprint=self.fingerprint,
            started_at=self.started_at,
            seconds=self.seconds,
            attempt=self.attempt,
        )


def open_source(
    uri: str, copies: LocalCopies, fingerprint: str, options: RenderOptions = DEFAULT_OPTIONS
) -> Opened | DocumentRecord:
    """A source that can be read, or the record that says why it cannot."""
    started_at, began = datetime.now(UTC), time.perf_counter()
    path = None
    try:
        path = copies.path_of(uri)
        source = drawing.inspect(path, uri, options)
    except InputError as error:
        doc_id, size_bytes, media_type = _known_of(path)
        return DocumentRecord(
            doc_id=doc_id,
            uri=uri,
            size_bytes=size_bytes,
            media_type=media_type,
            page_count=None,
            status="failed",
            error_code=error.code,
            error_message=f"open: {error}",
            fingerprint=fingerprint,
            started_at=started_at,
            seconds=time.perf_counter() - began,
        )
    return Opened(source, fingerprint, started_at, time.perf_counter() - began)


def set_duplicates_aside(
    opened: Iterable[Opened | DocumentRecord], seen: set[str]
) -> Iterator[Opened | DocumentRecord]:
    """Each content once; what has been `seen` becomes a record that says so."""
    for one in opened:
        if isinstance(one, DocumentRecord):
            yield one
        elif one.source.doc_id in seen:
            yield replace(one.close(), status="duplicate")
        else:
            seen.add(one.source.doc_id)
            yield one


def count_pages(opened: Opened | DocumentRecord, selection: PageSelection) -> int:
    """How many pages of a source are going to be read."""
    if isinstance(opened, DocumentRecord):
        return 0
    return len(selection.indices(opened.source.page_count))


def list_ranges(opened: Opened | DocumentRecord, selection: PageSelection) -> Iterator[PageRange]:
    """The selected pages of a source, a few at a time; none of one that cannot be read."""
    if isinstance(opened, DocumentRecord):
        return
    indices = selection.indices(opened.source.page_count)
    for start in range(0, len(indices), RANGE_PAGES):
        yield PageRange(opened.source, indices[start : start + RANGE_PAGES])


class OpenSources(beam.PTransform):
    """Finds and opens, on the workers, what the inputs of a run name; each content once."""

    def __init__(self, fingerprint: str, options: RenderOptions = DEFAULT_OPTIONS) -> None:
        super().__init__()
        self._fingerprint = fingerprint
        self._options = options

    def expand(self, inputs: PCollection[str]) -> PCollection[Opened | DocumentRecord]:
        return (
            inputs
            | "FindSources" >> beam.FlatMap(lambda name: discovery.find_sources([name]))
            | "TakeOnce" >> beam.Distinct()
            | "OpenSource" >> beam.ParDo(_OpenSource(self._fingerprint, self._options))
            | "KeyByContent" >> beam.Map(_key_by_content)
            | "GroupByContent" >> beam.GroupByKey()
            | "SetDuplicatesAside" >> beam.FlatMap(_first_of_content)
        )


class RenderPages(beam.DoFn):
    """Draws page ranges with `drawing.render_pages`, one page at a time."""

    def __init__(self, options: RenderOptions) -> None:
        self._options = options

    def setup(self) -> None:
        self._copies = LocalCopies()

    def process(self, pages: PageRange) -> Iterator[PageImage | Page | Failure]:
        try:
            path = self._copies.path_of(pages.source.uri)
        except InputError as error:
            yield from _fail_all(pages, error)
        else:
            yield from drawing.render_pages(path, pages, self._options)

    def teardown(self) -> None:
        self._copies.close()


class _OpenSource(beam.DoFn):
    def __init__(self, fingerprint: str, options: RenderOptions) -> None:
        self._fingerprint = fingerprint
        self._options = options

    def setup(self) -> None:
        self._copies = LocalCopies()

    def process(self, uri: str) -> Iterator[Opened | DocumentRecord]:
        yield open_source(uri, self._copies, self._fingerprint, self._options)

    def teardown(self) -> None:
        self._copies.close()


def _known_of(path: Path | None) -> tuple[str, int, str]:
    """Digest, size and media type of a file that cannot be opened, as far as they can be had."""
    doc_id, size_bytes, media_type = "", 0, "application/octet-stream"
    try:
        if path is not None:
            doc_id, size_bytes = sources.hash_file(path)
            media_type = sources.sniff(path)
    except InputError:  # which is why it cannot be opened, and has been told
        pass
    return doc_id, size_bytes, media_type


def _key_by_content(
    opened: Opened | DocumentRecord,
) -> tuple[str, Opened | DocumentRecord]:
    """With the content as key; what could not be opened is not the same as anything."""
    if isinstance(opened, DocumentRecord):
        return f"failed {opened.uri}", opened
    return opened.source.doc_id, opened


def _first_of_content(
    group: tuple[str, Iterable[Opened | DocumentRecord]],
) -> Iterator[Opened | DocumentRecord]:
    """The copies of one content; the first by name is read."""
    return set_duplicates_aside(sorted(group[1], key=lambda one: one.uri), seen=set())


def _fail_all(pages: PageRange, error: InputError) -> Iterator[Failure]:
    source = pages.source
    for page_index in pages.page_indices:
        yield Failure(source.doc_id, source.uri, page_index, "open", error.code, str(error))
