import xml.etree.ElementTree as ET

from schemas import Block, Box, Cell, Document, Failure, Line, Page, PageRef, Quad, Source, Word

SOURCE = Source("0" * 64, "a <b>.pdf", 1, "application/pdf", 2)
BOX = Box(0, 0, 10, 10)
QUAD = Quad.from_box(BOX)


def page_of(words, *blocks):
    line = Line("", "", 1.0, QUAD, tuple(words))
    return Page(PageRef("0" * 64, SOURCE.uri, 0), 10, 10, 72, (line,), blocks)


def elements(page, tag):
    return ET.fromstring(page._repr_html_().replace("<br>", "<br/>")).iter(tag)


def test_words_in_doubt_and_words_put_right_are_marked():
    words = [
        Word("sure", "sure", BOX, 0.99),
        Word("d<ubt", "d<ubt", BOX, 0.5),
        Word("right", "rjght", BOX, 0.9),
    ]
    page = page_of(words, Block(0, "paragraph", QUAD, "sure d<ubt right"))
    marked = {span.text: span.get("title") for span in elements(page, "span")}
    assert marked == {"d<ubt": "50%", "right": "read: rjght"}


def test_a_table_is_one():
    cells = (Cell(0, 0, 1, 2, BOX, "head"), Cell(1, 0, 1, 1, BOX, "1"), Cell(1, 1, 1, 1, BOX, "2"))
    page = page_of([], Block(0, "table", QUAD, "head\n1 2", cells))
    assert [[cell.text for cell in row] for row in elements(page, "tr")] == [["head"], ["1", "2"]]
    assert next(elements(page, "td")).get("colspan") == "2"


def test_a_document_shows_each_page_and_each_failure():
    page = page_of([Word("text", "text", BOX, 1.0)], Block(0, "heading", QUAD, "text"))
    failed = Failure("0" * 64, SOURCE.uri, 1, "render", "corrupt-source", "broken")
    document = Document(SOURCE, (page, failed))
    shown = document._repr_html_()
    assert "a &lt;b&gt;.pdf" in shown
    assert "<h4>text</h4>" in shown
    assert "corrupt-source" in shown
    assert document.text == "text"
