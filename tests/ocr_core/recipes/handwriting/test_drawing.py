import numpy as np
import pytest

from ocr_core import charset
from ocr_core.recipes.handwriting.drawing import HandMaker
from ocr_core.synth.text import TextSource
from ocr_core.training.recogniser import is_learnable


@pytest.fixture(scope="session")
def maker(hands, corpora):
    return HandMaker(hands, TextSource(corpora, charset.latin()), height=40, max_width=700)


def test_a_seed_gives_the_same_block_anywhere(maker):
    first, again, other = (maker.make(seed) for seed in (3, 3, 4))
    assert [line.text for line in first] == [line.text for line in again]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(first, again, strict=True))
    assert [line.text for line in first] != [line.text for line in other]


def test_lines_can_be_learnt_from(maker):
    lines = [line for seed in range(25) for line in maker.make(seed)]
    assert len(lines) > 60
    for line in lines:
        assert line.pixels.shape[0] == 40
        assert line.pixels.shape[1] <= 700
        assert line.pixels.dtype == np.uint8
        assert line.text == line.text.strip() != ""
    assert sum(map(is_learnable, lines)) > 0.95 * len(lines)


def test_the_ink_of_a_line_is_in_its_middle(maker):
    """Unworn, as wear makes papers darker than ink."""
    shares = []
    for seed in range(20):
        for line in maker.make(seed, strength=0.0):
            ink = 255.0 - line.pixels
            shares.append(ink[8:32].sum() / max(ink.sum(), 1))
    assert np.median(shares) > 0.7
