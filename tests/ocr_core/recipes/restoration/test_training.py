import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

from ocr_core import devices, weights
from ocr_core.recipes.restoration import training
from ocr_core.recipes.restoration.training import RestorerTask
from ocr_core.restoration.restorer import open_restorer
from ocr_core.training.loop import Loop, LoopSettings, Progress
from tests import tiny_networks
from tests.ocr_core.recipes.restoration.stand_ins import SMALL, FadedLines

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def floats(monkeypatch):
    monkeypatch.setattr(devices, "_cpu_has_fast_bfloat16", lambda: False)
    torch.manual_seed(1)


def task_of(settings=SMALL):
    guide = tiny_networks.network_of(tiny_networks.RECOGNISER)
    return RestorerTask(guide, FadedLines(), FadedLines(), settings)


def some_batches(task, count=3):
    return [batch for batch, _ in zip(task.batches(5, Progress()), range(count), strict=False)]


def test_batches_hold_pairs_of_one_size_and_are_not_wider_than_asked_for():
    for batch, next_seed in some_batches(task_of()):
        assert next_seed > 5
        assert batch.clean.shape == batch.lines.crops.shape
        assert len(batch.lines.lengths) == len(batch.clean) > 1
        widths = 4 * int(batch.lines.steps.max())
        assert widths * len(batch.clean) <= SMALL.columns + 4 * len(batch.clean)
        assert torch.all(batch.clean >= batch.lines.crops)  # faded ink is paler than ink


def test_lines_that_are_no_pairs_or_say_nothing_are_not_learnt_from():
    samples = FadedLines().make(0)
    assert len(training.learnable(samples)) == 4
    assert training.learnable([replace(sample, text="") for sample in samples]) == []


def test_a_training_darkens_what_has_faded_and_leaves_weights_and_a_picture(tmp_path):
    task = task_of()
    settings = LoopSettings(minutes=0.06, rate=1e-2, warmup_steps=5, ema=0.9)
    figures = Loop(task, tmp_path, settings, CPU).run()
    assert figures["difference"] < 0.9 * figures["difference_raw"]
    assert set(figures) >= {"cer", "cer_raw", "cer_clean"}
    path = tmp_path / "restorer.safetensors"
    found = weights.load_file(path, "restorer")
    assert found.provenance["recipe"]["guidance"] == SMALL.guidance
    line = training.learnable(FadedLines().make(99))[0]
    [restored] = open_restorer(found).restore([line.pixels])
    assert cv2.absdiff(restored, line.clean).mean() < cv2.absdiff(line.pixels, line.clean).mean()
    assert cv2.imread(str(path.with_suffix(".png")), cv2.IMREAD_GRAYSCALE).shape[0] > 3 * 16
    assert json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])["event"] == "evaluate"


def test_the_guide_is_followed_and_stays_as_it_is():
    task, alone = task_of(), task_of(replace(SMALL, guidance=0.0))
    alone.network.load_state_dict(task.network.state_dict())
    batch, _ = some_batches(task, 1)[0]
    before = {name: value.clone() for name, value in task._guide.state_dict().items()}
    losses = []
    for one in (task, alone):
        torch.manual_seed(3)
        loss, count = one.loss(one.network, batch)
        loss.backward()
        losses.append(float(loss.detach()))
        assert count == len(batch.clean)
    assert losses[0] > losses[1] > 0
    guided, plain = (one.network.leave.weight.grad for one in (task, alone))
    assert not torch.allclose(guided, plain)
    assert all(torch.equal(value, before[name]) for name, value in task._guide.state_dict().items())
    assert all(parameter.grad is None for parameter in task._guide.parameters())


def test_pixels_differ_by_the_mean_of_all():
    black, white = np.zeros((2, 3), np.uint8), np.full((2, 3), 255, np.uint8)
    assert training._difference([black, black], [white, black]) == pytest.approx(0.5)
