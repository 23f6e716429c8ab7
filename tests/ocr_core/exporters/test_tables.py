import io

import pandas

from ocr_core.exporters.formats import by_table
from ocr_core.exporters.tables import export_csv
from schemas import Document
from tests import exported_document


def test_pandas_finds_every_cell_at_its_place():
    [(_, table)] = by_table(exported_document.whole_document())
    frame = pandas.read_csv(io.BytesIO(export_csv(table)), header=None, dtype=str)
    assert frame.fillna("").values.tolist() == [
        ["Cargo", "", "Tons"],
        ["=Tea", "a|b, c", "12.50"],
        ["Rum", "d", ""],
    ]


def test_an_empty_line_stands_between_tables():
    page = exported_document.first_page()
    twice = Document(exported_document.SOURCE, (page, page))
    once = export_csv(Document(exported_document.SOURCE, (page,)))
    assert export_csv(twice) == once + b"\n" + once
