import unicodedata

import pytest

from ocr_core.charset import Charset, canonical, latin


def test_label_0_is_left_to_the_blank():
    assert Charset("ab").encode("abba") == [1, 2, 2, 1]


def test_decoding_undoes_encoding():
    charset = latin()
    assert charset.decode(charset.encode(charset.characters)) == charset.characters


def test_blanks_are_not_written_and_repeats_are_kept():
    assert Charset("ab").decode([0, 1, 1, 0, 0, 2, 0]) == "aab"


def test_it_tells_what_it_holds():
    charset = Charset("ab ")
    assert charset.holds("a b")
    assert charset.holds("")
    assert not charset.holds("a c")
    with pytest.raises(KeyError):
        charset.encode("c")


def test_no_character_stands_twice():
    with pytest.raises(ValueError, match="twice"):
        Charset("aba")


def test_the_length_is_that_of_the_characters():
    assert len(Charset("ab ")) == 3


def test_latin_holds_what_european_languages_are_printed_with():
    charset = latin()
    assert 300 <= len(charset) <= 350
    for text in (
        "Grüße aus Weißenfels, 3 €",
        "Où ça? «Là-bas», dit-elle…",
        "¿Qué año? ¡Español!",
        "Zażółć gęślą jaźń",
        "Příliš žluťoučký kůň",
        "Szép őszi tájű",
        "“Quoted” – ‘it’ — §5",
        "și țară",
        "0123456789 $£€ %&@#{}[]|\\~^",
    ):
        assert charset.holds(text), text


def test_every_character_of_latin_is_canonical_and_one_code_point():
    for character in latin().characters:
        assert canonical(character) == character
        assert unicodedata.normalize("NFC", character) == character
        assert character == " " or character.isprintable()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("e\u0301te\u0301", "été"),
        ("ﬁnal oﬃce ﬂow", "final office flow"),
        ("a\u00a0b\u2009c\td", "a b c d"),
        ("soft\u00adhy\u200bphen", "softhyphen"),
        ("well\u2011known − 5", "well-known - 5"),
        ("ţară ŞŢ", "țară ŞȚ"),
        ("5 μm 3 Ω", "5 µm 3 Ω"),
        ("plain – text", "plain – text"),
    ],
)
def test_text_is_brought_to_one_form(given, expected):
    assert canonical(given) == expected
    assert canonical(expected) == expected
