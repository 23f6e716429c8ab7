import numpy as np
import pytest

from ocr_core import language_model
from ocr_core.charset import Charset, latin
from ocr_core.language_model import LanguageModel
from ocr_core.synth.corpus import Corpus
from ocr_core.training import characters
from ocr_core.training.characters import CharacterSettings, build, tree_of

SMALL = CharacterSettings(order=4, words=300, entries=50, worth=0.5)
CORPORA = [
    Corpus("sv", ("Katten satt på mattan och såg på.", "Hunden åt upp maten." * 9), ("och", "på")),
    Corpus("da", ("Katten sad på måtten og så på.",), ("og", "på")),
]


def count(*texts, length):
    chunks = list(characters._encoded(texts, "ab"))
    keys, counts = characters._count(chunks, length)
    return {
        "".join("·ab"[byte] for byte in int(key).to_bytes(length, "big")): int(n)
        for key, n in zip(keys, counts, strict=True)
    }


def test_every_run_of_characters_is_counted():
    assert count("abab", length=2) == {"ab": 2, "ba": 1}
    assert count("aab", "ab", length=1) == {"a": 3, "b": 2}


def test_no_run_reaches_from_one_text_into_another():
    assert count("ab", "ab", length=2) == {"ab": 2}
    assert count("a", "b", length=2) == {}


def test_counts_of_many_chunks_are_added(monkeypatch):
    texts = ["abb"] * 100
    whole = count(*texts, length=2)
    chunks = list(characters._encoded(texts, "ab", size=1))
    assert len(chunks) == 100
    assert characters._count(chunks, 2)[1].sum() == sum(whole.values())


def test_probabilities_of_every_level_add_up_to_one():
    chunks = list(characters._encoded(["abba", "abab"], "ab"))
    levels = []
    for length in (1, 2, 3):
        levels.append(characters._interpolated(*characters._count(chunks, length), levels))
    assert levels[0].probabilities.sum() == pytest.approx(1)
    # After "a" only "b" was seen: the rest is left to the shorter context.
    [after_a] = levels[1].probabilities[levels[1].parents == 0]
    assert after_a == pytest.approx((3 + 1 * 0.5) / (3 + 1))


def test_what_shorter_contexts_tell_as_well_is_dropped():
    random = np.random.default_rng(0)
    noise = ["".join(random.choice(list("ab "), 2000))]
    charset = Charset("ab ")
    kept = tree_of(noise, charset, CharacterSettings(order=5, worth=0.0))
    pruned = tree_of(noise, charset, CharacterSettings(order=5, worth=6.0))
    assert len(pruned.labels) < len(kept.labels) / 5
    everything = [" aab"] * 500
    assert len(tree_of(everything, charset, CharacterSettings(order=3, worth=6.0)).labels) > 3


def test_characters_beyond_the_alphabet_are_told_apart_no_more():
    charset = Charset("abc 0123456789")
    tree = tree_of([" aaa bbb c 12 "] * 5, charset, CharacterSettings(order=2, alphabet=4))
    assert tree.alphabet == " 0ab"
    model = LanguageModel(tree)
    assert model.encode("c") == model.encode("€") == bytes([language_model.OTHER])


def test_a_model_is_built_the_same_each_time_and_knows_its_texts(tmp_path):
    one = build(CORPORA, latin(), tmp_path / "one.npz", SMALL)
    other = build(CORPORA, latin(), tmp_path / "other.npz", SMALL)
    assert one.digest == other.digest
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()
    model = language_model.load(tmp_path / "one.npz")
    state = model.state_after(model.encode(" p"))
    right, wrong = (model.follow(state, model.encode(letter)[0])[0] for letter in "åa")
    assert right > wrong + 1


def test_what_is_said_is_said_in_capitals_and_divided_too():
    texts = list(characters._texts(CORPORA, latin(), SMALL))
    assert any("KATTEN" in text or "HUNDEN" in text for text in texts)
    assert all(text.startswith(" ") and text.endswith(" ") for text in texts)
    long = characters._hyphenated("abcdefghij" * 200, np.random.default_rng(0))
    assert long.count("- ") >= 3
    assert long.replace("- ", "") == "abcdefghij" * 200


def test_running_text_stops_at_its_share():
    rng = np.random.default_rng(0)
    corpus = Corpus("en", tuple(["word " * 20] * 50), ("word",))
    assert sum(map(len, characters._running(corpus, 1000, rng))) == 1000
