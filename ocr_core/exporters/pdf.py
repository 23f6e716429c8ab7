"""Document -> searchable PDF: the pages of the source, with what was read under them."""

# PyMuPDF says that it is typed, but most of its functions are not.
# mypy: allow-untyped-calls

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pymupdf
from numpy.typing import NDArray

from ocr_core import pdf, sources
from ocr_core.errors import CorruptSourceError
from ocr_core.exporters.glyphless import GlyphlessFont
from ocr_core.exporters.hidden_text import without_hidden_text
from ocr_core.exporters.pdf_text import invisible_text
from ocr_core.exporters.picture_pdf import picture_pdf
from ocr_core.text_layer.judging import Reason
from schemas import Box, Document, Line, Page

# A word is the PDF's own if so much of it lies under a word that the PDF shows.
_COVERED = 0.5
_A4 = (0, 0, 595, 842)  # points
# Why pages were read from their pixels under whose scans an earlier reading may lie.
_MAY_BE_HIDDEN = {Reason.INVISIBLE, Reason.DAMAGED_PICTURE, Reason.IGNORED}
# Readers get nothing for what is shown in between. PDF 32000-1:2008, 14.9.4.
_MUTE, _END_MUTE = b"/Span <</ActualText ()>> BDC q\n", b"\nQ EMC\n"


def export_pdf(document: Document, passwords: Sequence[str] = ()) -> bytes:
    """The source, with every word that was read as invisible text on its ink.

    Pages of a PDF stay what they are, with links, bookmarks and metadata; a page that stood on its
    head or side is shown upright. Words of a trusted text layer stay, too; of a page that was read
    from its pixels, an earlier invisible text is removed, and what its visible text says is muted.
    An image file becomes a PDF of its pages. The file grows by the text alone. A blank page stands
    for one that was lost with a part of the file.

    Args:
        document: whose uri is a local path.
        passwords: tried on a source that needs one; it needs it afterwards, too.

    Raises:
        InputError: the source cannot be opened, or has changed since it was read.
    """
    path = Path(document.source.uri)
    sources.check_same(path, document.source.doc_id)
    with tempfile.TemporaryDirectory(prefix="beam-ocr-") as folder:
        copy = Path(folder, "copy.pdf")
        _write_base(document, copy, passwords)
        with pdf.open_pdf(copy, passwords) as opened:
            pages = [page for page in document.pages if isinstance(page, Page)]
            write_text(opened, pages)
            for page in pages:
                if page.orientation_deg:
                    target = pdf.load_page(opened, page.ref.page_index)
                    target.set_rotation((target.rotation + page.orientation_deg) % 360)
            _identify(opened, document.source.doc_id)
            _save(opened, copy)
        return copy.read_bytes()


def _write_base(document: Document, copy: Path, passwords: Sequence[str]) -> None:
    """The PDF that text is written on."""
    path = Path(document.source.uri)
    if document.source.media_type != pdf.MEDIA_TYPE:
        copy.write_bytes(picture_pdf(document, path))
        return
    copy.write_bytes(path.read_bytes())
    _fill_gaps(copy, passwords)
    hidden = [
        page.ref.page_index
        for page in document.pages
        if isinstance(page, Page) and page.source == "ocr" and page.source_reason in _MAY_BE_HIDDEN
    ]
    if hidden:
        copy.write_bytes(without_hidden_text(copy, hidden, passwords))


def _fill_gaps(copy: Path, passwords: Sequence[str]) -> None:
    """Puts a blank page in place of each that is missing, of the size of the one before.

    Readers drop them otherwise, and what is added to the file could take their numbers.
    """
    with pdf.open_pdf(copy, passwords) as opened:
        missing = pdf.list_missing_pages(opened)
        if not missing:
            return
        # All go before any comes: a new page may have the number of one that is missing.
        for index in reversed(missing):
            inside = pymupdf.mupdf.pdf_document_from_fz_document(opened.this)
            pymupdf.mupdf.pdf_delete_page(inside, index)
        for index in missing:
            rect = opened[max(index - 1, 0)].rect if opened.page_count else pymupdf.Rect(_A4)
            opened.new_page(index, rect.width, rect.height)
        _save(opened, copy)


def write_text(opened: pymupdf.Document, pages: Sequence[Page], font_name: str = "BeamOcr") -> None:
    """Writes what was read on pages, each on the page of its number, which may show something.

    Args:
        font_name: of a font in the pages' resources; none of theirs has it.
    """
    kept = {page.ref.page_index: _lines_to_write(opened, page) for page in pages}
    font = GlyphlessFont(
        character for lines in kept.values() for line in lines for character in line.text
    )
    file = font.file()
    for page in pages:
        target = pdf.load_page(opened, page.ref.page_index)
        if lines := kept[page.ref.page_index]:
            to_pdf = transform_to_pdf(page, target)
            text = invisible_text(lines, to_pdf, font, font_name)
            target.insert_font(font_name, fontbuffer=file)
            _append(opened, target, text, mute=page.source == "ocr")


def _lines_to_write(opened: pymupdf.Document, page: Page) -> Sequence[Line]:
    """The lines that the PDF does not show as text itself."""
    if page.source != "mixed":
        return page.lines if page.source == "ocr" else ()
    target = pdf.load_page(opened, page.ref.page_index)
    scale = page.width_px / target.rect.width
    # MuPDF tells boxes of text as they lie before /Rotate.
    boxes = (pymupdf.Rect(word[:4]) * target.rotation_matrix for word in target.get_text("words"))
    shown = [Box(*(scale * edge for edge in box)) for box in boxes if not box.is_empty]
    return [line for line in page.lines if not _is_shown(line, shown)]


def _is_shown(line: Line, shown: Sequence[Box]) -> bool:
    box = line.quad.box
    covered = sum(box.overlap(other) for other in shown)
    return covered > _COVERED * box.area


def transform_to_pdf(page: Page, target: pymupdf.Page) -> NDArray[np.float64]:
    """From pixels of the page as it was read, upright, to units of the page in its file.

    Shapes:
        returns: (3, 3) affine, of columns x, y, 1
    """
    width, height = page.width_px, page.height_px
    turned_back = {
        0: pymupdf.Matrix(1, 0, 0, 1, 0, 0),
        90: pymupdf.Matrix(0, -1, 1, 0, 0, width),
        180: pymupdf.Matrix(-1, 0, 0, -1, width, height),
        270: pymupdf.Matrix(0, 1, -1, 0, height, 0),
    }[page.orientation_deg]
    drawn = (height, width) if page.orientation_deg in {90, 270} else (width, height)
    scaled = pymupdf.Matrix(target.rect.width / drawn[0], target.rect.height / drawn[1])
    unturned = target.derotation_matrix * ~target.transformation_matrix
    matrix = turned_back * scaled * unturned
    return np.array(
        [[matrix.a, matrix.c, matrix.e], [matrix.b, matrix.d, matrix.f], [0.0, 0.0, 1.0]]
    )


def _append(opened: pymupdf.Document, target: pymupdf.Page, content: bytes, *, mute: bool) -> None:
    """Puts a content stream behind those that a page has, which leave nothing behind."""
    before, after = (_MUTE, _END_MUTE) if mute else (b"q\n", b"\nQ\n")
    streams = [_new_stream(opened, content)]
    if painted := target.get_contents():
        streams = [_new_stream(opened, before), *painted, _new_stream(opened, after), *streams]
    references = " ".join(f"{number} 0 R" for number in streams)
    opened.xref_set_key(target.xref, "Contents", f"[{references}]" if painted else references)


def _new_stream(opened: pymupdf.Document, content: bytes) -> int:
    number: int = opened.get_new_xref()
    opened.update_object(number, "<<>>")
    opened.update_stream(number, content, compress=True)
    return number


def _identify(opened: pymupdf.Document, doc_id: str) -> None:
    """Gives the file an ID, so that the same document gives the same file.

    The first half stays what it is: encryption depends on it. PDF 32000-1:2008, 14.4.
    """
    kind, value = opened.xref_get_key(-1, "ID")
    own, new = re.match(r"\[\s*(<[0-9A-Fa-f]+>)", value), f"<{doc_id[:32]}>"
    if kind == "null" or own:
        opened.xref_set_key(-1, "ID", f"[{own[1] if own else new}{new}]")


def _save(opened: pymupdf.Document, copy: Path) -> None:
    """Behind what the file has, where that can be: nothing else in it changes."""
    how = {"encryption": pymupdf.mupdf.PDF_ENCRYPT_KEEP, "no_new_id": True}
    try:
        if opened.can_save_incrementally():
            opened.save(copy, incremental=True, deflate=True, **how)
        else:
            copy.write_bytes(opened.tobytes(garbage=1, use_objstms=1, **how))
    except pymupdf.mupdf.FzErrorBase as error:  # an object that no page needs may be broken
        raise CorruptSourceError(
            f"the PDF is damaged: it cannot be written again ({error})"
        ) from error
