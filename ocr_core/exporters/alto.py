"""Document -> ALTO 4.4 (https://www.loc.gov/standards/alto), in pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from ocr_core.exporters import markup
from ocr_core.exporters.alto_lines import Parts, add_line, place_of
from ocr_core.exporters.cells import fill_cells
from ocr_core.exporters.divided_words import divided_words
from ocr_core.exporters.structure import FilledBlock, fill_blocks, page_number, reason_of
from schemas import Box, Document, Failure, Line, Page, Quad

_NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_STEP = "ocr"


def export_alto(document: Document) -> bytes:
    """A `Page` for each page, and in it blocks, lines and words in reading order.

    The kind of a block is a `StructureTag`, a table a `ComposedBlock` of its cells, a figure an
    `Illustration`. A word that a hyphen divides at the end of a line is whole in `SUBS_CONTENT`;
    what the recogniser wrote before correction is an `ALTERNATIVE`. Pages are as drawn and turned
    upright; the settings of the processing say how. A page that failed is empty and says why in
    `QUALITY_DETAIL`.
    """
    root = ET.Element(
        "alto",
        {
            "xmlns": _NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{_NAMESPACE} {_SCHEMA}",
            "SCHEMAVERSION": "4.4",
        },
    )
    filled = [fill_blocks(page) if isinstance(page, Page) else [] for page in document.pages]
    _add_description(root, document)
    _add_tags(root, sorted({one.block.kind for blocks in filled for one in blocks}))
    _add_reading_order(root, document, filled)
    layout = markup.add(root, "Layout")
    for page, blocks in zip(document.pages, filled, strict=True):
        _add_page(layout, page, blocks)
    return markup.to_bytes(root)


def _add_description(root: ET.Element, document: Document) -> None:
    description = markup.add(root, "Description")
    markup.add_text(description, "MeasurementUnit", "pixel")
    image = markup.add(description, "sourceImageInformation")
    markup.add_text(image, "fileName", document.source.uri)
    markup.add_text(image, "documentIdentifier", document.source.doc_id)
    step = markup.add(description, "Processing", {"ID": _STEP})
    markup.add_text(step, "processingCategory", "contentGeneration")
    if document.started_at is not None:
        markup.add_text(step, "processingDateTime", markup.as_time(document.started_at))
    markup.add_text(step, "processingStepDescription", "layout analysis and text recognition")
    pages = [_drawn(page) for page in document.pages if isinstance(page, Page)]
    markup.add_text(step, "processingStepSettings", "; ".join(pages))
    software = markup.add(step, "processingSoftware")
    markup.add_text(software, "softwareName", markup.SOFTWARE)
    markup.add_text(software, "softwareVersion", markup.version())


def _drawn(page: Page) -> str:
    turned = f", turned clockwise by {page.orientation_deg} degrees" * (page.orientation_deg != 0)
    return f"page {page_number(page)}: {page.dpi} dpi{turned}, {page.source}"


def _add_tags(root: ET.Element, kinds: Sequence[str]) -> None:
    if kinds:
        tags = markup.add(root, "Tags")
        for kind in kinds:
            markup.add(tags, "StructureTag", {"ID": _tag(kind), "LABEL": kind})


def _tag(kind: str) -> str:
    return f"kind_{kind}"


def _add_reading_order(
    root: ET.Element, document: Document, filled: Sequence[Sequence[FilledBlock]]
) -> None:
    """A group for each page that has blocks."""
    if not any(filled):
        return
    whole = markup.add(markup.add(root, "ReadingOrder"), "OrderedGroup", {"ID": "order"})
    for page, blocks in zip(document.pages, filled, strict=True):
        if blocks:
            number = page_number(page)
            group = markup.add(whole, "OrderedGroup", {"ID": f"order_{number}"})
            for place, one in enumerate(blocks, start=1):
                reference = {"ID": f"order_{number}_{place}", "REF": _block_id(number, one)}
                markup.add(group, "ElementRef", reference)


def _block_id(number: int, filled: FilledBlock) -> str:
    return f"block_{number}_{filled.block.block_id + 1}"


def _add_page(layout: ET.Element, page: Page | Failure, blocks: Sequence[FilledBlock]) -> None:
    number = page_number(page)
    attributes = {"ID": f"page_{number}", "PHYSICAL_IMG_NR": str(number)}
    if isinstance(page, Failure):
        markup.add(layout, "Page", attributes | {"QUALITY_DETAIL": reason_of(page)})
        return
    size = {"HEIGHT": str(page.height_px), "WIDTH": str(page.width_px)}
    attributes |= {"PROCESSINGREFS": _STEP} | size
    attributes |= {"PC": markup.share(page.confidence), "ROTATION": markup.number(page.skew_deg)}
    if page.language:
        attributes["LANG"] = page.language
    place = size | {"HPOS": "0", "VPOS": "0"}
    space = markup.add(markup.add(layout, "Page", attributes), "PrintSpace", place)
    for filled in blocks:
        _add_block(space, _block_id(number, filled), filled)


def _add_block(space: ET.Element, own: str, filled: FilledBlock) -> None:
    block = filled.block
    place = _place(own, block.box) | {"TAGREFS": _tag(block.kind)}
    if block.kind == "table" and block.cells:
        table = _add_shaped(space, "ComposedBlock", place | {"TYPE": "table"}, block.quad)
        for cell, lines in fill_cells(filled):
            name = f"{own}_row_{cell.row + 1}_column_{cell.column + 1}"
            quad = Quad.from_box(cell.box)
            _add_lines(_add_shaped(table, "TextBlock", _place(name, cell.box), quad), name, lines)
    elif block.kind == "figure" and not filled.lines:
        _add_shaped(space, "Illustration", place, block.quad)
    else:
        divided = divided_words(filled)
        _add_lines(_add_shaped(space, "TextBlock", place, block.quad), own, filled.lines, divided)


def _add_shaped(parent: ET.Element, tag: str, attributes: dict[str, str], quad: Quad) -> ET.Element:
    """A block, with a polygon around it."""
    block = markup.add(parent, tag, attributes)
    polygon = {"POINTS": markup.points(markup.corners(quad))}
    markup.add(markup.add(block, "Shape"), "Polygon", polygon)
    return block


def _place(own: str, box: Box) -> dict[str, str]:
    return {"ID": own} | place_of(box)


def _add_lines(
    block: ET.Element, own: str, lines: Sequence[Line], divided: Mapping[int, str] | None = None
) -> None:
    """Lines of a block.

    Args:
        divided: whole words that begin at the end of a line; see `divided_words`.
    """
    wholes = divided or {}
    for number, line in enumerate(lines):
        parts = Parts(first=wholes.get(number), second=wholes.get(number - 1))
        add_line(block, f"{own}_line_{number + 1}", line, parts)
