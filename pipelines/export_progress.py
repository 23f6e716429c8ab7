"""How far an export has come."""

from __future__ import annotations

from pipelines.export_files import Exported
from pipelines.logs import Tell
from pipelines.progress import Headway


class ExportHeadway(Headway):
    """Documents that are done, whatever became of them, and their pages.

    Attributes:
        unread: documents that the run could not open.
        files: that were written.
        failures: of every format that a document could not be exported to, in words.
    """

    def __init__(self, documents: int, tell: Tell | None = None) -> None:
        super().__init__(documents, tell)
        self.unread = 0
        self.files = 0
        self.failures: list[str] = []
        self._n_done = 0

    @property
    def position(self) -> float:
        return self._n_done

    def take(self, exported: Exported) -> None:
        """A document that is done."""
        self._n_done += 1
        self.pages += exported.n_pages
        self.files += exported.n_files
        self.unread += not exported.was_read
        for format_name, (code, message) in exported.failures.items():
            self.failures.append(f"{exported.uri}: {format_name}: {code}: {message}")
            self._fail(exported.uri, None, code, f"{format_name}: {message}")
