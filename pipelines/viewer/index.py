"""Where the pages of documents and their lines are in the tables, and how sure the pages are.

Built from a few narrow columns: some dozen bytes for each page, whatever is written on it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.viewer import tables
from pipelines.viewer.catalogue import Catalogue
from pipelines.viewer.tables import Scanned, Span

STATUSES = ("read", "empty", "failed")

Numbers = NDArray[np.int64]


class SpanIndex:
    """Where in some files the rows of each page are.

    Args:
        files: their names.
        found: (N, 5) int64: content, page, file, first row and number of rows of each span.
    """

    def __init__(self, files: Sequence[str], found: Numbers) -> None:
        self._files = files
        self._found = found[np.lexsort((found[:, 3], found[:, 2], found[:, 1], found[:, 0]))]

    def find(self, content: int, page_index: int) -> list[Span]:
        """The rows of one page, in the order of the files."""
        contents, pages = self._found[:, 0], self._found[:, 1]
        start, end = np.searchsorted(contents, [content, content + 1])
        first, last = start + np.searchsorted(pages[start:end], [page_index, page_index + 1])
        spans: list[Span] = []
        for _, _, number, row, count in self._found[first:last].tolist():
            file, before = self._files[number], spans[-1] if spans else Span("", 0, 0)
            if before.file == file and before.start + before.count == row:
                spans[-1] = Span(file, before.start, before.count + count)
            else:
                spans.append(Span(file, row, count))
        return spans


class PageIndex:
    """The pages of all documents.

    Attributes:
        means: (contents,) float64, of the confidences of a document's pages that were read; NaN
            where there is none.
        page_total: pages of all contents.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        files: list[str] = []
        spans = [np.zeros((0, 5), np.int64)]
        facts = [np.zeros((0, 4), np.float64)]
        columns = ("doc_id", "page_index", "status", "confidence")
        for position, run in enumerate(catalogue.runs):
            contents = catalogue.contents_of[position]
            for file in tables.files_of(run, "pages") if contents else ():
                for scanned in tables.scan(file, columns):
                    spans.append(_spans(scanned, contents, len(files)))
                    facts.append(_facts(scanned, contents))
                files.append(file)
        self._spans = SpanIndex(files, np.concatenate(spans))
        found = np.concatenate(facts)
        found = found[np.lexsort((found[:, 1], found[:, 0]))]
        self._contents = found[:, 0].astype(np.int32)
        self._pages = found[:, 1].astype(np.int32)
        self._statuses = found[:, 2].astype(np.int8)
        self._confidences = found[:, 3].astype(np.float32)
        self.page_total = len(found)
        self.means = self._take_means(catalogue.n_contents)

    def find(self, content: int, page_index: int) -> Span | None:
        """The row of a page; None if there is no such page."""
        return next(iter(self._spans.find(content, page_index)), None)

    def statuses_of(self, content: int) -> list[tuple[int, str, float]]:
        """Index, status and confidence of each page of a document, in order."""
        start, end = np.searchsorted(self._contents, [content, content + 1])
        return [
            (int(page), STATUSES[status], float(confidence))
            for page, status, confidence in zip(
                self._pages[start:end],
                self._statuses[start:end],
                self._confidences[start:end],
                strict=True,
            )
        ]

    def _take_means(self, n_contents: int) -> NDArray[np.float64]:
        is_read = self._statuses == STATUSES.index("read")
        contents, confidences = self._contents[is_read], self._confidences[is_read]
        n_pages = np.bincount(contents, minlength=n_contents)
        sums = np.bincount(contents, weights=confidences, minlength=n_contents)
        means = np.full(n_contents, np.nan)
        np.divide(sums, n_pages, out=means, where=n_pages > 0)
        return means


class LineIndex:
    """The lines of all pages. Those of a run are looked for when the first of them is wanted."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._by_run: dict[int, SpanIndex] = {}
        self._lock = threading.Lock()

    def find(self, content: int, page_index: int) -> list[Span]:
        """Where the lines of a page are."""
        position = self._catalogue.readings[content]
        with self._lock:
            if position not in self._by_run:
                self._by_run[position] = self._scan(position)
        return self._by_run[position].find(content, page_index)

    def _scan(self, position: int) -> SpanIndex:
        contents = self._catalogue.contents_of[position]
        files = tables.files_of(self._catalogue.runs[position], "lines")
        spans = [np.zeros((0, 5), np.int64)]
        spans += [
            _spans(scanned, contents, number)
            for number, file in enumerate(files)
            for scanned in tables.scan(file, ("doc_id", "page_index"))
        ]
        return SpanIndex(files, np.concatenate(spans))


def _spans(scanned: Scanned, contents: dict[str, int], file: int) -> Numbers:
    """(N, 5) as `SpanIndex` takes them: rows of one page that follow each other are one."""
    owners, pages = scanned.of_contents(contents), scanned.numbers("page_index")
    changes = (np.diff(owners) != 0) | (np.diff(pages) != 0)
    starts = np.concatenate([[0], np.flatnonzero(changes) + 1])[: len(owners)]
    counts = np.diff([*starts, len(owners)])
    values = [owners[starts], pages[starts], np.full(len(starts), file)]
    found = np.stack([*values, starts + scanned.first, counts], axis=1).astype(np.int64)
    return found[found[:, 0] >= 0]


def _facts(scanned: Scanned, contents: dict[str, int]) -> NDArray[np.float64]:
    """(N, 4): content, page, position in `STATUSES` and confidence of each page."""
    owners = scanned.of_contents(contents)
    statuses = [STATUSES.index(name) for name in scanned.columns.column("status").to_pylist()]
    pages, confidences = scanned.numbers("page_index"), scanned.numbers("confidence")
    found = np.stack([owners, pages, statuses, confidences], axis=1).astype(np.float64)
    return found[owners >= 0]
