"""Words of restored lines, and whether the picture as it is bears them out."""

import numpy as np
import pytest

from ocr_core import language_model
from ocr_core.calibration import Calibration
from ocr_core.charset import Charset
from ocr_core.ctc import decode_best_path
from ocr_core.reading import Reading
from ocr_core.restored_words import WordGate, numbers_of

CHARSET = Charset("abcdeouséD12. ")
FAINT = 1e-3
# Surer than the crops as they are, by far.
SURE = 0.99


def reading(text, sure=0.9, doubts=None, steps=3):
    """Of a text whose characters come every so many steps, with blanks between them.

    Args:
        doubts: number of a character -> probabilities at its step, instead of that it is sure.
    """
    chances = np.full((steps * len(text), 1 + len(CHARSET)), FAINT)
    chances[:, 0] = 1 - FAINT
    for number, label in enumerate(CHARSET.encode(text)):
        row = chances[steps * number]
        row[0], row[label] = FAINT, sure
        for character, chance in (doubts or {}).get(number, {}).items():
            row[CHARSET.encode(character)] = chance
    log_probabilities = np.log(chances).astype(np.float32)
    return Reading(log_probabilities, decode_best_path(log_probabilities, CHARSET))


def chosen(raw, restored, **how):
    return WordGate(CHARSET, **how).choose(raw, restored.decoded)


def test_a_word_that_the_picture_bears_out_is_taken():
    raw = reading("a bad bouse", doubts={6: {"b": 0.5, "c": 0.4}})
    result = chosen(raw, reading("a bad couse", SURE))
    assert result.text == "a bad couse"
    assert result.confidences == pytest.approx([0.9] * 6 + [SURE] * 5)
    assert result.starts[2:5] == raw.decoded.starts[2:5]
    assert result.starts[6:] == raw.decoded.starts[6:]


def test_a_word_that_the_picture_denies_is_not_taken_however_sure_it_is():
    raw = reading("a bad bouse", doubts={6: {"b": 0.5, "c": 0.4}})
    assert chosen(raw, reading("a bad douse", SURE)) is raw.decoded


def test_of_a_line_only_the_words_are_taken_that_deserve_it():
    raw = reading("bad cab dab", doubts={0: {"b": 0.4, "d": 0.35}, 4: {"c": 0.4}})
    assert chosen(raw, reading("dad sob dab", SURE)).text == "dad cab dab"


def test_a_word_has_to_be_surer_by_a_margin():
    raw = reading("bad", doubts={0: {"b": 0.6, "d": 0.35}})
    assert chosen(raw, reading("dad", doubts={0: {"d": 0.62}})) is raw.decoded
    assert chosen(raw, reading("dad", doubts={0: {"d": 0.95}})).text == "dad"


def test_confidences_are_compared_as_calibrated():
    raw = reading("bad", doubts={0: {"b": 0.5, "d": 0.4}})
    restored = reading("dad", SURE)
    assert chosen(raw, restored).text == "dad"
    assert chosen(raw, restored, calibration=Calibration(scale=0.03)) is raw.decoded


def test_what_reads_the_same_stays_what_it_is():
    raw = reading("a bad bouse", 0.6)
    assert chosen(raw, reading("a bad bouse", SURE)) is raw.decoded


@pytest.mark.parametrize(("before", "after"), [("e", "é"), ("é", "e"), ("d", "D"), ("D", "d")])
def test_what_differs_by_accents_or_case_alone_is_not_taken(before, after):
    raw = reading(f"a b{before}d", doubts={3: {before: 0.5, after: 0.45}})
    assert chosen(raw, reading(f"a b{after}d", SURE)) is raw.decoded


def test_what_says_less_is_not_taken():
    raw = reading("dad bad", doubts={4: {"b": 0.5}})
    raw.log_probabilities[3 * 4, 0] = np.log(0.45)  # the letter may be none
    assert chosen(raw, reading("dad  ad", SURE)) is raw.decoded


@pytest.mark.parametrize(
    ("before", "after"),
    [("12", "21"), ("1.2", "12"), ("a1", "a2"), ("a1", "ab"), ("12 1", "1 21"), ("1a", "1b")],
)
def test_numbers_stay_as_they_are(before, after):
    places = {
        number: {new: 0.45, old: 0.5} if old != new else {}
        for number, (old, new) in enumerate(zip(before.ljust(4), after.ljust(4), strict=True))
    }
    raw = reading(before.ljust(4), doubts=places)
    assert chosen(raw, reading(after.ljust(4), SURE)) is raw.decoded


def test_words_beside_numbers_may_change():
    raw = reading("2 bad", doubts={2: {"b": 0.5, "d": 0.4}})
    assert chosen(raw, reading("2 dad", SURE)).text == "2 dad"


@pytest.mark.parametrize(
    ("before", "after", "by_the_model"),
    [("becouse", "because", "because"), ("because", "becouse", "because")],
)
def test_what_is_less_usual_is_not_taken(before, after, by_the_model):
    model = language_model.load()
    raw = reading(f"a {before} b", doubts={5: {before[3]: 0.5, after[3]: 0.45}})
    restored = reading(f"a {after} b", SURE)
    assert chosen(raw, restored).text == f"a {after} b"
    assert chosen(raw, restored, model=model).text == f"a {by_the_model} b"


def test_a_space_that_only_the_restored_line_has_parts_a_word():
    raw = reading("bad cabadab ed", doubts={7: {"a": 0.5, " ": 0.4}})
    result = chosen(raw, reading("bad cab dab ed", SURE))
    assert result.text == "bad cab dab ed"


def test_nothing_is_lost_and_nothing_is_made_of_nothing():
    raw = reading("bad cab dab", 0.6)
    assert chosen(raw, reading("bad     dab", SURE)) is raw.decoded
    assert chosen(reading("bad     dab", 0.6), reading("bad cab dab", SURE)).text == "bad dab"
    assert chosen(raw, reading("           ", SURE)) is raw.decoded


def random_readings(seed):
    """A line in which every character may be another, and one that takes some for the other."""
    random = np.random.default_rng(seed)
    one, other = ("".join(random.choice(list("abcdes1.   "), 24)) for _ in range(2))
    doubts = {
        number: {a: 0.5, b: 0.45} if a != b else {}
        for number, (a, b) in enumerate(zip(one, other, strict=True))
    }
    differs = random.random(24) < 0.2
    mixed = [b if is_other else a for a, b, is_other in zip(one, other, differs, strict=True)]
    return reading(one, doubts=doubts), reading("".join(mixed), SURE)


def test_whatever_two_readings_say_the_result_is_one_line_with_the_same_numbers():
    changed = 0
    for seed in range(300):
        raw, restored = random_readings(seed)
        result = chosen(raw, restored)
        changed += result is not raw.decoded
        assert numbers_of(result.text) == numbers_of(raw.decoded.text)
        assert result.text == " ".join(result.text.split())
        assert len(result.text) == len(result.confidences) == len(result.starts)
        edges = [edge for both in zip(result.starts, result.ends, strict=True) for edge in both]
        assert edges == sorted(edges)
    assert 30 < changed < 290
