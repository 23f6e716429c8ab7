"""What is asked for by address -> what is answered, without sockets.

    /  /NAME                     the page and its assets
    /api/run                     what the run is, in numbers
    /api/documents               some of its documents; see `listing.Wish`
    /api/documents/KEY           a document and the state of its pages
    /api/pages/KEY/INDEX         a page and all that is on it
    /api/search?q=...            pages that say something
    /pictures/KEY/INDEX          a picture of a page

Nothing else has an address: files are never named, only documents by key and pages by number.
"""

from __future__ import annotations

import importlib.resources
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from ocr_core.errors import ConfigError, InputError
from pipelines.viewer import pictures
from pipelines.viewer.books import Books
from pipelines.viewer.listing import Order, Wish
from pipelines.viewer.pictures import Pictures
from pipelines.viewer.search import Place, Query
from schemas.rows import Row

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
_JSON = "application/json"
# Hits of a search that are answered at once, and after how many seconds it is heard of.
_HITS, _SEARCH_S = 50, 1.0
_MOST_CHARACTERS = 200
_ORDERS: Mapping[str, Order] = {"name": "name", "confidence": "confidence"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: HTTPStatus
    media_type: str
    body: bytes


class Answers:
    """Answers whatever a browser may ask about some runs."""

    def __init__(self, books: Books, drawn: Pictures) -> None:
        self._books = books
        self._pictures = drawn
        self._assets = read_assets()
        self._routes: tuple[tuple[re.Pattern[str], Callable[..., Answer]], ...] = (
            (re.compile(r"/api/run"), self._run),
            (re.compile(r"/api/documents"), self._documents),
            (re.compile(r"/api/documents/([0-9a-f]{16})"), self._document),
            (re.compile(r"/api/pages/([0-9a-f]{16})/(\d{1,7})"), self._page),
            (re.compile(r"/api/search"), self._search),
            (re.compile(r"/pictures/([0-9a-f]{16})/(\d{1,7})"), self._picture),
        )

    def answer(self, target: str) -> Answer:
        """What is at an address, from its path on."""
        parts = urlsplit(target)
        name = parts.path.removeprefix("/") or "index.html"
        if name in self._assets:
            return Answer(HTTPStatus.OK, _media_type(name), self._assets[name])
        try:
            return self._route(parts.path, parts.query)
        except ConfigError as error:
            return refuse(HTTPStatus.BAD_REQUEST, str(error))
        except InputError as error:
            return refuse(HTTPStatus.NOT_FOUND, str(error), error.code)
        except FileNotFoundError:
            words = "the run was changed meanwhile: start `beam-ocr view` again"
            return refuse(HTTPStatus.GONE, words)

    def _route(self, path: str, query: str) -> Answer:
        for pattern, route in self._routes:
            if match := pattern.fullmatch(path):
                return route(_fields(query), *match.groups())
        return refuse(HTTPStatus.NOT_FOUND, "there is nothing of this name")

    def _run(self, fields: Mapping[str, str]) -> Answer:
        return _json(self._books.overview())

    def _documents(self, fields: Mapping[str, str]) -> Answer:
        wish = _wish(fields)
        start, count = _number(fields, "start", 0), _number(fields, "count", 100)
        found = self._books.listing.window(wish, start, count)
        if "place" in fields:
            found["place"] = self._books.listing.place(wish, fields["place"])
        return _json(found)

    def _document(self, fields: Mapping[str, str], key: str) -> Answer:
        return _json_or_missing(self._books.document(key))

    def _page(self, fields: Mapping[str, str], key: str, index: str) -> Answer:
        return _json_or_missing(self._books.page(key, int(index)))

    def _search(self, fields: Mapping[str, str]) -> Answer:
        query = Query.parse(fields.get("q", "")[:_MOST_CHARACTERS])
        start = Place.parse(fields["from"]) if "from" in fields else Place()
        return _json(self._books.searcher.search(query, start, _HITS, _SEARCH_S))

    def _picture(self, fields: Mapping[str, str], key: str, index: str) -> Answer:
        entry = self._books.catalogue.by_key.get(key)
        if entry is None:
            return _json_or_missing(None)
        body = self._pictures.draw(entry, int(index))
        return Answer(HTTPStatus.OK, pictures.MEDIA_TYPE, body)


def read_assets() -> dict[str, bytes]:
    """The page, its scripts and its styles, by name."""
    folder = importlib.resources.files("pipelines.viewer") / "assets"
    return {
        item.name: item.read_bytes() for item in folder.iterdir() if _suffix(item.name) in _TYPES
    }


def refuse(status: HTTPStatus, message: str, code: str = "") -> Answer:
    """An answer that says why there is no other."""
    body = json.dumps({"message": message, "code": code or status.phrase.lower()})
    return Answer(status, _JSON, body.encode())


def _json(value: Row) -> Answer:
    body = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Answer(HTTPStatus.OK, _JSON, body.encode())


def _json_or_missing(value: Row | None) -> Answer:
    if value is None:
        return refuse(HTTPStatus.NOT_FOUND, "the run has no such document or page")
    return _json(value)


def _suffix(name: str) -> str:
    return name[name.rfind(".") :]


def _media_type(name: str) -> str:
    return _TYPES[_suffix(name)]


def _fields(query: str) -> dict[str, str]:
    """The fields of a query; of one that is given again, the last."""
    try:
        return {name: values[-1] for name, values in parse_qs(query, max_num_fields=20).items()}
    except ValueError as error:
        raise ConfigError("too many fields") from error


def _wish(fields: Mapping[str, str]) -> Wish:
    order = _ORDERS.get(fields.get("order", "name"))
    if order is None:
        raise ConfigError("documents are ordered by name or by confidence")
    below = float(_checked(fields["below"], r"[01](\.\d{1,6})?")) if "below" in fields else None
    return Wish(
        status=fields.get("status", ""),
        code=fields.get("code", ""),
        name=fields.get("name", "")[:_MOST_CHARACTERS],
        below=below,
        order=order,
    )


def _number(fields: Mapping[str, str], name: str, default: int) -> int:
    return int(_checked(fields[name], r"\d{1,9}")) if name in fields else default


def _checked(text: str, pattern: str) -> str:
    if re.fullmatch(pattern, text, re.ASCII) is None:
        raise ConfigError(f"not a number that makes sense here: {text[:40]!r}")
    return text
