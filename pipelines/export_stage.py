"""What a run reads as files for people, beside its rows: a stage of the run.

    DocumentRecord ─ with its name ─┐
                                    ├─ by content ─► Document ─ ExportDocuments ─► files, a report
    Page | Failure ─────────────────┘

Only text and boxes are grouped. A file is written whole or not at all, and another attempt writes
the same file under the same name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsIter, PCollection

from ocr_core.errors import OcrError
from pipelines import export_names, export_process, export_report, runs, storage
from pipelines.export_files import Exported, ExportOptions, export_document, in_words
from pipelines.export_rows import gather_documents
from pipelines.ledger import CommittedRun, RunPlan
from schemas import Failure, Page
from schemas.rows import DocumentRecord
from schemas.shelf import Shelf

Named = tuple[DocumentRecord, str]
Group = tuple[str, dict[str, Iterable[Any]]]


@dataclass(frozen=True, slots=True)
class Exporting:
    """What a run exports.

    Attributes:
        names: of the files of each uri; None if the workers are to name those that they find.
    """

    options: ExportOptions
    names: Mapping[str, str] | None = None

    def for_sources(self, uris: Iterable[str]) -> Exporting:
        """The same for some of the sources."""
        return replace(self, names={uri: self.names[uri] for uri in uris} if self.names else None)


def prepare(
    options: ExportOptions, output: str, uris: Iterable[str], folders: Iterable[str]
) -> Exporting:
    """What a run exports whose sources are known before it starts.

    Args:
        folders: below which they were looked for.

    Raises:
        ConfigError: a source would be written over, or the folder cannot be made.
    """
    uris = list(uris)
    names = export_names.name_sources(output, uris, folders)
    export_names.refuse_sources(names, options)
    storage.make_folder(options.folder)
    return Exporting(options, {uri: str(names[uri]) for uri in uris})


class WriteExports(beam.PTransform):
    """Exports the documents of a run; gives the name of the file that tells what came of it.

    What cannot be exported fails alone, and never fails the run.
    """

    def __init__(self, plan: RunPlan, exporting: Exporting) -> None:
        super().__init__()
        self._plan = plan
        self._exporting = exporting

    def expand(
        self, read: tuple[PCollection[DocumentRecord], PCollection[Page | Failure]]
    ) -> PCollection[str]:
        records, results = read
        by_uri = records | "KeyByUri" >> beam.Map(_with_uri)
        named = (
            {"records": by_uri, "names": self._names(records)}
            | "JoinNames" >> beam.CoGroupByKey()
            | "KeyByContent" >> beam.FlatMap(_named_by_content)
        )
        pages = results | "KeyPagesByContent" >> beam.Map(_with_content)
        exported = (
            {"named": named, "pages": pages}
            | "GroupByContent" >> beam.CoGroupByKey()
            | "ExportDocuments"
            >> beam.ParDo(_ExportDocuments(self._exporting.options, self._plan.output))
        )
        return (
            records.pipeline
            | "Run" >> beam.Create([self._plan.run_id])
            | "Report" >> beam.Map(export_report.write_report, self._plan.output, AsIter(exported))
        )

    def _names(self, records: PCollection[DocumentRecord]) -> PCollection[tuple[str, str]]:
        """The name of every uri: they depend on each other."""
        if self._exporting.names is not None:
            return records.pipeline | "Names" >> beam.Create(
                list(self._exporting.names.items()), reshuffle=False
            )
        return (
            records
            | "TakeUri" >> beam.Map(attrgetter("uri"))
            | "Together" >> beam.WithKeys("")
            | "GatherUris" >> beam.GroupByKey()
            | "NameSources" >> beam.FlatMap(_name_all, self._plan, self._exporting.options)
        )


class _ExportDocuments(beam.DoFn):
    """Gives all documents of one content to `export_document`."""

    def __init__(self, options: ExportOptions, output: str) -> None:
        self._options = options
        self._output = output

    def setup(self) -> None:
        self._convert = export_process.shared().convert

    def start_bundle(self) -> None:
        self._shelf: Shelf[CommittedRun] | None = None

    def process(self, group: Group) -> Iterator[Exported]:
        names = {record.uri: name for record, name in group[1]["named"]}
        records = sorted((record for record, _ in group[1]["named"]), key=attrgetter("uri"))
        try:
            exported = [
                export_document(document, names[document.source.uri], self._options, self._convert)
                for document in gather_documents(records, group[1]["pages"], self._earlier)
            ]
        except Exception as error:  # noqa: BLE001 - files can be written later, rows cannot
            exported = [_failed(record.uri, self._options, error) for record in records]
        yield from exported

    def _earlier(self) -> Shelf[CommittedRun]:
        if self._shelf is None:
            self._shelf = runs.take_stock(self._output)
        return self._shelf


def _failed(uri: str, options: ExportOptions, error: Exception) -> Exported:
    words = ("unwritable-exports", str(error)) if isinstance(error, OcrError) else in_words(error)
    return Exported(uri, True, 0, 0, dict.fromkeys(options.formats, words))


def _with_uri(record: DocumentRecord) -> tuple[str, DocumentRecord]:
    return record.uri, record


def _with_content(result: Page | Failure) -> tuple[str, Page | Failure]:
    return (result.doc_id if isinstance(result, Failure) else result.ref.doc_id), result


def _named_by_content(joined: Group) -> Iterator[tuple[str, Named]]:
    """A document with its name; none that could not be opened, of which there is nothing."""
    [name] = joined[1]["names"]
    for record in joined[1]["records"]:
        if record.page_count is not None:
            yield record.doc_id, (record, name)


def _name_all(
    uris: tuple[str, Iterable[str]], plan: RunPlan, options: ExportOptions
) -> Iterator[tuple[str, str]]:
    """The name of every source of a run, as one machine that knows all of them gives it.

    Raises:
        ConfigError: a source would be written over.
    """
    found = list(uris[1])
    names = export_names.name_sources(plan.output, found, plan.folders)
    export_names.refuse_sources(names, options)
    for uri in found:
        yield uri, str(names[uri])
