"""Search through all pages."""

import pyarrow as pa
import pytest

from ocr_core.errors import ConfigError
from pipelines.viewer import tables
from pipelines.viewer.books import open_books
from pipelines.viewer.search import Place, Query
from tests import synthetic_run


def search(books, text, most=10, start="0.0"):
    return books.searcher.search(Query.parse(text), Place.parse(start), most, seconds=60)


@pytest.mark.parametrize(
    ("query", "text", "matches"),
    [
        ("canal", "The CANAL company", True),
        ("canal toll", "a toll on the canal", True),
        ("canal toll", "the canal", False),
        ('"canal company"', "the canal\ncompany", True),
        ('"canal company"', "the company canal", False),
        ("(4.5)", "price (4.5)", True),
        ("4.5", "475", False),  # a full stop is a full stop
        ("straße", "STRASSE Straße", True),
        ("ÄRGER", "Ärger", True),
    ],
)
def test_a_page_matches_if_it_has_all_terms(query, text, matches):
    assert Query.parse(query).matching(pa.array([text])).to_pylist() == [matches]


@pytest.mark.parametrize("text", ["", "  ", '"', '""'])
def test_nothing_is_not_looked_for(text):
    with pytest.raises(ConfigError):
        Query.parse(text)


def test_a_snippet_shows_what_was_found():
    text = f"{'before ' * 50}\nthe Canal company{' after' * 50}"
    shown, [(start, end)] = Query.parse("canal").snippet(text)
    assert shown[start:end] == "Canal"
    assert shown.startswith("before ")
    assert "\n" not in shown
    assert len(shown) <= 160


def test_a_search_finds_the_page(books, entry_of):
    found = search(books, "whale")
    [hit] = found["hits"]
    assert (hit["key"], hit["page"]) == (entry_of("note.png").key, 0)
    [(start, end)] = hit["marks"]
    assert hit["text"][start:end] == "whale"
    assert (found["searched"], found["next"]) == (3, None)


def test_a_search_for_what_is_not_there_finds_nothing(books):
    assert search(books, "kraken") == {"hits": [], "searched": 3, "next": None}


@pytest.mark.parametrize("most", [1, 3, 100])
@pytest.mark.parametrize("rows", [4, 1000])
def test_a_search_in_pieces_finds_each_page_once(tmp_path, most, rows, monkeypatch):
    monkeypatch.setattr(tables, "_COLUMN_ROWS", rows)
    monkeypatch.setattr(synthetic_run, "_PAGES_A_FILE", 5)
    synthetic_run.commit_large(tmp_path, 12, 3)
    books = open_books(str(tmp_path))
    hits, searched, place = [], 0, "0.0"
    while place is not None:
        found = search(books, "canal", most, place)
        assert len(found["hits"]) <= most + rows
        hits += found["hits"]
        searched += found["searched"]
        place = found["next"]
    assert searched == len({(hit["key"], hit["page"]) for hit in hits}) == len(hits) == 12


def test_a_search_without_time_still_goes_on(books):
    query, found = Query.parse("whale"), {"next": "0.0", "hits": []}
    hits = []
    while found["next"] is not None:
        found = books.searcher.search(query, Place.parse(found["next"]), 10, seconds=0)
        hits += found["hits"]
    assert len(hits) == 1


@pytest.mark.parametrize("text", ["", "1", "1.x", "-1.0", "../0"])
def test_a_place_is_two_numbers(text):
    with pytest.raises(ConfigError):
        Place.parse(text)


def test_a_place_is_told_as_it_is_read():
    assert Place.parse(str(Place(3, 14))) == Place(3, 14)
