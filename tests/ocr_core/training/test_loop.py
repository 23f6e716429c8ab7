import json

import pytest
import torch

from ocr_core import devices, weights
from ocr_core.training import loop
from ocr_core.training.loop import SEED_SPACE, Loop, LoopSettings
from tests.ocr_core.training.stand_ins import Clock, Slope, Standstill, Trap

CPU = torch.device("cpu")
FAST = LoopSettings(minutes=0.5, rate=0.2, warmup_steps=5, ema=0.9)  # 30 steps of a second


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(devices, "_cpu_has_fast_bfloat16", lambda: False)
    clock = Clock()
    monkeypatch.setattr(loop, "time", clock)
    return clock


def train(folder, settings=FAST, task=None):
    task = task or Slope()
    return task, Loop(task, folder, settings, CPU).run()


def state_of(folder):
    return torch.load(folder / "checkpoint.pt", weights_only=True)


def log_of(folder):
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_a_training_learns_and_ends_with_its_schedule(tmp_path):
    before = Slope()
    task, figures = train(tmp_path)
    assert len(task.seeds) == 30
    assert figures["error"] < 0.3 * before.evaluate(before.network)["error"]


def test_batches_are_by_rising_seed_from_a_space_of_their_own(tmp_path):
    task, _ = train(tmp_path, LoopSettings(minutes=0.1, seed=4))
    assert task.seeds == list(range(4 * SEED_SPACE, 4 * SEED_SPACE + 6))


def test_batches_are_told_how_far_the_training_is(tmp_path):
    task, _ = train(tmp_path)
    assert task.shares == pytest.approx([step / 30 for step in range(30)])


def test_a_training_that_was_stopped_goes_on_as_if_it_had_not_been(tmp_path):
    whole, split = tmp_path / "whole", tmp_path / "split"
    first, figures = train(whole)
    stopping = LoopSettings(minutes=0.5, session_minutes=0.2, rate=0.2, warmup_steps=5, ema=0.9)
    second, _ = train(split, stopping)
    assert state_of(split)["progress"]["step"] == 13
    third, figures_of_split = train(split)
    assert second.seeds + third.seeds == first.seeds
    assert figures_of_split == figures
    for part in ("network", "averaged"):
        for name, value in state_of(whole)[part].items():
            assert torch.equal(value, state_of(split)[part][name])
    assert state_of(whole)["progress"] == state_of(split)["progress"]
    moments = [state_of(folder)["optimiser"]["state"][0]["exp_avg_sq"] for folder in (whole, split)]
    assert torch.equal(*moments)


def test_more_minutes_lengthen_a_training_that_was_over(tmp_path):
    train(tmp_path, LoopSettings(minutes=0.1))
    task, _ = train(tmp_path, LoopSettings(minutes=0.2))
    assert len(task.seeds) == 6
    assert state_of(tmp_path)["progress"]["step"] == 12


def test_the_weights_file_holds_the_average_and_where_it_comes_from(tmp_path):
    _, figures = train(tmp_path)
    stored = weights.load_file(tmp_path / "slope.safetensors", "slope")
    averaged, network = (state_of(tmp_path)[part]["weight"] for part in ("averaged", "network"))
    assert stored.tensors["weight"] == pytest.approx(averaged, rel=1e-3)
    assert averaged != network
    assert stored.provenance["held_out"] == figures
    assert stored.provenance["steps"] == 30
    assert stored.provenance["samples"] == 30 * 16
    assert stored.provenance["settings"]["rate"] == 0.2


def test_checkpoints_and_figures_come_every_few_minutes(tmp_path, monkeypatch):
    saves = []
    monkeypatch.setattr(loop.torch, "save", lambda state, path: saves.append(state["progress"]))
    monkeypatch.setattr(type(tmp_path), "replace", lambda *paths: None)
    settings = LoopSettings(minutes=5, checkpoint_minutes=1, evaluate_minutes=2)
    monkeypatch.setattr(Slope, "export", lambda *_: None)
    train(tmp_path, settings)
    assert [progress["step"] for progress in saves] == [61, 122, 183, 244, 300]
    events = [entry["event"] for entry in log_of(tmp_path)]
    assert events.count("evaluate") == 3
    assert events.count("train") == 4


def test_the_log_tells_settings_loss_rate_and_figures(tmp_path):
    _, figures = train(tmp_path, LoopSettings(minutes=2.5, rate=0.05))
    start, *entries = log_of(tmp_path)
    assert (start["event"], start["settings"]["minutes"], start["step"]) == ("start", 2.5, 0)
    trained = [entry for entry in entries if entry["event"] == "train"]
    assert [entry["samples"] for entry in trained] == [61 * 16, 122 * 16]
    assert trained[1]["loss"] < trained[0]["loss"]
    assert trained[0]["samples_per_s"] == 16
    assert entries[-1]["error"] == figures["error"]


def test_the_rate_rises_and_then_falls_to_almost_nothing(tmp_path):
    training = Loop(Slope(), tmp_path, LoopSettings(rate=1.0, warmup_steps=10), CPU)
    rates = []
    for step in range(101):
        training._progress.step = step
        training._progress.share = step / 100
        rates.append(training._rate())
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1, abs=0.03)
    assert rates.index(max(rates)) in (9, 10)
    assert rates[50] == pytest.approx(0.5)
    assert rates[100] == 0.005


def test_a_loss_that_is_no_number_changes_nothing(tmp_path):
    _, figures = train(tmp_path, task=Trap())
    assert figures["error"] < 1
    assert all(torch.isfinite(value).all() for value in state_of(tmp_path)["network"].values())


def test_weights_decay_and_biases_do_not(tmp_path):
    settings = LoopSettings(minutes=0.5, rate=0.1, warmup_steps=1, weight_decay=0.5)
    before = Slope().network
    task, _ = train(tmp_path, settings, Standstill())
    assert 0 < task.network.weight / before.weight < 0.8
    assert task.network.bias == before.bias


def test_the_time_that_a_paused_machine_slept_is_not_training(tmp_path, clock):
    clock.asleep = {4: 5000}  # in the middle of the second step
    train(tmp_path, LoopSettings(minutes=0.5))
    assert state_of(tmp_path)["progress"]["step"] == 21  # of 30 s, the second step took 10
