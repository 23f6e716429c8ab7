from ocr_core.exporters.text import export_text
from schemas import Block, Box, Document, Failure, Line, Page, PageRef, Quad, Source

SOURCE = Source("0" * 64, "letter.pdf", 1, "application/pdf", 3)
QUAD = Quad.from_box(Box(0, 0, 10, 10))


def page(index, *blocks):
    lines = tuple(
        Line(text, text, 1.0, QUAD, (), block_id=number)
        for number, texts in enumerate(blocks)
        for text in texts
    )
    made = tuple(
        Block(number, "text", QUAD, "\n".join(texts)) for number, texts in enumerate(blocks)
    )
    return Page(PageRef(SOURCE.doc_id, SOURCE.uri, index), 10, 10, 72, lines, made)


def test_lines_stand_in_order_with_an_empty_line_between_blocks():
    document = Document(SOURCE, (page(0, ["Grüße", "aus Kiel"], ["1 €"]),))
    assert export_text(document).decode("utf-8") == "Grüße\naus Kiel\n\n1 €\n"


def test_a_form_feed_stands_between_pages_and_a_failed_page_keeps_its_place():
    failed = Failure(SOURCE.doc_id, SOURCE.uri, 1, "render", "corrupt-source", "broken")
    document = Document(SOURCE, (page(0, ["one"]), failed, page(2, ["three"]), page(3)))
    assert export_text(document).decode().split("\f") == ["one\n", "", "three\n", ""]
