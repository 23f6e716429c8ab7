import dataclasses
import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from ocr_core.exporters.markdown import export_markdown
from schemas import Block, Document, Page, PageRef, Quad
from tests import exported_document
from tests.exported_document import SOURCE, block_of, make_line


def export(document=None):
    return export_markdown(document or exported_document.whole_document()).decode()


def render(text):
    """As HTML, by a parser that is not ours."""
    return MarkdownIt("commonmark").enable("table").render(text)


def text_of(markup):
    pieces = []
    parser = HTMLParser()
    parser.handle_data = pieces.append
    parser.feed(markup)
    return "".join(pieces)


def one_block(kind, *texts, text=None):
    lines = tuple(make_line(said, 10, 10 + 30 * number, 0) for number, said in enumerate(texts))
    ref = PageRef(SOURCE.doc_id, SOURCE.uri, 0)
    page = Page(ref, 800, 900, 100, lines, (block_of(0, kind, lines, text),))
    return Document(SOURCE, (page,))


def test_a_reader_sees_every_word_in_reading_order_and_nothing_at_the_edges():
    pages = (exported_document.first_page(), exported_document.last_page())
    aside = {"header", "page-number"}
    marks = re.compile(r"^\d\. ", re.MULTILINE)  # of lists, which are markup
    expected = [
        {"figure": "[figure]", "list": marks.sub("", block.text)}.get(block.kind, block.text)
        for page in pages
        for block in page.blocks
        if block.kind not in aside
    ]
    assert text_of(render(export())).split() == " ".join(expected).split()


def test_the_whole_document_looks_as_expected():
    assert export() == (
        "<!-- page 1 -->\n\n"
        "<!-- header: The Harbour 1 -->\n\n"
        "# OF SHIPS\n\n"
        r"Under \* the \*old\* international law of 1914- all \[ships\] # pay \<b> & \&amp; dues"
        "\n\n"
        "1. bread\n"
        "   - a) rye\n"
        "2. salt\\_fish\n\n"
        "| Cargo |  | Tons |\n"
        "| --- | --- | --- |\n"
        "| =Tea | a\\|b, c | 12.50 |\n"
        "| Rum | d |  |\n\n"
        "*\\[figure\\]*\n\n"
        "Fig. 1. A ship\n\n"
        "1 See above.\n\n"
        "<!-- page-number: - 7 - -->\n\n"
        "<!-- page 2 failed: corrupt-source: render: no such - - font -->\n\n"
        "<!-- page 3 -->\n\n"
        "## THE CARGO\n\n"
        "Lloyd & Sons  \n"
        "1\\. Quay Street\n"
    )


def test_tables_are_tables_with_a_head():
    markup = render(export())
    assert markup.count("<table>") == 1
    assert markup.count("<th>") == 3
    assert "<td>a|b, c</td>" in markup


def test_a_first_row_with_figures_is_no_head():
    page = exported_document.first_page()
    table = dataclasses.replace(page.blocks[4], cells=page.blocks[4].cells[2:5])
    cells = tuple(dataclasses.replace(cell, row=0) for cell in table.cells)
    page = dataclasses.replace(page, blocks=(dataclasses.replace(table, cells=cells),), lines=())
    markup = render(export(Document(SOURCE, (page,))))
    assert markup.count("<th></th>") == 3
    assert markup.count("<td>") == 3


def test_headings_are_headings():
    markup = render(export())
    assert "<h1>OF SHIPS</h1>" in markup
    assert "<h2>THE CARGO</h2>" in markup


def test_lines_of_text_that_does_not_flow_stay_lines():
    document = one_block("text", "Miss A. Thornbury", "# 4, Quay Street", "- Combe")
    assert render(export(document)).count("<br />") == 2
    assert text_of(render(export(document))).splitlines()[-3:] == [
        "Miss A. Thornbury",
        "# 4, Quay Street",
        "- Combe",
    ]


def test_a_paragraph_is_one_line():
    document = one_block("paragraph", "it was", "so", text="it was so")
    assert export(document) == "<!-- page 1 -->\n\nit was so\n"


def test_a_table_without_cells_is_text():
    document = one_block("table", "a b", "c d")
    assert text_of(render(export(document))).split() == ["a", "b", "c", "d"]


@pytest.mark.parametrize("kind", ["header", "footer", "page-number"])
def test_a_comment_cannot_be_ended_by_what_is_in_it(kind):
    document = one_block(kind, "a --> <b>b</b>")
    assert "<b>" not in render(export(document)).replace("<b>b</b> -->", "")
    assert text_of(render(export(document))).strip() == ""


def test_a_document_without_pages_is_empty():
    assert export(Document(SOURCE, ())) == ""
    empty = Block(0, "paragraph", Quad(0, 0, 1, 0, 1, 1, 0, 1), "")
    page = Page(PageRef(SOURCE.doc_id, SOURCE.uri, 0), 10, 10, 72, (), (empty,))
    assert export(Document(SOURCE, (page,))) == "<!-- page 1 -->\n"
