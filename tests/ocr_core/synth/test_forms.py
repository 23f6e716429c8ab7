from collections.abc import Callable

import pytest

from ocr_core.synth.forms import draw_form
from ocr_core.synth.sheet import Sheet


@pytest.mark.parametrize("seed", range(10))
def test_a_form_has_labels_and_rules(draw: Callable[..., Sheet], seed: int) -> None:
    sheet = draw(draw_form, seed)
    assert len(sheet.canvas.join()) > 8
    longest = (sheet.canvas.ink > 0).sum(axis=1).max()
    assert longest > 0.1 * sheet.width
