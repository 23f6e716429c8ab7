import numpy as np
import pytest
import torch

from ocr_core.charset import Charset
from ocr_core.recipes.lines.labelled import LabelledLine, find_lines
from ocr_core.recipes.lines.samples import LineSamples, load_samples, loss, measure
from ocr_core.recipes.lines.settings import LinesSettings
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


@pytest.fixture
def samples(lines):
    return load_samples(find_lines(lines), SETTINGS)


def test_lines_vary_only_where_they_are_learnt_from(samples):
    set_ = LineSamples(samples, CHARSET, wear=1.0)
    indices = np.array([3, 0, 5])
    first, again = (set_.take(indices, None).crops for _ in range(2))
    assert torch.equal(first, again)
    varied = [set_.take(indices, np.random.default_rng(seed)).crops for seed in (1, 2)]
    assert varied[0].shape != varied[1].shape or not torch.equal(*varied)
    assert len(set_) == 60


def test_what_is_wrong_is_counted_by_character_and_by_line(samples):
    batch = LineSamples(samples, CHARSET).take(np.arange(4), None)
    oracle = Oracle(batch)
    assert measure(oracle, batch) == {"cer": (1, 12), "accuracy": (3, 4)}
    assert 0 < loss(oracle, batch).item() < 3
