"""The list of documents."""

import pytest

from pipelines.viewer.listing import Wish


def names(books, wish, start=0, count=10):
    return [one["name"] for one in books.listing.window(wish, start, count)["documents"]]


def test_documents_come_by_name(books):
    assert names(books, Wish()) == ["note.png", "broken.png", "letter.tif", "z copy.png"]


def test_a_window_shows_some_and_tells_of_how_many(books):
    window = books.listing.window(Wish(), 1, 2)
    assert (window["total"], window["start"], len(window["documents"])) == (4, 1, 2)
    assert books.listing.window(Wish(), 9, 2)["documents"] == []


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(status="failed"), ["broken.png"]),
        (Wish(code="timeout"), ["letter.tif"]),
        (Wish(name="NOTE"), ["note.png"]),
        (Wish(name="1912/"), ["note.png"]),
        (Wish(below=0.8), ["note.png", "z copy.png"]),
        (Wish(below=0.8, status="read"), ["note.png"]),
        (Wish(below=0.6), []),  # which is what the note has
        (Wish(below=0.1), []),
    ],
)
def test_filters(books, wish, expected):
    assert names(books, wish) == expected


def test_the_least_certain_come_first_and_the_unread_last(books):
    found = names(books, Wish(order="confidence"))
    assert found == ["note.png", "z copy.png", "letter.tif", "broken.png"]


def test_a_document_has_its_place_in_what_is_listed(books, entry_of):
    key = entry_of("broken.png").key
    assert books.listing.place(Wish(), key) == 1
    assert books.listing.place(Wish(status="failed"), key) == 0
    assert books.listing.place(Wish(status="read"), key) is None


def test_a_line_of_the_list(books, entry_of):
    assert books.listing.describe(entry_of("note.png")) == {
        "key": entry_of("note.png").key,
        "name": "note.png",
        "folder": "1912",
        "status": "read",
        "pages": 1,
        "confidence": 0.6,
        "code": None,
    }


def test_an_overview_counts(books):
    assert books.listing.overview() == {
        "documents": 4,
        "pages": 3,
        "statuses": {"read": 1, "failed": 1, "partly": 1, "duplicate": 1},
        "codes": {"corrupt-source": 1, "timeout": 1},
    }
