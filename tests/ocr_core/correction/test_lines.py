from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from ocr_core.correction import lexicons
from ocr_core.correction.judging import accepted
from ocr_core.correction.lines import GATE, Corrector, core_of, put_right, strangeness_of
from ocr_core.correction.proposals import Vocabulary
from schemas import Box, Edit, Line, Quad, Word
from tests.ocr_core.correction.readings import line_of


@pytest.fixture(scope="module")
def english():
    return lexicons.load("en")


def corrected(line, lexicon, page="", **given):
    corrector = Corrector(Vocabulary(lexicon, Counter()), Counter(page.split()))
    found = corrector.find(line, **given)
    is_accepted = accepted([finding.verdict for finding in found])
    return put_right(line, [one for one, taken in zip(found, is_accepted, strict=True) if taken])


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("they receivcd it", "they received it"),
        ("a beautifui day", "a beautiful day"),
        ("Thcir house", "Their house"),
        ("it ended. Lctters came", "it ended. Letters came"),
        ("he (alwavs) came,", "he (always) came,"),
        ("OUR GOVERNNENT SAYS", "OUR GOVERNMENT SAYS"),
        ("the He11o sign", "the Hello sign"),
    ],
)
def test_a_word_in_doubt_is_put_right_where_the_image_agrees(text, means, english):
    line = corrected(line_of(text, means), english)
    assert line.text == means
    assert line.raw_text == text
    assert " ".join(word.text for word in line.words) == means
    assert " ".join(word.raw_text for word in line.words) == text
    assert [word.corrected for word in line.words] == [
        a != b for a, b in zip(text.split(), means.split(), strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("they receivcd it", None),
        ("a beautifui day", None),
        ("the He11o sign", None),
        ("paid 1O.5O", None),
    ],
)
def test_what_the_image_does_not_bear_out_stays(text, means, english):
    line = line_of(text, means)
    assert corrected(line, english) is line


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("mail receivcd@example.org", "mail received@example.org"),
        ("item rec3ivcd there", "item rec3ived there"),
        ("the receiv-", "the receive"),
        ("a wouid/could thing", "a would/could thing"),
    ],
)
def test_addresses_codes_and_parts_of_words_stay(text, means, english):
    line = line_of(text, means)
    assert corrected(line, english) is line


def test_digits_of_a_number_stay_whatever_the_image_allows(english):
    line = line_of("sum 1234.56", "sum 7234.56", chance=0.49)
    assert corrected(line, english) is line


def test_letters_in_a_number_become_digits_with_a_reason(english):
    line = corrected(line_of("sum 1,2S0.O0", "sum 1,250.00", chance=0.49), english)
    assert line.text == "sum 1,250.00"
    assert [edit.reason for edit in line.edits] == ["number"]


def test_a_word_read_with_confidence_stays(english):
    line = line_of("they receivcd it", "they received it", confidence=GATE)
    assert corrected(line, english) is line


def test_the_rest_of_a_divided_word_stays(english):
    line = line_of("receivcd it", "received it")
    assert corrected(line, english, skips_first=True) is line


def test_a_line_without_evidence_stays(english):
    word = Word("receivcd", "receivcd", Box(0, 0, 9, 9), 0.6)
    line = Line("receivcd", "receivcd", 0.6, Quad(0, 0, 9, 0, 9, 9, 0, 9), (word,))
    assert corrected(line, english) is line


def test_every_edit_tells_its_place_in_what_was_read(english):
    line = corrected(line_of("those lettcrs (receivcd)", "those letters (received)"), english)
    assert line.edits == (
        Edit(6, 13, "lettcrs", "letters", "lexicon"),
        Edit(15, 23, "receivcd", "received", "lexicon"),
    )
    for edit in line.edits:
        assert line.raw_text[edit.start : edit.end] == edit.before


def test_two_words_without_a_space_are_parted_where_the_image_shows_one(english):
    text = "people ofthe town"
    line = line_of(text)
    seen = line.evidence.log_probabilities.copy()
    gap = 2 * (text.index("ofthe") + 2) - 1  # the blank after "of"
    seen[gap, 1 + line.evidence.characters.index(" ")] = np.log(0.4)
    shown = type(line.evidence)(line.evidence.characters, seen, line.evidence.spans)
    assert corrected(line, english) is line
    parted = corrected(_with(line, shown), english)
    assert parted.text == "people of the town"
    assert parted.words[1].text == "of the"
    assert [edit.reason for edit in parted.edits] == ["split"]


def test_one_word_with_a_space_that_is_none_is_joined(english):
    text = "went to gether home"
    line = line_of(text)
    seen = line.evidence.log_probabilities.copy()
    seen[2 * text.index(" gether"), 0] = np.log(0.4)  # the space may as well be nothing
    shown = type(line.evidence)(line.evidence.characters, seen, line.evidence.spans)
    assert corrected(line, english) is line
    joined = corrected(_with(line, shown), english)
    assert joined.text == "went together home"
    assert [word.text for word in joined.words] == ["went", "together", "home"]
    assert joined.words[1].raw_text == "to gether"
    assert joined.edits == (Edit(5, 14, "to gether", "together", "merge"),)


def _with(line, shown):
    return replace(line, evidence=shown)


@pytest.mark.parametrize(
    ("token", "core"),
    [
        ("word", "word"),
        ("(word),", "word"),
        ("l'histoire", "histoire"),
        ("dell’arte.", "arte"),
        ("don't", "don't"),
        ("exam-", ""),
        ("...", ""),
    ],
)
def test_a_core_is_the_word_without_what_belongs_to_the_sentence(token, core):
    assert core_of(token) == core


def test_strange_is_what_nobody_lists_of_words_that_tell(english):
    vocabulary = Vocabulary(english, Counter({"dashwood": 2}))
    words = Counter({"house": 2, "xqzv": 1, "dashwood": 1, "12": 5, "zq": 3})
    assert strangeness_of(words, vocabulary) == 0.25
    assert strangeness_of(Counter(), vocabulary) == 0


def test_a_word_of_a_line_that_is_past_help_stays(english):
    line = line_of("tasy left us", "they left us", chance=0.1)
    assert corrected(line, english).text == "they left us"
    strange = line_of("xqzv wrpt tasy bvvn krrt", "xqzv wrpt they bvvn krrt", chance=0.1)
    assert corrected(strange, english).edits == ()
