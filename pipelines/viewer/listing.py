"""The list of documents: filtered, sorted, and some at a time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.viewer.catalogue import NO_CONTENT, Catalogue, Entry, shown_name
from pipelines.viewer.index import PageIndex
from schemas.rows import Row

Order = Literal["name", "confidence"]
# Documents that are listed at once.
MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """Which documents are to be listed, and in what order.

    Attributes:
        status, code: of the documents; empty for any.
        name: part of their uri, in capitals or not.
        below: only documents with a mean confidence below this.
        order: `confidence` lists the least certain first, and those without any last.
    """

    status: str = ""
    code: str = ""
    name: str = ""
    below: float | None = None
    order: Order = "name"


class Listing:
    """The documents of a catalogue as users see them."""

    def __init__(self, catalogue: Catalogue, index: PageIndex) -> None:
        self._catalogue = catalogue
        self._index = index
        self._folders = sorted({folder for run in catalogue.runs for folder in run.plan.folders})
        self._last: tuple[Wish, Sequence[Entry]] = (Wish(), catalogue.entries)

    def overview(self) -> Row:
        """What the documents are, in numbers."""
        entries = self._catalogue.entries
        codes = Counter(entry.error_code for entry in entries if entry.error_code)
        return {
            "documents": len(entries),
            "pages": self._index.page_total,
            "statuses": dict(Counter(entry.status for entry in entries)),
            "codes": dict(sorted(codes.items())),
        }

    def window(self, wish: Wish, start: int, count: int) -> Row:
        """Some of the documents that are wished for, and how many those are."""
        entries = self._choose(wish)
        shown = entries[start : start + min(count, MOST_LISTED)]
        return {
            "total": len(entries),
            "start": start,
            "documents": [self.describe(entry) for entry in shown],
        }

    def describe(self, entry: Entry) -> Row:
        """A document in a line of the list."""
        folder, name = shown_name(entry.uri, self._folders)
        return {
            "key": entry.key,
            "name": name,
            "folder": folder,
            "status": entry.status,
            "pages": entry.page_count,
            "confidence": _known(self._mean(entry)),
            "code": entry.error_code,
        }

    def place(self, wish: Wish, key: str) -> int | None:
        """Where a document stands among those that are wished for; None if it does not."""
        entries = self._choose(wish)
        return next((at for at, entry in enumerate(entries) if entry.key == key), None)

    def _choose(self, wish: Wish) -> Sequence[Entry]:
        before, entries = self._last  # windows of one list are asked for one after the other
        if before != wish:
            entries = [entry for entry in self._catalogue.entries if self._fits(entry, wish)]
            if wish.order == "confidence":
                entries.sort(key=_uncertain_first(self._mean))
            self._last = (wish, entries)
        return entries

    def _fits(self, entry: Entry, wish: Wish) -> bool:
        return (
            (not wish.status or entry.status == wish.status)
            and (not wish.code or entry.error_code == wish.code)
            and (not wish.name or wish.name.casefold() in entry.uri.casefold())
            and (wish.below is None or self._mean(entry) < wish.below)  # which NaN never is
        )

    def _mean(self, entry: Entry) -> float:
        """As it is shown, so that 90 % is not below 90 %."""
        if entry.content == NO_CONTENT:
            return math.nan
        return round(float(self._index.means[entry.content]), 4)


def _uncertain_first(mean: Callable[[Entry], float]) -> Callable[[Entry], float]:
    return lambda entry: math.inf if math.isnan(mean(entry)) else mean(entry)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
