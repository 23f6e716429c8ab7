import dataclasses

from ocr_core.exporters.headings import heading_levels
from schemas import Document, Page, PageRef
from tests import exported_document
from tests.exported_document import SOURCE, block_of, make_line


def page_of(index, sizes, scale=1.0):
    """A page with a heading of each size, and six lines of text; sizes are in pixels."""
    lines = [
        make_line("Heading of page", 10, 40 * number, number, height=scale * size)
        for number, size in enumerate(sizes)
    ]
    body = [make_line("text of the page", 10, 500 + n, 99, height=scale * 20) for n in range(6)]
    blocks = [block_of(number, "heading", [line]) for number, line in enumerate(lines)]
    blocks.append(block_of(99, "text", body))
    return Page(
        PageRef(SOURCE.doc_id, SOURCE.uri, index), 800, 900, 100, (*lines, *body), tuple(blocks)
    )


def test_larger_print_stands_above_smaller():
    document = Document(SOURCE, (page_of(0, [60, 30, 28]), page_of(1, [31, 20])))
    levels = heading_levels(document)
    assert levels == {(0, 0): 1, (0, 1): 2, (0, 2): 2, (1, 0): 2, (1, 1): 3}


def test_how_large_a_page_was_drawn_does_not_matter():
    document = Document(SOURCE, (page_of(0, [60, 30]), page_of(1, [60, 30], scale=2.0)))
    levels = heading_levels(document)
    assert levels == {(0, 0): 1, (0, 1): 2, (1, 0): 1, (1, 1): 2}


def test_there_are_no_more_levels_than_markdown_has():
    sizes = [20 * 1.6**number for number in range(9)]
    levels = heading_levels(Document(SOURCE, (page_of(0, sizes),)))
    assert sorted(levels.values()) == [1, 2, 3, 4, 5, 6, 6, 6, 6]


def test_numbers_tell_the_level_of_sections_where_sizes_do_not():
    titles = ["A Book", "1 Ships", "1.1 Sails", "1.1.1 Topsails", "2 Harbours", "2.1 Piers"]
    page = page_of(0, [60, 30, 29, 20, 31, 40])
    blocks = [
        dataclasses.replace(block, text=title)
        for block, title in zip(page.blocks[:-1], titles, strict=True)
    ]
    numbered = dataclasses.replace(page, blocks=(*blocks, page.blocks[-1]))
    levels = heading_levels(Document(SOURCE, (numbered,)))
    assert [levels[0, number] for number in range(6)] == [1, 2, 3, 4, 2, 3]


def test_headings_without_lines_or_text_to_compare_have_a_level_too():
    page = exported_document.last_page()
    bare = dataclasses.replace(page, lines=())
    assert heading_levels(Document(SOURCE, (bare,))) == {(2, 0): 1}
