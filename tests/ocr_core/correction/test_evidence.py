import itertools
import math

import numpy as np
import pytest

from ocr_core.charset import Charset
from ocr_core.correction import evidence
from ocr_core.ctc import decode_best_path
from schemas import Box, Line, Quad, Word

CHARSET = Charset("abc ")


def seen(*steps):
    """Log-probabilities of blank and the four characters at each step."""
    return np.log(np.array(steps, dtype=np.float32) + 1e-7)


def sure(text, steps=2):
    """Each character for one step, and blanks between."""
    rows = []
    for character in text:
        rows += [np.eye(5)[CHARSET.encode(character)[0]]] + [np.eye(5)[0]] * (steps - 1)
    return seen(*rows)


def line_of(*texts):
    box = Box(0, 0, 9, 9)
    words = tuple(Word(text, text, box, 0.5) for text in texts)
    text = " ".join(texts)
    return Line(text, text, 0.5, Quad.from_box(box), words)


def kept(log_probabilities, *texts):
    decoded = decode_best_path(log_probabilities, CHARSET)
    return evidence.keep(log_probabilities, CHARSET, decoded, line_of(*texts)).evidence


def test_only_what_had_a_chance_is_kept():
    found = kept(sure("ab a"), "ab", "a")
    assert found.characters == "ab "
    assert found.log_probabilities.shape == (8, 4)
    assert found.log_probabilities.dtype == np.float16


def test_a_word_reaches_from_the_character_before_it_to_the_one_after():
    assert kept(sure("ab a"), "ab", "a").spans == ((0, 4), (5, 8))


def test_a_space_that_was_closed_belongs_to_its_word():
    assert kept(sure("a b a"), "ab", "a").spans == ((0, 6), (7, 10))


def spellings(text, steps):
    """All ways of one label a step, 0 for none, that CTC reads as a text."""
    labels = CHARSET.encode(text)
    for way in itertools.product(range(5), repeat=steps):
        merged = [label for label, _ in itertools.groupby(way)]
        if [label for label in merged if label] == list(labels):
            yield way


@pytest.mark.parametrize("text", ["a", "ab", "aa", "ba", "abc", "b a", "cab"])
def test_a_score_is_the_sum_over_all_ways_to_spell_a_text(text):
    random = np.random.default_rng(3)
    shares = random.dirichlet(np.ones(5), size=5)
    found = kept(seen(*shares), *decode_best_path(seen(*shares), CHARSET).text.split())
    expected = sum(
        math.prod(shares[step][label] for step, label in enumerate(way))
        for way in spellings(text, 5)
    )
    [score, other] = evidence.scores(found, [text, "c"], 0, 5)
    assert score == pytest.approx(math.log(expected), abs=0.02)
    assert other == evidence.scores(found, ["c"], 0, 5)[0]  # whatever stands beside it


def test_what_was_never_seen_is_unlikely_but_not_impossible():
    found = kept(sure("ab"), "ab")
    right, wrong, absent = evidence.scores(found, ["ab", "aa", "ac"], 0, 4)
    assert right == pytest.approx(0, abs=0.01)
    assert -30 < absent < -8
    assert wrong < -8


def test_a_text_with_more_characters_than_steps_cannot_stand_there():
    found = kept(sure("ab"), "ab")
    assert evidence.scores(found, ["abcabc"], 0, 4)[0] == -np.inf
    assert evidence.scores(found, ["aa"], 0, 2)[0] == -np.inf  # a blank has to part them
