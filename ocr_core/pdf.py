"""PDF files: how many pages, what each looks like, and what its own text says.

MuPDF opens and measures every PDF. It also draws, unless poppler is asked to: a second opinion on
files that one of the two draws wrongly, at the cost of three processes a page.
"""

# PyMuPDF says that it is typed, but most of its functions are not.
# mypy: allow-untyped-calls

from __future__ import annotations

import math
import re
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pymupdf
from numpy.typing import NDArray

from ocr_core import pdf_losses
from ocr_core.errors import (
    ConfigError,
    CorruptSourceError,
    EmptySourceError,
    EncryptedSourceError,
    InputError,
    OutOfMemoryError,
    PageTooLargeError,
    TookTooLongError,
)
from ocr_core.text_layer import reading as text_layer
from ocr_core.text_layer.reading import LayerText, picture_boxes

MEDIA_TYPE = "application/pdf"

# MuPDF keeps up to 256 MiB of decoded images and fonts for their next use, so memory would grow
# with the length of a run. Pages of a scan share nothing; others are drawn 3 ms slower when fonts
# are decoded anew after this many pages (60 pages of LaTeX, 200 dpi), which reading them dwarfs.
PAGES_PER_STORE = 4

POPPLER_TIMEOUT_S = 60

# What MuPDF says when malloc, calloc or realloc give it nothing.
_OUT_OF_MEMORY = re.compile(r"alloc \(.*\) failed")

# How MuPDF says that it does not know one, such as that of files encrypted for a certificate.
_UNKNOWN_HANDLER = re.compile(r"unknown encryption handler: '(.*)'")

# MuPDF's Python bindings have one context for all threads, so one thread at a time may use them.
_MUPDF = threading.Lock()


@contextmanager
def open_pdf(path: Path, passwords: Sequence[str] = ()) -> Iterator[pymupdf.Document]:
    """An open PDF with at least one page.

    Its scripts do not run, and no file that it names is looked for.

    Args:
        passwords: tried one after the other on one that needs a password.

    Raises:
        InputError: there is none.
    """
    with _mupdf("cannot be opened"):
        document = pymupdf.open(path, filetype="pdf")
    try:
        with _mupdf("cannot be opened"):
            _check(document, passwords)
        yield document
    finally:
        with _MUPDF:
            document.close()
            pymupdf.TOOLS.store_shrink(100)


def count_pages(path: Path, passwords: Sequence[str] = ()) -> int:
    """How many pages a PDF says that it has, at least one.

    Raises:
        InputError: it cannot be opened, needs a password, or has no pages.
    """
    with open_pdf(path, passwords) as document:
        return int(document.page_count)


def read_text_layer(
    document: pymupdf.Document, page_index: int, dpi: int, mode: text_layer.Mode
) -> LayerText:
    """What a page's own text is good for, in pixels at `dpi`.

    Raises:
        InputError: the page is damaged or without area.
    """
    with _mupdf(f"the text of page {page_index + 1} cannot be read"):
        page = load_page(document, page_index)
        _check_area(page.rect, dpi, math.inf)
        layer = text_layer.read_layer(page, dpi, mode)
        del page
        _tidy(page_index)
    return layer


def load_page(document: pymupdf.Document, page_index: int) -> pymupdf.Page:
    """A page, whole if its crop box leaves nothing of it.

    Raises:
        CorruptSourceError: it is not in the file: for one that was lost MuPDF has a blank sheet.
    """
    page: pymupdf.Page = document.load_page(page_index)
    entries = pymupdf.mupdf.pdf_page_from_fz_page(page.this).obj()
    if not pymupdf.mupdf.pdf_is_dict(entries):
        raise CorruptSourceError(
            f"the PDF is cut short or damaged: page {page_index + 1} is missing"
        )
    crop_box = pymupdf.mupdf.pdf_dict_gets_inheritable(entries, "CropBox")
    if pymupdf.mupdf.pdf_is_array(crop_box):
        shown = pymupdf.mupdf.pdf_to_rect(crop_box)
        if (pymupdf.Rect(shown.x0, shown.y0, shown.x1, shown.y1) & page.mediabox).is_empty:
            whole = pymupdf.mupdf.FzRect(*page.mediabox)
            pymupdf.mupdf.pdf_dict_put_rect(entries, pymupdf.PDF_NAME("CropBox"), whole)
    return page


def list_missing_pages(document: pymupdf.Document) -> list[int]:
    """Those pages, from 0, that a PDF counts and does not have."""
    return [index for index in range(document.page_count) if _is_missing(document, index)]


def _is_missing(document: pymupdf.Document, page_index: int) -> bool:
    inside = pymupdf.mupdf.pdf_document_from_fz_document(document.this)
    try:
        entries = pymupdf.mupdf.pdf_lookup_page_obj(inside, page_index)
    except pymupdf.mupdf.FzErrorBase:  # it may be there, in a tree that goes round in a circle
        return False
    return not pymupdf.mupdf.pdf_is_dict(entries)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A page that was drawn.

    Attributes:
        is_cut_off: whether a large picture on it is known to end too early.

    Shapes:
        pixels: (H, W) uint8, 0 black to 255 white
    """

    pixels: NDArray[np.uint8]
    is_cut_off: bool = False


def draw_with_mupdf(
    document: pymupdf.Document, page_index: int, dpi: int, max_megapixels: float
) -> Drawing:
    """A page as it looks on screen, annotations and form fields included, turned by its /Rotate.

    Raises:
        InputError: the page is damaged, without area, or too large.
    """
    with _mupdf(f"page {page_index + 1} cannot be drawn"):
        page = load_page(document, page_index)
        _check_area(page.rect, dpi, max_megapixels)
        pdf_losses.said()  # `_check_ink` asks what went wrong from here on
        pixmap = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY, alpha=False)
        rows = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.stride)
        pixels = rows[:, : pixmap.width].copy()  # the pixmap's memory goes with it
        del rows, pixmap
        complaints = _check_ink(page, pixels)
        is_cut_off = pdf_losses.tell_of_early_end(complaints) and pdf_losses.cuts_off_picture(
            pixels, picture_boxes(page) * dpi / 72
        )
        del page
        _tidy(page_index)
    return Drawing(pixels, is_cut_off)


def draw_with_poppler(
    document: pymupdf.Document, page_index: int, dpi: int, max_megapixels: float
) -> Drawing:
    """The same as `draw_with_mupdf`, by poppler's pdftoppm, which does not tell of lost pictures.

    MuPDF draws what needs a password all the same: poppler takes one on its command line only,
    where every user of the machine can see it.

    Raises:
        ConfigError: poppler is not installed.
        InputError: the page is damaged, without area, or too large.
    """
    check_poppler()
    with _mupdf(f"page {page_index + 1} cannot be measured"):
        _check_area(load_page(document, page_index).rect, dpi, max_megapixels)
        needs_password = _needs_password(document)
    if needs_password:
        return draw_with_mupdf(document, page_index, dpi, max_megapixels)
    pixels = _run_poppler(document, page_index + 1, dpi)
    with _mupdf(f"page {page_index + 1} cannot be drawn"):
        pdf_losses.said()
        _check_ink(load_page(document, page_index), pixels)
    return Drawing(pixels)


def _run_poppler(document: pymupdf.Document, number: int, dpi: int) -> NDArray[np.uint8]:
    """A page by its number, from 1, as poppler draws it."""
    import pdf2image  # here, as it starts programs to learn poppler's version
    from pdf2image.exceptions import PDFPageCountError, PDFPopplerTimeoutError

    try:
        drawn = pdf2image.convert_from_path(
            Path(document.name).resolve(),  # absolute: a name must not pass for an option
            dpi=dpi,
            first_page=number,
            last_page=number,
            grayscale=True,
            use_cropbox=True,  # what a viewer shows, and MuPDF draws
            timeout=POPPLER_TIMEOUT_S,
        )
    except PDFPopplerTimeoutError as error:
        raise TookTooLongError(
            f"poppler did not draw page {number} within {POPPLER_TIMEOUT_S} s; MuPDF might"
        ) from error
    except (OSError, PDFPageCountError, ValueError) as error:
        raise CorruptSourceError(f"poppler cannot draw page {number}: {_detail(error)}") from error
    if not drawn:
        raise CorruptSourceError(f"poppler cannot draw page {number}; MuPDF might")
    return np.asarray(drawn[0].convert("L"), dtype=np.uint8)


def check_poppler() -> None:
    """Makes sure that poppler's programs are there.

    Raises:
        ConfigError: one is missing.
    """
    for program in ("pdftoppm", "pdfinfo"):
        if shutil.which(program) is None:
            raise ConfigError(
                f"poppler's {program} is not installed: install Debian's package poppler-utils "
                "(apt-get install poppler-utils), or draw with MuPDF"
            )


@contextmanager
def _mupdf(what: str) -> Iterator[None]:
    """One thread's turn with MuPDF, silently and with errors of ours.

    Raises:
        InputError: MuPDF failed at `what`.
    """
    with _MUPDF:
        # Else warnings go to the standard output, and all of them are kept for ever.
        pymupdf.TOOLS.mupdf_display_errors(False)
        pymupdf.TOOLS.mupdf_display_warnings(False)
        pymupdf.TOOLS.set_icc(False)  # colour scans draw three times as fast, and grey stays grey
        try:
            yield
        except InputError:
            raise
        # MuPDF raises a dozen types of its own, and its Python layer whatever it stumbles over.
        except Exception as error:
            if isinstance(error, MemoryError) or _OUT_OF_MEMORY.search(str(error)):
                raise OutOfMemoryError(f"the PDF needs too much memory: {what}") from error
            if handler := _UNKNOWN_HANDLER.search(str(error.__cause__)):
                raise EncryptedSourceError(
                    f"the PDF is encrypted by a security handler that is not known here, "
                    f"{handler[1]}: decrypt it first, with the program that it was made for"
                ) from error
            raise CorruptSourceError(f"the PDF is damaged: {what} ({_detail(error)})") from error
        finally:
            pymupdf.TOOLS.reset_mupdf_warnings()


def _tidy(page_index: int) -> None:
    if page_index % PAGES_PER_STORE == PAGES_PER_STORE - 1:
        pymupdf.TOOLS.store_shrink(100)


def _detail(error: Exception) -> str:
    if isinstance(error, pymupdf.FileDataError):
        return "not a PDF inside"  # its own text is a path, which may be a temporary one
    first_line = (str(error).splitlines() or [type(error).__name__])[0]
    return re.sub(r"^code=\d+: ", "", first_line)


def _check(document: pymupdf.Document, passwords: Sequence[str]) -> None:
    if not document.is_pdf:  # MuPDF goes by the content, too
        raise CorruptSourceError("the PDF is damaged: it is something else inside")
    pymupdf.mupdf.pdf_disable_js(pymupdf.mupdf.pdf_document_from_fz_document(document.this))
    if document.needs_pass and not any(map(document.authenticate, passwords)):
        raise EncryptedSourceError(
            "the PDF is encrypted, and none of the passwords given opens it"
            if passwords
            else "the PDF is encrypted and needs a password: give it, or decrypt it first"
        )
    if document.page_count == 0:
        if document.is_repaired:
            raise CorruptSourceError("the PDF is cut short or damaged: no page is left in it")
        raise EmptySourceError("the PDF has no pages")


def _needs_password(document: pymupdf.Document) -> bool:
    # Asked of a second handle: MuPDF tries the empty password to find out, and forgets the right
    # one over it.
    with pymupdf.open(document.name, filetype="pdf") as again:
        return bool(again.needs_pass)


def _check_area(rect: pymupdf.Rect, dpi: int, max_megapixels: float) -> None:
    if rect.is_empty or rect.is_infinite:
        raise EmptySourceError("the page has no area")
    megapixels = rect.width * rect.height * (dpi / 72) ** 2 / 1e6
    if megapixels > max_megapixels:
        raise PageTooLargeError(
            f"the page is {rect.width / 72:.0f} by {rect.height / 72:.0f} inches, which is "
            f"{megapixels:.0f} megapixels at {dpi} dpi; at most {max_megapixels:g} are drawn: "
            "choose a lower resolution or raise the limit"
        )


def _check_ink(page: pymupdf.Page, pixels: NDArray[np.uint8]) -> list[str]:
    """What MuPDF complained of over a page that shows something.

    Refuses one that shows nothing, if MuPDF could not draw something: it was there once. Where
    MuPDF could draw something, damaged as the page is, something can be read.
    """
    complaints = pdf_losses.said()
    if not pdf_losses.shows_nothing(pixels):
        return complaints
    signs = pdf_losses.signs(complaints)
    signs += pdf_losses.signs_on(page)  # which MuPDF may have told when the page was looked at
    number = page.number + 1
    if any(map(_OUT_OF_MEMORY.search, signs)):
        raise OutOfMemoryError(f"the PDF needs too much memory: page {number} is blank")
    if signs:
        raise CorruptSourceError(
            f"the PDF is damaged: nothing of page {number} can be drawn ({signs[0]})"
        )
    return complaints
