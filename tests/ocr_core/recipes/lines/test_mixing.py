"""Words of labelled lines dealt out anew."""

import numpy as np
import pytest

from ocr_core.recipes.lines.mixing import Words, cut_words
from ocr_core.synth.lines import LineSample

# Columns of ink of each letter, so that a word tells by its pixels what it says.
WIDTHS = {"a": 3, "b": 5, "c": 7, "d": 9}


def drawn(text, between=2, space=12):
    """Bars for letters, of a width that is the letter's."""
    letters = [np.full((40, between), 255, np.uint8)]
    for letter in text:
        width = WIDTHS.get(letter, space - between)
        letters += [np.full((40, width), 255 if letter == " " else 0, np.uint8), letters[0]]
    return LineSample(np.concatenate(letters, axis=1), text)


def said(pixels):
    """The letters that bars stand for."""
    changes = np.flatnonzero(np.diff(np.pad((pixels[20] < 128).astype(int), 1)))
    letters = {width: letter for letter, width in WIDTHS.items()}
    return "".join(letters[width] for width in (changes[1::2] - changes[::2]).tolist())


def test_a_line_is_cut_between_its_words():
    words = cut_words(drawn("ab cad dd"))
    assert [word.text for word in words] == ["ab", "cad", "dd"]
    assert [said(word.pixels) for word in words] == ["ab", "cad", "dd"]
    assert sum(word.pixels.shape[1] for word in words) == drawn("ab cad dd").pixels.shape[1]


@pytest.mark.parametrize(
    "line",
    [
        drawn("abba"),
        LineSample(drawn("abab").pixels, "ab ab"),
        LineSample(drawn("abab").pixels, "a b c d e f"),
        LineSample(np.full((40, 90), 255, np.uint8), "ab ab"),
    ],
    ids=["one word", "gaps that are not plain", "fewer gaps than spaces", "no ink"],
)
def test_other_lines_stay_whole(line):
    assert cut_words(line) == [line]


def test_dealt_lines_say_what_is_on_them():
    random = np.random.default_rng(1)
    texts = [" ".join("".join(random.choice(list("abcd"), 3)) for _ in range(4)) for _ in range(9)]
    lines = [drawn(text) for text in texts]
    words = Words(lines)
    dealt = [words.deal(line, n, random) for _ in range(20) for n, line in enumerate(lines)]
    assert all(said(line.pixels) == line.text.replace(" ", "") for line in dealt)
    assert {line.text.count(" ") for line in dealt} == {3}
    others = sum(line.text not in texts for line in dealt)
    assert 0.5 * len(dealt) < others < 0.9 * len(dealt)


def test_few_words_are_not_dealt():
    lines = [drawn("ab cd"), drawn("ba dc"), drawn("abba")]
    words = Words(lines)
    rng = np.random.default_rng(1)
    assert all(words.deal(line, n, rng) is line for _ in range(9) for n, line in enumerate(lines))
