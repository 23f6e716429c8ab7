import pytest

from ocr_core.correction import lexicons
from ocr_core.correction.proposals import merged, proposals


@pytest.fixture(scope="module")
def english():
    return lexicons.load("en")


def given(core, lexicon, starts_sentence=False):
    return {one.text: one.reason for one in proposals(core, lexicon, starts_sentence)}


@pytest.mark.parametrize(
    ("core", "text", "reason"),
    [
        ("receivcd", "received", "lexicon"),
        ("Thcir", "Their", "lexicon"),
        ("GOVERNNENT", "GOVERNMENT", "lexicon"),
        ("govermnent", "government", "lexicon"),  # two letters of a long word
        ("ofthe", "of the", "split"),
        ("Ofthe", "Of the", "split"),
        ("He11o", "Hello", "shape"),
        ("W0rld", "World", "shape"),
        ("H0USE", "HOUSE", "shape"),
        ("1O.5O", "10.50", "number"),
        ("2O19", "2019", "number"),
        ("1,2S0.00", "1,250.00", "number"),
        ("l2", "12", "number"),
    ],
)
def test_what_may_be_meant_is_proposed_with_its_reason(core, text, reason, english):
    assert given(core, english).get(text) == reason


@pytest.mark.parametrize(
    "core",
    [
        "",
        "tbe",  # short: too many neighbours
        "received",  # known
        "iPhonc",  # a code or a name
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
    assert "Bestellung" in given("Bestcllung", german)


def test_a_name_speaks_against_a_word_more_than_a_misread_word_does(english):
    def prior(core, starts_sentence):
        found = proposals(core, english, starts_sentence)
        return next(one.prior for one in found if one.text == "Letter")

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
