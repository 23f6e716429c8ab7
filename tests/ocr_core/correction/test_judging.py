from ocr_core.correction.judging import Weighed, judge
from ocr_core.correction.proposals import Proposal


def weighed(text, prior=12.0, seen=-1.0, reason="lexicon"):
    return Weighed(Proposal(text, prior, reason), seen)


def test_a_usual_word_that_the_image_allows_is_taken():
    assert judge("receivcd", 0.8, [weighed("received")]).text == "received"


def test_what_the_image_denies_is_not():
    assert judge("receivcd", 0.8, [weighed("received", seen=-9.0)]) is None
    assert judge("receivcd", 0.8, [weighed("received", prior=6.0, seen=-5.0)]) is None


def test_what_is_hardly_more_usual_is_not():
    assert judge("receivcd", 0.8, [weighed("received", prior=3.9)]) is None


def test_of_two_that_are_alike_none_is_taken():
    both = [weighed("received", prior=9.5), weighed("deceived", prior=9.4)]
    assert judge("receivcd", 0.8, both) is None
    assert judge("receivcd", 0.8, both[:1]).text == "received"
    seen = [both[0], weighed("deceived", prior=9.4, seen=-8.0)]
    assert judge("receivcd", 0.8, seen).text == "received"


def test_an_unreadable_word_is_left_alone():
    assert judge("rcccivcd", 0.02, [weighed("received", prior=9.5)]) is None


def test_accents_are_never_added_against_the_image():
    accent = weighed("erzählte", seen=-0.1)
    assert judge("erzahlte", 0.8, [accent]) is None
    assert judge("erzahlte", 0.8, [weighed("erzählte", seen=0.1)]).text == "erzählte"
    assert judge("erzahltc", 0.8, [accent]).text == "erzählte"


def test_of_words_that_differ_by_accents_the_usual_one_counts():
    both = [weighed("problème", prior=13), weighed("probleme", prior=10, seen=0.0)]
    assert judge("problēme", 0.8, both).text == "problème"


def test_a_letter_more_or_less_needs_more_proof():
    assert judge("receivd", 0.8, [weighed("received", prior=10.0)]) is None
    assert judge("receivcd", 0.8, [weighed("received", prior=10.0)]).text == "received"


def test_nothing_comes_of_nothing():
    assert judge("receivcd", 0.8, []) is None
