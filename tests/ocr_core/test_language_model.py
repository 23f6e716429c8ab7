import dataclasses

import numpy as np
import pytest

from ocr_core import language_model
from ocr_core.charset import Charset
from ocr_core.errors import WeightsError
from ocr_core.language_model import SHIPPED, LanguageModel
from ocr_core.training.characters import CharacterSettings, tree_of

TEXTS = [" the cat sat on the mat ", " the hat is 12 ", " that is the cat of 1907 "] * 20
SETTINGS = CharacterSettings(order=4, worth=0.5)


@pytest.fixture(scope="module")
def tree():
    return tree_of(TEXTS, Charset("abcdefghijklmnopqrstuvwxyz 0123456789"), SETTINGS)


@pytest.fixture(scope="module")
def model(tree):
    return LanguageModel(tree)


def likelihood(model, text, after=" "):
    total, state = 0.0, model.state_after(model.encode(after))
    for code in model.encode(text):
        log_probability, state = model.follow(state, code)
        total += log_probability
    return total


def test_what_was_often_seen_is_likelier(model):
    assert likelihood(model, "the cat") > likelihood(model, "tbe cat") + 3
    assert likelihood(model, "cat ") > likelihood(model, "ca t ")


def test_probabilities_after_any_context_add_up_to_one(model):
    for context in ("", " ", " th", "the ", "zzzz", "e c"):
        state = model.state_after(model.encode(context))
        known = set(range(1, 256))
        total = sum(np.exp(model.follow(state, code)[0]) for code in known)
        assert total == pytest.approx(1, abs=0.15)  # they are kept in steps of an eighth


def test_all_digits_are_one(model):
    assert model.encode("1907") == model.encode("0000")
    assert likelihood(model, "of 1907") == likelihood(model, "of 3333")


def test_a_state_is_that_of_the_last_characters_alone(model):
    long, short = (model.state_after(model.encode(text)) for text in ("mat the", "the"))
    assert long == short
    halves = model.state_after(model.encode("e"), model.state_after(model.encode("th")))
    assert halves == short


def test_a_character_outside_the_alphabet_is_rare_but_no_error(model):
    assert likelihood(model, "€") < likelihood(model, "z" if "z" in TEXTS[0] else "m")
    assert likelihood(model, "€the") < 0


def test_what_is_remembered_changes_nothing(tree, monkeypatch):
    monkeypatch.setattr(language_model, "_REMEMBERED", 2)
    forgetful, other = LanguageModel(tree), LanguageModel(tree)
    for text in ("the cat", "on the mat", "the cat"):
        assert likelihood(forgetful, text) == likelihood(other, text)


def test_a_saved_model_is_the_same_again(tree, tmp_path):
    path = tmp_path / "characters.npz"
    language_model.save(path, tree)
    loaded = language_model.load(path)
    assert loaded.digest == tree.digest
    assert likelihood(loaded, "the cat") == likelihood(LanguageModel(tree), "the cat")
    language_model.save(tmp_path / "again.npz", tree)
    assert path.read_bytes() == (tmp_path / "again.npz").read_bytes()


def test_a_file_that_is_missing_or_no_model_is_told(tmp_path):
    with pytest.raises(WeightsError, match="there is no language model at"):
        language_model.load(tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("no model")
    with pytest.raises(WeightsError, match="no readable language model"):
        language_model.load(tmp_path / "text.npz")
    np.savez(tmp_path / "other.npz", numbers=np.arange(3))
    with pytest.raises(WeightsError, match="no readable language model"):
        language_model.load(tmp_path / "other.npz")


def test_a_file_cut_short_is_told(tree, tmp_path):
    path = tmp_path / "characters.npz"
    language_model.save(path, tree)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(WeightsError, match="no readable language model"):
        language_model.load(path)


def test_a_model_whose_numbers_were_changed_is_told(tree, tmp_path, monkeypatch):
    path = tmp_path / "characters.npz"
    other = dataclasses.replace(tree, costs=tree.costs ^ 1)
    monkeypatch.setattr(language_model.Tree, "digest", tree.digest)
    language_model.save(path, other)
    monkeypatch.undo()
    with pytest.raises(WeightsError, match="digest does not match"):
        language_model.load(path)


def test_a_model_of_another_format_is_told(tree, tmp_path, monkeypatch):
    path = tmp_path / "characters.npz"
    monkeypatch.setattr(language_model, "FORMAT", "beam-ocr-characters/0")
    language_model.save(path, tree)
    monkeypatch.undo()
    with pytest.raises(WeightsError, match="of this version"):
        language_model.load(path)


def test_a_model_beside_ones_own_weights_goes_before_ours(tree, tmp_path):
    assert language_model.find() == language_model.find(tmp_path) == SHIPPED
    language_model.save(tmp_path / SHIPPED.name, tree)
    assert language_model.find(tmp_path) == tmp_path / SHIPPED.name
    assert language_model.find(tmp_path / "recogniser.safetensors") == SHIPPED


def test_the_shipped_model_knows_languages_and_is_small():
    model = language_model.load()
    assert SHIPPED.stat().st_size <= 5_000_000
    for right, wrong in (
        ("their", "thcir"),
        ("description", "descr iption"),
        ("CONSIDERATIONS", "CoNSIDERAToNS"),
        ("für die", "fur die"),
        ("l’été", "l’ete"),
        ("1909", "19o9"),
        ("Total: 12.50", "Total: l2.50"),
    ):
        assert likelihood(model, right + " ") > likelihood(model, wrong + " ") + 2
