"""One page -> PAGE XML, version 2019-07-15 (https://github.com/PRImA-Research-Lab/PAGE-XML)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from ocr_core.exporters import markup
from ocr_core.exporters.cells import fill_cells
from ocr_core.exporters.structure import (
    FilledBlock,
    baseline_of,
    file_name,
    fill_blocks,
    page_number,
    reason_of,
    words_of,
)
from schemas import Cell, Document, Failure, Line, Page, Quad
from schemas.document import BlockKind

_NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
# The schema asks for a time, which documents that no run has read do not have. That of the export
# would make every export another file.
_UNKNOWN_TIME = "1970-01-01T00:00:00Z"
# Of a `TextRegion`; kinds that PAGE has no type for are told in `custom`, as Transkribus does.
_TYPES: Mapping[BlockKind, str] = {
    "paragraph": "paragraph",
    "heading": "heading",
    "list": "other",
    "caption": "caption",
    "footnote": "footnote",
    "header": "header",
    "footer": "footer",
    "page-number": "page-number",
}
# As the schema calls them, by the first part of their BCP 47 tags.
_LANGUAGES = {
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "hu": "Hungarian",
    "it": "Italian",
    "la": "Latin",
    "nb": "Norwegian Bokmål",
    "nl": "Dutch",
    "nn": "Norwegian Nynorsk",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "sv": "Swedish",
    "tr": "Turkish",
}


def export_page_xml(document: Document) -> bytes:
    """The page with its regions, lines and words in reading order, in whole pixels.

    Of several texts of a word or a line, index 0 is as corrected and index 1 as recognised. Cells
    of a table are text regions that tell their row and column. A page that failed is empty; the
    metadata say why.

    Raises:
        ValueError: the document has not one page: PAGE has a file for each.
    """
    if len(document.pages) != 1:
        raise ValueError(f"PAGE XML holds one page, and not {len(document.pages)}")
    [page] = document.pages
    root = ET.Element(
        "PcGts",
        {
            "xmlns": _NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{_NAMESPACE} {_NAMESPACE}/pagecontent.xsd",
        },
    )
    _add_metadata(root, document, page)
    image = {"imageFilename": file_name(document.source.uri)}
    if isinstance(page, Failure):
        markup.add(root, "Page", image | {"imageWidth": "0", "imageHeight": "0"})
    else:
        _add_page(root, page, image)
    return markup.to_bytes(root)


def _add_metadata(root: ET.Element, document: Document, page: Page | Failure) -> None:
    metadata = markup.add(root, "Metadata", {"externalRef": document.source.uri})
    markup.add_text(metadata, "Creator", f"{markup.SOFTWARE} {markup.version()}")
    started_at = document.started_at
    time = _UNKNOWN_TIME if started_at is None else markup.as_time(started_at)
    markup.add_text(metadata, "Created", time)
    markup.add_text(metadata, "LastChange", time)
    told = f"page {page_number(page)} of {document.source.page_count}"
    if isinstance(page, Failure):
        told += f" failed: {reason_of(page)}"
    elif page.orientation_deg:
        told += f", turned clockwise by {page.orientation_deg} degrees"
    markup.add_text(metadata, "Comments", told)


def _add_page(root: ET.Element, page: Page, image: dict[str, str]) -> None:
    attributes = image | {
        "imageWidth": str(page.width_px),
        "imageHeight": str(page.height_px),
        "imageXResolution": str(page.dpi),
        "imageYResolution": str(page.dpi),
        "imageResolutionUnit": "PPI",
        "orientation": markup.number(page.skew_deg),
        "conf": markup.share(page.confidence),
    }
    if page.language:
        attributes["primaryLanguage"] = _LANGUAGES.get(page.language.partition("-")[0], "other")
    element = markup.add(root, "Page", attributes)
    blocks = fill_blocks(page)
    _add_reading_order(element, blocks)
    for filled in blocks:
        _add_region(element, filled)


def _region_id(filled: FilledBlock) -> str:
    return f"region_{filled.block.block_id + 1}"


def _add_reading_order(page: ET.Element, blocks: Sequence[FilledBlock]) -> None:
    if blocks:
        group = markup.add(markup.add(page, "ReadingOrder"), "OrderedGroup", {"id": "order"})
        for index, filled in enumerate(blocks):
            place = {"index": str(index), "regionRef": _region_id(filled)}
            markup.add(group, "RegionRefIndexed", place)


def _add_region(page: ET.Element, filled: FilledBlock) -> None:
    block, own = filled.block, {"id": _region_id(filled)}
    if block.kind == "table" and block.cells:
        rows = max(cell.row + cell.row_span for cell in block.cells)
        columns = max(cell.column + cell.column_span for cell in block.cells)
        size = {"rows": str(rows), "columns": str(columns)}
        table = _add_outlined(page, "TableRegion", own | size, block.quad)
        for cell, lines in fill_cells(filled):
            _add_cell(table, own["id"], cell, lines)
    elif block.kind == "figure" and not filled.lines:
        _add_outlined(page, "ImageRegion", own, block.quad)
    else:
        kind = _TYPES.get(block.kind)
        told = {"type": kind} if kind else {}
        if kind != block.kind:
            told["custom"] = f"structure {{type:{block.kind};}}"
        region = _add_outlined(page, "TextRegion", own | told, block.quad)
        _add_lines(region, own["id"], filled.lines)
        _add_equivalents(region, [block.text])


def _add_cell(table: ET.Element, own: str, cell: Cell, lines: Sequence[Line]) -> None:
    name = f"{own}_row_{cell.row + 1}_column_{cell.column + 1}"
    region = _add_outlined(table, "TextRegion", {"id": name}, Quad.from_box(cell.box))
    role = {
        "rowIndex": str(cell.row),
        "columnIndex": str(cell.column),
        "rowSpan": str(cell.row_span),
        "colSpan": str(cell.column_span),
    }
    markup.add(markup.add(region, "Roles"), "TableCellRole", role)
    _add_lines(region, name, lines)
    _add_equivalents(region, [cell.text])


def _add_lines(region: ET.Element, own: str, lines: Sequence[Line]) -> None:
    for number, line in enumerate(lines, start=1):
        name = f"{own}_line_{number}"
        element = _add_outlined(region, "TextLine", {"id": name}, line.quad)
        markup.add(element, "Baseline", {"points": markup.points(baseline_of(line))})
        for place, word in enumerate(words_of(line), start=1):
            quad = Quad.from_box(word.box)
            within = _add_outlined(element, "Word", {"id": f"{name}_word_{place}"}, quad)
            _add_equivalents(within, [word.text, word.raw_text], word.confidence)
        _add_equivalents(element, [line.text, line.raw_text], line.confidence)


def _add_outlined(
    parent: ET.Element, tag: str, attributes: dict[str, str], quad: Quad
) -> ET.Element:
    """A region, a line or a word, with the polygon around it."""
    element = markup.add(parent, tag, attributes)
    markup.add(element, "Coords", {"points": markup.points(markup.corners(quad))})
    return element


def _add_equivalents(
    parent: ET.Element, texts: Sequence[str], confidence: float | None = None
) -> None:
    """What something says, and in what other ways, each once."""
    for index, text in enumerate(dict.fromkeys(texts)):
        told = {} if confidence is None else {"conf": markup.share(confidence)}
        equivalent = markup.add(parent, "TextEquiv", {"index": str(index)} | told)
        markup.add_text(equivalent, "Unicode", text)
