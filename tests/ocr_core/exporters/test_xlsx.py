import dataclasses
import io

import openpyxl
import pytest

from ocr_core.exporters import xlsx
from schemas import Document
from tests import exported_document


def read(document):
    return openpyxl.load_workbook(io.BytesIO(xlsx.export_xlsx(document)))


def test_openpyxl_finds_every_cell_at_its_place_and_as_text():
    workbook = read(exported_document.whole_document())
    assert workbook.sheetnames == ["page 1 table 1"]
    sheet = workbook.active
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows()] == [
        ["Cargo", "", "Tons"],
        ["=Tea", "a|b, c", "12.50"],
        ["Rum", "d", ""],
    ]
    assert [str(span) for span in sheet.merged_cells.ranges] == ["A1:B1"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_each_table_has_a_sheet():
    page = exported_document.first_page()
    later = dataclasses.replace(page, ref=dataclasses.replace(page.ref, page_index=11))
    workbook = read(Document(exported_document.SOURCE, (page, later)))
    assert workbook.sheetnames == ["page 1 table 1", "page 12 table 1"]
    assert workbook["page 12 table 1"]["C2"].value == "12.50"


def test_characters_that_xml_cannot_hold_are_left_out():
    page = exported_document.first_page()
    table = page.blocks[4]
    cells = (dataclasses.replace(table.cells[0], text=" a\x0b\nb "), *table.cells[1:])
    page = dataclasses.replace(page, blocks=(dataclasses.replace(table, cells=cells),))
    assert read(Document(exported_document.SOURCE, (page,))).active["A1"].value == " a\nb "


def test_a_document_without_tables_has_an_empty_sheet():
    workbook = read(Document(exported_document.SOURCE, (exported_document.last_page(),)))
    assert workbook.sheetnames == ["no tables"]


@pytest.mark.parametrize(("column", "name"), [(0, "A1"), (25, "Z1"), (26, "AA1"), (701, "ZZ1")])
def test_columns_are_named_by_letters(column, name):
    page = exported_document.first_page()
    table = page.blocks[4]
    cell = dataclasses.replace(table.cells[0], column=column, column_span=1, text="here")
    page = dataclasses.replace(page, blocks=(dataclasses.replace(table, cells=(cell,)),))
    sheet = read(Document(exported_document.SOURCE, (page,))).active
    assert sheet[name].value == "here"
    assert openpyxl.utils.cell.coordinate_from_string(name)[0] == name.rstrip("1")
