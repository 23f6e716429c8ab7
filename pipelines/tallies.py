"""What was read, in numbers: for a page, for a document, for a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ocr_core.text_layer.judging import Reason
from schemas import Failure, Page
from schemas.rows import DocumentRecord


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers that add up.

    Attributes:
        documents, pages: how many came out with each status.
        failures: how many documents could not be opened and pages not be read, by code.
        characters: of all lines, as corrected.
        certainty: the confidence of each page times its characters, summed.
        seconds: work done by each stage, over all workers.
        damaged: pages that were read although a large picture on them is lost, or ends too early.
    """

    documents: Mapping[str, int] = field(default_factory=dict)
    pages: Mapping[str, int] = field(default_factory=dict)
    failures: Mapping[str, int] = field(default_factory=dict)
    lines: int = 0
    characters: int = 0
    certainty: float = 0.0
    seconds: Mapping[str, float] = field(default_factory=dict)
    damaged: int = 0

    @property
    def confidence(self) -> float:
        """Mean confidence of what was read, by characters; 0 if nothing was."""
        return self.certainty / self.characters if self.characters else 0.0

    @property
    def page_total(self) -> int:
        return sum(self.pages.values())

    @property
    def document_total(self) -> int:
        return sum(self.documents.values())

    @property
    def is_complete(self) -> bool:
        """Whether nothing failed."""
        return not self.failures

    def as_json(self) -> dict[str, Any]:
        """As plain values; `Counts(**values)` undoes it."""
        return asdict(self)


@dataclass(frozen=True, slots=True, order=True)
class PageFailure:
    """Why a page was set aside; the first page of a document comes first."""

    page_index: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Pages of one document, in numbers.

    Attributes:
        failures: at most one, that of the first page that failed.
    """

    counts: Counts
    failures: tuple[PageFailure, ...] = ()


def add_counts(counts: Iterable[Counts]) -> Counts:
    """The sum of counts; nothing gives zeros."""
    items = list(counts)
    return Counts(
        documents=_add(item.documents for item in items),
        pages=_add(item.pages for item in items),
        failures=_add(item.failures for item in items),
        lines=sum(item.lines for item in items),
        characters=sum(item.characters for item in items),
        certainty=sum(item.certainty for item in items),
        seconds=_add_seconds(item.seconds for item in items),
        damaged=sum(item.damaged for item in items),
    )


def add_tallies(tallies: Iterable[Tally]) -> Tally:
    """The tally of all pages together."""
    items = list(tallies)
    failures = sorted(failure for item in items for failure in item.failures)
    return Tally(add_counts(item.counts for item in items), tuple(failures[:1]))


def tally_page(result: Page | Failure) -> Tally:
    """One page in numbers."""
    if isinstance(result, Failure):
        counts = Counts(pages={"failed": 1}, failures={result.code: 1})
        index = 0 if result.page_index is None else result.page_index
        message = f"page {index + 1}: {result.stage}: {result.message}"
        return Tally(counts, (PageFailure(index, result.code, message),))
    characters = sum(len(line.text) for line in result.lines)
    return Tally(
        Counts(
            pages={result.status: 1},
            lines=len(result.lines),
            characters=characters,
            certainty=result.confidence * characters,
            seconds=dict(result.seconds),
            damaged=int(result.source_reason == Reason.DAMAGED_PICTURE),
        )
    )


def count_document(record: DocumentRecord) -> Counts:
    """One document in numbers, without its pages."""
    could_not_open = record.page_count is None and record.error_code is not None
    return Counts(
        documents={record.status: 1},
        failures={record.error_code: 1} if could_not_open and record.error_code else {},
    )


def _add(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for item in counts:
        total.update(item)
    return dict(sorted(total.items()))


def _add_seconds(seconds: Iterable[Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for item in seconds:
        for stage, value in item.items():
            total[stage] = total.get(stage, 0.0) + value
    return total
