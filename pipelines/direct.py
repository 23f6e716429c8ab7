"""`python -m pipelines.direct`: a run in one thread and without Beam, to see what a page costs.

Takes the flags of `beam-ocr run`, writes the same rows, and commits them. Nothing is shared out
and nothing overlaps, so the time it tells is that of reading alone.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ocr_core import sources
from ocr_core.engine import Engine
from ocr_core.errors import ConfigError
from pipelines import discovery, inference, ingest, launch, ledger, options, storage, tallies
from pipelines.copies import LocalCopies
from pipelines.inference import EngineHandle
from pipelines.ingest import Opened
from pipelines.ledger import RunPlan
from pipelines.ocr import close_document
from pipelines.options import OcrOptions, ReadOptions
from pipelines.sinks import SCHEMAS
from pipelines.tallies import Tally
from schemas import Failure, Page, rows
from schemas.rows import DocumentRecord, Row


def main(arguments: list[str]) -> int:
    """Reads what the flags name and tells what a page took; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.direct", description=__doc__)
    options.add_run_arguments(parser)
    run_options = options.run_options_from(parser.parse_args(arguments))
    run_options.check()
    tally, cpu_s, wall_s = run(run_options, inference.handle_for(run_options.read))
    pages = max(1, tally.counts.page_total)
    print(
        f"{run_options.output}: {tally.counts.page_total} pages,"
        f" {cpu_s / pages:.2f} CPU-seconds and {wall_s / pages:.2f} seconds a page"
    )
    return 0 if tally.counts.is_complete else 3


def run(run_options: OcrOptions, handle: EngineHandle) -> tuple[Tally, float, float]:
    """Reads and commits; returns what was read, and seconds of CPU and of the clock that it took.

    Loading the weights is not counted.

    Raises:
        ConfigError: there is something to export, which is no part of reading.
    """
    if run_options.export is not None:
        raise ConfigError("nothing is exported here: take `beam-ocr run` or `beam-ocr export`")
    fingerprint = run_options.fingerprint(handle.digest)
    plan = launch.make_plan(run_options, fingerprint)
    engine = handle.acquire()
    cpu, wall = time.process_time(), time.perf_counter()
    closed, read = [], []
    with closing(LocalCopies()) as copies:
        uris = discovery.find_sources(run_options.inputs)
        sources_met = (ingest.open_source(uri, copies, fingerprint) for uri in uris)
        for opened in ingest.set_duplicates_aside(sources_met, seen=set()):
            pages = list(read_source(opened, copies, engine, run_options.read))
            tally = tallies.add_tallies(map(tallies.tally_page, pages))
            closed.append((close_document(opened, tally), tally))
            read += pages
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return _commit(plan, closed, read), cpu, wall


def read_source(
    opened: Opened | DocumentRecord, copies: LocalCopies, engine: Engine, read: ReadOptions
) -> Iterator[Page | Failure]:
    """The pages of a source, one after the other; none of one that could not be opened."""
    if isinstance(opened, DocumentRecord):
        return
    path = copies.path_of(opened.source.uri)
    for pages in ingest.list_ranges(opened, read.selection):
        for image in sources.render_pages(path, pages, read.render):
            prepared = inference.prepare_page(image, read.cleaning)
            if isinstance(prepared, Failure):
                yield prepared
            else:
                yield from engine.read_pages([prepared])


def _commit(
    plan: RunPlan, closed: list[tuple[DocumentRecord, Tally]], read: list[Page | Failure]
) -> Tally:
    """Writes the rows and makes the run exist; returns what it read."""
    pages = [page for page in read if isinstance(page, Page)]
    failures = [page for page in read if isinstance(page, Failure)]
    table_rows: dict[str, list[Row]] = {
        "documents": [rows.row_from_record(record) for record, _ in closed],
        "pages": [*map(rows.row_from_page, pages), *map(rows.row_from_failure, failures)],
        "lines": [row for page in pages for row in rows.rows_from_lines(page)],
    }
    files = {}
    for table, some_rows in table_rows.items():
        path = Path(ledger.table_folder(plan.output, table, plan.run_id)) / "part.parquet"
        storage.make_folder(str(path.parent))
        records = pa.Table.from_pylist(some_rows, schema=SCHEMAS[table])
        pq.write_table(records, path, compression="zstd", use_compliant_nested_type=True)
        files[table] = [str(path.relative_to(plan.output))]
    tally = tallies.add_tallies(tally for _, tally in closed)
    documents = [tallies.count_document(record) for record, _ in closed]
    ledger.commit(plan, files, tallies.add_counts([tally.counts, *documents]))
    return tally


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
