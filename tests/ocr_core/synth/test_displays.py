from collections.abc import Callable

import numpy as np
import pytest

from ocr_core.synth import displays
from ocr_core.synth.sheet import Sheet

LAYOUTS = [
    displays.draw_title_page,
    displays.draw_slide,
    displays.draw_advertisement,
    displays.draw_card,
    displays.draw_single_words,
]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", range(8))
def test_pages_of_few_words_have_some(
    draw: Callable[..., Sheet], layout: Callable[[Sheet], None], seed: int
) -> None:
    assert 1 <= len(draw(layout, seed).canvas.join()) < 120


def test_some_text_is_light_on_dark(draw: Callable[..., Sheet]) -> None:
    found = 0
    for seed in range(8):
        sheet = draw(displays.draw_single_words, seed)
        ink = np.maximum(sheet.canvas.ink, sheet.canvas.tone)
        found += int(ink[:4, :4].min() > 100 and ink.min() == 0)
    assert found


def test_a_page_without_words_has_no_lines(draw: Callable[..., Sheet]) -> None:
    for seed in range(5):
        assert not draw(displays.draw_wordless, seed).canvas.segments
