"""What the committed runs of an output folder know of the files of an inbox.

Rows of `documents` and the sources that runs name are all that is read: no pages, no lines. Of a
million files about half a gigabyte is held, of a hundred thousand a tenth of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipelines import ledger, runs
from pipelines.ledger import CommittedRun
from pipelines.stamps import KnownStamp, Stamp
from schemas.rows import Row

# What may go well the next time though neither file nor options have changed. Of a document that
# was read in part, only these are tried again: its other pages would be read in vain.
_PASSING = frozenset(
    ("timeout", "crashed-renderer", "out-of-memory", "missing-source", "internal-error")
)
_COLUMNS = ("doc_id", "uri", "status", "error_code", "fingerprint", "attempt")

# done: read. outdated: read, but by other weights or options. failed: to be tried again.
# quarantined: failed, and not to be tried again. unknown: never tried with these options.
Standing = Literal["done", "outdated", "failed", "quarantined", "unknown"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What is read again.

    Attributes:
        fingerprint: of the weights and options that read now.
        max_attempts: how often a content that fails is tried with them.
        reprocess: whether what others read is read again.
        retry_failed: whether what failed is tried once more, however often it was.
    """

    fingerprint: str
    max_attempts: int = 3
    reprocess: bool = False
    retry_failed: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """The last try of a content that failed, wholly or in part.

    Attributes:
        attempt: from 1, of those with the fingerprint that reads now.
    """

    status: str
    error_code: str
    attempt: int

    @property
    def may_pass(self) -> bool:
        """Whether another try may do better."""
        return self.status == "failed" or self.error_code in _PASSING


class Known:
    """Files and contents that are known, and what stands of each."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._files: dict[str, tuple[bytes, int, int]] = {}  # uri -> content, size, time
        self._done: set[bytes] = set()
        self._outdated: set[bytes] = set()
        self._trouble: dict[bytes, Trouble] = {}

    @staticmethod
    def load(output: str, rules: Rules) -> Known:
        """What the runs of an output folder know."""
        known = Known(rules)
        for run_id in ledger.list_committed(output):
            known.add_run(ledger.read_run(output, run_id))
        return known

    def add_run(self, run: CommittedRun) -> None:
        """Takes in what a run has read; runs come oldest first."""
        for records in runs.read_batches(run, "documents", _COLUMNS):
            for row in records.to_pylist():
                self._add_row(row)
        for source in run.plan.sources:
            self.add_source(source)

    def add_source(self, source: KnownStamp) -> None:
        """Takes in what is in a file; the last that is said of it holds."""
        stamp = source.stamp
        content = _key(source.doc_id, stamp.uri)
        self._files[stamp.uri] = (content, stamp.size_bytes, stamp.modified_ns)

    def holds(self, stamp: Stamp) -> bool:
        """Whether a file is known by its name, size and time, so that it need not be opened."""
        _, *known = self._files.get(stamp.uri, (b"", -1, 0))
        return known == [stamp.size_bytes, stamp.modified_ns]

    def has_row(self, uri: str, doc_id: str) -> bool:
        """Whether the last that is known of a name is that it had this content."""
        return self._files.get(uri, (b"",))[0] == _key(doc_id, uri)

    def is_named(self, uri: str) -> bool:
        """Whether a file of this name is known, whatever was in it."""
        return uri in self._files

    def standing_of(self, stamp: Stamp) -> Standing:
        """What stands of a file that is known."""
        return self._standing(self._files[stamp.uri][0])

    def standing(self, doc_id: str, uri: str) -> Standing:
        """What stands of a content; of one that could not be had, of its name."""
        return self._standing(_key(doc_id, uri))

    def trouble(self, doc_id: str, uri: str) -> Trouble | None:
        """The last try of a content, if it failed; None if it did not, or there was none."""
        return self._trouble.get(_key(doc_id, uri))

    def _standing(self, content: bytes) -> Standing:
        rules = self._rules
        if content in self._done:
            return "done"
        if content in self._outdated and not rules.reprocess:
            return "outdated"
        trouble = self._trouble.get(content)
        if trouble is None:
            return "unknown"
        may_try = trouble.may_pass and trouble.attempt < rules.max_attempts
        return "failed" if may_try or rules.retry_failed else "quarantined"

    def _add_row(self, row: Row) -> None:
        content = _key(row["doc_id"], row["uri"])
        self._add_content(content, row)
        if row["doc_id"]:
            self._files[row["uri"]] = (content, -1, 0)

    def _add_content(self, content: bytes, row: Row) -> None:
        is_ours = row["fingerprint"] == self._rules.fingerprint
        if row["status"] == "duplicate":
            pass  # the row of the first name tells
        elif row["status"] == "read" and is_ours:
            self._done.add(content)
            self._outdated.discard(content)
            self._trouble.pop(content, None)
        elif row["status"] != "failed" and not is_ours:
            if content not in self._done:
                self._outdated.add(content)
        elif is_ours and content not in self._done:
            code = row["error_code"] or ""
            self._trouble[content] = Trouble(row["status"], code, row["attempt"])


def _key(doc_id: str, uri: str) -> bytes:
    """A content in half the space; what could not be had goes by its name."""
    return bytes.fromhex(doc_id) if doc_id else uri.encode()
