import pytest

from ocr_core.sheet import Sheet, is_prose
from ocr_core.tables.model import Table
from schemas import Box
from tests.page_parts import FULL, PAGE, body, part


def test_a_sheet_is_as_its_running_text_is():
    sheet = Sheet.of(PAGE, [part(50, "A title", height=40), body(100), body(300)])
    assert sheet.height == 20
    assert sheet.white == pytest.approx(6)
    assert sheet.pitch == pytest.approx(10)
    assert sheet.has_prose


def test_without_running_text_all_lines_tell_the_size():
    sheet = Sheet.of(PAGE, [part(50, "Bread", height=30), part(100, "Salt", height=30)])
    assert (sheet.height, sheet.white, sheet.pitch, sheet.has_prose) == (30, 0, 0, False)


def test_a_sheet_may_hold_tables_alone_or_nothing():
    table = Table(Box(100, 320, 700, 600), (), ())
    for parts in ([table], []):
        assert not Sheet.of(PAGE, parts).has_prose


def test_prose_has_several_lines():
    assert is_prose(body(100))
    assert not is_prose(part(100, FULL))
