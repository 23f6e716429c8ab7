"""Search through the text of all pages, which is read from the tables and never kept."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from ocr_core.errors import ConfigError
from pipelines.viewer import tables
from pipelines.viewer.catalogue import Catalogue
from schemas.rows import Row

# Characters that a snippet has before what was found, and in all.
_BEFORE, _SNIPPET = 40, 160
_COLUMNS = ("doc_id", "page_index", "text")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: pages that have all of some terms.

    Attributes:
        terms: words, or phrases that stood between quotes.
    """

    terms: tuple[str, ...]

    @staticmethod
    def parse(text: str) -> Query:
        """What a user means by `total "due on"`.

        >>> Query.parse('total "due  on"').terms
        ('total', 'due on')

        Raises:
            ConfigError: there is nothing to look for.
        """
        found = re.findall(r'"([^"]*)"?|([^\s"]+)', text)
        terms = (" ".join((phrase or word).split()) for phrase, word in found)
        kept = tuple(dict.fromkeys(term for term in terms if term))
        if not kept:
            raise ConfigError("there is nothing to look for")
        return Query(kept)

    @property
    def patterns(self) -> list[str]:
        """Regular expressions, one for each term; a phrase may run over the end of a line."""
        return [r"\s+".join(map(re.escape, term.split())) for term in self.terms]

    def matching(self, text: pa.Array) -> pa.Array:
        """(N,) bool, which texts have all terms, in capitals or not."""
        matches = [
            pc.match_substring_regex(text, pattern, ignore_case=True) for pattern in self.patterns
        ]
        found = matches[0]
        for other in matches[1:]:
            found = pc.and_(found, other)
        return found

    def snippet(self, text: str) -> tuple[str, list[tuple[int, int]]]:
        """Some text around the first thing found, and the spans of it that were looked for."""
        looked_for = re.compile("|".join(self.patterns), re.IGNORECASE)
        first = looked_for.search(text)
        start = max(0, first.start() - _BEFORE) if first else 0
        if start:  # to the beginning of a word
            space = re.compile(r"\s").search(text, start, start + _BEFORE // 2)
            start = space.end() if space else start
        shown = re.sub(r"\s", " ", text[start : start + _SNIPPET])
        return shown, [match.span() for match in looked_for.finditer(shown)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a search goes on: a file, of all that are looked through, and a row of it."""

    file: int = 0
    row: int = 0

    def __str__(self) -> str:
        return f"{self.file}.{self.row}"

    @staticmethod
    def parse(text: str) -> Place:
        """The place that `str` gave.

        Raises:
            ConfigError: it gave no such text.
        """
        match = re.fullmatch(r"(\d{1,9})\.(\d{1,15})", text)
        if match is None:
            raise ConfigError(f"a search cannot go on from {text!r}")
        return Place(int(match[1]), int(match[2]))


class Searcher:
    """Looks through the pages that count, file by file."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._files = [
            (file, catalogue.contents_of[position])
            for position, run in enumerate(catalogue.runs)
            if catalogue.contents_of[position]
            for file in tables.files_of(run, "pages")
        ]

    def search(self, query: Query, start: Place, most: int, seconds: float) -> Row:
        """What was found, and where to go on.

        Args:
            most: hits that are enough.
            seconds: after which what was found so far is answered, at the next pause.
        """
        until = time.monotonic() + seconds
        hits: list[Row] = []
        searched, place = 0, start
        for found, n_pages, follows in self._parts(query, start, most):
            hits += found
            searched += n_pages
            place = follows
            if len(hits) >= most or time.monotonic() > until:
                break
        goes_on = place.file < len(self._files)
        return {"hits": hits, "searched": searched, "next": str(place) if goes_on else None}

    def _parts(
        self, query: Query, start: Place, most: int
    ) -> Iterator[tuple[list[Row], int, Place]]:
        """Of some pages after the other: what was found, how many they are, and what follows."""
        for file in range(start.file, len(self._files)):
            first = start.row if file == start.file else 0
            name, contents = self._files[file]
            for scanned in tables.scan(name, _COLUMNS, first):
                matching = query.matching(scanned.columns.column("text"))
                rows = pc.indices_nonzero(matching).to_pylist()
                found, left = rows[:most], rows[most:]
                end = left[0] if left else scanned.columns.num_rows
                yield (
                    self._hits(query, scanned, contents, found),
                    end,
                    Place(file, scanned.first + end),
                )
                if left:
                    return
            yield [], 0, Place(file + 1)

    def _hits(
        self, query: Query, scanned: tables.Scanned, contents: dict[str, int], rows: Sequence[int]
    ) -> list[Row]:
        owners = scanned.of_contents(contents)
        pages, texts = scanned.numbers("page_index"), scanned.columns.column("text")
        hits = []
        for row in rows:
            if owners[row] >= 0:
                text, marks = query.snippet(texts[row].as_py())
                entry = self._catalogue.by_content[owners[row]][0]
                hits.append(
                    {"key": entry.key, "page": int(pages[row]), "text": text, "marks": marks}
                )
        return hits
