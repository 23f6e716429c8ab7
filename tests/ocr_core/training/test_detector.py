import numpy as np
import pytest
import torch
from torch import nn

from ocr_core import devices, weights
from ocr_core.detector import Detector, DetectorConfig, DetectorMaps
from ocr_core.synth.pages import SynthPage
from ocr_core.training.detector import (
    CropSettings,
    DetectorTask,
    cut_crops,
    detector_loss,
)
from ocr_core.training.loop import Progress
from ocr_core.training.maps import draw_targets
from schemas import Box, Line, Page, PageRef, Quad
from tests.ocr_core.training.stand_ins import OnePage

CONFIG = DetectorConfig(channels=(8, 8, 8, 8, 8), depths=(1, 1, 1, 1, 1), pyramid=8)
LINES = [Box(20, 20 + 40 * i, 180 - 30 * i, 40 + 40 * i) for i in range(3)]
IGNORED = Box(20, 150, 180, 170)
SETTINGS = CropSettings(side=128, a_page=3, batch=4, pool=12, workers=0)


@pytest.fixture(autouse=True)
def float32(monkeypatch):
    monkeypatch.setattr(devices, "_cpu_has_fast_bfloat16", lambda: False)


def quads_of(boxes):
    return [Quad.from_box(box) for box in boxes]


def page_of(boxes=LINES, ignored=(IGNORED,), side=200):
    """A page with black bars for lines."""
    pixels = np.full((side, side), 255, np.uint8)
    for box in (*boxes, *ignored):
        pixels[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = 0
    pixels[::4] = 255  # bars have gaps, as letters do
    lines = tuple(Line("a", "a", 1.0, quad, ()) for quad in quads_of(boxes))
    page = Page(PageRef("", "", 0), side, side, 100, lines)
    return SynthPage(pixels, page, tuple(quads_of(ignored)))


def task_of(maker=None):
    maker = maker or OnePage(page_of())
    return DetectorTask(CONFIG, maker, maker, SETTINGS)


def tensors_of(targets):
    return {
        name: torch.from_numpy(getattr(targets, name))[None, None].float()
        for name in ("kernel", "weight", "threshold", "border")
    }


def maps_that_say(kernel, threshold):
    logits = 24 * kernel - 12
    return DetectorMaps(logits, threshold, torch.sigmoid(50 * (logits.sigmoid() - threshold)))


@pytest.fixture
def targets():
    quads = quads_of([Box(10, 10, 90, 20), Box(10, 30, 60, 44)])
    return tensors_of(draw_targets(quads, quads_of([Box(10, 60, 90, 80)]), (96, 96)))


def test_perfect_maps_cost_nothing_and_inverted_ones_much(targets):
    kernel, threshold = targets["kernel"], targets["threshold"]
    perfect = detector_loss(maps_that_say(kernel, threshold), targets)
    inverted = detector_loss(maps_that_say(1 - kernel, 1 - threshold), targets)
    assert 0 <= perfect < 0.05
    assert inverted > 100


def test_a_map_costs_more_the_more_of_it_is_wrong(targets):
    losses = []
    for wrong in (0, 1, 4, 8):
        kernel = targets["kernel"].clone()
        kernel[..., :wrong, :] = 1
        losses.append(float(detector_loss(maps_that_say(kernel, targets["threshold"]), targets)))
    assert losses == sorted(losses)
    assert losses[1] > losses[0] + 0.1


def test_what_is_said_about_ignored_text_costs_nothing(targets):
    said = targets["kernel"].clone()
    said[targets["weight"] == 0] = 1
    maps, other = (maps_that_say(k, targets["threshold"]) for k in (targets["kernel"], said))
    assert detector_loss(maps, targets) == pytest.approx(float(detector_loss(other, targets)))


def test_the_threshold_counts_around_lines_only(targets):
    base = float(detector_loss(maps_that_say(targets["kernel"], targets["threshold"]), targets))
    for where, costs in (("border", True), ("elsewhere", False)):
        mask = targets["border"] if where == "border" else 1 - targets["border"]
        moved = maps_that_say(targets["kernel"], targets["threshold"] - 0.1 * mask)
        assert (float(detector_loss(moved, targets)) > base + 0.5) == costs


def test_nothing_to_find_is_no_division_by_nought():
    targets = tensors_of(draw_targets([], [], (32, 32)))
    loss = detector_loss(maps_that_say(targets["kernel"], targets["threshold"]), targets)
    assert 0 <= loss < 0.05


def test_crops_and_targets_are_parts_of_the_page():
    page = page_of()
    for crop in cut_crops(page, CropSettings(side=128, zoom=(1.0, 1.0)), seed=3):
        assert crop.pixels.shape == (128, 128)
        assert crop.pixels.dtype == np.uint8
        assert crop.targets.kernel.shape == (64, 64)
        ink = 255 - crop.pixels if np.median(crop.pixels) > 128 else crop.pixels
        inside = np.kron(crop.targets.kernel, np.ones((2, 2))) > 0
        assert ink[inside].mean() > 150  # three rows in four
        assert ink[~inside].mean() < ink[inside].mean()


def test_crops_depend_on_the_seed_alone():
    (one, *_), (again, *_) = (list(cut_crops(page_of(), SETTINGS, seed=5)) for _ in range(2))
    np.testing.assert_array_equal(one.pixels, again.pixels)
    np.testing.assert_array_equal(one.targets.kernel, again.targets.kernel)
    crops = [next(cut_crops(page_of(), SETTINGS, seed)) for seed in range(6)]
    assert len({crop.pixels.tobytes() for crop in crops}) > 3


def test_a_page_smaller_than_a_crop_is_made_up_with_paper():
    page = page_of([Box(10, 10, 50, 26)], ignored=(), side=60)
    for crop in cut_crops(page, CropSettings(side=128, zoom=(1.0, 1.0)), seed=0):
        outside = crop.pixels[64:, 64:]
        assert len(np.unique(outside)) == 1
        assert crop.targets.kernel[:30, :30].any()
        assert not crop.targets.kernel[32:].any()


def test_lines_too_small_or_too_faint_are_ignored():
    tiny, faint = Box(20, 20, 100, 24), Box(20, 60, 100, 80)
    page = page_of([tiny, faint], ignored=())
    page.pixels[60:80] = 250
    for crop in cut_crops(page, CropSettings(side=224, zoom=(1.0, 1.0), a_page=2), seed=0):
        assert not crop.targets.kernel.any()
        assert (crop.targets.weight == 0).sum() > 300


def test_batches_come_from_pages_by_rising_seed():
    maker = OnePage(page_of())
    progress = Progress(step=100)
    batches = task_of(maker).batches(70, progress)
    taken = [next(batches) for _ in range(6)]
    assert all(len(batch) == 4 for batch, _ in taken)
    assert maker.asked == list(range(70, 70 + len(maker.asked)))
    assert taken[-1][1] == maker.asked[-1] + 1


def test_it_learns_one_batch():
    torch.manual_seed(0)
    task = task_of()
    batch, _ = next(task.batches(0, Progress(step=100)))
    optimiser = torch.optim.AdamW(task.network.parameters(), lr=1e-2)
    losses = []
    for _ in range(25):
        loss, n = task.loss(task.network.train(), batch)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert n == 4
    assert losses[-1] < losses[0] / 2


def test_a_detector_that_finds_every_line_scores_one():
    class Knowing(nn.Module):
        def __init__(self, boxes):
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(1))
            self.boxes = boxes

        def forward(self, pixels):
            shape = tuple(side // 2 for side in pixels.shape[2:])
            halves = [Quad.from_corners(quad.corners / 2) for quad in quads_of(self.boxes)]
            return torch.from_numpy(draw_targets(halves, [], shape).kernel)[None, None].float()

    task = task_of()
    figures = task.evaluate(Knowing(LINES))
    assert figures == {"hmean": 1.0, "precision": 1.0, "recall": 1.0, "split": 0.0, "merged": 0.0}
    assert next(iter(figures)) == "hmean"
    assert task.evaluate(Knowing(LINES[:1]))["recall"] == pytest.approx(1 / 3, abs=1e-3)


def test_what_is_exported_can_be_loaded_again(tmp_path):
    task = task_of()
    path = tmp_path / "detector.safetensors"
    task.export(task.network, path, {"steps": 3})
    stored = weights.load_file(path, "detector")
    weights.fill(Detector(CONFIG), stored)
    assert len(stored.ranges["join.0"][0]) == CONFIG.pyramid
