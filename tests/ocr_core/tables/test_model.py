from collections.abc import Callable

from ocr_core.tables.finding import find_tables
from ocr_core.tables.model import Piece, Table


def test_a_table_is_a_value(table: Callable[..., list[Piece]]) -> None:
    rows = [["apples", "10", "1.50"], ["pears", "25", "2.00"], ["plums", "5", "3.25"]]
    found = [find_tables(table((100, 300, 500), *rows), []) for _ in range(2)]
    assert found[0] == found[1]
    assert isinstance(found[0][0], Table)
    assert len(set(found[0] + found[1])) == 1
