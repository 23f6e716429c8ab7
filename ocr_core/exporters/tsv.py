"""Document -> TSV in the columns of Tesseract."""

from __future__ import annotations

from collections.abc import Iterator

from ocr_core.exporters.structure import fill_blocks, page_number, whole_pixels, words_of
from schemas import Box, Document, Page

COLUMNS = (
    "level page_num block_num par_num line_num word_num left top width height conf text".split()
)
# Who is not sure of anything says so, as pages, blocks, paragraphs and lines do.
_NO_CONFIDENCE = "-1"

Row = tuple[str | int, ...]


def export_tsv(document: Document) -> bytes:
    """A row for each page (level 1), block (2), paragraph (3), line (4) and word (5). UTF-8.

    Blocks count from 1 on each page, lines in each block; a block is one paragraph. Figures have no
    rows, and neither has what is on a page that failed, whose own row says nothing but its number.
    Nothing is quoted: words hold neither tabs nor line ends.
    """
    rows = [
        COLUMNS,
        *(row for page in document.pages for row in _page_rows(page_number(page), page)),
    ]
    return "".join("\t".join(map(str, row)) + "\n" for row in rows).encode()


def _page_rows(number: int, page: object) -> Iterator[Row]:
    if not isinstance(page, Page):
        yield _row(1, (number, 0, 0, 0, 0), Box(0, 0, 0, 0))
        return
    yield _row(1, (number, 0, 0, 0, 0), Box(0, 0, page.width_px, page.height_px))
    written = [filled for filled in fill_blocks(page) if filled.lines]
    for block_number, filled in enumerate(written, start=1):
        yield _row(2, (number, block_number, 0, 0, 0), filled.block.box)
        yield _row(3, (number, block_number, 1, 0, 0), filled.block.box)
        for line_number, line in enumerate(filled.lines, start=1):
            yield _row(4, (number, block_number, 1, line_number, 0), line.quad.box)
            for word_number, word in enumerate(words_of(line), start=1):
                place = (number, block_number, 1, line_number, word_number)
                confidence = f"{100 * word.confidence:.4f}"
                yield _row(5, place, word.box, confidence, " ".join(word.text.split()))


def _row(level: int, place: Row, box: Box, confidence: str = _NO_CONFIDENCE, text: str = "") -> Row:
    left, top, right, bottom = whole_pixels(box)
    return (level, *place, left, top, right - left, bottom - top, confidence, text)
