import pytest

from ocr_core.text_layer.plausibility import (
    IMPLAUSIBLE,
    has_implausible_font,
    least_likely,
    likelihood,
)
from ocr_core.text_layer.words import read_words

PLAIN = "the letter of last week about the account with some numbers in it"
SHIFTED = PLAIN.translate({code: code + 1 for code in range(ord("a"), ord("z"))})
OTHERS = (
    "la carta de la semana pasada sobre la cuenta con algunos números",
    "der Brief der letzten Woche über das Konto mit einigen Zahlen darin",
    "nibh ornare dictum enim orci phasellus dui donec volutpat tempus",
)


@pytest.mark.parametrize("text", [PLAIN, *OTHERS])
def test_languages_are_plausible(text):
    assert likelihood(text) > IMPLAUSIBLE


def test_other_letters_than_those_printed_are_not():
    assert likelihood(SHIFTED) < IMPLAUSIBLE
    assert likelihood("") == 0


def test_the_least_likely_texts_come_first():
    assert least_likely([PLAIN, SHIFTED, OTHERS[0]], 2)[0] == 1
    assert len(least_likely([PLAIN, SHIFTED], 5)) == 2
    assert least_likely([], 3) == []


def has_one(pdf, *lines):
    for row, (text, font) in enumerate(lines):
        pdf.write(text, 10, 40 + 20 * row, font=font, fontsize=9)
    return has_implausible_font(read_words(pdf.page.get_displaylist()))


def test_one_font_that_lies_is_found_among_others(pdf):
    assert has_one(pdf, (PLAIN, "tiro"), (SHIFTED, "cour"), (OTHERS[1], "tiro"))


def test_fonts_that_tell_the_truth_are_believed(pdf):
    assert not has_one(pdf, (PLAIN, "tiro"), (OTHERS[0], "cour"), (OTHERS[1], "helv"))


def test_numbers_codes_capitals_and_other_scripts_tell_nothing(pdf):
    strange = "XKCD-4711 QWRTZ 12.345,60 pdflatex_x86 Αθήνα Москва " * 2
    assert not has_one(pdf, (strange, "tiro"))


def test_a_page_without_words_has_no_such_font(pdf):
    assert not has_implausible_font(read_words(pdf.page.get_displaylist()))
