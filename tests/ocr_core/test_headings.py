from dataclasses import replace

import pytest

from tests.page_parts import FULL, body, kinds, part


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
