from dataclasses import replace

import pytest

from ocr_core.block_kinds import Part, Sheet, kinds_of
from ocr_core.paragraphs import Paragraph, Row
from ocr_core.tables.model import Table
from schemas import Box

PAGE = Box(0, 0, 800, 1200)
FULL = "Some running text that fills its column from left to right."


def part(top: float, *texts: str, left: float = 100, height: float = 20) -> Paragraph:
    """Rows of text, the first at `top`."""
    rows = tuple(
        Row((), Box(left, y, left + 10 * len(text), y + height), height, text)
        for y, text in ((top + 1.3 * height * n, text) for n, text in enumerate(texts))
    )
    is_item = texts[0][0] in "•123"
    return Paragraph(rows, flows=True, is_item=is_item)


def body(top: float) -> Paragraph:
    return part(top, FULL, FULL, FULL, "The end.")


def kinds(*parts: Part) -> list[str]:
    return kinds_of(parts, Sheet.of(PAGE, parts))


def test_running_text_is_a_paragraph():
    assert kinds(body(300), body(450)) == ["paragraph", "paragraph"]


def test_what_nothing_can_be_told_of_is_text():
    assert kinds(part(300, "Sir"), part(500, "No 5")) == ["text", "text"]


@pytest.mark.parametrize(
    "title",
    [
        part(250, "A larger title", height=30),
        part(250, "THE ORIGIN OF SPECIES"),
        part(250, "Chapter 4. Of Men"),
        part(250, "2.1 Materials and Methods"),
        part(250, "A centred title", left=320),
        part(250, "Introduction"),
    ],
)
def test_headings(title):
    assert kinds(body(100), title, body(300)) == ["paragraph", "heading", "paragraph"]


@pytest.mark.parametrize(
    "line",
    [
        part(208, "Introduction"),  # no more white above it than between lines
        part(250, "It was the end."),
        part(250, "and so on"),
        part(250, "Dear Mr Byron,"),
        part(250, "Invoice of 12 May 1843"),
        part(250, FULL[:-1]),  # as wide as the text
    ],
)
def test_other_single_lines_are_no_headings(line):
    assert "heading" not in kinds(body(100), line, body(300))


def test_a_heading_heads_something():
    assert kinds(body(300), part(450, "Yours")) == ["paragraph", "text"]


def test_a_heading_may_be_followed_by_another_of_any_width():
    title, subtitle = part(250, "I. THE FIRST PART", left=320), part(300, "1.1 Of Men")
    assert kinds(body(100), title, subtitle, body(350))[1:3] == ["heading", "heading"]


def test_a_numbered_title_close_above_its_text_is_a_heading():
    assert kinds(body(100), part(208, "2.1 Materials"), body(234))[1] == "heading"


@pytest.mark.parametrize(("top", "height", "kind"), [(250, 20, "text"), (250, 23, "heading")])
def test_without_prose_a_numbered_title_needs_two_signs(top, height, kind):
    title = part(top, "2.1 Materials", height=height)
    assert kinds(part(100, "Sir"), title, part(290, "No 5"))[1] == kind


def test_a_numbered_title_of_nothing_or_in_a_list_of_contents_is_no_heading():
    assert kinds(body(100), part(250, "2.1 Materials"))[1] == "text"
    assert kinds(body(100), part(250, "2 Materials 17"), body(300))[1] == "text"


def test_higher_lines_of_text_are_no_headings_unless_their_letters_are_wider():
    higher = part(250, FULL[:-1], height=27)
    assert "heading" not in kinds(body(100), higher, body(300))
    [row] = higher.rows
    wider = replace(row, box=replace(row.box, right=row.box.left + 1.3 * row.box.width))
    assert kinds(body(100), replace(higher, rows=(wider,)), body(300))[1] == "heading"


@pytest.mark.parametrize(
    "text", ["• A larger one", "A sentence of more than ten words is none, however large."]
)
def test_items_and_sentences_are_no_headings_however_large(text):
    assert "heading" not in kinds(body(100), part(250, text, height=30), body(320))


def test_items_that_follow_each_other_are_a_list():
    found = kinds(body(100), part(250, "1. a pound of salt"), part(280, "2. a stone"), body(320))
    assert found == ["paragraph", "list", "list", "paragraph"]
    assert kinds(body(100), part(250, "• a pound of salt"), body(320))[1] == "list"


@pytest.mark.parametrize(
    "text",
    ["Figure 3: A ship", "Fig. 12. A ship", "Abb. 4 Ein Schiff", "TABLE II", "Tableau 1 – Un"],
)
def test_captions(text):
    assert kinds(body(100), part(250, text), body(320))[1] == "caption"


@pytest.mark.parametrize(
    "text", ["Figure 3 shows that a ship is large.", "Table manners matter a great deal at sea."]
)
def test_text_that_speaks_of_a_figure_is_no_caption(text):
    assert kinds(body(100), part(250, text), body(320))[1] == "paragraph"


def test_a_table_is_a_table_and_may_have_a_heading():
    table = Table(Box(100, 320, 700, 600), (), ())
    assert kinds(body(100), part(270, "Costs and income"), table)[1:] == ["heading", "table"]


def test_page_numbers_and_running_heads_are_looked_for_beside_prose_alone():
    assert kinds(part(40, "17"), body(300)) == ["page-number", "paragraph"]
    assert kinds(part(40, "17"), part(300, "Bread")) == ["text", "text"]


def test_an_empty_page_has_no_kinds():
    assert kinds() == []
