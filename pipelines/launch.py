"""Many pages, read here in chunks; `cluster` has them read elsewhere, in one piece."""

from __future__ import annotations

import importlib.metadata
import platform
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems

from ocr_core.errors import ConfigError
from ocr_core.sources import PageSelection
from pipelines import (
    discovery,
    export_stage,
    ingest,
    ledger,
    logs,
    progress,
    runners,
    storage,
    summary,
)
from pipelines.copies import LocalCopies
from pipelines.counting import PageListener
from pipelines.export_stage import Exporting
from pipelines.inference import EngineHandle
from pipelines.ingest import Opened
from pipelines.ledger import RunPlan
from pipelines.ocr import ReadDocuments, Reading
from pipelines.options import OcrOptions
from pipelines.progress import Headway, Reporter
from pipelines.summary import Summary
from pipelines.tallies import add_counts
from schemas import Failure, Page
from schemas.rows import DocumentRecord

# A chunk is read, written and committed as one run: what a crash can lose, and what bounds memory.
CHUNK_PAGES = 128
CHUNK_DOCUMENTS = 128

_PACKAGES = ("beam-ocr", "apache-beam", "torch", "pymupdf", "opencv-python-headless", "pyarrow")


def launch(options: OcrOptions, handle: EngineHandle) -> Summary:
    """Reads what the options name in this process, chunk by chunk, each a run of its own.

    Raises:
        ConfigError, WeightsError: before anything is read.
    """
    FileSystems.set_options(runners.distributed_options(options.beam))  # of S3, for example
    passed_over = Counter[str]()
    uris = list(discovery.find_sources(options.inputs, passed_over))
    if not uris:
        raise ConfigError(_nothing_in(options.inputs, passed_over))
    exporting = plan_exports(options, uris)
    with ChunkReader(options, handle, len(uris), exporting) as reader:
        opened = (reader.open(uri) for uri in uris)
        unique = ingest.set_duplicates_aside(opened, seen=set())
        for chunk in split_into_chunks(unique, options.read.selection):
            reader.read(chunk, make_plan(options, reader.fingerprint))
    return replace(summarise(options, reader.run_ids, reader.headway), passed_over=passed_over)


def _nothing_in(inputs: Sequence[str], passed_over: Mapping[str, int]) -> str:
    words = f"nothing to read in {', '.join(inputs)}"
    return f"{words}: only {summary.passed_over_as_text(passed_over)}" if passed_over else words


class ChunkReader:
    """Reads sources in this process, a chunk at a time, and shows how far it has come.

    Attributes:
        fingerprint: of the weights and of every option that changes the text.
        run_ids: of the chunks that were committed.
    """

    def __init__(
        self,
        options: OcrOptions,
        handle: EngineHandle,
        documents: int,
        exporting: Exporting | None = None,
    ) -> None:
        self.fingerprint = options.fingerprint(handle.digest)
        self.headway = Headway(documents, logs.teller(options.report))
        self.run_ids: list[str] = []
        self._options = options
        self._handle = handle
        self._exporting = exporting
        self._stack = ExitStack()

    def __enter__(self) -> ChunkReader:
        # What it lacks is told before anything is read; held, it outlives every chunk.
        self._engine = self._handle.acquire()
        storage.make_folder(self._options.output)
        self._reporter = self._stack.enter_context(progress.make_reporter(self._options.report))
        self._copies = self._stack.enter_context(closing(LocalCopies()))
        listener = PageListener(partial(_hear, self.headway, self._reporter))
        self._reading = make_reading(self._options, self._handle, listener)
        self._reporter.show(self.headway)
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()
        del self._engine

    def open(self, uri: str) -> Opened | DocumentRecord:
        """A source that can be read, or the record that says why it cannot."""
        return ingest.open_source(uri, self._copies, self.fingerprint, self._options.read.render)

    def read(self, chunk: Sequence[Opened | DocumentRecord], plan: RunPlan) -> None:
        """Reads and commits a chunk as the run that is planned.

        Raises:
            OcrError: there is no room to write.
        """
        self.headway.begin_chunk(chunk, self._reading.selection, plan.run_id)
        reading = self._reading
        if self._exporting is not None:
            exporting = self._exporting.for_sources(one.uri for one in chunk)
            reading = replace(reading, exporting=exporting)
        read_chunk(chunk, plan, reading, self._options)
        self.run_ids.append(plan.run_id)
        self.headway.end_chunk()
        self._reporter.show(self.headway, now=True)


def read_chunk(
    chunk: Sequence[Opened | DocumentRecord], plan: RunPlan, reading: Reading, options: OcrOptions
) -> None:
    """Reads and commits a few sources in this process.

    Raises:
        OcrError: there is no room to write.
    """
    pipeline = beam.Pipeline(options=runners.local_options(options.beam, options.workers))
    _ = (
        pipeline
        | "Sources" >> beam.Create(chunk, reshuffle=False)
        | "ReadDocuments" >> ReadDocuments(plan, reading)
    )
    try:
        with storage.refusals_told(plan.output):
            pipeline.run().wait_until_finish()
    except RuntimeError as error:
        if str(error).startswith("KeyboardInterrupt"):  # Beam makes errors of its own of others
            raise KeyboardInterrupt from error
        raise


def split_into_chunks(
    opened: Iterable[Opened | DocumentRecord], selection: PageSelection
) -> Iterator[list[Opened | DocumentRecord]]:
    """Sources, some pages' worth at a time; a document is never split."""
    chunk: list[Opened | DocumentRecord] = []
    pages = 0
    for one in opened:
        chunk.append(one)
        pages += ingest.count_pages(one, selection)
        if pages >= CHUNK_PAGES or len(chunk) >= CHUNK_DOCUMENTS:
            yield chunk
            chunk, pages = [], 0
    if chunk:
        yield chunk


def plan_exports(options: OcrOptions, uris: Sequence[str]) -> Exporting | None:
    """What a run over sources exports; None for nothing.

    Raises:
        ConfigError: a source would be written over, or the folder cannot be made.
    """
    if options.export is None:
        return None
    folders = discovery.input_folders(options.inputs)
    return export_stage.prepare(options.export, options.output, uris, folders)


def make_reading(options: OcrOptions, handle: EngineHandle, listener: PageListener) -> Reading:
    """How a run with these options reads."""
    return Reading(
        render=options.read.render,
        selection=options.read.selection,
        handle=handle,
        listener=listener,
        batch_pages=options.batch_pages,
        accelerator=options.accelerator,
        cleaning=options.read.cleaning,
    )


def make_plan(options: OcrOptions, fingerprint: str) -> RunPlan:
    """A new run with these options."""
    return RunPlan(
        run_id=ledger.new_run_id(),
        output=storage.absolute(options.output),
        fingerprint=fingerprint,
        options=options.as_json(),
        folders=tuple(discovery.input_folders(options.inputs)),
        versions={"python": platform.python_version()} | dict(_versions()),
        started_at=datetime.now(UTC),
    )


def summarise(options: OcrOptions, run_ids: Sequence[str], headway: Headway) -> Summary:
    """What the runs of an invocation did, by their files."""
    output = storage.absolute(options.output)
    return Summary(
        counts=add_counts(ledger.read_run(output, run_id).counts for run_id in run_ids),
        wall_s=time.monotonic() - headway.started,
        output=options.output,
        run_ids=tuple(run_ids),
        named=tuple(headway.named),
    )


def _hear(headway: Headway, reporter: Reporter, result: Page | Failure) -> None:
    headway.hear(result)
    reporter.show(headway)


def _versions() -> Iterator[tuple[str, str]]:
    for package in _PACKAGES:
        with suppress(importlib.metadata.PackageNotFoundError):
            yield package, importlib.metadata.version(package)
