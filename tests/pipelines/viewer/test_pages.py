"""Pages as the browser takes them."""

import json

from pipelines import runs
from pipelines.viewer.books import open_books
from schemas import Page


def test_a_page_says_what_is_in_the_tables(output):
    books = open_books(str(output))
    entries = {entry.uri: entry for entry in books.catalogue.entries}
    compared = 0
    for document in runs.read_documents(str(output)):
        for page in (page for page in document.pages if isinstance(page, Page)):
            found = books.pages.read(entries[document.source.uri], page.ref.page_index)
            assert (found["width_px"], found["height_px"]) == (page.width_px, page.height_px)
            assert [line[3] for line in found["lines"]] == [line.text for line in page.lines]
            boxes = [tuple(word[:4]) for line in found["lines"] for word in line[5]]
            expected = [
                tuple(round(edge, 1) for edge in (box.left, box.top, box.right, box.bottom))
                for line in page.lines
                for box in (word.box for word in line.words)
            ]
            assert boxes == expected
            compared += len(boxes)
    assert compared > 5


def test_a_correction_is_told(books, entry_of):
    page = books.pages.read(entry_of("letter.tif"), 0)
    block_id, _, _, text, raw, words, edits = page["lines"][0]
    assert (block_id, text, raw) == (0, "the canal company", "teh canal company")
    assert words[0] == [40, 60, 70, 80, 0.4, "the", "teh"]
    assert words[1][5:] == ["canal", None]
    assert edits == [[0, 3, "teh", "the", "lexicon"]]


def test_a_page_that_failed_tells_why(books, entry_of):
    page = books.pages.read(entry_of("letter.tif"), 1)
    assert (page["status"], page["error_code"], page["lines"]) == ("failed", "timeout", [])


def test_there_are_no_pages_but_those_of_the_run(books, entry_of):
    assert books.pages.read(entry_of("letter.tif"), 2) is None
    assert books.pages.read(entry_of("broken.png"), 0) is None


def test_a_page_is_plain_values(books, entry_of):
    page = books.pages.read(entry_of("note.png"), 0)
    assert json.loads(json.dumps(page, allow_nan=False)) == page
