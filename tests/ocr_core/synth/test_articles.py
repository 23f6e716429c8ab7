from collections.abc import Callable

import pytest

from ocr_core.synth.articles import draw_article, draw_newspaper, split
from ocr_core.synth.sheet import Column, Sheet


@pytest.mark.parametrize("layout", [draw_article, draw_newspaper])
@pytest.mark.parametrize("seed", range(6))
def test_columns_fill_the_page(
    draw: Callable[..., Sheet], layout: Callable[[Sheet], None], seed: int
) -> None:
    sheet = draw(layout, seed, width=1240, height=1750)
    assert len(sheet.canvas.join()) > 20


def test_columns_are_of_one_width_and_their_gutters_wider_than_word_gaps(sheet: Sheet) -> None:
    pen = sheet.pen(10)
    columns = split(sheet, Column(50, 850), 3, pen)
    assert len({round(column.width) for column in columns}) == 1
    assert columns[0].left == 50
    assert columns[-1].right == pytest.approx(850)
    assert columns[1].left - columns[0].right >= 1.3 * pen.em


def test_lines_of_neighbouring_columns_are_never_joined(draw: Callable[..., Sheet]) -> None:
    for seed in range(6):
        sheet = draw(draw_newspaper, seed, width=1240, height=1750)
        drawn = [s for s in sheet.canvas.segments if not s.ignored]
        assert len(sheet.canvas.join()) > 0.9 * len(drawn)
