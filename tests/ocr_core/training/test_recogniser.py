from dataclasses import replace

import numpy as np
import pytest
import torch

from ocr_core import devices, weights
from ocr_core.charset import Charset
from ocr_core.recogniser import Recogniser, RecogniserConfig
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.lines import LineSample
from ocr_core.synth.typeset import LineStyle, set_line
from ocr_core.training.guidance import WEIGHT, GuidedRecogniser, plain_state
from ocr_core.training.loop import SEED_SPACE, Progress
from ocr_core.training.recogniser import BatchSettings, RecogniserTask
from tests.ocr_core.training.stand_ins import SameLines

CHARSET = Charset("abcde ")
CONFIG = RecogniserConfig(
    CHARSET.characters, 16, (8, 8, 16, 16, 16), (1, 1, 1, 1, 1), row=24, hidden=24
)
TEXTS = ["abc", "cab", "bad", "ace bed", "dad", "ebb", "add a", "cede"]


@pytest.fixture(autouse=True)
def float32(monkeypatch):
    monkeypatch.setattr(devices, "_cpu_has_fast_bfloat16", lambda: False)


def draw(text, height=16):
    """A crop of a text, black on white."""
    face = find_faces(CHARSET, folders=[])[0]
    line = set_line(text, LineStyle(face, height), np.random.default_rng(0))
    pixels = np.full((height, int(line.width) + 6), 255, np.uint8)
    top, left = height - 4 + line.ink_top, 3 + line.ink_left
    part = pixels[top : top + line.ink.shape[0], left : left + line.ink.shape[1]]
    part -= line.ink[: part.shape[0], : part.shape[1]]
    return LineSample(pixels, text)


def eight_lines(*more):
    return SameLines([*map(draw, TEXTS), *more])


def task_of(maker=None, network=None, **settings):
    maker = maker or eight_lines()
    defaults = {"pixels": 600, "pool": 24, "workers": 0}
    return RecogniserTask(
        network or Recogniser(CONFIG), maker, maker, BatchSettings(**defaults | settings)
    )


def first(task, n, first_seed=SEED_SPACE, progress=None):
    batches = task.batches(first_seed, progress or Progress())
    return [next(batches) for _ in range(n)]


def texts_of(batch):
    labels = iter(batch.labels.tolist())
    return [CHARSET.decode(next(labels) for _ in range(n)) for n in batch.lengths.tolist()]


def test_it_learns_eight_lines_by_heart():
    torch.manual_seed(0)
    task = task_of()
    batch = task._collate(eight_lines().samples)
    optimiser = torch.optim.AdamW(task.network.parameters(), lr=1e-2)
    losses = []
    for _ in range(60):
        loss, n = task.loss(task.network.train(), batch)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert n == 8
    assert losses[-1] < losses[0] / 5
    figures = task.evaluate(task.network.eval())
    assert figures["cer"] < 0.3


def test_a_guide_adds_to_the_loss_and_is_not_exported(tmp_path):
    torch.manual_seed(0)
    network = GuidedRecogniser(CONFIG)
    task = task_of(network=network)
    batch = task._collate([*eight_lines().samples, LineSample(draw("abc").pixels, "")])
    plain = Recogniser(CONFIG)
    plain.load_state_dict(plain_state(network))
    ctc, _ = task.loss(plain.eval(), batch)
    loss, n = task.loss(network.eval(), batch)
    assert n == 9
    rows = network.look(batch.crops)
    own = network.guide(rows, batch.steps, list(batch.labels.split(batch.lengths.tolist())))
    assert float(loss.detach()) == pytest.approx(float((ctc + WEIGHT * own).detach()))
    path = tmp_path / "recogniser.safetensors"
    task.export(network, path, {})
    weights.fill(plain, weights.load_file(path, "recogniser"))


def test_a_teacher_adds_to_the_loss_what_it_sees_otherwise():
    torch.manual_seed(0)
    task = task_of()
    network = task.network.eval()
    lines = [*eight_lines().samples]
    plain = task._collate(lines)
    read = network(plain.crops).detach().numpy().astype(np.float16)
    agreeing = [
        replace(line, taught=one[:steps])
        for line, one, steps in zip(lines, read, plain.steps.tolist(), strict=True)
    ]
    with torch.inference_mode():
        alone, taught = (task.loss(network, task._collate(some))[0] for some in (lines, agreeing))
    assert float(taught) == pytest.approx(float(alone), abs=1e-3)
    shifted = [replace(line, taught=np.roll(line.taught, 1, axis=1)) for line in agreeing]
    with torch.inference_mode():
        assert task.loss(network, task._collate(shifted))[0] > alone + 0.1


def test_batches_hold_the_lines_that_were_made():
    batches = first(task_of(), 12, progress=Progress(share=0.5))
    assert {text for batch, _ in batches for text in texts_of(batch)} == set(TEXTS)
    for batch, _ in batches:
        n, _, height, width = batch.crops.shape
        assert height == 16
        assert width % 64 == 0
        assert n == 1 or n * width <= 600
        assert n == len(batch.lengths) == len(batch.steps)
        assert batch.crops.dtype == torch.float32
        assert batch.steps.max() * 4 <= width


def test_crops_stand_on_paper_that_is_nought():
    task = task_of()
    sample = draw("ab")
    batch = task._collate([sample, draw("abcde abcde")])
    crop = batch.crops[0, 0].numpy()
    width = sample.pixels.shape[1]
    np.testing.assert_allclose(crop[:, :width], 1 - sample.pixels / 255, atol=1e-6)
    assert crop[:, width:].max() == 0
    assert batch.steps[0] == -(-width // 4)
    assert texts_of(batch) == ["ab", "abcde abcde"]


def test_a_seed_gives_the_same_batches():
    (one, seed), (again, same) = (first(task_of(), 9)[-1] for _ in range(2))
    assert torch.equal(one.crops, again.crops)
    assert texts_of(one) == texts_of(again)
    assert seed == same


def test_a_resumed_training_goes_on_with_the_next_seed():
    maker = eight_lines()
    _, next_seed = first(task_of(maker), 20)[-1]
    assert next_seed == maker.asked[-1][0] + 1
    assert [seed for seed, _ in maker.asked] == list(range(SEED_SPACE, next_seed))


def test_wear_grows_to_what_real_pages_show():
    maker = eight_lines()
    first(task_of(maker, ramp=10), 30)
    strengths = [strength for _, strength in maker.asked]
    assert strengths[0] == pytest.approx(0.3)
    assert strengths[5] == pytest.approx(0.65)
    assert strengths == sorted(strengths)
    later = eight_lines()
    first(task_of(later, ramp=10), 1, first_seed=SEED_SPACE + 50)
    assert later.asked[0][1] == 1.0


def test_lines_that_nobody_could_read_are_not_taught():
    blank = LineSample(np.full((16, 64), 250, np.uint8), "abc")
    narrow = LineSample(draw("abc").pixels[:, :12], "aabbc")  # three steps for five letters
    maker = eight_lines(blank, narrow)
    seen = {text for batch, _ in first(task_of(maker), 30) for text in texts_of(batch)}
    assert seen == set(TEXTS)


def test_equal_letters_need_a_step_between_them():
    wide, narrow = (draw("ebb").pixels[:, :width] for width in (16, 15))
    samples = [LineSample(pixels, "ebb") for pixels in (wide, narrow)]
    maker = eight_lines(*samples)
    steps = {
        int(count)
        for batch, _ in first(task_of(maker), 40)
        for text, count in zip(texts_of(batch), batch.steps, strict=True)
        if text == "ebb"
    }
    assert 4 in steps
    assert min(steps) == 4


def test_the_very_start_has_short_lines_only():
    long = LineSample(np.tile(draw("abc").pixels, (1, 20)), "abc" * 20)
    maker = eight_lines(*[long] * 8)
    settings = {"pool": 400, "pixels": 1500}
    for share, expected in ((0.0, False), (0.5, True)):
        batches = first(task_of(maker, **settings), 30, progress=Progress(share=share))
        found = any(len(text) > 20 for batch, _ in batches for text in texts_of(batch))
        assert found or not expected


def test_padding_has_no_part_in_the_loss():
    task = task_of()
    batch = task._collate(eight_lines().samples)
    silent = torch.full((8, batch.crops.shape[3] // 4, 7), -9.0)
    silent[..., 0] = 0

    class Silent(torch.nn.Module):
        def __init__(self, beyond):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))
            self.beyond = beyond

        def look(self, crops):
            return crops

        def label(self, rows):
            output = silent.clone()
            for row, steps in zip(output, batch.steps, strict=True):
                row[steps:] = self.beyond
            return output

    losses = [task.loss(Silent(beyond), batch)[0] for beyond in (-3.0, -30.0)]
    assert losses[0] == losses[1]
    assert losses[0] > 1


def test_figures_are_errors_and_exact_lines_of_the_held_out_lines():
    maker = eight_lines()
    maker.samples = maker.samples[:1]  # "abc"
    task = task_of(maker)

    class Says(torch.nn.Module):
        def __init__(self, text):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))
            self.labels = CHARSET.encode(text)

        def forward(self, crops):
            output = torch.full((len(crops), crops.shape[3] // 4, 7), -9.0)
            output[..., 0] = 0
            for step, label in enumerate(self.labels):
                output[:, step, label] = 1
            return output

    assert task.evaluate(Says("abc")) == {"cer": 0.0, "exact": 1.0}
    assert task.evaluate(Says("abd")) == {"cer": pytest.approx(1 / 3, abs=1e-4), "exact": 0.0}


def test_what_is_exported_can_be_loaded_again(tmp_path):
    task = task_of()
    path = tmp_path / "recogniser.safetensors"
    task.export(task.network, path, {"steps": 3})
    stored = weights.load_file(path, "recogniser")
    assert stored.config["charset"] == CHARSET.characters
    weights.fill(Recogniser(CONFIG), stored)
    assert len(stored.ranges["collapse.0"][0]) == CONFIG.channels[-1]
