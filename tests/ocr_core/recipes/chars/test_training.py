from dataclasses import replace

import numpy as np
import pytest

from ocr_core import weights
from ocr_core.errors import WeightsError
from ocr_core.recipes.chars.data import split
from ocr_core.recipes.chars.settings import CharsConfig
from ocr_core.recipes.chars.training import (
    Ensemble,
    accuracies,
    load,
    new_network,
    predict,
    train,
    weights_in,
)
from ocr_core.recipes.epochs import EpochSettings
from tests.ocr_core.recipes.chars.stand_ins import Sure

SMALL = {"channels": (4, 8, 8), "dense": (16, 16), "dropout": 0.0}
FAST = EpochSettings(epochs=15, batch=8, rate=5e-3, patience=15)
SGD = EpochSettings(epochs=15, batch=8, rate=0.03, optimiser="sgd", patience=15)


@pytest.mark.parametrize(("inputs", "settings"), [("both", FAST), ("colour", SGD)])
def test_the_smallest_network_learns_is_saved_and_reads(tmp_path, bars, inputs, settings):
    parts = split(bars, 0.1, 1)
    network = new_network(CharsConfig(inputs=inputs, **SMALL), settings.seed)
    reader, outcome = train(network, parts, settings, tmp_path, {"data": "bars"})
    assert outcome.epochs[-1]["loss"] < 0.5 * outcome.epochs[0]["loss"]
    assert accuracies(reader, parts.test)["exact"] == 1.0
    loaded = load(weights_in(tmp_path))
    assert predict(loaded, parts.test.colours[0])[0] == str(parts.test.labels[0])
    likely = [one.probabilities(parts.test.colours) for one in (reader, loaded)]
    np.testing.assert_allclose(likely[0], likely[1], atol=0.01)  # saved in halves
    known = weights.load_file(weights_in(tmp_path), "chars")
    assert known.config["inputs"] == inputs
    assert known.provenance["data"] == "bars"
    assert known.provenance["test"]["exact"] == 1.0


def test_a_training_may_begin_with_what_another_learnt(tmp_path, bars):
    config, parts = CharsConfig(**SMALL), split(bars, 0.1, 1)
    train(new_network(config, 1), parts, FAST, tmp_path, {})
    again = new_network(config, 2, weights_in(tmp_path))
    once = replace(FAST, epochs=1, rate=1e-5)
    reader, outcome = train(again, parts, once, tmp_path / "more", {})
    assert outcome.epochs[0]["accuracy"] == 1.0
    assert accuracies(reader, parts.test)["exact"] == 1.0
    with pytest.raises(WeightsError):
        new_network(CharsConfig("colour", **SMALL), 1, weights_in(tmp_path))


def test_a_picture_of_any_size_is_read():
    character, confidence = predict(Sure(0.2, 0.7, 0.1), np.zeros((90, 40), np.uint8))
    assert character == "a"
    assert confidence == pytest.approx(0.7)


def test_an_ensemble_takes_the_mean_of_what_its_readers_think():
    both = Ensemble([Sure(0.6, 0.4, 0.0), Sure(0.1, 0.5, 0.4)])
    np.testing.assert_allclose(both.probabilities(np.zeros((1, 28, 28, 3))), [[0.35, 0.45, 0.2]])
    with pytest.raises(ValueError, match="same classes"):
        Ensemble([])


def test_folded_a_character_counts_with_both_its_cases(bars):
    # As A, a and B: exactly, B is likeliest; folded, the two cases of A are.
    shares = accuracies(Sure(0.3, 0.3, 0.4), bars)
    assert shares["exact"] == pytest.approx(1 / 3)
    assert shares["folded"] == pytest.approx(2 / 3)


def test_other_weights_are_refused(tmp_path):
    with pytest.raises(WeightsError):
        load(tmp_path / "none.safetensors")
