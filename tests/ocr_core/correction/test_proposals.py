from collections import Counter

import pytest

from ocr_core.correction import lexicons
from ocr_core.correction.proposals import Vocabulary, is_in_doubt, merged, proposals


@pytest.fixture(scope="module")
def english():
    return lexicons.load("en")


def given(core, lexicon, variants=(), seen=()):
    """What is proposed for a word, and why."""
    vocabulary = Vocabulary(lexicon, Counter(seen))
    if not is_in_doubt(core, vocabulary):
        return {}
    return {one.text: one.reason for one in proposals(core, variants, vocabulary, False)}


@pytest.mark.parametrize(
    ("core", "text", "reason"),
    [
        ("receivcd", "received", "lexicon"),
        ("Thcir", "Their", "lexicon"),
        ("GOVERNNENT", "GOVERNMENT", "lexicon"),
        ("govermnent", "government", "lexicon"),  # two letters of a long word
        ("ofthe", "of the", "split"),
        ("Ofthe", "Of the", "split"),
        ("oRANGE", "ORANGE", "case"),
        ("kesidence", "Residence", "lexicon"),
        ("He11o", "Hello", "shape"),
        ("W0rld", "World", "shape"),
        ("H0USE", "HOUSE", "shape"),
        ("1O.5O", "10.50", "number"),
        ("2O19", "2019", "number"),
        ("1,2S0.00", "1,250.00", "number"),
        ("l2", "12", "number"),
        ("l5th", "15th", "number"),
    ],
)
def test_what_may_be_meant_is_proposed_with_its_reason(core, text, reason, english):
    assert given(core, english, [text, "xqzv"]) == {text: reason}


@pytest.mark.parametrize(
    "core",
    [
        "",
        "iPhone",
        "McDonald",
        "PhDs",
        "tb",  # short: too many neighbours
        "received",  # known
        "A4B8X",
        "12.50",
        "l",
        "receivcd@example",
        "1851-B",
        "860671-D",
        "41B",
        "12/O3",
    ],
)
def test_nothing_is_proposed_for_what_is_known_or_no_word(core, english):
    assert given(core, english) == {}


def test_compounds_of_known_words_are_words():
    german = lexicons.load("de")
    assert given("Bestellungsnummer", german) == {}
    assert given("Donaudampfschiff", german) == {}
    assert given("Bestcllung", german, ["Bestellung"]) == {"Bestellung": "lexicon"}


def test_what_the_page_has_twice_with_confidence_is_meant_so(english):
    assert given("Thcir", english, ["Their"], ["thcir"])
    assert given("Thcir", english, ["Their"], ["thcir"] * 2) == {}


def test_names_that_the_page_has_elsewhere_may_be_meant(english):
    assert given("Praenkel", english, ["Fraenkel"]) == {}
    once, twice = ["fraenkel"], ["fraenkel"] * 2
    assert given("Praenkel", english, ["Fraenkel"], once) == {}
    assert given("Praenkel", english, ["Fraenkel"], twice) == {"Fraenkel": "page"}


def test_a_word_that_lost_its_accent_is_not_meant():
    french = lexicons.load("fr")
    assert given("hème", french, ["meme", "même"]) == {"même": "lexicon"}


def test_a_letter_that_was_misread_may_have_had_an_accent():
    french = lexicons.load("fr")
    assert given("tiches", french, ["taches"]) == {}
    both = given("tiches", french, ["taches", "tâches"])
    assert both == {"taches": "lexicon", "tâches": "lexicon"}  # the image chooses


def test_an_accent_beside_a_misread_one_proves_nothing_where_both_spellings_are_in_use():
    french = lexicons.load("fr")
    assert given("aîná", french, ["aîné"]) == {}  # or ainé
    assert given("aînc", french, ["aîné"]) == {"aîné": "lexicon"}  # no accent was misread
    assert given("prémîer", french, ["prémier", "premier"]) == {"premier": "lexicon"}
    assert given("évènément", french, ["évènement"]) == {"évènement": "lexicon"}  # not evenement


def test_neither_halves_nor_capitals_make_a_word_that_lacks_its_accent():
    italian, spanish = lexicons.load("it"), lexicons.load("es")
    assert merged("modalit", "a", italian) is None
    assert merged("modalit", "à", italian).text == "modalità"
    assert given("BOToN", spanish) == {}


def test_common_words_of_other_languages_are_quotations(english):
    def prior(core):
        vocabulary = Vocabulary(english, Counter())
        return next(proposals(core, ["song"], vocabulary, False)).prior

    assert prior("sonq") > prior("sono") + 6


def test_a_name_speaks_against_a_word_more_than_a_misread_word_does(english):
    def prior(core, starts_sentence):
        vocabulary = Vocabulary(english, Counter())
        return next(proposals(core, ["Letter"], vocabulary, starts_sentence)).prior

    assert prior("Lctter", True) > prior("Lctter", False) + 3


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("to", "gether", "together"),
        ("govern", "ment", "government"),
        ("a", "head", None),  # two words as they are
        ("the", "Smith", None),
        ("12", "30", None),
        ("xq", "zv", None),
    ],
)
def test_two_halves_may_be_one_word(first, second, text, english):
    proposal = merged(first, second, english)
    assert (proposal.text if proposal else None) == text
