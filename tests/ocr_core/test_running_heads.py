import pytest

from ocr_core.running_heads import Strip, find_running_heads, is_page_number
from schemas import Box

SHEET = Box(0, 0, 700, 1000)
BODY = Strip(Box(100, 150, 600, 850), "the text", 20, 25)


def strip(top: float, text: str, left: float = 300, row_count: int = 1, height: float = 20):
    box = Box(left, top, left + 100, top + height * row_count)
    return Strip(box, text, height, row_count)


def heads(*strips: Strip):
    return find_running_heads([*strips, BODY], SHEET, line_height=20, white=6)


@pytest.mark.parametrize(
    "text", ["7", "- 12 -", "[123]", "xiv", "Page 3", "page 3 of 9", "Seite 4", "3/9", "S. 17"]
)
def test_page_numbers(text):
    assert is_page_number(text)


@pytest.mark.parametrize("text", ["", "-", "12 May", "1,250", "12345", "X", "civil", "A4"])
def test_other_texts_are_no_page_numbers(text):
    assert not is_page_number(text)


def test_a_page_number_above_or_below_the_text():
    assert heads(strip(60, "12")) == {0: "page-number"}
    assert heads(strip(900, "12")) == {0: "page-number"}


def test_a_running_head_is_set_off_from_the_text():
    assert heads(strip(80, "The Origin of Species")) == {0: "header"}
    assert heads(strip(120, "The Origin of Species")) == {}


def test_with_a_page_number_it_may_stand_nearer_to_the_text():
    assert heads(strip(115, "The Origin of Species 12")) == {0: "header"}
    assert heads(strip(115, "12 The Origin of Species")) == {0: "header"}
    assert heads(strip(115, "1. The Origin of Species")) == {}


def test_a_head_and_a_page_number_in_one_row():
    found = heads(strip(60, "12", left=100), strip(60, "Of Species", left=400))
    assert found == {0: "page-number", 1: "header"}


def test_a_foot_may_have_two_lines():
    assert heads(strip(930, "Form 12 Previous editions", row_count=2)) == {0: "footer"}
    assert heads(strip(930, "word " * 20, row_count=2)) == {}


def test_a_title_is_larger_than_a_head():
    assert heads(strip(60, "The Origin of Species", height=34)) == {}


def test_a_page_of_nothing_else_has_no_heads():
    assert find_running_heads([strip(60, "12")], SHEET, 20, 6) == {}
    assert find_running_heads([], SHEET, 20, 6) == {}
