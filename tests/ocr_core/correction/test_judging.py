from ocr_core.correction.judging import Doubt, Weighed, accepted
from ocr_core.correction.judging import judge as verdict_on
from ocr_core.correction.proposals import Proposal


def weighed(text, prior=12.0, seen=-1.0, reason="lexicon"):
    return Weighed(Proposal(text, prior, reason), seen)


def judge(read, confidence, given, count=1, strangeness=0.05):
    """The proposal that is taken, or None."""
    verdict = verdict_on(Doubt(read, confidence, count, strangeness), given)
    return verdict.proposal if verdict and accepted([verdict])[0] else None


def test_a_usual_word_that_the_image_allows_is_taken():
    assert judge("receivcd", 0.8, [weighed("received")]).text == "received"


def test_what_the_image_denies_is_not():
    assert judge("receivcd", 0.8, [weighed("received", prior=20.0, seen=-9.5)]) is None
    assert judge("receivcd", 0.8, [weighed("received", prior=6.0, seen=-5.0)]) is None


def test_what_is_hardly_more_usual_is_not():
    assert judge("receivcd", 0.8, [weighed("received", prior=1.0)]) is None


def test_of_two_that_are_alike_none_is_taken():
    both = [weighed("received", prior=5.0), weighed("deceived", prior=4.9)]
    assert judge("receivcd", 0.8, both) is None
    assert judge("receivcd", 0.8, both[:1]).text == "received"
    seen = [both[0], weighed("deceived", prior=4.9, seen=-8.0)]
    assert judge("receivcd", 0.8, seen).text == "received"


def test_an_unreadable_word_is_left_alone():
    assert judge("rcccivcd", 0.02, [weighed("received", prior=9.5)]) is None


def test_accents_are_added_only_if_the_image_shows_them():
    accent = weighed("erzählte", seen=2.1)
    assert judge("erzahlte", 0.8, [accent]) is None
    assert judge("erzahlte", 0.8, [weighed("erzählte", seen=2.3)]).text == "erzählte"
    assert judge("erzahltc", 0.8, [accent]).text == "erzählte"


def test_of_words_that_differ_by_accents_the_usual_one_counts():
    both = [weighed("problème", prior=13), weighed("probleme", prior=10, seen=0.0)]
    assert judge("problēme", 0.8, both).text == "problème"


def test_a_letter_more_or_less_needs_more_proof():
    assert judge("receivd", 0.8, [weighed("received", prior=6.0)]) is None
    assert judge("receivcd", 0.8, [weighed("received", prior=6.0)]).text == "received"


def test_what_the_page_has_often_needs_more_proof():
    assert judge("receivcd", 0.8, [weighed("received", prior=3.5)], count=1) is not None
    assert judge("receivcd", 0.8, [weighed("received", prior=3.5)], count=20) is None


def number(text, seen=-3.0):
    return weighed(text, prior=7.0, seen=seen, reason="number")


def test_look_alike_letters_in_numbers_are_digits_whatever_else_the_image_says():
    assert judge("194l", 0.6, [number("1941")]).text == "1941"
    assert judge("194l", 0.6, [number("1941", seen=-9.5)]) is None


def test_other_letters_in_numbers_are_if_the_image_nearly_says_so():
    assert judge("2Z66", 0.9, [number("2266")]) is None
    assert judge("2Z66", 0.9, [number("2266", seen=-0.3)]).text == "2266"


def test_a_number_that_is_hardly_read_stays():
    assert judge("9O17", 0.4, [number("9017")]) is None


def test_an_edit_that_is_nearly_sure_is_made_where_others_put_the_same_right():
    sure = verdict_on(Doubt("proteot", 0.8), [weighed("protect", prior=10)])
    unsure = verdict_on(Doubt("aot", 0.8), [weighed("act", prior=5.0)])
    other = verdict_on(Doubt("tbe", 0.8), [weighed("the", prior=5.0)])
    assert accepted([unsure, other]) == [False, False]
    assert accepted([unsure, sure, other]) == [True, True, False]


def test_nothing_comes_of_nothing():
    assert judge("receivcd", 0.8, []) is None


def test_a_word_among_others_that_nobody_lists_needs_more_proof():
    given = [weighed("received", prior=6.0)]
    assert judge("receivcd", 0.8, given, strangeness=0.0) is not None
    assert judge("receivcd", 0.8, given, strangeness=0.9) is None


def test_an_accent_that_was_read_leaves_a_word_in_doubt_that_another_has_with_one():
    este, con_acento = weighed("este", prior=14, seen=-1.9), weighed("esté", prior=10, seen=-2.5)
    assert judge("estě", 0.8, [este]).text == "este"
    assert judge("estě", 0.8, [este, con_acento]) is None
    assert judge("estc", 0.8, [este, con_acento]).text == "este"
