"""A folder to look at without a server: the same page, and what it would ask for as scripts.

    index.html, *.js, *.css      the page; data/run.js tells it that there is no server
    data/documents-N.js          the list of documents, some thousand a piece
    data/search-N.js             the text of all pages, about a megabyte a piece
    data/KEY/document.js         a document
    data/KEY/INDEX.js            a page
    pictures/KEY/INDEX.jpg       its picture

Browsers let a page from a disk load scripts, but no other files: so data are scripts that hand a
value to `beamOcr.take`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ocr_core.errors import ConfigError, InputError
from ocr_core.sources import ALL_PAGES, PageSelection
from pipelines.export_names import is_named
from pipelines.viewer.answers import read_assets
from pipelines.viewer.books import Books
from pipelines.viewer.catalogue import NO_CONTENT, Entry
from pipelines.viewer.pictures import Pictures
from schemas.rows import Row

_DOCUMENTS_A_PIECE = 2000
_CHARACTERS_A_PIECE = 1_000_000
# Where the page loads the data of a folder; a server leaves the mark as it is.
_MARK = b"<!-- data -->"


@dataclass(frozen=True, slots=True)
class Choice:
    """What is written.

    Attributes:
        documents: a glob such as `*.pdf`; see `is_named`.
        pages: of each document.
    """

    documents: str = "*"
    pages: PageSelection = ALL_PAGES

    def takes(self, entry: Entry) -> bool:
        """Whether a document is among them."""
        return is_named(entry.uri, self.documents)


@dataclass(slots=True)
class Tally:
    """What has been written so far; `blank` pages have no picture."""

    documents: int = 0
    pages: int = 0
    blank: int = 0


class Folder:
    """Writes a folder to look at."""

    def __init__(self, books: Books, drawn: Pictures, to: Path, choice: Choice) -> None:
        self._books = books
        self._pictures = drawn
        self._to = to
        self._choice = choice
        self._texts: list[list[object]] = []
        self._characters = 0
        self._pieces = 0

    def write(self) -> Iterator[Tally]:
        """Writes all of it; gives what has been written after every page.

        Raises:
            ConfigError: there is something in the folder already, or nothing to write.
        """
        entries = [entry for entry in self._books.catalogue.entries if self._choice.takes(entry)]
        if not entries:
            raise ConfigError(f"no document of the run is called {self._choice.documents}")
        if self._to.exists() and (not self._to.is_dir() or any(self._to.iterdir())):
            raise ConfigError(f"{self._to} is not an empty folder")
        self._to.mkdir(parents=True, exist_ok=True)
        tally = Tally()
        listed = []
        for entry in entries:
            yield from self._write_document(entry, tally)
            listed.append(self._books.listing.describe(entry))
            tally.documents += 1
        self._write_search()
        self._write_list(listed, tally)
        self._write_page_itself()
        yield tally

    def _write_document(self, entry: Entry, tally: Tally) -> Iterator[Tally]:
        document = self._books.document(entry.key) or {}
        wanted = set(self._choice.pages.indices(entry.page_count or 0))
        document["states"] = [state for state in document["states"] if state[0] in wanted]
        del document["uri"]  # where it lay is nobody else's business
        self._write_value(f"{entry.key}/document", document)
        for page_index, *_ in document["states"]:
            page = self._books.page(entry.key, page_index) or {}
            has_picture = self._write_picture(entry, page_index)
            page["picture"] = has_picture
            self._write_value(f"{entry.key}/{page_index}", page)
            self._add_text(entry, page)
            tally.pages += 1
            tally.blank += not has_picture
            yield tally

    def _write_picture(self, entry: Entry, page_index: int) -> bool:
        if entry.content == NO_CONTENT:
            return False
        try:
            picture = self._pictures.draw(entry, page_index)
        except InputError:
            return False
        path = self._to / "pictures" / entry.key / f"{page_index}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture)
        return True

    def _add_text(self, entry: Entry, page: Row) -> None:
        text = "\n".join(block["text"] for block in page["blocks"])
        text = text or "\n".join(line[3] for line in page["lines"])
        if self._characters + len(text) > _CHARACTERS_A_PIECE:
            self._write_search()
        self._texts.append([entry.key, page["page_index"], text])
        self._characters += len(text)

    def _write_search(self) -> None:
        if self._texts:
            self._write_value(f"search-{self._pieces}", self._texts)
            self._pieces += 1
        self._texts, self._characters = [], 0

    def _write_list(self, listed: list[Row], tally: Tally) -> None:
        starts = range(0, len(listed), _DOCUMENTS_A_PIECE)
        for number, start in enumerate(starts):
            piece = listed[start : start + _DOCUMENTS_A_PIECE]
            self._write_value(f"documents-{number}", piece)
        overview = self._books.overview() | {
            "documents": tally.documents,
            "pages": tally.pages,
            "document_pieces": len(starts),
            "search_pieces": self._pieces,
        }
        self._write_value("run", overview)

    def _write_page_itself(self) -> None:
        for name, content in read_assets().items():
            loading = b'<script defer src="data/run.js"></script>'
            (self._to / name).write_bytes(content.replace(_MARK, loading))

    def _write_value(self, name: str, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        path = self._to / "data" / f"{name}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"beamOcr.take({json.dumps(name)},{text});\n", encoding="utf-8")
