"""The run: sources -> documents, pages and lines.

    Opened ─ ListRanges ─► PageRange ─ Spread ─► [ ReadPages ] ─► Page | Failure ─► rows ─► Parquet
       └──────────────────────── CloseDocuments ◄──┘  tallies                          ─► CommitRun
                                        └─────────────────────────► WriteExports, if any are wanted

Only references and text are ever shuffled or kept between stages: the pixels of a page live and
die inside `ReadPages`, which every runner fuses into one stage.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from ocr_core.cleaning import steps
from ocr_core.sources import PageSelection, RenderOptions
from pipelines import inference, ingest, tallies
from pipelines.counting import CountPages, PageListener
from pipelines.export_stage import Exporting, WriteExports
from pipelines.inference import EngineHandle
from pipelines.ingest import Opened
from pipelines.ledger import RunPlan
from pipelines.sinks import CommitRun, WriteRows
from pipelines.tallies import Counts, Tally
from schemas import Failure, Page, PageRange, rows
from schemas.rows import DocumentRecord, Row


@dataclass(frozen=True, slots=True)
class Reading:
    """How pages are read.

    Attributes:
        batch_pages: how many pages go through the networks together, at most.
        accelerator: GPU to ask the runner for, such as `type:nvidia-l4;count:1`; or nothing.
        cleaning: steps that pages are cleaned by; see `ocr_core.cleaning.steps`.
        exporting: what is exported as well; None for nothing.
    """

    render: RenderOptions
    selection: PageSelection
    handle: EngineHandle
    listener: PageListener
    batch_pages: int = 8
    accelerator: str = ""
    cleaning: tuple[str, ...] = (steps.AUTO,)
    exporting: Exporting | None = None


class ReadDocuments(beam.PTransform):
    """Reads sources, writes the rows of a run and commits it; gives the name of its file."""

    def __init__(self, plan: RunPlan, reading: Reading) -> None:
        super().__init__()
        self._plan = plan
        self._reading = reading

    def expand(self, opened: PCollection[Opened | DocumentRecord]) -> PCollection[str]:
        results = (
            opened
            | "ListRanges" >> beam.FlatMap(ingest.list_ranges, self._reading.selection)
            | "Spread" >> beam.Reshuffle()
            | "ReadPages" >> ReadPages(self._reading)
        )
        closed = (opened, results) | "CloseDocuments" >> CloseDocuments()
        table_rows = {
            "documents": closed | "DocumentRows" >> beam.Map(_document_row),
            "pages": results | "PageRows" >> beam.Map(_page_row),
            "lines": results | "LineRows" >> beam.FlatMap(_line_rows),
        }
        if self._reading.exporting is not None:
            records = closed | "TakeRecords" >> beam.Keys()
            _ = (records, results) | "WriteExports" >> WriteExports(
                self._plan, self._reading.exporting
            )
        files = {
            table: some_rows | f"Write_{table}" >> WriteRows(table, self._plan)
            for table, some_rows in table_rows.items()
        }
        counts = (
            closed
            | "TakeCounts" >> beam.Map(_counts)
            | "AddCounts" >> beam.CombineGlobally(tallies.add_counts)
        )
        return (files, counts) | "CommitRun" >> CommitRun(self._plan)


class ReadPages(beam.PTransform):
    """Draws and reads the pages of ranges. The one place with pixels, and the one for a GPU."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading = reading
        if reading.accelerator:
            self.with_resource_hints(accelerator=reading.accelerator)

    def expand(self, ranges: PCollection[PageRange]) -> PCollection[Page | Failure]:
        reading = self._reading
        return (
            ranges
            | "RenderPages" >> beam.ParDo(ingest.RenderPages(reading.render))
            | "PreparePages" >> beam.Map(inference.prepare_page, reading.cleaning)
            | "BatchPages" >> beam.ParDo(inference.BatchPages(reading.batch_pages))
            | "DetectText" >> beam.ParDo(inference.DetectText(reading.handle))
            | "RecogniseLines" >> beam.ParDo(inference.RecogniseLines(reading.handle))
            | "CorrectLines" >> beam.ParDo(inference.CorrectLines(reading.handle))
            | "OrderBlocks" >> beam.ParDo(inference.OrderBlocks(reading.handle))
            | "CountPages" >> beam.ParDo(CountPages(reading.listener))
        )


class CloseDocuments(beam.PTransform):
    """Every source that was met, with what became of it and of its pages."""

    def expand(
        self,
        met: tuple[PCollection[Opened | DocumentRecord], PCollection[Page | Failure]],
    ) -> PCollection[tuple[DocumentRecord, Tally]]:
        opened, results = met
        summed = (
            results
            | "TallyPages" >> beam.Map(_tally)
            | "AddTallies" >> beam.CombinePerKey(tallies.add_tallies)
        )
        by_uri = opened | "KeyByUri" >> beam.Map(_key_by_uri)
        return (
            {"opened": by_uri, "tallies": summed}
            | "JoinByUri" >> beam.CoGroupByKey()
            | "Close" >> beam.Map(_close)
        )


def close_document(opened: Opened | DocumentRecord, tally: Tally) -> DocumentRecord:
    """What became of a document, once all of its pages have been tried."""
    if isinstance(opened, DocumentRecord):
        return opened
    counts = tally.counts
    record = replace(opened.close(), seconds=opened.seconds + sum(counts.seconds.values()))
    if not tally.failures:
        return record
    first = tally.failures[0]
    return replace(
        record,
        status="failed" if counts.pages["failed"] == counts.page_total else "partly",
        error_code=first.code,
        error_message=first.message,
    )


def _tally(result: Page | Failure) -> tuple[str, Tally]:
    uri = result.uri if isinstance(result, Failure) else result.ref.uri
    return uri, tallies.tally_page(result)


def _key_by_uri(opened: Opened | DocumentRecord) -> tuple[str, Opened | DocumentRecord]:
    return (opened.uri if isinstance(opened, DocumentRecord) else opened.source.uri), opened


def _close(
    joined: tuple[str, dict[str, Iterable[Any]]],
) -> tuple[DocumentRecord, Tally]:
    [opened] = joined[1]["opened"]
    tally = tallies.add_tallies(joined[1]["tallies"])
    return close_document(opened, tally), tally


def _document_row(closed: tuple[DocumentRecord, Tally]) -> Row:
    return rows.row_from_record(closed[0])


def _page_row(result: Page | Failure) -> Row:
    if isinstance(result, Failure):
        return rows.row_from_failure(result)
    return rows.row_from_page(result)


def _line_rows(result: Page | Failure) -> list[Row]:
    return [] if isinstance(result, Failure) else rows.rows_from_lines(result)


def _counts(closed: tuple[DocumentRecord, Tally]) -> Counts:
    record, tally = closed
    opening = Counts(seconds={"open": record.seconds - sum(tally.counts.seconds.values())})
    return tallies.add_counts([tallies.count_document(record), opening, tally.counts])
