from dataclasses import replace

import numpy as np
import pytest
import torch

from ocr_core.charset import Charset
from ocr_core.recipes.lines.labelled import LabelledLine, find_lines
from ocr_core.recipes.lines.samples import (
    LineSamples,
    load_samples,
    loss,
    loss_of_tuned,
    measure,
    with_looks,
)
from ocr_core.recipes.lines.settings import LinesSettings
from ocr_core.recogniser import Recogniser
from ocr_core.synth.lines import LineSample
from schemas import Box, Quad
from tests.ocr_core.recipes.lines.conftest import SMALL
from tests.ocr_core.recipes.lines.stand_ins import Oracle

SETTINGS = LinesSettings(height=16)
CHARSET = Charset("abc")


def test_lines_that_cannot_be_learnt_from_are_told_of_and_left_out(lines, tmp_path):
    (tmp_path / "broken.png").write_text("no picture")
    given = [
        find_lines(lines)[0],
        LabelledLine(tmp_path / "broken.png", "a"),
        LabelledLine(lines / "01.png", "abc" * 40),
    ]
    told = []
    samples = load_samples(given, SETTINGS, told.append)
    assert [sample.text for sample in samples] == [given[0].text]
    assert [words.split(":")[0] for words in told] == [
        "left out (corrupt-source)",
        "left out (too-narrow)",
    ]
    told.clear()
    narrow = LinesSettings(height=16, max_width=20)
    assert load_samples(given[:1], narrow, told.append) == []
    assert told[0].startswith("left out (too-wide)")


def test_of_the_lines_of_a_page_it_is_told_which_is_left_out(lines):
    line = LabelledLine(lines / "01.png", "abc" * 40, Quad.from_box(Box(0, 0, 9, 9)))
    told = []
    assert load_samples([line], SETTINGS, told.append) == []
    assert told == [
        f"left out (too-narrow): {line.path}, '{line.text}', has no room, or no ink, for its text"
    ]


@pytest.fixture
def samples(lines):
    return load_samples(find_lines(lines), SETTINGS)


def test_lines_vary_only_where_they_are_learnt_from(samples):
    set_ = LineSamples(samples, CHARSET, wear=1.0)
    indices = np.array([3, 0, 5])
    first, again = (set_.take(indices, None)[0].crops for _ in range(2))
    assert torch.equal(first, again)
    varied = [set_.take(indices, np.random.default_rng(seed))[0].crops for seed in (1, 2)]
    assert varied[0].shape != varied[1].shape or not torch.equal(*varied)
    assert len(set_) == 60


def test_a_few_lines_are_looked_at_again_and_many_are_not(samples):
    few = samples[:3]
    given = with_looks(few, SETTINGS)
    assert given[:3] == few
    looks = given[3:]
    assert 3 < len(looks) <= 12
    assert {one.text for one in looks} == {one.text for one in few}
    assert not any(np.array_equal(a.pixels, b.pixels) for a in few for b in looks)
    pairs = zip(given, with_looks(few, SETTINGS), strict=True)
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in pairs)
    assert with_looks(samples * 2, SETTINGS) == samples * 2
    assert with_looks(few, replace(SETTINGS, wear=0.0)) == few
    assert with_looks([], SETTINGS) == []


def test_what_is_wrong_is_counted_by_character_and_by_line(samples):
    [batch] = LineSamples(samples, CHARSET).take(np.arange(4), None)
    oracle = Oracle(batch)
    assert measure(oracle, [batch]) == {"cer": (1, 12), "accuracy": (3, 4)}
    assert measure(oracle, [batch, batch]) == {"cer": (2, 24), "accuracy": (6, 8)}
    assert 0 < loss(oracle, [batch]).item() < 3


def test_lines_of_like_width_are_padded_together():
    widths = (300, 20, 60, 312, 292, 64, 500, 520, 40, 32)
    strips = [LineSample(np.full((16, width), 255, np.uint8), "a") for width in widths]
    batches = LineSamples(strips, CHARSET).take(np.arange(10), None)
    assert [batch.crops.shape[3] for batch in batches] == [64, 576]
    assert [4 * steps for batch in batches for steps in batch.steps.tolist()] == sorted(widths)


def test_a_network_that_was_trained_before_keeps_its_normalisation(samples):
    network = Recogniser(SMALL)
    batches = LineSamples(samples, Charset(SMALL.charset + "c")).take(np.arange(4), None)
    for function, stays in ((loss_of_tuned, True), (loss, False)):
        network.train()
        before = [buffer.clone() for buffer in network.buffers()]
        function(network, batches)
        pairs = zip(before, network.buffers(), strict=True)
        assert all(torch.equal(one, other) for one, other in pairs) is stays
