"""Document -> its tables as a workbook of Excel, a sheet for each."""

from __future__ import annotations

import io
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ocr_core.exporters import markup
from ocr_core.exporters.formats import tables_of
from ocr_core.exporters.structure import page_number
from schemas import Block, Document, Page

# The earliest that ZIP can tell: the same tables are the same file.
_TIME = datetime(1980, 1, 1)  # noqa: DTZ001 - a workbook knows no time zones


def export_xlsx(document: Document) -> bytes:
    """A sheet for each table, named by its page and its number on it; cells that span are merged.

    All cells are text, as read: what a point or a comma in a number means depends on the language.
    A document without tables has one empty sheet, as a workbook cannot have none.
    """
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _TIME})
        for page in document.pages:
            for number, table in enumerate(tables_of(page) if isinstance(page, Page) else (), 1):
                _write(workbook.add_worksheet(f"page {page_number(page)} table {number}"), table)
        if not workbook.worksheets():
            workbook.add_worksheet("no tables")
    return stream.getvalue()


def _write(sheet: Worksheet, table: Block) -> None:
    for cell in table.cells:
        if cell.row_span > 1 or cell.column_span > 1:
            last = cell.row + cell.row_span - 1, cell.column + cell.column_span - 1
            sheet.merge_range(cell.row, cell.column, *last, "")
        sheet.write_string(cell.row, cell.column, markup.clean(cell.text))
