"""Document -> its tables as a workbook of Excel, a sheet for each (ECMA-376, part 1)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from ocr_core.exporters import markup
from ocr_core.exporters.formats import tables_of
from ocr_core.exporters.structure import page_number
from schemas import Block, Cell, Document, Page

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The earliest that ZIP can tell: the same tables are the same file.
_TIME = (1980, 1, 1, 0, 0, 0)


def export_xlsx(document: Document) -> bytes:
    """A sheet for each table, named by its page and its number on it; cells that span are merged.

    All cells are text, as read: what a point or a comma in a number means depends on the language.
    A document without tables has one empty sheet, as a workbook cannot have none.
    """
    sheets = {
        f"page {page_number(page)} table {number}": _sheet(table)
        for page in document.pages
        if isinstance(page, Page)
        for number, table in enumerate(tables_of(page), start=1)
    } or {"no tables": _sheet(None)}
    files = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _workbook(list(sheets)),
        "xl/_rels/workbook.xml.rels": _relations(
            {
                f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml")
                for number in range(1, len(sheets) + 1)
            }
        ),
    }
    for number, sheet in enumerate(sheets.values(), start=1):
        files[f"xl/worksheets/sheet{number}.xml"] = sheet
    return _zipped(files)


def _sheet(table: Block | None) -> ET.Element:
    sheet = ET.Element("worksheet", {"xmlns": _MAIN})
    data = markup.add(sheet, "sheetData")
    cells = sorted(table.cells, key=lambda cell: (cell.row, cell.column)) if table else []
    rows: dict[int, ET.Element] = {}
    for cell in cells:
        if cell.row not in rows:
            rows[cell.row] = markup.add(data, "row", {"r": str(cell.row + 1)})
        place = {"r": _name(cell.row, cell.column), "t": "inlineStr"}
        text = markup.add(markup.add(rows[cell.row], "c", place), "is")
        markup.add_text(text, "t", cell.text, {"xml:space": "preserve"})
    merged = [_span(cell) for cell in cells if cell.row_span > 1 or cell.column_span > 1]
    if merged:
        parent = markup.add(sheet, "mergeCells", {"count": str(len(merged))})
        for span in merged:
            markup.add(parent, "mergeCell", {"ref": span})
    return sheet


def _name(row: int, column: int) -> str:
    """What a spreadsheet calls a cell.

    >>> _name(0, 0), _name(9, 27)
    ('A1', 'AB10')
    """
    letters = ""
    left = column + 1
    while left:
        left, place = divmod(left - 1, 26)
        letters = chr(ord("A") + place) + letters
    return f"{letters}{row + 1}"


def _span(cell: Cell) -> str:
    last = _name(cell.row + cell.row_span - 1, cell.column + cell.column_span - 1)
    return f"{_name(cell.row, cell.column)}:{last}"


def _workbook(names: list[str]) -> ET.Element:
    workbook = ET.Element("workbook", {"xmlns": _MAIN, "xmlns:r": _RELATIONS})
    sheets = markup.add(workbook, "sheets")
    for number, name in enumerate(names, start=1):
        told = {"name": name, "sheetId": str(number), "r:id": f"rId{number}"}
        markup.add(sheets, "sheet", told)
    return workbook


def _relations(targets: Mapping[str, tuple[str, str]]) -> ET.Element:
    """The file that says what belongs to another: id -> kind and path."""
    root = ET.Element("Relationships", {"xmlns": f"{_PACKAGE}/relationships"})
    for own, (kind, target) in targets.items():
        told = {"Id": own, "Type": f"{_RELATIONS}/{kind}", "Target": target}
        markup.add(root, "Relationship", told)
    return root


def _content_types(n_sheets: int) -> ET.Element:
    root = ET.Element("Types", {"xmlns": f"{_PACKAGE}/content-types"})
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    markup.add(root, "Default", {"Extension": "rels", "ContentType": rels})
    markup.add(root, "Default", {"Extension": "xml", "ContentType": "application/xml"})
    parts = {"/xl/workbook.xml": f"{_CONTENT}.sheet.main+xml"}
    for number in range(1, n_sheets + 1):
        parts[f"/xl/worksheets/sheet{number}.xml"] = f"{_CONTENT}.worksheet+xml"
    for name, content in parts.items():
        markup.add(root, "Override", {"PartName": name, "ContentType": content})
    return root


def _zipped(files: Mapping[str, ET.Element]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, root in files.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, markup.to_bytes(root))
    return stream.getvalue()
