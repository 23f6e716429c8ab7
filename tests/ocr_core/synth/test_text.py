import numpy as np
import pytest

from ocr_core.charset import Charset, latin
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.text import TextMix, TextSource, printed

PARAGRAPH = "When in the course of human events it becomes necessary for one people to go"
ENGLISH = Corpus("en", (PARAGRAPH,), tuple("the of and house letter paper".split()))
GERMAN = Corpus("de", (), tuple("der die und Straße Größe".split()))
KINDS = TextMix.__slots__


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def source():
    return TextSource([ENGLISH, GERMAN], latin())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_written_and_fits(source, kind):
    for seed in range(60):
        for corpus in (ENGLISH, GERMAN):
            text = source.of_kind(kind, rng(seed), corpus, 4 + seed)
            assert len(text) <= 4 + seed
            assert latin().holds(text)
            assert text == " ".join(text.split())


def test_a_line_is_never_empty_and_fits(source):
    for seed in range(400):
        text = source.line(rng(seed), 4 + seed % 50)
        assert 1 <= len(text) <= 4 + seed % 50
        assert latin().holds(text)
        assert text == " ".join(text.split())


def test_a_text_depends_on_its_generator_alone(source):
    other = TextSource([ENGLISH, GERMAN], latin())
    other.line(rng(5), 30)
    assert [source.line(rng(s), 30) for s in range(20)] == [
        other.line(rng(s), 30) for s in range(20)
    ]
    assert len({source.line(rng(s), 30) for s in range(20)}) > 15


def test_only_kinds_with_a_weight_are_drawn():
    mix = TextMix(**dict.fromkeys(KINDS, 0.0) | {"running": 1.0})
    source = TextSource([ENGLISH], latin(), mix)
    words = {*PARAGRAPH.split(), *printed(PARAGRAPH).split()}
    lines = [source.line(rng(seed), 40) for seed in range(30)]
    usual = [line for line in lines if set(line) <= set("".join(words) + " -")]
    assert len(usual) > 25  # to the others a rare character was added
    for line in usual:
        first, *middle, _ = line.split()
        assert words.issuperset([first, *middle])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('She said, "Oh! I see," and left.', "She said, “Oh! I see,” and left."),
        ("I don't know 'why'", "I don’t know ‘why’"),
        ("yes -- no - perhaps", "yes—no—perhaps"),
        ("well-known 1-2", "well-known 1-2"),
    ],
)
def test_running_text_is_printed_with_the_quotes_and_dashes_of_books(typed, expected):
    assert printed(typed) == expected


def test_running_text_is_cut_out_of_paragraphs(source):
    for seed in range(30):
        text = source.running(rng(seed), ENGLISH, 30)
        assert 15 <= len(text) <= 30
        assert text.removesuffix("-") in f"{PARAGRAPH} {PARAGRAPH}"


def test_without_paragraphs_words_make_the_text(source):
    text = source.running(rng(), GERMAN, 60).lower()
    assert any(word.lower() in text for word in GERMAN.words)


def test_english_is_a_third_at_least_and_others_come_too(source):
    drawn = [source.corpus(rng(seed)).language for seed in range(300)]
    assert 100 < drawn.count("en") < 290
    assert source.first is ENGLISH


def test_characters_outside_the_charset_are_left_out_without_a_gap():
    corpus = Corpus("en", ("he said " + "x — y " * 20,), ("he",))
    source = TextSource([corpus], Charset("hesaidxy "))
    text = source.running(rng(1), corpus, 30)
    assert "x y" in text
    assert "  " not in text


def test_rare_characters_are_seen():
    source = TextSource([ENGLISH], latin())
    seen = {c for seed in range(4000) for c in source.line(rng(seed), 20)}
    assert len(seen - set("".join(ENGLISH.words) + PARAGRAPH)) > 100


def test_runs_of_one_digit_occur(source):
    texts = " ".join(source.of_kind("number", rng(seed), ENGLISH, 40) for seed in range(300))
    assert any(digit * 4 in texts for digit in "0123456789")
