"""Image files as PDFs: their pixels as they are, on pages as large as they were read to be."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import count, islice
from pathlib import Path

import img2pdf
import pikepdf
from PIL import Image, ImageOps

from ocr_core import rasters
from ocr_core.errors import InputError
from ocr_core.limits import DEFAULT_LIMITS
from ocr_core.tiff import Tiff
from schemas import Document, Page

_INCH_PT = 72.0
# Of what no page was read, and the finest that grey pages are drawn at, in dots per inch.
_UNREAD_DPI, _GREY_DPI = 150.0, 300

# What PDF does about an EXIF orientation: it turns pages clockwise, but has no mirror.
_TURNS_DEG = {3: 180, 6: 90, 8: 270}
_MIRRORED = frozenset((2, 4, 5, 7))

# Says of each picture with transparency that it has some.
logging.getLogger("img2pdf").setLevel(logging.ERROR)

Size = tuple[float, float]

_errors_of_ours = partial(rasters.input_errors, "the image cannot be put into a PDF")


def picture_pdf(document: Document, path: Path) -> bytes:
    """A PDF with the pictures of an image file, without loss, and turned as its EXIF says.

    JPEG and bitonal TIFF stay as they are compressed, where PDF can turn them. A picture with more
    transparency than PDF can show is painted on white, one of odd colours or depth is drawn anew
    in grey. A page that failed and cannot be drawn is white.

    Args:
        path: of the image file.

    Raises:
        InputError: it cannot be put into a PDF.
    """
    try:
        made = _of_file(document, path)
    except InputError:
        made = _of_pages(document, path)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        del pdf.trailer.ID  # which depends on the time: the same document, the same file
        stream = io.BytesIO()
        pdf.save(stream, deterministic_id=True)
        return stream.getvalue()


@_errors_of_ours()
def _of_file(document: Document, path: Path) -> bytes:
    """A PDF of the file as it is.

    Raises:
        InputError: its pages have to be taken out of it one by one.
    """
    orientations = {
        frame.tell(): frame.getexif().get(rasters.ORIENTATION, 1)
        for frame in _frames(document, path)
    }
    if list(orientations) != list(range(document.source.page_count)):
        raise ValueError("a frame is no page")
    if _MIRRORED & set(orientations.values()):
        raise ValueError("PDF has no mirror")
    turn_deg = _TURNS_DEG.get(orientations[0], 0)
    # img2pdf takes compressed pixels of a TIFF as they are, but its size from Pillow, turned.
    if _is_tiff(document) and not _TURNS_DEG.keys().isdisjoint(orientations.values()):
        raise ValueError("a TIFF is to be turned")
    sizes = _sizes_pt(document)
    if turn_deg % 180:
        sizes = {index: (height, width) for index, (width, height) in sizes.items()}
    made = _convert([path.read_bytes()], sizes, turn_deg, len(orientations) == 1)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        if len(pdf.pages) != len(orientations):
            raise ValueError("a frame is no page")
    return made


def _is_tiff(document: Document) -> bool:
    return document.source.media_type == "image/tiff"


def _frames(document: Document, path: Path) -> Iterator[Image.Image]:
    """The image, moved to one page after the other."""
    # What Pillow opens by its name it may map into memory, wrongly where a TIFF is on its side.
    with path.open("rb") as file:
        if _is_tiff(document):
            tiff = Tiff(file)
            for _ in islice(tiff.pages(), document.source.page_count):
                yield tiff
        else:
            yield Image.open(file)


def _sizes_pt(document: Document) -> dict[int, Size]:
    """Width and height of the pages that were read, before they were turned to be read."""
    sizes = {}
    for page in document.pages:
        if isinstance(page, Page) and page.dpi:
            width, height = (side * _INCH_PT / page.dpi for side in (page.width_px, page.height_px))
            is_sideways = page.orientation_deg in {90, 270}
            sizes[page.ref.page_index] = (height, width) if is_sideways else (width, height)
    return sizes


def _convert(
    pictures: Sequence[bytes],
    sizes: Mapping[int, Size],
    turn_deg: int = 0,
    first_frame_only: bool = True,
) -> bytes:
    """A PDF of pictures; the sizes of its pages are those before they are turned."""
    numbers = count()

    def lay_out(width_px: int, height_px: int, dpi: object) -> tuple[float, float, float, float]:
        unread = width_px * _INCH_PT / _UNREAD_DPI, height_px * _INCH_PT / _UNREAD_DPI
        width, height = sizes.get(next(numbers), unread)
        return width, height, width, height

    made: bytes = img2pdf.convert(
        list(pictures),
        layout_fun=lay_out,
        rotation=img2pdf.Rotation[str(turn_deg)],
        first_frame_only=first_frame_only,
        nodate=True,  # the same document gives the same file
    )
    return made


@_errors_of_ours()
def _of_pages(document: Document, path: Path) -> bytes:
    """A PDF of the pages, each of them turned upright before.

    Raises:
        InputError: a page that was read cannot be drawn, or none was read and one cannot.
    """
    sizes = _sizes_pt(document)
    size_of_white = next(iter(sizes.values()), None)
    pictures = []
    frames = _frames(document, path)
    for index in range(document.source.page_count):
        try:
            pictures.append(_page_picture(frames, document, path, index))
        except InputError:
            if index in sizes or size_of_white is None:
                raise
            sizes[index] = size_of_white
            pictures.append(_encoded(Image.new("L", (1, 1), "white")))
    return _convert(pictures, sizes)


def _page_picture(
    frames: Iterator[Image.Image], document: Document, path: Path, index: int
) -> bytes:
    try:
        return _upright_picture(frames)
    except InputError:
        limit, media_type = DEFAULT_LIMITS.max_megapixels, document.source.media_type
        pixels, _ = rasters.draw_page(path, media_type, index, _GREY_DPI, limit)
        return _encoded(Image.fromarray(pixels))


@_errors_of_ours()
def _upright_picture(frames: Iterator[Image.Image]) -> bytes:
    """The next page as it is, but for orientation and transparency.

    Raises:
        InputError: it cannot be read, or is best drawn in grey.
    """
    frame = next(frames)
    if isinstance(frame, Tiff) and frame.fault is not None:
        raise frame.fault
    if frame.mode[0] in "IF":
        raise ValueError("Pillow cuts off what is brighter than 255")
    upright = ImageOps.exif_transpose(frame)  # which leaves a TIFF, turned by Pillow, as it is
    if upright.has_transparency_data:
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright.convert("RGBA"))
    is_fit = upright.mode in {"1", "L", "P", "RGB", "CMYK"}
    return _encoded(upright if is_fit else upright.convert("RGB"))


def _encoded(picture: Image.Image) -> bytes:
    """A file of which img2pdf takes the pixels: black and white ones for CCITT Group 4."""
    stream = io.BytesIO()
    if picture.mode in {"1", "CMYK"}:  # the latter is unknown to PNG
        picture.save(stream, "TIFF", compression="tiff_adobe_deflate")
    else:
        picture.save(stream, "PNG")
    return stream.getvalue()
