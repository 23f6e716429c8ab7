"""All that can be known of some runs: built once, in a second for 100,000 pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import PurePosixPath

from ocr_core.errors import ConfigError
from pipelines import runs
from pipelines.ledger import CommittedRun
from pipelines.viewer import catalogue
from pipelines.viewer.catalogue import NO_CONTENT
from pipelines.viewer.index import LineIndex, PageIndex
from pipelines.viewer.listing import Listing
from pipelines.viewer.pages import PageReader
from pipelines.viewer.search import Searcher
from schemas.rows import Row


class Books:
    """The documents and pages of some runs, oldest run first.

    Attributes:
        catalogue, index, listing, pages, searcher: what answers for each side of them.
    """

    def __init__(self, name: str, committed: Sequence[CommittedRun]) -> None:
        self._name = name
        self.catalogue = catalogue.take(committed)
        self.index = PageIndex(self.catalogue)
        self.listing = Listing(self.catalogue, self.index)
        self.pages = PageReader(self.index, LineIndex(self.catalogue))
        self.searcher = Searcher(self.catalogue)

    def overview(self) -> Row:
        """What the runs are, in numbers."""
        return {"name": self._name, **self.listing.overview()}

    def document(self, key: str) -> Row | None:
        """A document and index, status and confidence of its pages; None if there is none."""
        entry = self.catalogue.by_key.get(key)
        if entry is None:
            return None
        is_open = entry.content != NO_CONTENT
        facts = asdict(entry)
        return {
            **self.listing.describe(entry),
            **{name: facts[name] for name in ("uri", "media_type", "size_bytes", "error_message")},
            "states": [
                [page, status, round(confidence, 3)]
                for page, status, confidence in self.index.statuses_of(entry.content)
            ]
            if is_open
            else [],
        }

    def page(self, key: str, page_index: int) -> Row | None:
        """A page and all that is on it; None if there is no such page."""
        entry = self.catalogue.by_key.get(key)
        return None if entry is None else self.pages.read(entry, page_index)


def open_books(output: str) -> Books:
    """The books of an output folder.

    Raises:
        ConfigError: it holds no committed run.
    """
    committed = runs.committed(output)
    if not committed:
        raise ConfigError(f"{output} holds no committed run")
    return Books(PurePosixPath(output).name or output, committed)
