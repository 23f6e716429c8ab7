import pytest

from ocr_core.hyphens import join_lines, words_of


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["The inter-", "national court"], "The international court"),
        (["die Über-", "führung"], "die Überführung"),
        (["con¬", "tinued"], "continued"),
        (["con\N{SOFT HYPHEN}", "tinued"], "continued"),
        (["con\N{HYPHEN}", "tinued"], "continued"),
        (["Rhein-", "Main-Gebiet"], "Rhein-Main-Gebiet"),
        (["Baden-Würt-", "temberg"], "Baden-Würt-temberg"),  # nothing tells which hyphen stays
        (["in 1914-", "1918 and"], "in 1914-1918 and"),
        (["COVID-", "19"], "COVID-19"),
        (["Vor- und", "Nachteile"], "Vor- und Nachteile"),
        (["Vor-", "und Nachteile"], "Vor- und Nachteile"),
        (["a dash -", "so"], "a dash - so"),
        (["a dash --", "so"], "a dash -- so"),
        (["etc-", "Die Sonne"], "etc- Die Sonne"),
        (["dit-", "il alors"], "dit-il alors"),
        (["INTER-", "NATIONAL"], "INTERNATIONAL"),
        (["in the end", "it was"], "in the end it was"),
        (["cost 5-", "(five)"], "cost 5- (five)"),
        (["", "only"], "only"),
        ([], ""),
    ],
)
def test_lines_are_joined(lines, text):
    assert join_lines(lines) == text


def test_a_word_that_stands_whole_elsewhere_tells_whether_its_hyphen_stays():
    divided = ["a well-", "known peace-", "keeping force"]
    known = words_of(["well-known", "peacekeeping"])
    assert join_lines(divided, known) == "a well-known peacekeeping force"


def test_halves_of_divided_words_are_not_known():
    assert words_of(["one two-", "three"]) == {"one", "three"}
