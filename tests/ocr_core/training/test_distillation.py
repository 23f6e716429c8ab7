import numpy as np
import pytest
import torch

from ocr_core.ctc import decode_best_path
from ocr_core.synth.lines import LineSample
from ocr_core.training.distillation import TaughtLines, divergences
from tests.ocr_core.training.stand_ins import LineStore
from tests.stand_ins import CHARSET, GreyRecogniser, blank_page, draw_text


def sample(text, width=400):
    pixels = blank_page(40, width)
    draw_text(pixels, text, left=4, top=10)
    return LineSample(pixels, text)


def test_each_line_brings_what_a_teacher_sees_on_it():
    lines = [sample("abc"), sample("dead", 203)]
    source = LineStore(*lines)
    made = TaughtLines(source, GreyRecogniser).make(5, 0.5)
    assert source.asked == [(5, 0.5)]
    for line, one in zip(lines, made, strict=True):
        assert (one.pixels is line.pixels, one.text) == (True, line.text)
        assert one.taught.dtype == np.float16
        assert one.taught.shape == (-(-line.pixels.shape[1] // 4), 1 + len(CHARSET))
        assert one.taught.min() >= -18
        assert decode_best_path(one.taught.astype(np.float32), CHARSET).text == line.text


def test_the_teacher_is_made_once_and_only_when_there_are_lines():
    calls = []

    def counted():
        calls.append(1)
        return GreyRecogniser()

    assert TaughtLines(LineStore(), counted).make(1) == []
    assert not calls
    lines = TaughtLines(LineStore(sample("abc")), counted)
    lines.make(1)
    lines.make(2)
    assert len(calls) == 1


def test_the_divergence_is_that_of_each_line_over_its_own_steps():
    read = torch.tensor([[[0.5, 0.5], [0.9, 0.1]], [[0.25, 0.75], [0.5, 0.5]]]).log()
    taught = [torch.tensor([[0.5, 0.5], [0.5, 0.5]]).log(), torch.tensor([[1 / 4, 3 / 4]]).log()]
    expected = 0.5 * np.log(0.5 / 0.9) + 0.5 * np.log(0.5 / 0.1)
    assert divergences(read, taught).tolist() == pytest.approx([expected, 0.0], abs=1e-6)
