"""Rows -> Parquet, and the file that makes them count."""

from __future__ import annotations

from collections.abc import Mapping

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import AsIter, AsSingleton, PCollection

from pipelines import ledger
from pipelines.ledger import RunPlan
from pipelines.tallies import Counts
from schemas import rows

SCHEMAS: Mapping[str, pa.Schema] = {
    "documents": rows.DOCUMENTS,
    "pages": rows.PAGES,
    "lines": rows.LINES,
}


class WriteRows(beam.PTransform):
    """Writes rows of one table of a run; the result is the names of the files.

    One file for each bundle, so that what is read is never gathered. Each run has its own folder,
    so there are no files of another run to be replaced.
    """

    def __init__(self, table: str, plan: RunPlan) -> None:
        super().__init__()
        self._schema = SCHEMAS[table]
        self._prefix = f"{ledger.table_folder(plan.output, table, plan.run_id)}/part"

    def expand(self, table_rows: PCollection[rows.Row]) -> PCollection[str]:
        return table_rows | "WriteParquet" >> beam.io.WriteToParquet(
            self._prefix,
            schema=self._schema,
            codec="zstd",
            use_compliant_nested_type=True,
            file_name_suffix=".parquet",
        )


class CommitRun(beam.PTransform):
    """Writes `_runs/<run_id>.json` once all files of all tables stand; gives its name."""

    def __init__(self, plan: RunPlan) -> None:
        super().__init__()
        self._plan = plan

    def expand(
        self, written: tuple[dict[str, PCollection[str]], PCollection[Counts]]
    ) -> PCollection[str]:
        files, counts = written
        return (
            counts.pipeline
            | "Plan" >> beam.Create([self._plan])
            | "Commit"
            >> beam.Map(
                _commit,
                AsSingleton(counts),
                *(AsIter(files[table]) for table in ledger.TABLES),
            )
        )


def _commit(plan: RunPlan, counts: Counts, *files: list[str]) -> str:
    root = plan.output.rstrip("/") + "/"
    names = {
        table: [name.removeprefix(root) for name in table_files]
        for table, table_files in zip(ledger.TABLES, files, strict=True)
    }
    return ledger.commit(plan, names, counts)
