import pytest

from ocr_core.correction import lexicons
from ocr_core.correction.lexicons import Lexicon
from ocr_core.errors import ConfigError


@pytest.fixture(scope="module")
def english():
    return lexicons.load("en")


def words_of(candidates):
    return {candidate.word for candidate in candidates}


def test_words_are_known_however_rare_and_misspellings_are_not(english):
    assert "abacus" in english
    assert "neighbouring" in english
    for word in ("tbe", "thcir", "receivcd", "tlie"):
        assert word not in english


def test_common_words_are_more_likely(english):
    assert english.log_frequency("the") > english.log_frequency("house") > -12
    assert english.log_frequency("xqzvw") == pytest.approx(-20.7, abs=0.1)


def test_candidates_are_a_letter_away_or_two_in_long_words(english):
    assert words_of(english.candidates("thcir")) >= {"their"}
    assert "the" not in words_of(english.candidates("tlie"))
    assert "government" in words_of(english.candidates("govermnent"))
    assert "received" in words_of(english.candidates("receivcd"))


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
    assert words_of(lexicon.candidates("snarkhnnt")) == {"snarkhunt"}
    assert "quetzalcóatl" in lexicon
    assert "snarkhunt" not in lexicons.load("en")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00bad\xd8"])
def test_a_file_that_is_no_text_is_refused(tmp_path, content):
    path = tmp_path / "words.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="cannot read the words"):
        lexicons.own_words(path)


def test_a_swap_is_two_letters_wrong():
    lexicon = Lexicon({"there": 1e-3})
    assert lexicon.candidates("theer") == []
    assert words_of(lexicon.candidates("thcre")) == {"there"}
