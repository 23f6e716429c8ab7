from dataclasses import replace

import numpy as np
import pytest
import torch

from ocr_core import devices
from ocr_core.recipes.epochs import EpochSettings
from ocr_core.recipes.plates import data, network, settings, training
from ocr_core.recipes.plates.network import PlateConfig

TINY = PlateConfig(
    "01", height=16, width=32, channels=(4, 8, 8, 8, 8), depths=(1,) * 5, row=16, hidden=16
)
SETTINGS = replace(
    settings.digits(),
    network=TINY,
    training=EpochSettings(epochs=8, batch=16, rate=0.01, falls=False),
)


@pytest.fixture(autouse=True)
def _in_float32(monkeypatch):
    monkeypatch.setattr(devices, "_cpu_has_fast_bfloat16", lambda: False)


def make(rng):
    """Two signs, each a bar that stands high for 1 and low for 0."""
    text = "".join(rng.choice(["0", "1"], 2))
    picture = np.full((16, 32), 255, np.uint8)
    for place, sign in enumerate(text):
        top = 1 if sign == "1" else 9
        picture[top : top + 6, 6 + 14 * place : 12 + 14 * place] = 0
    return picture, text


def samples(count=160):
    return tuple(data.MadePlates(make, n, TINY, seed) for n, seed in ((count, 1), (32, 2)))


def test_a_reader_learns_and_its_weights_read(tmp_path):
    outcome = training.train(SETTINGS, samples(), tmp_path)
    assert outcome.epochs[-1]["loss"] < outcome.epochs[0]["loss"] / 5
    assert outcome.best["exact"] > 0.9
    reader = network.load(tmp_path / "plates.safetensors")
    rng = np.random.default_rng(77)
    pictures, texts = zip(*(make(rng) for _ in range(20)), strict=True)
    right = sum(r.text == t for r, t in zip(reader.read(pictures), texts, strict=True))
    assert right >= 18


def test_a_training_goes_on_where_it_stopped(tmp_path):
    short = replace(SETTINGS, training=replace(SETTINGS.training, epochs=1))
    training.train(short, samples(32), tmp_path)
    outcome = training.train(
        replace(short, training=replace(short.training, epochs=2)), samples(32), tmp_path
    )
    assert [entry["epoch"] for entry in outcome.epochs] == [1, 2]


def test_the_loss_of_a_certain_and_right_network_is_nothing():
    crops = torch.zeros(1, 1, 16, 32)

    def certain(_):
        scores = torch.full((1, 8, 3), -50.0)
        scores[0, :, 0] = 0
        scores[0, 2] = torch.tensor([-50.0, 0.0, -50.0])
        return scores.log_softmax(dim=-1)

    stand_in = torch.nn.Module()
    stand_in.forward = certain
    stand_in.register_parameter("one", torch.nn.Parameter(torch.zeros(1)))
    batch = crops, torch.tensor([1]), torch.tensor([1])
    assert float(training.loss(stand_in, batch)) == pytest.approx(0, abs=1e-4)


def test_pictures_without_a_plate_count_in_the_loss():
    made = training.new_network(SETTINGS).eval()
    nothing = torch.rand(2, 1, 16, 32), torch.tensor([], dtype=torch.long), torch.tensor([0, 0])
    value = training.loss(made, nothing).detach()
    assert float(value) > 0
    assert torch.isfinite(value)


def test_a_new_network_is_the_same_of_the_same_seed():
    first, second = (training.new_network(SETTINGS).head.weight for _ in range(2))
    torch.testing.assert_close(first, second)


def test_judging_counts_plates_read_without_an_error():
    figures = training.judge(training.new_network(SETTINGS), samples()[1])
    assert set(figures) == {"loss", "exact"}
    assert 0 <= figures["exact"] <= 1
