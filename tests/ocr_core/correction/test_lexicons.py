import math

import pytest
import wordfreq

from ocr_core.correction import lexicons
from ocr_core.correction.lexicons import WordTable
from ocr_core.errors import ConfigError


@pytest.fixture(scope="module")
def english():
    return lexicons.load("en")


def test_words_are_known_however_rare_and_misspellings_are_not(english):
    assert "abacus" in english
    assert "neighbouring" in english
    for word in ("tbe", "thcir", "receivcd", "tlie"):
        assert word not in english


def test_common_words_are_more_likely(english):
    assert english.log_frequency("the") > english.log_frequency("house") > -12
    assert english.log_frequency("xqzvw") == pytest.approx(-20.7, abs=0.1)


def test_rare_words_are_rarer_than_common_ones_and_less_so_than_what_nobody_lists(english):
    assert english.log_frequency("house") > english.log_frequency("dashwood")
    assert english.log_frequency("dashwood") > english.log_frequency("xqzvw") + 3
    assert not english.is_common("dashwood")


def test_only_common_words_may_be_meant(english):
    assert english.is_common("their")
    assert not english.is_common("thcir")
    assert not english.is_common("abacinate")


def test_typewriters_without_umlauts_are_understood():
    german = lexicons.load("de")
    for word in ("erzählen", "erzaehlen", "strasse", "haeufig"):
        assert german.is_common(word)
    assert german.log_frequency("haeufig") >= german.log_frequency("häufig") - 1


def test_words_with_a_sharp_s_are_words():
    german = lexicons.load("de")
    for word in ("schließen", "straße", "schliessen"):
        assert german.is_common(word)
    assert german.log_frequency("schließen") == german.log_frequency("schliessen")
    assert "groß" in lexicons.load("en", ("groß",))


def test_a_table_tells_its_words_from_others():
    table = WordTable(["one", "two", "three"], [1, 2, 255])
    assert [table.get(word) for word in ("one", "two", "three", "four", "")] == [1, 2, 255, 0, 0]
    assert WordTable([], []).get("one") == 0


def test_frequencies_are_those_of_wordfreq():
    frequencies = wordfreq.get_frequency_dict("nl", "large")
    dutch = lexicons.load("nl")
    for word in ("de", "mogelijk", "spoorwegmuseum", "straatnaamborden"):
        expected = math.log(max(frequencies.get(word, 0), lexicons.UNLISTED))
        assert dutch.log_frequency(word) == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize(
    ("language", "known"),
    [
        ("de", "bestätigen"),
        ("fr", "déjà"),
        ("es", "también"),
        ("it", "perché"),
        ("pt", "não"),
        ("nl", "mogelijk"),
    ],
)
def test_other_languages_have_theirs(language, known):
    assert known in lexicons.load(language)
    assert "whereupon" not in lexicons.load("de")


def test_a_language_without_lexicon_is_refused():
    with pytest.raises(ConfigError, match="no lexicon for 'tlh'"):
        lexicons.load("tlh")


def test_a_users_own_words_are_known_and_may_be_meant(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("Quetzalcóatl\n\nSnarkhunt\n")
    lexicon = lexicons.load("en", lexicons.own_words(path))
    assert "snarkhunt" in lexicon
    assert lexicon.is_common("snarkhunt")
    assert "quetzalcóatl" in lexicon
    assert "snarkhunt" not in lexicons.load("en")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00bad\xd8"])
def test_a_file_that_is_no_text_is_refused(tmp_path, content):
    path = tmp_path / "words.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="cannot read the words"):
        lexicons.own_words(path)
