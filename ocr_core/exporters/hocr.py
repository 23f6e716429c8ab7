"""Document -> hOCR 1.2 (http://kba.cloud/hocr-spec/1.2): XHTML that says where its text stood."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count, groupby
from xml.etree import ElementTree as ET

import numpy as np

from ocr_core.exporters import markup
from ocr_core.exporters.cells import fill_cells
from ocr_core.exporters.headings import Place, heading_levels
from ocr_core.exporters.structure import (
    FilledBlock,
    baseline_of,
    descent_of,
    fill_blocks,
    page_number,
    reason_of,
    whole_pixels,
    words_of,
)
from schemas import Box, Document, Failure, Line, Page
from schemas.document import BlockKind

_DOCTYPE = (
    b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    b'"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
)
_STYLE = (
    ".ocr_line { display: block } .ocr_page { margin-bottom: 2em } "
    ".ocr_chapter, .ocr_section, .ocr_subsection { font-weight: bold } "
    ".ocr_header, .ocr_footer, .ocr_pageno { color: gray } "
    ".ocr_table { border-collapse: collapse } td { border: thin solid; padding: 0 .4em } "
    "td p { margin: 0 }"
)
_CLASSES: Mapping[BlockKind, str] = {
    "caption": "ocr_caption",
    "figure": "ocr_photo",
    "footnote": "ocr_textfloat",
    "header": "ocr_header",
    "footer": "ocr_footer",
    "page-number": "ocr_pageno",
}
_OF_HEADINGS = ("ocr_chapter", "ocr_section", "ocr_subsection")
_OTHERS = ("ocr_page", "ocr_carea", "ocr_par", "ocr_line", "ocrx_word", "ocr_table")
# Lines that run steeper, in degrees, have no baseline that can be told by a slope.
_MAX_SLOPE = 45


def export_hocr(document: Document) -> bytes:
    """A page for each page, and in it blocks, paragraphs, lines and words in reading order.

    The class of a block tells its kind; what hOCR has no class for is an `ocr_carea`. A table is an
    `ocr_table` whose cells hold lines of their own. Of a page that failed only a comment says why.
    """
    root = ET.Element("html", {"xmlns": "http://www.w3.org/1999/xhtml"})
    _add_head(root, document)
    body = markup.add(root, "body")
    levels = heading_levels(document)
    for page in document.pages:
        number = page_number(page)
        if isinstance(page, Failure):
            empty = _add_page(body, document, number, Box(0, 0, 0, 0))
            markup.add_comment(empty, f"page {number} failed: {reason_of(page)}")
        else:
            _PageWriter(document, page, levels).write(body)
    return _with_doctype(markup.to_bytes(root, shortens=False))


def _with_doctype(xml: bytes) -> bytes:
    return xml.replace(markup.DECLARATION, markup.DECLARATION + _DOCTYPE, 1)


def _add_head(root: ET.Element, document: Document) -> None:
    languages = sorted({p.language for p in document.pages if isinstance(p, Page) and p.language})
    head = markup.add(root, "head")
    markup.add_text(head, "title", document.source.uri)
    metas = {
        "ocr-system": f"{markup.SOFTWARE} {markup.version()}",
        "ocr-capabilities": " ".join([*_OTHERS, *_OF_HEADINGS, *_CLASSES.values()]),
        "ocr-number-of-pages": str(len(document.pages)),
        "ocr-langs": " ".join(languages) or "unknown",
    }
    equiv = {"http-equiv": "Content-Type", "content": "text/html; charset=utf-8"}
    markup.add(head, "meta", equiv)
    for name, content in metas.items():
        markup.add(head, "meta", {"name": name, "content": content})
    markup.add_text(head, "style", _STYLE, {"type": "text/css"})


def _add_page(
    body: ET.Element, document: Document, number: int, box: Box, *properties: str
) -> ET.Element:
    # Neither may stand in a title: readers split it without looking for quotes.
    image = document.source.uri.replace('"', "%22").replace(";", "%3B")
    title = "; ".join([f'image "{image}"', _bbox(box), f"ppageno {number - 1}", *properties])
    attributes = {"class": "ocr_page", "id": f"page_{number}", "title": title}
    return markup.add(body, "div", attributes)


def _bbox(box: Box) -> str:
    return "bbox {} {} {} {}".format(*whole_pixels(box))


class _PageWriter:
    """Writes one page; numbers its blocks, lines and words from 1."""

    def __init__(self, document: Document, page: Page, levels: Mapping[Place, int]) -> None:
        self._document = document
        self._page = page
        self._levels = levels
        self._number = page_number(page)
        self._counts = {kind: count(1) for kind in ("block", "par", "line", "word")}

    def write(self, body: ET.Element) -> None:
        page = self._page
        whole = Box(0, 0, page.width_px, page.height_px)
        resolution = f"scan_res {page.dpi} {page.dpi}"
        parent = _add_page(body, self._document, self._number, whole, resolution)
        if page.language:
            parent.attrib |= {"lang": page.language, "xml:lang": page.language}
        for filled in fill_blocks(page):
            self._add_block(parent, filled)

    def _add(self, parent: ET.Element, tag: str, kind: str, place: tuple[str, str]) -> ET.Element:
        """An element with an id of its kind, a class and a title."""
        own = f"{kind}_{self._number}_{next(self._counts[kind])}"
        return markup.add(parent, tag, {"class": place[0], "id": own, "title": place[1]})

    def _add_block(self, parent: ET.Element, filled: FilledBlock) -> None:
        block, box = filled.block, _bbox(filled.block.box)
        if block.kind == "table" and block.cells:
            self._add_table(self._add(parent, "table", "block", ("ocr_table", box)), filled)
            return
        if block.kind == "heading":
            level = self._levels[self._page.ref.page_index, block.block_id]
            name = _OF_HEADINGS[min(level, len(_OF_HEADINGS)) - 1]
        else:
            name = _CLASSES.get(block.kind, "ocr_table" if block.kind == "table" else "ocr_carea")
        self._add_lines(self._add(parent, "div", "block", (name, box)), filled.lines, block.box)

    def _add_table(self, parent: ET.Element, filled: FilledBlock) -> None:
        cells = fill_cells(filled)
        for _, row in groupby(cells, key=lambda filled_cell: filled_cell[0].row):
            tr = markup.add(parent, "tr")
            for cell, lines in row:
                spans = {"rowspan": cell.row_span, "colspan": cell.column_span}
                wider = {name: str(span) for name, span in spans.items() if span > 1}
                td = markup.add(tr, "td", {"title": _bbox(cell.box)} | wider)
                self._add_lines(td, lines, cell.box)

    def _add_lines(self, parent: ET.Element, lines: tuple[Line, ...], box: Box) -> None:
        if not lines:
            return
        paragraph = self._add(parent, "p", "par", ("ocr_par", _bbox(box)))
        for line in lines:
            within = self._add(paragraph, "span", "line", ("ocr_line", _line_title(line)))
            for word in words_of(line):
                confidence = round(100 * min(max(word.confidence, 0.0), 1.0))
                title = f"{_bbox(word.box)}; x_wconf {confidence}"
                span = self._add(within, "span", "word", ("ocrx_word", title))
                span.text = markup.clean(word.text)


def _line_title(line: Line) -> str:
    """Where a line stands; its baseline is a slope and an offset from the box's lower left."""
    quad, box = line.quad, line.quad.box
    left, _, _, bottom = whole_pixels(box)
    properties = [_bbox(box)]
    if abs(quad.angle_deg) <= _MAX_SLOPE:
        slope, offset = _slope_and_offset(line, left, bottom)
        properties.append(f"baseline {markup.number(slope)} {markup.number(offset)}")
    else:
        properties.append(f"textangle {markup.number(quad.angle_deg)}")
    height, descent = (markup.number(value) for value in (quad.height, max(descent_of(line), 0.0)))
    return "; ".join([*properties, f"x_size {height}", f"x_descenders {descent}"])


def _slope_and_offset(line: Line, left: int, bottom: int) -> tuple[float, float]:
    """Of the straight line that is nearest to a baseline, from here."""
    xs, ys = (np.array(side) for side in zip(*baseline_of(line), strict=True))
    xs, ys = xs - left, ys - bottom
    spread = float(((xs - xs.mean()) ** 2).sum())
    slope = float(((xs - xs.mean()) * ys).sum()) / spread if spread > 0 else 0.0
    return slope, float(ys.mean() - slope * xs.mean())
