import pytest

from ocr_core.correction import lexicons
from ocr_core.correction.judging import ENOUGH, WEIGHT
from ocr_core.correction.pages import correct_page, tell_language
from ocr_core.explaining import doubts
from tests.ocr_core.correction.test_pages import ENGLISH, doubtful, page_of, sure


def tried(read, means):
    page = tell_language(page_of(doubtful(read, means), sure(ENGLISH)))
    corrected = correct_page(page, lexicons.load).lines[0]
    return doubts.try_words(page, page.lines[0], corrected, lexicons.load("en")), corrected


def test_a_word_that_was_put_right_is_told_with_its_candidates():
    [trial], corrected = tried("they receivcd it", "they received it")
    assert corrected.text == "they received it"
    assert (trial.read, trial.taken) == ("receivcd", "received")
    best = trial.candidates[0]
    assert (best.proposal.text, best.proposal.reason) == ("received", "lexicon")
    assert best.gain == pytest.approx(best.seen + WEIGHT * best.proposal.prior)
    assert trial.log_odds >= ENOUGH
    gains = [one.gain for one in trial.candidates]
    assert gains == sorted(gains, reverse=True)


def test_a_word_that_stays_is_told_too():
    page = tell_language(page_of(doubtful("they receivcd it", "they received it"), sure(ENGLISH)))
    line = page.lines[0]
    [trial] = doubts.try_words(page, line, line, lexicons.load("en"))  # as if nothing was done
    assert (trial.read, trial.taken) == ("receivcd", "")


def test_words_without_doubt_are_not_tried():
    page = page_of(sure(ENGLISH))
    assert doubts.try_words(page, page.lines[0], page.lines[0], lexicons.load("en")) == []
