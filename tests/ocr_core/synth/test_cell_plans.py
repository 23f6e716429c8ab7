import pytest

from ocr_core.synth.cell_plans import RULINGS, Ruling, plan_table
from ocr_core.synth.sheet import Sheet


@pytest.mark.parametrize("ruling", RULINGS)
def test_slots_cover_every_place_once(sheet: Sheet, ruling: Ruling) -> None:
    for _ in range(10):
        plan = plan_table(sheet, sheet.pen(10), ruling, 10, 5)
        places = sorted(place for slot in plan.slots for place in slot.places)
        assert places == [(row, column) for row in range(10) for column in range(5)]


def test_some_grids_have_cells_that_span_rows_and_columns(sheet: Sheet) -> None:
    plans = [plan_table(sheet, sheet.pen(10), "grid", 10, 5) for _ in range(20)]
    slots = [slot for plan in plans for slot in plan.slots]
    assert any(slot.row_span > 1 and not slot.is_head for slot in slots)
    assert any(slot.column_span > 1 and slot.is_head for slot in slots)


def test_a_table_without_rulings_has_a_column_of_numbers(sheet: Sheet) -> None:
    for _ in range(20):
        plan = plan_table(sheet, sheet.pen(10), "none", 6, 3)
        assert {"whole", "decimal", "percent"} & set(plan.kinds)
