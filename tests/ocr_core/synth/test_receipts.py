from collections.abc import Callable

import pytest

from ocr_core.synth.receipts import draw_receipt
from ocr_core.synth.sheet import Sheet


@pytest.mark.parametrize("seed", range(12))
def test_a_receipt_has_lines(draw: Callable[..., Sheet], seed: int) -> None:
    assert len(draw(draw_receipt, seed, width=500, height=1200).canvas.join()) > 6


def test_lines_of_dashes_and_stars_are_no_text(draw: Callable[..., Sheet]) -> None:
    for seed in range(12):
        sheet = draw(draw_receipt, seed, width=500, height=1200)
        assert not [s.text for s in sheet.canvas.join() if set(s.text) <= set("-=*_.")]
