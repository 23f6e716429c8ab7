from collections.abc import Callable

import pytest

from ocr_core.synth.charts import draw_chart, draw_chart_page
from ocr_core.synth.sheet import Sheet


@pytest.mark.parametrize("seed", range(6))
def test_a_page_of_charts_has_numbers_along_its_axes(draw: Callable[..., Sheet], seed: int) -> None:
    texts = [segment.text for segment in draw(draw_chart_page, seed).canvas.join()]
    assert sum(text.replace(".", "").isdigit() for text in texts) >= 4


def test_a_chart_too_small_to_read_is_left_out(sheet: Sheet) -> None:
    draw_chart(sheet, (10, 10, 60, 50))
    assert not sheet.canvas.segments
    assert sheet.canvas.ink.max() == 0


def test_numbers_of_the_upright_axis_rise(sheet: Sheet) -> None:
    draw_chart(sheet, (50, 50, 800, 800))
    left = min(s.corners[1, 0] for s in sheet.canvas.segments) + 60
    column = [s for s in sheet.canvas.segments if s.corners[1, 0] < left and s.text[0].isdigit()]
    values = [float(s.text) for s in sorted(column, key=lambda s: -s.corners[0, 1])]
    assert len(values) > 2
    assert values == sorted(values)
