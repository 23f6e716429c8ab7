"""Committed runs that nothing was read for: of a few given pages, or of very many."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import ledger
from pipelines.ledger import RunPlan
from pipelines.sinks import SCHEMAS
from pipelines.tallies import Counts
from schemas import Block, Box, Edit, Failure, Line, Page, PageRef, Quad, Word, rows
from schemas.rows import DocumentRecord, Row

_WORDS = "the canal company met on monday and agreed to raise a toll of four pence a ton".split()
_LINES, _WORDS_A_LINE = 45, 9
_WIDTH_PX, _HEIGHT_PX = 1654, 2339
# Pages that differ in their words; all others say the same as one of them, and their own number.
_TEMPLATES = 20
_PAGES_A_FILE = 1000


def record_of(path: Path, page_count: int | None, code: str | None = None) -> DocumentRecord:
    """What a run would say of a file that is there: read, or failed for a reason."""
    content = path.read_bytes()
    return DocumentRecord(
        doc_id=hashlib.sha256(content).hexdigest(),
        uri=str(path),
        size_bytes=len(content),
        media_type="image/png",
        page_count=page_count,
        status="failed" if code else "read",
        error_code=code,
        error_message="it does not parse" if code else None,
        fingerprint="none",
        started_at=datetime.now(UTC),
        seconds=0.5,
    )


def page_of(record: DocumentRecord, page_index: int, lines: Sequence[Line]) -> Page:
    """A page of 300 × 200 pixels with one block."""
    quad = Quad.from_box(Box.around(line.quad.box for line in lines))
    block = Block(0, "paragraph", quad, "\n".join(line.text for line in lines))
    ref = PageRef(record.doc_id, record.uri, page_index)
    return Page(ref, 300, 200, 100, tuple(lines), (block,), language="en")


def line_of(text: str, left: float, top: float, confidence: float = 0.9) -> Line:
    """A line whose letters are 10 pixels wide and 20 high."""
    words = []
    at = 0
    for said in text.split(" "):
        box = Box(left + 10 * at, top, left + 10 * (at + len(said)), top + 20)
        words.append(Word(said, said, box, confidence))
        at += len(said) + 1
    quad = Quad.from_box(Box.around(word.box for word in words))
    return Line(text, text, confidence, quad, tuple(words))


def misread(line: Line, edit: Edit) -> Line:
    """A line whose first word was read otherwise, and corrected."""
    first, *others = line.words
    raw = line.text[: edit.start] + edit.before + line.text[edit.start + len(edit.after) :]
    word = replace(first, raw_text=edit.before, confidence=0.4)
    return replace(line, raw_text=raw, words=(word, *others), edits=(edit,))


def as_type(record: DocumentRecord, media_type: str) -> DocumentRecord:
    """A document of another type than PNG."""
    return replace(record, media_type=media_type)


def commit(
    output: Path, records: Sequence[DocumentRecord], pages: Sequence[Page | Failure], inbox: Path
) -> None:
    """A run over an inbox, with these documents and pages."""
    table_rows = {
        "documents": [rows.row_from_record(record) for record in records],
        "pages": [
            rows.row_from_page(page) if isinstance(page, Page) else rows.row_from_failure(page)
            for page in pages
        ],
        "lines": [
            row for page in pages if isinstance(page, Page) for row in rows.rows_from_lines(page)
        ],
    }
    tables = {
        name: [pa.Table.from_pylist(some, schema=SCHEMAS[name])]
        for name, some in table_rows.items()
    }
    commit_tables(output, tables, inbox)


def commit_large(output: Path, n_pages: int, pages_a_document: int) -> None:
    """A run of very many pages of 45 lines; page 12345 of all says `number 12345`."""
    inbox = Path("/nowhere")
    doc_ids = [hashlib.sha256(b"%d" % at).hexdigest() for at in range(n_pages // pages_a_document)]
    records = [_record(doc_id, inbox, pages_a_document) for doc_id in doc_ids]
    places = [(doc_id, at) for doc_id in doc_ids for at in range(pages_a_document)]
    tables = {
        "documents": [pa.Table.from_pylist([rows.row_from_record(one) for one in records])],
        "pages": list(_page_tables(places)),
        "lines": list(_line_tables(places)),
    }
    tables["documents"] = [table.cast(SCHEMAS["documents"]) for table in tables["documents"]]
    commit_tables(output, tables, inbox)


def commit_tables(output: Path, tables: Mapping[str, Sequence[pa.Table]], inbox: Path) -> None:
    """A run of these tables, each in as many files."""
    plan = RunPlan(
        run_id=ledger.new_run_id(),
        output=str(output),
        fingerprint="none",
        options={},
        folders=(str(inbox),),
        versions={},
        started_at=datetime.now(UTC),
    )
    files: dict[str, list[str]] = {}
    for name, parts in tables.items():
        folder = Path(ledger.table_folder(plan.output, name, plan.run_id))
        folder.mkdir(parents=True)
        files[name] = []
        for number, part in enumerate(parts):
            path = folder / f"part-{number}.parquet"
            pq.write_table(part, path, compression="zstd")
            files[name].append(str(path.relative_to(plan.output)))
    ledger.commit(plan, files, Counts())


def _record(doc_id: str, inbox: Path, page_count: int) -> DocumentRecord:
    return DocumentRecord(
        doc_id, f"{inbox}/{doc_id[:2]}/{doc_id[2:12]}.pdf", 1000, "application/pdf", page_count,
        "read", None, None, "none", datetime.now(UTC), 1.0,
    )  # fmt: skip


def _template(number: int) -> Page:
    lines = []
    for at in range(_LINES):
        chosen = (
            _WORDS[(at * 7 + word * (number + 3)) % len(_WORDS)] for word in range(_WORDS_A_LINE)
        )
        line = line_of(
            " ".join(chosen), 150, 150 + 45 * at, 0.5 + 0.5 * ((at * number) % 100) / 100
        )
        lines.append(replace(line, block_id=at // 9))
    blocks = []
    for start in range(0, _LINES, 9):
        part = lines[start : start + 9]
        quad = Quad.from_box(Box.around(line.quad.box for line in part))
        text = "\n".join(line.text for line in part)
        blocks.append(Block(start // 9, "paragraph", quad, text))
    ref = PageRef("", "", 0)
    return Page(ref, _WIDTH_PX, _HEIGHT_PX, 200, tuple(lines), tuple(blocks), language="en")


def _page_tables(places: Sequence[tuple[str, int]]) -> Iterator[pa.Table]:
    templates = [rows.row_from_page(_template(number)) for number in range(_TEMPLATES)]
    for start in range(0, len(places), _PAGES_A_FILE):
        some = places[start : start + _PAGES_A_FILE]
        found: list[Row] = [
            {
                **templates[number % _TEMPLATES],
                "doc_id": doc_id,
                "page_index": page_index,
                "text": f"{templates[number % _TEMPLATES]['text']}\nnumber {number}",
            }
            for number, (doc_id, page_index) in enumerate(some, start)
        ]
        yield pa.Table.from_pylist(found, schema=SCHEMAS["pages"])


def _line_tables(places: Sequence[tuple[str, int]]) -> Iterator[pa.Table]:
    """The lines of templates over and over, under the names of all pages."""
    templates = pa.concat_tables(
        pa.Table.from_pylist(rows.rows_from_lines(_template(number)), schema=SCHEMAS["lines"])
        for number in range(_TEMPLATES)
    )
    for start in range(0, len(places), _PAGES_A_FILE):
        some = places[start : start + _PAGES_A_FILE]
        copies = -(-len(some) // _TEMPLATES)
        lines = pa.concat_tables([templates] * copies).slice(0, len(some) * _LINES)
        doc_ids = [doc_id for doc_id, _ in some for _ in range(_LINES)]
        indices = [page_index for _, page_index in some for _ in range(_LINES)]
        for at, name, values in ((0, "doc_id", doc_ids), (1, "page_index", indices)):
            field = SCHEMAS["lines"].field(name)
            lines = lines.set_column(at, field, pa.array(values, field.type))
        yield lines.combine_chunks()
