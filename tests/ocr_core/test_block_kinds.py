import pytest

from ocr_core.tables.model import Table
from schemas import Box
from tests.page_parts import body, kinds, part


def test_running_text_is_a_paragraph():
    assert kinds(body(300), body(450)) == ["paragraph", "paragraph"]


def test_what_nothing_can_be_told_of_is_text():
    assert kinds(part(300, "Sir"), part(500, "No 5")) == ["text", "text"]


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
