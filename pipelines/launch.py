"""Many pages: read here in chunks, or on a cluster in one piece."""

from __future__ import annotations

import importlib.metadata
import platform
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems

from ocr_core.errors import ConfigError
from ocr_core.sources import PageSelection
from pipelines import discovery, ingest, ledger, progress, runners, storage
from pipelines.copies import LocalCopies
from pipelines.counting import PageListener
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
    """Reads what the options name, wherever they say.

    Raises:
        ConfigError, WeightsError: before anything is read.
    """
    FileSystems.set_options(runners.distributed_options(options.beam))  # of S3, for example
    if runners.is_local(options.beam):
        return run_here(options, handle)
    return run_on_cluster(options, handle)


def run_here(options: OcrOptions, handle: EngineHandle) -> Summary:
    """Reads in this process, chunk by chunk, each a run of its own."""
    uris = list(discovery.find_sources(options.inputs))
    if not uris:
        raise ConfigError(f"nothing to read in {', '.join(options.inputs)}")
    engine = handle.acquire()  # what it lacks is told before anything is read
    storage.make_folder(options.output)
    fingerprint = options.fingerprint(handle.digest)
    headway = Headway(len(uris))
    run_ids = []
    with progress.make_reporter(options.report) as reporter, closing(LocalCopies()) as copies:
        reading = make_reading(options, handle, PageListener(partial(_hear, headway, reporter)))
        reporter.show(headway)
        render = options.read.render
        opened = (ingest.open_source(uri, copies, fingerprint, render) for uri in uris)
        unique = ingest.set_duplicates_aside(opened, seen=set())
        for chunk in split_into_chunks(unique, reading.selection):
            headway.begin_chunk(chunk, reading.selection)
            run_ids.append(read_chunk(chunk, options, reading, fingerprint))
            headway.end_chunk()
            reporter.show(headway, now=True)
    del engine  # until here it outlived every chunk
    return summarise(options, run_ids, headway)


def read_chunk(
    chunk: Sequence[Opened | DocumentRecord],
    options: OcrOptions,
    reading: Reading,
    fingerprint: str,
) -> str:
    """Reads and commits a few sources in this process; returns the id of the run."""
    plan = make_plan(options, fingerprint)
    pipeline = beam.Pipeline(options=runners.local_options(options.beam, options.workers))
    _ = (
        pipeline
        | "Sources" >> beam.Create(chunk, reshuffle=False)
        | "ReadDocuments" >> ReadDocuments(plan, reading)
    )
    try:
        pipeline.run().wait_until_finish()
    except RuntimeError as error:
        if str(error).startswith("KeyboardInterrupt"):  # Beam makes errors of its own of others
            raise KeyboardInterrupt from error
        raise
    return plan.run_id


def run_on_cluster(options: OcrOptions, handle: EngineHandle) -> Summary:
    """Reads on the runner that Beam's options name, as one run that finds its own sources."""
    fingerprint = options.fingerprint(handle.digest)
    plan = make_plan(options, fingerprint)
    headway = Headway(documents=0)
    with beam.Pipeline(options=runners.distributed_options(options.beam)) as pipeline:
        _ = (
            pipeline
            | "Inputs" >> beam.Create(options.inputs)
            | "OpenSources" >> ingest.OpenSources(fingerprint, options.read.render)
            | "ReadDocuments" >> ReadDocuments(plan, make_reading(options, handle, PageListener()))
        )
    return summarise(options, [plan.run_id], headway)


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
