from collections.abc import Callable

import pytest

from ocr_core.synth.books import draw_book_page, fill_column
from ocr_core.synth.sheet import Column, Sheet


@pytest.mark.parametrize("seed", range(12))
def test_a_book_page_is_many_lines_of_like_height(draw: Callable[..., Sheet], seed: int) -> None:
    lines = draw(draw_book_page, seed).canvas.join()
    assert len(lines) >= 5


def test_a_column_is_filled_to_its_end_and_not_beyond(sheet: Sheet) -> None:
    pen = sheet.pen(10)
    fill_column(sheet, pen, Column(100, 500), (200, 700))
    corners = [segment.corners for segment in sheet.canvas.join()]
    assert min(points[0, 1] for points in corners) > 190
    assert 700 - 6 * pen.pitch < max(points[2, 1] for points in corners) < 710
    assert max(points[1, 0] for points in corners) < 505
