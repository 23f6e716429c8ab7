import pytest

from ocr_core.section_titles import heads, is_title


@pytest.mark.parametrize(
    "text",
    [
        "2.1 Materials",
        "4.3.2. Tests of it",
        "A.2 Proofs",
        "5.1 über alles",
        "3.2 Tests (2019-05-27)",
    ],
)
def test_numbers_of_two_levels_or_more_tell_titles(text):
    assert is_title(text)


@pytest.mark.parametrize(
    "text",
    [
        "3 Results",  # an item, a page, a house?
        "2.1 Materials . . . . 17",
        "2.1 Materials 17",
        "2.1 is what we found.",
        "1.5 kg of flour",
        "2.50 %",
        "12.05.2019 09:15",
        "2.1 " + "word " * 12,
        "2.1",
        "",
    ],
)
def test_what_else_begins_with_numbers_is_no_title(text):
    assert not is_title(text)


def test_a_title_heads_running_text_or_a_title_within_its_section():
    assert heads("4.1 Tests", "We begin with what was known.")
    assert heads("4.1 Tests", "4.1.1 Of the first kind")
    assert heads("4 Tests", "4.1 Of the first kind")


def test_a_title_does_not_head_what_goes_on_or_has_few_words():
    assert not heads("4.1 Tests", "that were made and said to be of use")
    assert not heads("2.50 Coffee", "Total 2.50")
    assert not heads("4 Tests", "5.1 Of the first kind")
    assert not heads("4 Tests", "We begin with what was known.")
