import pytest

from ocr_core.ctc import Decoded
from ocr_core.synth.lines import LineSample
from ocr_core.training import hard_lines
from ocr_core.training.hard_lines import HardLines, share_kept
from tests.ocr_core.training.stand_ins import LineStore
from tests.stand_ins import GreyRecogniser, blank_page, draw_text


def read_as(text, confidence=0.99):
    count = len(text)
    steps = tuple(range(count))
    return Decoded(text, (confidence,) * count, steps, tuple(step + 1 for step in steps))


@pytest.mark.parametrize(
    ("reading", "text", "share"),
    [
        (read_as("total"), "total", hard_lines.EASY_KEPT),
        (read_as("total", 0.5), "total", 1),  # right, but with doubt
        (read_as("tota1"), "total", 1),
        (read_as("%§?i"), "total", hard_lines.HOPELESS_KEPT),
        (read_as(""), "total", hard_lines.HOPELESS_KEPT),
        (read_as("8"), "B", 1),  # of a short text most is soon wrong
        (read_as(""), "", hard_lines.EASY_KEPT),  # no text, and none was read
        (read_as("wood grain"), "", 1),
    ],
)
def test_what_is_neither_easy_nor_hopeless_is_kept(reading, text, share):
    assert share_kept(reading, text) == share


def sample(text, label=None):
    pixels = blank_page(40, 400)
    draw_text(pixels, text, left=4, top=10)
    return LineSample(pixels, label or text)


def test_easy_lines_become_rare():
    easy, hard = sample("abc"), sample("abc", "abd")
    source = LineStore(easy, hard)
    lines = HardLines(source, lambda: GreyRecogniser(confidence=0.95))
    made = [one for seed in range(200) for one in lines.make(seed, 0.5)]
    assert sum(one is hard for one in made) == 200
    assert sum(one is easy for one in made) == pytest.approx(200 * hard_lines.EASY_KEPT, abs=20)
    assert source.asked == [(seed, 0.5) for seed in range(200)]
    again = HardLines(source, lambda: GreyRecogniser(confidence=0.95))
    assert [one for seed in range(200) for one in again.make(seed)] == made


def test_the_recogniser_is_made_once_and_only_when_there_are_lines():
    calls = []

    def counted():
        calls.append(1)
        return GreyRecogniser()

    assert HardLines(LineStore(), counted).make(1) == []
    assert not calls
    lines = HardLines(LineStore(sample("abc", "bad")), counted)
    assert lines.make(1)
    assert lines.make(2)
    assert len(calls) == 1
