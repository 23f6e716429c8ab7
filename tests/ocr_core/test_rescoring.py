import numpy as np
import pytest

from ocr_core import rescoring
from ocr_core.charset import Charset, latin
from ocr_core.ctc import decode_best_path
from ocr_core.language_model import LanguageModel, load
from ocr_core.rescoring import Rescorer
from ocr_core.training.characters import CharacterSettings, tree_of
from tests.ocr_core.test_language_model import TEXTS

CHARSET = Charset("abcdefghijklmnopqrstuvwxyz 0123456789-")
SETTINGS = CharacterSettings(order=4, worth=0.5)


@pytest.fixture(scope="module")
def model():
    return LanguageModel(tree_of(TEXTS, CHARSET, SETTINGS))


def line(*steps, charset=CHARSET):
    """Log-probabilities of steps: a character, or the chances of several; `_` is the blank."""
    rows = np.full((len(steps), len(charset) + 1), 1e-5)
    for row, step in zip(rows, steps, strict=True):
        for character, chance in ({step: 1.0} if isinstance(step, str) else step).items():
            row[0 if character == "_" else charset.encode(character)[0]] = chance
    return np.log(rows / rows.sum(axis=1, keepdims=True)).astype(np.float32)


def test_what_the_picture_leaves_open_is_read_as_language_has_it(model):
    reading = line(*"the_", {"o": 0.6, "c": 0.4}, *"at")
    assert decode_best_path(reading, CHARSET).text == "theoat"
    reading = line(*"the ", {"o": 0.6, "c": 0.4}, *"at")
    assert Rescorer(model, CHARSET)(reading).text == "the cat"


def test_what_the_picture_gives_no_chance_is_never_written(model):
    reading = line(*"the ", {"o": 0.99, "c": 0.01}, *"at")
    assert Rescorer(model, CHARSET)(reading).text == "the oat"


def test_spaces_come_and_go(model):
    rescorer = Rescorer(model, CHARSET)
    lost = line(*"the", {"_": 0.6, " ": 0.4}, *"cat")
    assert decode_best_path(lost, CHARSET).text == "thecat"
    assert rescorer(lost).text == "the cat"
    put_in = line(*"the ca", {" ": 0.55, "_": 0.45}, "t")
    assert decode_best_path(put_in, CHARSET).text == "the ca t"
    assert rescorer(put_in).text == "the cat"


def test_no_digit_is_put_in_the_place_of_another(model):
    rescorer = Rescorer(model, CHARSET)
    for first, second in ("19", "07", "38"):
        reading = line(*"of 19", {first: 0.52, second: 0.48}, "_", "7")
        assert rescorer(reading).text == f"of 19{first}7"


def test_a_letter_among_digits_becomes_one(model):
    reading = line(*"of 19", {"o": 0.6, "0": 0.4}, "7")
    assert Rescorer(model, CHARSET)(reading).text == "of 1907"


def test_a_line_without_doubt_asks_no_model(model, monkeypatch):
    asked = []
    monkeypatch.setattr(LanguageModel, "follow", lambda *_: asked.append(1) or (0.0, ()))
    reading = line(*"tbe oat 12")
    assert Rescorer(model, CHARSET)(reading) == decode_best_path(reading, CHARSET)
    assert not asked


def test_the_model_is_asked_around_doubts_alone(model, monkeypatch):
    asked = []
    follow = LanguageModel.follow
    monkeypatch.setattr(
        LanguageModel, "follow", lambda self, *given: asked.append(1) or follow(self, *given)
    )
    sure = "the cat sat on the mat " * 20
    reading = line(*sure, *"the ", {"o": 0.6, "c": 0.4}, *"at ", *sure)
    assert "the cat the" in Rescorer(model, CHARSET)(reading).text
    assert len(asked) < 40


def test_a_line_that_is_hardly_read_at_all_is_left_alone(model):
    torn = {"o": 0.4, "c": 0.35, "x": 0.25}
    reading = line(*[torn, "_"] * 6)
    assert Rescorer(model, CHARSET)(reading) == decode_best_path(reading, CHARSET)


def test_nothing_is_read_from_nothing(model):
    empty = np.zeros((0, len(CHARSET) + 1), np.float32)
    assert Rescorer(model, CHARSET)(empty) == decode_best_path(empty, CHARSET)


def test_characters_keep_their_places_and_confidences(model):
    reading = line("t", "t", "h", "_", "e", " ", {"o": 0.6, "c": 0.4}, "_", "a", "t", "_")
    plain, read = decode_best_path(reading, CHARSET), Rescorer(model, CHARSET)(reading)
    assert (plain.text, read.text) == ("the oat", "the cat")
    assert (read.starts, read.ends) == (plain.starts, plain.ends)
    assert 0.4 < read.confidences[4] < 0.99  # surer than the picture alone, but not sure
    assert min(read.confidences[:4] + read.confidences[5:]) > 0.99


def test_language_can_take_certainty_away_too(model):
    plain = line(*"the ", {"c": 0.9, "o": 0.1}, *"at")
    likely, unlikely = (
        Rescorer(model, CHARSET)(reading).confidences[4]
        for reading in (plain, line(*"the ", {"o": 0.9, "c": 0.1}, *"at"))
    )
    assert likely > 0.9 > unlikely


def test_the_characters_of_a_reading_share_its_confidence(model):
    read = Rescorer(model, CHARSET)(line(*"the", {"_": 0.6, " ": 0.4}, *"cat"))
    assert read.text == "the cat"
    assert read.confidences[3] == read.confidences[4] < 0.99


def test_what_is_put_in_has_a_place_between_its_neighbours(model):
    read = Rescorer(model, CHARSET)(line(*"the", {"_": 0.6, " ": 0.4}, *"cat"))
    assert read.starts == tuple(range(7))
    assert read.ends == tuple(range(1, 8))


def test_doubles_keep_a_blank_between_them(model):
    reading = line("a", {"_": 0.6, "c": 0.4}, "_", {"a": 0.6, "t": 0.4}, "_")
    read = Rescorer(model, CHARSET)(reading)
    assert all(a < b for a, b in zip(read.starts, read.ends, strict=True))
    assert list(read.starts) == sorted(read.starts)


def test_any_line_is_decoded_consistently(model):
    rescorer = Rescorer(model, CHARSET)
    for seed in range(40):
        random = np.random.default_rng(seed)
        scores = random.normal(0, 2.5, (30, len(CHARSET) + 1))
        scores[np.arange(30), random.integers(0, len(CHARSET) + 1, 30)] += 9
        reading = (scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))).astype(np.float32)
        read = rescorer(reading)
        assert len(read.text) == len(read.confidences) == len(read.starts) == len(read.ends)
        assert list(read.starts) == sorted(set(read.starts))
        assert all(0 <= a < b <= 30 for a, b in zip(read.starts, read.ends, strict=True))
        assert all(0 < confidence <= 1 for confidence in read.confidences)
        assert read == rescorer(reading)


def test_a_charset_without_spaces_will_do(model):
    charset = Charset("acot")
    reading = line({"o": 0.6, "c": 0.4}, *"at", charset=charset)
    assert len(Rescorer(model, charset)(reading).text) == 3


def test_without_a_model_the_best_path_is_written(model):
    reading = line(*"the ", {"o": 0.6, "c": 0.4}, *"at")
    assert rescoring.decoder(None, CHARSET)(reading).text == "the oat"
    assert rescoring.decoder(model, CHARSET)(reading).text == "the cat"


def test_codes_are_not_bent_into_words():
    charset = latin()
    rescorer = Rescorer(load(), charset)
    for code, rival in (("XK4", "R"), ("Q7-", "b"), ("B2Z", "e"), ("WGH", "t")):
        reading = line(*"No. ", *code, {"8": 0.75, rival: 0.25}, *"5_2", charset=charset)
        assert rescorer(reading).text == f"No. {code}852"
