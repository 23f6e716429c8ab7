from dataclasses import replace

import pytest

from ocr_core.correction import lexicons, pages
from ocr_core.correction.pages import (
    CORRECTED,
    LEAST_PRECISION,
    MEASURED,
    correct_lines,
    correct_page,
    lexicon_for,
    tell_language,
)
from schemas import Box, Line, Page, PageRef, Quad, Word
from tests.ocr_core.correction.readings import line_of

ENGLISH = (
    "the following letter about these people would receive money from their government during "
    "every winter when small children learned another song together"
)
GERMAN = (
    "Sehr geehrte Damen und Herren hiermit bestätigen wir den Eingang Ihrer Bestellung welche "
    "morgen verschickt werden soll sobald unsere Lieferung eingetroffen ist"
)
FINNISH = "tämä on vain yksi asia jonka voi tehdä kun ei ole muuta niin kuin se on ollut aina ennen"


ALIKE = ("proteot", "disoover", "eleotion")


def sure(text, top=900.0):
    box = Box(0, top, 20 * len(text), top + 20)
    words = tuple(Word(word, word, box, 0.999) for word in text.split())
    return Line(text, text, 0.99, Quad.from_box(box), words)


def doubtful(text, means, top=0.0, chance=0.3):
    box = Box(0, top, 20 * len(text), top + 20)
    return replace(line_of(text, means, chance=chance), quad=Quad.from_box(box))


def page_of(*lines, **given):
    return Page(PageRef("d", "memory://page", 0), 1000, 1000, 200, lines, **given)


def first_of(page):
    return correct_page(page, lexicons.load).lines[0]


def test_a_page_is_corrected_in_its_language():
    english = page_of(doubtful("they receivcd it", "they received it"), sure(ENGLISH))
    assert first_of(english).text == "they received it"
    assert correct_page(english, lexicons.load).language == "en"
    german = page_of(doubtful("die Bestcllung", "die Bestellung"), sure(GERMAN))
    assert first_of(german).text == "die Bestellung"
    assert correct_page(german, lexicons.load).language == "de"


@pytest.mark.parametrize("context", ["", "few known words", GERMAN, FINNISH])
def test_elsewhere_the_words_of_another_language_stay(context):
    page = page_of(doubtful("they receivcd it", "they received it"), sure(context))
    assert first_of(page).text == "they receivcd it"


def test_a_language_that_is_known_but_has_no_lexicon_is_told():
    page = page_of(doubtful("they receivcd it", "they received it"), sure(FINNISH))
    assert correct_page(page, lexicons.load).language == "fi"


def test_a_language_that_is_given_is_taken():
    page = page_of(doubtful("they receivcd it", "they received it"), language="en")
    assert first_of(page).text == "they received it"


def test_no_evidence_is_left():
    page = page_of(doubtful("they receivcd it", "they received it"), doubtful("few", "few"))
    assert all(line.evidence is None for line in correct_page(page, lexicons.load).lines)
    english = page_of(*page.lines, sure(ENGLISH))
    assert all(line.evidence is None for line in correct_page(english, lexicons.load).lines)


def test_the_rest_of_a_divided_word_stays():
    upper, lower = sure("they were exam-", top=0), doubtful("incdly by them", "inedly by them", 25)
    page = page_of(lower, upper, sure(ENGLISH))
    assert first_of(page).edits == ()


def test_a_word_that_the_page_has_twice_with_confidence_is_meant_so():
    line = doubtful("they receivcd it", "they received it")
    once = page_of(line, sure("and receivcd"), sure(ENGLISH))
    assert first_of(once).edits
    twice = page_of(line, sure("and receivcd or receivcd"), sure(ENGLISH))
    assert first_of(twice).edits == ()


def test_what_the_type_of_a_page_makes_alike_once_it_makes_alike_again():
    less_sure = doubtful("an aot here", "an act here", chance=0.1)
    alone = page_of(less_sure, sure(ENGLISH))
    assert first_of(alone).edits == ()
    others = [doubtful(f"the {word} end", f"the {word.replace('o', 'c')} end") for word in ALIKE]
    with_others = correct_page(page_of(less_sure, *others, sure(ENGLISH)), lexicons.load)
    assert with_others.lines[0].text == "an act here"


def test_languages_are_corrected_that_have_a_lexicon_and_whose_edits_are_right():
    assert set(MEASURED) == set(lexicons.LANGUAGES)
    for language, (right, judged) in MEASURED.items():
        assert (language in CORRECTED) == (right / judged >= LEAST_PRECISION)


def test_a_language_whose_edits_are_too_often_wrong_is_left_alone(monkeypatch):
    page = page_of(doubtful("they receivcd it", "they received it"), sure(ENGLISH))
    monkeypatch.setattr(pages, "CORRECTED", CORRECTED - {"en"})
    assert first_of(page).text == "they receivcd it"
    assert correct_page(page, lexicons.load).language == "en"


def test_a_lexicon_is_asked_for_only_where_it_is_needed():
    asked = []
    page = page_of(doubtful("they receivcd it", "they received it"), sure(ENGLISH))
    for other in (page_of(sure(ENGLISH)), page_of(sure(FINNISH)), page):
        lexicon_for(tell_language(other), asked.append)
    assert asked == ["en"]
    assert lexicon_for(tell_language(page), None) is None
    assert correct_lines(page, None).lines[0].edits == ()


def test_on_a_page_that_is_past_help_a_word_needs_more_proof():
    line = doubtful("it was tasy", "it was they", chance=0.03)
    page = page_of(line, sure(ENGLISH))
    assert first_of(page).text == "it was they"
    strange = " ".join("bcdfg"[number % 5] * 3 + f"{chr(97 + number)}q" for number in range(26))
    past_help = page_of(line, sure(ENGLISH), sure(strange), sure(strange[::-1]), language="en")
    assert first_of(past_help).edits == ()


def test_every_edit_says_what_it_changed_and_why():
    page = page_of(
        doubtful("they receivcd it", "they received it"), doubtful("paid 1O.5O", "paid 10.50"),
        doubtful("the He11o sign", "the Hello sign"), sure(ENGLISH),
    )  # fmt: skip
    lines = correct_page(page, lexicons.load).lines
    assert [line.text for line in lines[:3]] == ["they received it", "paid 10.50", "the Hello sign"]
    assert [edit.reason for line in lines for edit in line.edits] == ["lexicon", "number", "shape"]
    for line in lines:
        for edit in line.edits:
            assert line.raw_text[edit.start : edit.end] == edit.before
            assert edit.after in line.text
