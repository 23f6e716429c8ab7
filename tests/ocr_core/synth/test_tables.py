from collections.abc import Callable
from typing import get_args

import pytest

from ocr_core.synth.sheet import Column, Sheet
from ocr_core.synth.tables import Rules, Table, draw_table, draw_table_page

ROWS = [["name", "count", "price"], ["house", "12", "9.95"], ["paper", "7", "1,200.00"]]


def _draw(sheet: Sheet, rules: Rules) -> list[str]:
    pen = sheet.pen(11)
    table = Table(ROWS, (False, True, True), rules, 1.6)
    draw_table(sheet, table, pen, Column(60, 800), 100)
    return [segment.text for segment in sheet.canvas.join()]


@pytest.mark.parametrize("rules", get_args(Rules))
def test_every_cell_is_a_line_of_its_own_in_reading_order(sheet: Sheet, rules: Rules) -> None:
    assert _draw(sheet, rules) == [text for row in ROWS for text in row]


def test_numbers_are_flush_right(sheet: Sheet) -> None:
    _draw(sheet, "none")
    rights = {segment.text: segment.corners[1, 0] for segment in sheet.canvas.join()}
    assert rights["9.95"] == pytest.approx(rights["1,200.00"], abs=4)


def test_a_grid_has_a_rule_between_rows_and_columns(sheet: Sheet) -> None:
    _draw(sheet, "grid")
    dark = sheet.canvas.ink > 0
    assert (dark.mean(axis=1) > 0.3).sum() >= 4


@pytest.mark.parametrize("seed", range(8))
def test_a_page_of_tables_keeps_its_cells_apart(draw: Callable[..., Sheet], seed: int) -> None:
    assert len(draw(draw_table_page, seed).canvas.join()) > 10
