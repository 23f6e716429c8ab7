import pytest

from ocr_core.footnotes import Passage, find_footnotes, size_of, split_notes
from ocr_core.paragraphs import Row
from schemas import Box
from schemas.document import BlockKind

SHEET = Box(0, 0, 1000, 1400)
RULE = Box(100, 1090, 300, 1092)


def passage(top: float, text: str, size: float, kind: BlockKind = "paragraph", left: float = 100):
    return Passage(Box(left, top, left + 380, top + 40), text, size, kind)


BODY = passage(900, "Running text", 16)


def notes(*passages: Passage, rules=()) -> set[int]:
    return find_footnotes([BODY, *passages], SHEET, 16, rules)


@pytest.mark.parametrize(
    "text", ["1 See above.", "12See above.", "* Ibid.", "† The same.", "(3) No."]
)
def test_small_print_with_a_mark_at_the_foot_of_a_column_is_a_note(text):
    assert notes(passage(1100, text, 13)) == {1}


def test_so_is_the_small_print_below_it_but_not_the_number_of_the_page():
    below = passage(1150, "which goes on", 13)
    foot = passage(1300, "12", 13, "page-number")
    assert notes(passage(1100, "1 See above.", 13), below, foot) == {1, 2}


@pytest.mark.parametrize(
    "other",
    [
        passage(1100, "1 As large as the text", 16),
        passage(1100, "Without a mark", 13),
        passage(1100, "1. An item of a list", 13),
        passage(200, "1 In the upper part of the page", 13),
        passage(1100, "1 A row of a table", 13, "table"),
    ],
)
def test_other_print_is_none(other):
    assert notes(other) == set()


def test_nothing_larger_stands_below_a_note_in_its_column():
    note = passage(1000, "1 See above.", 13)
    assert notes(note, passage(1100, "The text goes on", 16)) == set()
    assert notes(note, passage(1100, "The other column", 16, left=520)) == {1}


def test_below_a_rule_notes_are_as_large_as_the_text():
    note = passage(1110, "1. See above.", 16)
    assert notes(note, rules=[RULE]) == {1}
    assert notes(note, rules=[Box(100, 1090, 900, 1092)]) == set()
    assert notes(note, passage(1047, "What is underlined", 16), rules=[RULE]) == set()


def test_the_size_of_print_is_told_by_long_rows():
    long = Row((0,), Box(0, 0, 200, 20), 20, "twenty characters ok")
    assert size_of([long, Row((1,), Box(0, 30, 200, 50), 20, "short")]) == pytest.approx(
        14.14, abs=0.01
    )
    assert size_of([]) == 0


def test_notes_begin_with_symbols_and_with_numbers_that_follow_each_other():
    assert split_notes(["7 See", "12 May", "8 Ibid."]) == [["7 See", "12 May"], ["8 Ibid."]]
    assert split_notes(["* See", "above", "† Ibid."]) == [["* See", "above"], ["† Ibid."]]
    assert split_notes([]) == []
