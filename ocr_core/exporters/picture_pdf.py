"""Image files as PDFs: their pixels as they are, on pages as large as they were read to be."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path

import img2pdf
import pikepdf
from PIL import Image, ImageOps

from ocr_core import rasters
from ocr_core.errors import CorruptSourceError
from ocr_core.limits import DEFAULT_LIMITS
from schemas import Document, Page, Source

_INCH_PT = 72.0
# Of what no page was read, and the finest that grey pages are drawn at, in dots per inch.
_UNREAD_DPI, _GREY_DPI = 150.0, 300

# Says of each picture with transparency that it has some.
logging.getLogger("img2pdf").setLevel(logging.ERROR)

# What a picture is answered with that cannot be put into a PDF in this way.
_UNFIT = (
    OSError,
    ValueError,
    Image.DecompressionBombError,
    img2pdf.ImageOpenError,
    img2pdf.AlphaChannelError,
)

Size = tuple[float, float]


def picture_pdf(document: Document, path: Path) -> bytes:
    """A PDF with the pictures of an image file, without loss, and turned as its EXIF says.

    JPEG and bitonal TIFF stay as they are compressed. A picture with more transparency than PDF can
    show is painted on white. What has other frames than pages is drawn anew, in grey.

    Args:
        path: of the image file.

    Raises:
        CorruptSourceError: it cannot be put into a PDF.
    """
    makers: tuple[Callable[[], Sequence[bytes]], ...] = (
        lambda: [path.read_bytes()],
        partial(_on_white, path),
        partial(_grey, path, document.source),
    )
    sizes = _sizes_pt(document)
    for make in makers:
        try:
            made = _convert(make(), sizes, document.source.page_count)
        except _UNFIT:
            continue
        with pikepdf.open(io.BytesIO(made)) as pdf:
            if len(pdf.pages) == document.source.page_count:
                del pdf.trailer.ID  # which depends on the time: the same document, the same file
                stream = io.BytesIO()
                pdf.save(stream, deterministic_id=True)
                return stream.getvalue()
    raise CorruptSourceError("the image cannot be put into a PDF")


def _convert(pictures: Sequence[bytes], sizes: Mapping[int, Size], pages: int) -> bytes:
    numbers = count()

    def lay_out(width_px: int, height_px: int, dpi: object) -> tuple[float, float, float, float]:
        unread = width_px * _INCH_PT / _UNREAD_DPI, height_px * _INCH_PT / _UNREAD_DPI
        width, height = sizes.get(next(numbers), unread)
        if (width > height) != (width_px > height_px):  # the page is turned, not the picture
            width, height = height, width
        return width, height, width, height

    made: bytes = img2pdf.convert(
        list(pictures),
        layout_fun=lay_out,
        rotation=img2pdf.Rotation.ifvalid,
        first_frame_only=pages == 1,
        nodate=True,  # the same document gives the same file
    )
    return made


def _sizes_pt(document: Document) -> dict[int, Size]:
    return {
        page.ref.page_index: (
            page.width_px * _INCH_PT / page.dpi,
            page.height_px * _INCH_PT / page.dpi,
        )
        for page in document.pages
        if isinstance(page, Page) and page.dpi
    }


def _on_white(path: Path) -> list[bytes]:
    with Image.open(path) as image:
        picture = ImageOps.exif_transpose(image).convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    return [_png(Image.alpha_composite(paper, picture).convert("RGB"))]


def _grey(path: Path, source: Source) -> list[bytes]:
    limit = DEFAULT_LIMITS.max_megapixels
    draw = partial(rasters.draw_page, path, source.media_type, dpi=_GREY_DPI, max_megapixels=limit)
    return [_png(Image.fromarray(draw(index)[0])) for index in range(source.page_count)]


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
