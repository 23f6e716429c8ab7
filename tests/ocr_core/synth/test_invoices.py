import re
from collections.abc import Callable

import pytest

from ocr_core.synth.invoices import draw_invoice
from ocr_core.synth.sheet import Sheet


@pytest.mark.parametrize("seed", range(8))
def test_an_invoice_has_amounts(draw: Callable[..., Sheet], seed: int) -> None:
    texts = " ".join(segment.text for segment in draw(draw_invoice, seed).canvas.join())
    assert re.search(r"\d\.\d\d\b", texts)
