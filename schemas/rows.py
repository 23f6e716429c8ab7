"""The Parquet tables: Arrow schemas, and what was read as their rows and back.

A row is a dictionary with every column of its table. Units and meanings stand in the metadata of
the fields, the version of the schema in the metadata of each file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

import pyarrow as pa

from schemas.document import (
    Block,
    BlockKind,
    Cell,
    Document,
    DocumentStatus,
    Edit,
    Failure,
    Line,
    Page,
    PageRef,
    Source,
    Stage,
    Word,
)
from schemas.geometry import Box, Polyline, Quad

SCHEMA_VERSION = 1

Row = dict[str, Any]
STAGES: tuple[Stage, ...] = get_args(Stage)


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """What became of a source that a run met.

    Attributes:
        doc_id: SHA-256 of the bytes, in hexadecimal; empty if the bytes could not be had.
        page_count: pages of the source; None if it could not be opened.
        error_code, error_message: of the source, or of its first page that failed.
        fingerprint: of the weights and of every option that changes the text.
        seconds: work on the document, summed over its pages and stages.
        attempt: from 1; how often this source has been tried.
    """

    doc_id: str
    uri: str
    size_bytes: int
    media_type: str
    page_count: int | None
    status: DocumentStatus
    error_code: str | None
    error_message: str | None
    fingerprint: str
    started_at: datetime
    seconds: float
    attempt: int = 1


def _field(
    name: str, kind: pa.DataType, meaning: str, unit: str = "", nullable: bool = False
) -> pa.Field:
    metadata = {"description": meaning} | ({"unit": unit} if unit else {})
    return pa.field(name, kind, nullable=nullable, metadata=metadata)


def _list_of(kind: pa.DataType) -> pa.DataType:
    return pa.list_(pa.field("element", kind, nullable=False))


def _schema(*fields: pa.Field) -> pa.Schema:
    return pa.schema(fields, metadata={"beam_ocr_schema_version": str(SCHEMA_VERSION)})


_BOX = pa.struct(
    [pa.field(edge, pa.float32(), nullable=False) for edge in ("left", "top", "right", "bottom")]
)
_QUAD = _list_of(pa.float32())
_POLYLINE = _list_of(pa.float32())
_CONFIDENCE = "probability, 0 to 1"
_CELL = pa.struct(
    [
        _field("row", pa.int32(), "from 0"),
        _field("column", pa.int32(), "from 0"),
        _field("row_span", pa.int32(), "rows that the cell covers"),
        _field("column_span", pa.int32(), "columns that the cell covers"),
        _field("box", _BOX, "around the cell", "px"),
        _field("text", pa.string(), "what it says"),
    ]
)
_BLOCK = pa.struct(
    [
        _field("block_id", pa.int32(), "position in reading order on the page"),
        _field("kind", pa.string(), f"one of {', '.join(get_args(BlockKind))}"),
        _field("box", _BOX, "around the block", "px"),
        _field("quad", _QUAD, "x, y of four corners, clockwise from the text's top left", "px"),
        _field("text", pa.string(), "its lines in reading order"),
        _field("cells", _list_of(_CELL), "of a table", nullable=True),
    ]
)
_WORD = pa.struct(
    [
        _field("text", pa.string(), "as corrected"),
        _field("raw_text", pa.string(), "as the recogniser wrote it"),
        _field("box", _BOX, "around the word", "px"),
        _field("confidence", pa.float32(), "that raw_text was read right", _CONFIDENCE),
        _field("corrected", pa.bool_(), "whether text differs from raw_text"),
    ]
)
_EDIT = pa.struct(
    [
        _field("start", pa.int32(), "of the span of raw_text that was replaced", "code points"),
        _field("end", pa.int32(), "of that span, exclusive", "code points"),
        _field("before", pa.string(), "what stood there"),
        _field("after", pa.string(), "what stands there now"),
        _field("reason", pa.string(), "why"),
    ]
)
_SECONDS = pa.struct([pa.field(stage, pa.float64(), nullable=True) for stage in STAGES])

DOCUMENTS = _schema(
    _field("doc_id", pa.string(), "SHA-256 of the bytes, in hexadecimal"),
    _field("uri", pa.string(), "where the source was found"),
    _field("bytes", pa.int64(), "size of the source", "bytes"),
    _field("media_type", pa.string(), "from the bytes, not from the name"),
    _field("page_count", pa.int32(), "pages of the source", nullable=True),
    _field("status", pa.string(), "read, partly, failed or duplicate"),
    _field("error_code", pa.string(), "stable code of the first failure", nullable=True),
    _field("error_message", pa.string(), "the first failure in words", nullable=True),
    _field("fingerprint", pa.string(), "of the weights and every option that changes the text"),
    _field("started_at", pa.timestamp("us", tz="UTC"), "when work on it began"),
    _field("seconds", pa.float64(), "work on it, summed over pages and stages", "s"),
    _field("attempt", pa.int32(), "how often it has been tried, from 1"),
)
PAGES = _schema(
    _field("doc_id", pa.string(), "the document that the page belongs to"),
    _field("uri", pa.string(), "where the source was found"),
    _field("page_index", pa.int32(), "from 0"),
    _field("status", pa.string(), "read, empty or failed"),
    _field("error_code", pa.string(), "stable code of the failure", nullable=True),
    _field("error_message", pa.string(), "the stage and the failure in words", nullable=True),
    _field("width_px", pa.int32(), "of the page as drawn and turned upright", "px"),
    _field("height_px", pa.int32(), "of the page as drawn and turned upright", "px"),
    _field("dpi", pa.int32(), "at which the page was drawn", "px/in"),
    _field("orientation_deg", pa.int32(), "turned clockwise to stand upright", "deg"),
    _field("skew_deg", pa.float32(), "of the lines from level, anticlockwise", "deg"),
    _field("source", pa.string(), "ocr, text-layer, or mixed of both"),
    _field("source_reason", pa.string(), "why, such as invisible-text; PDFs only", nullable=True),
    _field("language", pa.string(), "BCP 47 tag", nullable=True),
    _field("text", pa.string(), "all lines in reading order"),
    _field("confidence", pa.float32(), "mean of the words, by length", _CONFIDENCE),
    _field("blocks", _list_of(_BLOCK), "in reading order"),
    _field("line_count", pa.int32(), "lines on the page"),
    _field("seconds", _SECONDS, "what each stage took", "s"),
)
LINES = _schema(
    _field("doc_id", pa.string(), "the document that the line belongs to"),
    _field("page_index", pa.int32(), "from 0"),
    _field("line_index", pa.int32(), "position in reading order on the page, from 0"),
    _field("block_id", pa.int32(), "the block of the page that the line belongs to"),
    _field("text", pa.string(), "as corrected"),
    _field("raw_text", pa.string(), "as the recogniser wrote it"),
    _field("confidence", pa.float32(), "that raw_text was read right", _CONFIDENCE),
    _field("quad", _QUAD, "x, y of four corners, clockwise from the text's top left", "px"),
    _field("box", _BOX, "around the quad", "px"),
    _field(
        "baseline",
        _POLYLINE,
        "x, y of points that letters stand on, from the beginning",
        "px",
        nullable=True,
    ),
    _field("words", _list_of(_WORD), "in reading order"),
    _field("edits", _list_of(_EDIT), "what correction changed"),
    # Null where files of earlier versions were put together with later ones.
    _field("restored", pa.bool_(), "whether it was restored to be read", nullable=True),
)


def row_from_record(record: DocumentRecord) -> Row:
    """The row of `documents`."""
    return {
        "doc_id": record.doc_id,
        "uri": record.uri,
        "bytes": record.size_bytes,
        "media_type": record.media_type,
        "page_count": record.page_count,
        "status": record.status,
        "error_code": record.error_code,
        "error_message": record.error_message,
        "fingerprint": record.fingerprint,
        "started_at": record.started_at,
        "seconds": record.seconds,
        "attempt": record.attempt,
    }


def record_from_row(row: Row) -> DocumentRecord:
    """What became of a source, from its row of `documents`."""
    values = dict(row)
    values["size_bytes"] = values.pop("bytes")
    values.pop("run_id", None)  # the partition, which readers add
    return DocumentRecord(**values)


def row_from_page(page: Page) -> Row:
    """The row of `pages`; the lines are rows of their own."""
    return {
        "doc_id": page.ref.doc_id,
        "uri": page.ref.uri,
        "page_index": page.ref.page_index,
        "status": page.status,
        "error_code": None,
        "error_message": None,
        "width_px": page.width_px,
        "height_px": page.height_px,
        "dpi": page.dpi,
        "orientation_deg": page.orientation_deg,
        "skew_deg": page.skew_deg,
        "source": page.source,
        "source_reason": page.source_reason,
        "language": page.language,
        "text": page.text,
        "confidence": page.confidence,
        "blocks": [_block_row(block) for block in page.blocks],
        "line_count": len(page.lines),
        "seconds": _seconds_row(page.seconds),
    }


def row_from_failure(failure: Failure) -> Row:
    """The row of `pages` of a page that was set aside.

    Raises:
        ValueError: the failure is of a whole source, which has no row of `pages`.
    """
    if failure.page_index is None:
        raise ValueError(f"{failure.uri} failed as a whole, not one of its pages")
    nothing = Page(PageRef(failure.doc_id, failure.uri, failure.page_index), 0, 0, dpi=0, lines=())
    return row_from_page(nothing) | {
        "status": "failed",
        "error_code": failure.code,
        "error_message": f"{failure.stage}: {failure.message}",
    }


def rows_from_lines(page: Page) -> list[Row]:
    """The rows of `lines` of a page, in reading order."""
    return [
        {
            "doc_id": page.ref.doc_id,
            "page_index": page.ref.page_index,
            "line_index": index,
            "block_id": line.block_id,
            "text": line.text,
            "raw_text": line.raw_text,
            "confidence": line.confidence,
            "quad": list(line.quad.as_tuple()),
            "box": _box_row(line.quad.box),
            "baseline": _polyline_row(line.baseline),
            "words": [_word_row(word) for word in line.words],
            "edits": [_edit_row(edit) for edit in line.edits],
            "restored": line.restored,
        }
        for index, line in enumerate(page.lines)
    ]


def page_from_rows(row: Row, line_rows: Iterable[Row]) -> Page | Failure:
    """A page from its row of `pages` and its rows of `lines`, or why it was set aside."""
    if row["status"] == "failed":
        stage, _, message = row["error_message"].partition(": ")
        where = (row["doc_id"], row["uri"], row["page_index"])
        return Failure(*where, stage, row["error_code"], message)
    return Page(
        ref=PageRef(row["doc_id"], row["uri"], row["page_index"]),
        width_px=row["width_px"],
        height_px=row["height_px"],
        dpi=row["dpi"],
        lines=tuple(_line(line) for line in sorted(line_rows, key=lambda line: line["line_index"])),
        blocks=tuple(_block(block) for block in row["blocks"]),
        orientation_deg=row["orientation_deg"],
        skew_deg=row["skew_deg"],
        source=row["source"],
        source_reason=row.get("source_reason"),  # which files of earlier versions do not have
        language=row["language"],
        seconds={stage: s for stage, s in row["seconds"].items() if s is not None},
    )


def document_from_rows(row: Row, pages: Iterable[Page | Failure]) -> Document:
    """A document from its row of `documents` and its pages, which may come in any order."""
    source = Source(
        row["doc_id"], row["uri"], row["bytes"], row["media_type"], row["page_count"] or 0
    )
    return Document(source, tuple(sorted(pages, key=_page_index)), row["started_at"])


def _page_index(page: Page | Failure) -> int:
    index = page.page_index if isinstance(page, Failure) else page.ref.page_index
    return -1 if index is None else index


def _seconds_row(seconds: Mapping[str, float]) -> Row:
    unknown = seconds.keys() - set(STAGES)
    if unknown:
        raise ValueError(f"no such stage: {', '.join(sorted(unknown))}")
    return {stage: seconds.get(stage) for stage in STAGES}


def _box_row(box: Box) -> Row:
    return {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom}


def _block_row(block: Block) -> Row:
    return {
        "block_id": block.block_id,
        "kind": block.kind,
        "box": _box_row(block.box),
        "quad": list(block.quad.as_tuple()),
        "text": block.text,
        "cells": [_cell_row(cell) for cell in block.cells] or None,
    }


def _block(row: Row) -> Block:
    return Block(
        row["block_id"],
        row["kind"],
        Quad(*row["quad"]),
        row["text"],
        tuple(_cell(cell) for cell in row["cells"] or ()),
    )


def _cell_row(cell: Cell) -> Row:
    return {
        "row": cell.row,
        "column": cell.column,
        "row_span": cell.row_span,
        "column_span": cell.column_span,
        "box": _box_row(cell.box),
        "text": cell.text,
    }


def _cell(row: Row) -> Cell:
    return Cell(**row | {"box": Box(**row["box"])})


def _word_row(word: Word) -> Row:
    return {
        "text": word.text,
        "raw_text": word.raw_text,
        "box": _box_row(word.box),
        "confidence": word.confidence,
        "corrected": word.corrected,
    }


def _word(row: Row) -> Word:
    return Word(row["text"], row["raw_text"], Box(**row["box"]), row["confidence"])


def _polyline_row(points: Polyline | None) -> list[float] | None:
    return None if points is None else [value for point in points for value in point]


def _polyline(values: Sequence[float] | None) -> Polyline | None:
    return None if values is None else tuple(zip(values[::2], values[1::2], strict=True))


def _edit_row(edit: Edit) -> Row:
    return {
        "start": edit.start,
        "end": edit.end,
        "before": edit.before,
        "after": edit.after,
        "reason": edit.reason,
    }


def _line(row: Row) -> Line:
    return Line(
        text=row["text"],
        raw_text=row["raw_text"],
        confidence=row["confidence"],
        quad=Quad(*row["quad"]),
        words=tuple(_word(word) for word in row["words"]),
        edits=tuple(Edit(**edit) for edit in row["edits"]),
        block_id=row["block_id"],
        restored=bool(row.get("restored")),  # which files of earlier versions do not have
        baseline=_polyline(row["baseline"]),
    )
