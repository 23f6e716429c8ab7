"""Files to page images: what a file is, how many pages it has, and the pixels of each.

Pages of PDFs whose own text can be trusted need no pixels; they are pages already.

`count_pages` and `render_pages` take and give plain values that pickle, keep nothing between calls
and touch no more than the file. Over files of strangers they may crash, hang or take all memory:
`ocr_core.sandbox.drawing` has a helper process run them, with limits of its own.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal, get_args

import pymupdf

from ocr_core import pdf, rasters
from ocr_core.errors import (
    ConfigError,
    EmptySourceError,
    InputError,
    MissingSourceError,
    SourceTooLargeError,
    TooManyPagesError,
    UnsupportedFormatError,
)
from ocr_core.limits import DEFAULT_LIMITS, Limits
from ocr_core.text_layer.judging import Reason
from ocr_core.text_layer.reading import LayerText, Mode
from schemas import Failure, Line, Page, PageImage, PageRange, PageRef, Source
from schemas.document import Stage

Renderer = Literal["mupdf", "poppler"]

# What a search through folders looks for; what a file is, its bytes tell.
SUFFIXES = frozenset(
    {".pdf", ".tif", ".tiff", ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp"}
    | {".heic", ".heif", ".avif"}
    | {".jp2", ".jpx", ".jpf", ".j2k", ".j2c", ".jpc"}
    | {".bmp", ".dib", ".gif", ".pbm", ".pgm", ".ppm", ".pnm"}
)

# How files begin. A PDF may have up to 1024 bytes of anything before its header (PDF 1.7, H.3, note
# 13); "BM" alone would be many a text, so a BMP must also have a size of header that exists.
SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"II[*+]\0|MM\0[*+]"), "image/tiff"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"\0\0\0\x0cjP  \r\n\x87\n"), "image/jp2"),
    (re.compile(rb"\xff\x4f\xff\x51"), "image/j2c"),
    (re.compile(rb"....ftypavi[fs]", re.DOTALL), "image/avif"),
    (re.compile(rb"....ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL), "image/heic"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL), "image/bmp"),
    (re.compile(rb"P[14][\s#]"), "image/x-portable-bitmap"),
    (re.compile(rb"P[25][\s#]"), "image/x-portable-graymap"),
    (re.compile(rb"P[36][\s#]"), "image/x-portable-pixmap"),
    (re.compile(rb".{0,1019}?%PDF-", re.DOTALL), pdf.MEDIA_TYPE),
)
HEAD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How pages are drawn.

    Attributes:
        dpi: at which PDFs are drawn, and to which finer scans are shrunk.
        renderer: of PDFs.
        text_layer: whether the text of PDFs is taken: `ignore` draws every page, `use` takes what
            there is, `auto` what agrees with the page's ink.
        limits: beyond which sources and pages are refused.
        passwords: to try on encrypted PDFs, one after the other. They are not shown with the rest.

    Raises:
        ConfigError: a value makes no sense.
    """

    dpi: int = 200
    renderer: Renderer = "mupdf"
    text_layer: Mode = "ignore"
    limits: Limits = DEFAULT_LIMITS
    passwords: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if not 36 <= self.dpi <= 1200:
            raise ConfigError(f"dpi must be 36 to 1200, not {self.dpi}")
        if self.renderer not in get_args(Renderer):
            raise ConfigError(f"renderer must be mupdf or poppler, not {self.renderer}")
        if self.text_layer not in get_args(Mode):
            raise ConfigError(f"text_layer must be auto, use or ignore, not {self.text_layer}")

    def check(self) -> None:
        """Makes sure that this machine can draw so, before a run starts.

        Raises:
            ConfigError: a program is missing.
        """
        if self.renderer == "poppler":
            pdf.check_poppler()


@dataclass(frozen=True, slots=True)
class PageSelection:
    """Which pages of a document are wanted; all, unless told.

    Attributes:
        ranges: first and last page, from 0 and both included; None for the document's last.
    """

    ranges: tuple[tuple[int, int | None], ...] = ((0, None),)

    def indices(self, page_count: int) -> tuple[int, ...]:
        """The wanted pages among `page_count`, from 0, in the document's order and once each."""
        wanted: set[int] = set()
        for first, last in self.ranges:
            end = page_count if last is None else min(last + 1, page_count)
            wanted.update(range(first, end))
        return tuple(sorted(wanted))


DEFAULT_OPTIONS = RenderOptions()
ALL_PAGES = PageSelection()


def parse_page_numbers(text: str) -> PageSelection:
    """The selection that a user writes as `1-3,7` or `5-`, counting pages from 1.

    Raises:
        ConfigError: it is not of this form.
    """
    ranges = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*([1-9][0-9]{0,8})\s*(?:(-)\s*([1-9][0-9]{0,8})?\s*)?", part)
        if match is None:
            raise ConfigError(f"page numbers look like 1-3,7 or 5-, not {text!r}")
        first, dash, last = match.groups()
        end = int(last) - 1 if last else (None if dash else int(first) - 1)
        if end is not None and end < int(first) - 1:
            raise ConfigError(f"page numbers must not run backwards: {part.strip()}")
        ranges.append((int(first) - 1, end))
    return PageSelection(tuple(ranges))


def inspect(path: Path, uri: str, options: RenderOptions = DEFAULT_OPTIONS) -> Source:
    """What is in a file, by its bytes and whatever its name.

    Raises:
        InputError: it cannot be read, or holds nothing that can be.
    """
    doc_id, size_bytes, media_type = identify(path, options.limits)
    return Source(doc_id, uri, size_bytes, media_type, count_pages(path, media_type, options))


def identify(path: Path, limits: Limits = DEFAULT_LIMITS) -> tuple[str, int, str]:
    """SHA-256, size in bytes and media type of a file, none of which needs it to be parsed.

    Raises:
        InputError: it cannot be read, is empty, too large, or of no type that is read here.
    """
    if path.is_file() and path.stat().st_size > limits.max_bytes:
        raise SourceTooLargeError(
            f"it has more than {limits.max_bytes} bytes: split it or raise the limit"
        )
    return (*hash_file(path), sniff(path))


def count_pages(path: Path, media_type: str, options: RenderOptions = DEFAULT_OPTIONS) -> int:
    """How many pages a file of this type has, at least one.

    Raises:
        InputError: it is damaged, needs a password, or has none or too many.
    """
    max_pages = options.limits.max_pages
    if media_type == pdf.MEDIA_TYPE:
        page_count = pdf.count_pages(path, options.passwords)
    else:
        page_count = rasters.count_pages(path, media_type, max_pages)
    if page_count > max_pages:
        raise TooManyPagesError(f"it has more than {max_pages} pages: split it or raise the limit")
    return page_count


def hash_file(path: Path) -> tuple[str, int]:
    """SHA-256 of a file's bytes in hexadecimal, and how many bytes; read piece by piece.

    Raises:
        MissingSourceError: it cannot be read.
    """
    if path.exists() and not path.is_file():  # opening a pipe would wait for ever
        raise MissingSourceError("it is not a file")
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            return digest.hexdigest(), file.tell()
    except OSError as error:
        raise MissingSourceError(f"it cannot be read: {error.strerror}") from error


def check_same(path: Path, doc_id: str) -> None:
    """Makes sure that a file still holds what was read.

    Raises:
        MissingSourceError: it does not, or cannot be read.
    """
    if hash_file(path)[0] != doc_id:
        raise MissingSourceError("the file has changed since it was read")


def sniff(path: Path) -> str:
    """The media type of a file, from its first bytes.

    Raises:
        InputError: it cannot be read, is empty, or is of no type that is read here.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise MissingSourceError(f"it cannot be read: {error.strerror}") from error
    if not head:
        raise EmptySourceError("the file is empty")
    for signature, media_type in SIGNATURES:
        if signature.match(head):
            return media_type
    raise UnsupportedFormatError(
        "it is neither a PDF nor a PNG, JPEG, TIFF, WebP, BMP, GIF, PBM, PGM or PPM image, "
        "whatever its name says"
    )


def render_pages(
    path: Path, pages: PageRange, options: RenderOptions = DEFAULT_OPTIONS
) -> Iterator[PageImage | Page | Failure]:
    """Draws the pages of a range in order, one at a time; one that cannot be drawn is a Failure.

    A page of a PDF whose text layer says all that is printed on it is not drawn: it is a Page, with
    its lines in the order of the file. There are none where `options` ignore text layers.

    The file is opened once. Where it can no longer be opened, every page of the range fails.
    Rotation that the file states (/Rotate, EXIF) is applied and is no `orientation_deg`.

    Raises:
        ConfigError: the options cannot be followed on this machine.
    """
    options.check()
    with ExitStack() as stack:
        try:
            render = stack.enter_context(_opened(path, pages.source.media_type, options))
        except InputError as error:
            for page_index in pages.page_indices:
                yield _failure(pages.source, page_index, "open", error)
            return
        for page_index in pages.page_indices:
            yield _render(render, pages.source, page_index)


Render = Callable[[PageRef], PageImage | Page]


@contextmanager
def _opened(path: Path, media_type: str, options: RenderOptions) -> Iterator[Render]:
    if media_type == pdf.MEDIA_TYPE:
        with pdf.open_pdf(path, options.passwords) as document:
            yield partial(_render_pdf_page, document, options)
    else:
        yield partial(_render_raster, path, media_type, options)


def _render_raster(path: Path, media_type: str, options: RenderOptions, ref: PageRef) -> PageImage:
    max_megapixels = options.limits.max_megapixels
    pixels, dpi = rasters.draw_page(path, media_type, ref.page_index, options.dpi, max_megapixels)
    return PageImage(ref, pixels, dpi)


def _render_pdf_page(
    document: pymupdf.Document, options: RenderOptions, ref: PageRef
) -> PageImage | Page:
    reason = Reason.IGNORED
    lines: tuple[Line, ...] = ()
    if options.text_layer != "ignore":
        try:
            layer = pdf.read_text_layer(document, ref.page_index, options.dpi, options.text_layer)
        except InputError:  # the page may be drawn all the same
            reason = Reason.DAMAGED
        else:
            if layer.is_all:
                return _page(layer, options.dpi, ref)
            reason, lines = layer.reason, layer.lines
    draw = pdf.draw_with_poppler if options.renderer == "poppler" else pdf.draw_with_mupdf
    drawing = draw(document, ref.page_index, options.dpi, options.limits.max_megapixels)
    if drawing.is_cut_off:  # which says more than that an earlier reading lies under the scan
        reason = Reason.DAMAGED_PICTURE
    return PageImage(ref, drawing.pixels, options.dpi, layer=lines, source_reason=str(reason))


def _page(layer: LayerText, dpi: int, ref: PageRef) -> Page:
    return Page(
        ref=ref,
        width_px=layer.width_px,
        height_px=layer.height_px,
        dpi=dpi,
        lines=layer.lines,
        source="text-layer",
        source_reason=str(layer.reason),
        rulings=layer.rulings,
        figures=layer.figures,
    )


def _render(render: Render, source: Source, page_index: int) -> PageImage | Page | Failure:
    started = time.perf_counter()
    try:
        page = render(PageRef(source.doc_id, source.uri, page_index))
    except InputError as error:
        return _failure(source, page_index, "render", error)
    return replace(page, seconds={"render": time.perf_counter() - started})


def _failure(source: Source, page_index: int, stage: Stage, error: InputError) -> Failure:
    return Failure(source.doc_id, source.uri, page_index, stage, error.code, str(error))
