import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from ocr_core import devices
from ocr_core.errors import ConfigError
from ocr_core.recipes.epochs import Arrays, EpochSettings, Lesson, evaluate, fit, read_log

FAST = EpochSettings(epochs=6, batch=16, rate=0.05, patience=6)


@pytest.fixture(autouse=True)
def _in_float32(monkeypatch):
    monkeypatch.setattr(devices, "_cpu_has_fast_bfloat16", lambda: False)


def points(n, seed=0):
    """Points of a plane, and on which side of a line they lie."""
    x = np.random.default_rng(seed).normal(size=(n, 2)).astype(np.float32)
    return Arrays(x, (x[:, 0] > 2 * x[:, 1]).astype(np.int64))


def loss(network, batch):
    return nn.functional.cross_entropy(network(batch[0]), batch[1])


def measure(network, batch):
    right = network(batch[0]).argmax(1) == batch[1]
    return {"accuracy": (float(right.sum()), len(right))}


def lesson(seed=0, training=None):
    torch.manual_seed(seed)
    network = nn.Sequential(nn.Linear(2, 4), nn.Dropout(0.1), nn.Linear(4, 2))
    return Lesson(network, training or points(101), points(50, 1), loss, measure)


def test_a_training_learns(tmp_path):
    one = lesson()
    before = evaluate(one, one.validation)
    outcome = fit(one, FAST, tmp_path)
    after = evaluate(one, one.validation)
    assert after["loss"] < 0.5 * before["loss"]
    assert after["accuracy"] > 0.9
    assert len(outcome.epochs) == 6


def test_the_log_has_a_line_for_each_epoch(tmp_path):
    outcome = fit(lesson(), FAST, tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines == outcome.epochs == read_log(tmp_path)
    assert [line["epoch"] for line in lines] == [1, 2, 3, 4, 5, 6]
    expected = "epoch loss validation_loss accuracy rate samples_per_s seconds"
    assert list(lines[0]) == expected.split()


def test_a_training_that_was_broken_off_goes_on_as_if_it_was_not(tmp_path):
    whole, parts = lesson(), lesson()
    expected = fit(whole, FAST, tmp_path / "whole")
    while not fit(parts, replace(FAST, minutes=1e-9), tmp_path / "parts").is_over(FAST):
        parts = lesson(seed=9)  # which the checkpoint puts right
    done = fit(parts, FAST, tmp_path / "parts")
    assert [e["loss"] for e in done.epochs] == [e["loss"] for e in expected.epochs]
    for name, value in whole.network.state_dict().items():
        torch.testing.assert_close(parts.network.state_dict()[name], value, rtol=0, atol=0)


def test_a_finished_training_is_only_loaded(tmp_path, capsys):
    first, again = lesson(), lesson(seed=5)
    fit(first, FAST, tmp_path)
    assert "is over already" not in capsys.readouterr().err
    assert len(fit(again, FAST, tmp_path).epochs) == 6
    assert "is over already" in capsys.readouterr().err
    torch.testing.assert_close(first.network.state_dict(), again.network.state_dict())


def test_the_best_state_is_kept_and_patience_ends_a_training(tmp_path):
    one = lesson()
    settings = replace(FAST, epochs=50, rate=4.0, falls=False, optimiser="sgd", patience=3)
    outcome = fit(one, settings, tmp_path)
    assert len(outcome.epochs) == outcome.best_epoch + 3 < 50
    losses = [entry["validation_loss"] for entry in outcome.epochs]
    assert outcome.best_loss == min(losses) == outcome.best["validation_loss"]
    assert evaluate(one, one.validation)["loss"] == pytest.approx(outcome.best_loss)


def test_a_loss_that_is_low_enough_ends_a_training(tmp_path):
    outcome = fit(lesson(), replace(FAST, epochs=50, enough=0.3), tmp_path)
    assert outcome.epochs[-1]["loss"] <= 0.3 < outcome.epochs[-2]["loss"]


def test_the_rate_falls_to_zero_where_it_is_to_fall(tmp_path):
    falling = [e["rate"] for e in fit(lesson(), FAST, tmp_path / "falling").epochs]
    assert falling == sorted(falling, reverse=True)
    assert falling[-1] < 0.05 * FAST.rate
    level = fit(lesson(), replace(FAST, falls=False), tmp_path / "level").epochs
    assert {entry["rate"] for entry in level} == {FAST.rate}


@pytest.mark.parametrize("optimiser", ["adam", "adamw", "sgd"])
def test_every_optimiser_learns(tmp_path, optimiser):
    epochs = fit(lesson(), replace(FAST, optimiser=optimiser), tmp_path).epochs
    assert epochs[-1]["loss"] < epochs[0]["loss"]


def test_every_sample_is_seen_once_an_epoch_in_an_order_of_its_own(tmp_path):
    class Watched(Arrays):
        def take(self, indices, rng):
            seen.append((indices, rng))
            return super().take(indices, rng)

    seen = []
    given = points(40)
    fit(lesson(training=Watched(*given._arrays)), replace(FAST, epochs=2), tmp_path)
    first, second = (np.concatenate([i for i, _ in seen[n : n + 3]]) for n in (0, 3))
    assert len(seen) == 6
    assert sorted(first) == sorted(second) == list(range(40))
    assert list(first) != list(second)
    assert all(rng is not None for _, rng in seen)


def test_batches_are_of_nearly_equal_size(tmp_path):
    class Watched(Arrays):
        def take(self, indices, rng):
            sizes.append(len(indices))
            return super().take(indices, rng)

    sizes = []
    fit(lesson(training=Watched(*points(33)._arrays)), replace(FAST, epochs=1), tmp_path)
    assert sizes == [11, 11, 11]


def test_an_evaluation_varies_nothing_and_divides_after_adding_up():
    class Watched(Arrays):
        def take(self, indices, rng):
            assert rng is None
            return super().take(indices, rng)

    one = lesson()
    samples = Watched(*points(33)._arrays)
    figures = [evaluate(one, samples, batch) for batch in (1, 10, 33)]
    for figure in figures:
        assert figure == pytest.approx(figures[0], rel=1e-5)


def test_a_batch_without_a_finite_loss_changes_nothing(tmp_path):
    x = np.full((20, 2), math.nan, np.float32)
    one = lesson(training=Arrays(x, np.zeros(20, np.int64)))
    before = {name: value.clone() for name, value in one.network.state_dict().items()}
    fit(one, replace(FAST, epochs=1), tmp_path)
    torch.testing.assert_close(one.network.state_dict(), before)


def test_another_training_does_not_go_on_in_the_same_folder(tmp_path):
    fit(lesson(), replace(FAST, epochs=1), tmp_path)
    with pytest.raises(ConfigError, match="another rate, seed"):
        fit(lesson(), replace(FAST, rate=1.0, seed=2), tmp_path)
    other = Lesson(nn.Linear(2, 2), points(9), points(9), loss, measure)
    with pytest.raises(ConfigError, match="another network"):
        fit(other, FAST, tmp_path)


def test_a_training_does_not_go_on_with_more_samples(tmp_path):
    fit(lesson(), replace(FAST, epochs=1), tmp_path)
    with pytest.raises(ConfigError, match="on 101 samples, judged by 50, and not on 120 and 50"):
        fit(lesson(training=points(120)), FAST, tmp_path)


def test_more_epochs_may_be_asked_for_later(tmp_path):
    fit(lesson(), replace(FAST, epochs=2), tmp_path)
    assert len(fit(lesson(), FAST, tmp_path).epochs) == 6


def test_averaged_weights_lag_behind_and_are_what_is_kept(tmp_path):
    plain, averaged = lesson(), lesson()
    begun = averaged.network[0].weight.detach().clone()
    one = replace(FAST, epochs=1, rate=0.001)
    fit(plain, one, tmp_path / "plain")
    fit(averaged, replace(one, average=0.9), tmp_path / "averaged")
    moved, lagging = ((each.network[0].weight - begun).norm().item() for each in (plain, averaged))
    assert 0 < lagging < 0.99 * moved


def test_averaged_weights_soon_forget_what_the_network_began_as(tmp_path):
    plain, averaged = lesson(), lesson()
    fit(plain, FAST, tmp_path / "plain")
    outcome = fit(averaged, replace(FAST, average=0.998), tmp_path / "averaged")
    assert outcome.best_loss < 1.3 * evaluate(plain, plain.validation)["loss"]


def test_a_training_of_averaged_weights_goes_on_as_if_it_was_not_broken_off(tmp_path):
    settings = replace(FAST, average=0.9)
    whole, parts = lesson(), lesson()
    expected = fit(whole, settings, tmp_path / "whole")
    while not fit(parts, replace(settings, minutes=1e-9), tmp_path / "parts").is_over(settings):
        parts = lesson(seed=9)
    for name, value in whole.network.state_dict().items():
        torch.testing.assert_close(parts.network.state_dict()[name], value, rtol=0, atol=0)
    assert expected.best["validation_loss"] == pytest.approx(
        evaluate(whole, whole.validation, settings.batch)["loss"]
    )


def test_checkpoints_from_before_weights_were_averaged_are_gone_on_with(tmp_path):
    fit(lesson(), replace(FAST, epochs=2), tmp_path)
    state = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    del state["averaged"], state["settings"]["average"]
    torch.save(state, tmp_path / "checkpoint.pt")
    with pytest.raises(ConfigError, match="another average"):
        fit(lesson(), replace(FAST, average=0.9), tmp_path)
    assert len(fit(lesson(), replace(FAST, epochs=3), tmp_path).epochs) == 3


def test_nothing_half_written_is_left(tmp_path):
    fit(lesson(), replace(FAST, epochs=1), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint.pt", "log.jsonl"]


def test_arrays_are_of_one_length():
    with pytest.raises(ValueError, match="one length"):
        Arrays(np.zeros(3), np.zeros(4))


def test_a_folder_without_a_training_is_told(tmp_path):
    with pytest.raises(ConfigError, match="no training"):
        read_log(tmp_path)


def test_a_training_goes_on_with_samples_that_are_made_as_they_were(tmp_path):
    one = replace(lesson(), made_by={"--data": "raw", "--wear": 0.5})
    fit(one, replace(FAST, epochs=1), tmp_path)
    for changed in ({"--data": "raw"}, {"--data": "raw", "--wear": 1.0}):
        with pytest.raises(ConfigError, match=r"--wear 0\.5: give that again"):
            fit(replace(lesson(), made_by=changed), FAST, tmp_path)
    assert len(fit(replace(lesson(), made_by=one.made_by), FAST, tmp_path).epochs) == 6


def test_checkpoints_from_before_flags_were_noted_go_on(tmp_path):
    fit(lesson(), replace(FAST, epochs=1), tmp_path)
    path = tmp_path / "checkpoint.pt"
    state = torch.load(path, weights_only=True)
    del state["made_by"]
    torch.save(state, path)
    assert len(fit(replace(lesson(), made_by={"--wear": 1.0}), FAST, tmp_path).epochs) == 6
