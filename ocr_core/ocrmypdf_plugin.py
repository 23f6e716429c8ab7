"""OCRmyPDF with our engine: `ocrmypdf --plugin ocr_core.ocrmypdf_plugin IN.pdf OUT.pdf`.

OCRmyPDF draws the pages, turns and cleans them as its flags say, and puts them together; what they
say and where is read here, and written as a text layer of our own (`--pdf-renderer sandwich`, which
is made the default) or as hOCR.
"""

# PyMuPDF says that it is typed, but most of its functions are not.
# mypy: allow-untyped-calls

from __future__ import annotations

from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import pymupdf
import torch
from ocrmypdf import hookimpl
from ocrmypdf.pluginspec import OcrEngine, OrientationConfidence

import ocr_core
from ocr_core import rasters, sources
from ocr_core.cleaning import steps
from ocr_core.exporters.hocr import export_hocr
from ocr_core.exporters.pdf import write_text
from ocr_core.exporters.text import export_text
from ocr_core.limits import DEFAULT_LIMITS
from schemas import Document, Failure, Page, PageImage, PageRef, Source

if TYPE_CHECKING:
    from ocrmypdf._options import OcrOptions

    from ocr_core.engine import Engine

# What the shipped weights read: Latin script, whatever the language.
LANGUAGES = frozenset(
    "afr cat ces cym dan deu deu_frak eng est eus fin fra frk gla gle glg hrv hun ind isl ita lat "
    "lav lit ltz mlt msa nld nor oci pol por ron slk slv spa sqi swe tur".split()
)
_DPI = 200  # at which runs draw pages; a finer picture by twice or more is shrunk
_POINTS = 72
_FONT_NAME = "F1"  # OCRmyPDF takes over the font of this name from a text layer
# OCRmyPDF turns a page from 14 on; 15 is as sure as can be. Ours turns pages only when it is.
_SURE = 15.0


class BeamOcr(OcrEngine):
    """What OCRmyPDF asks an engine for."""

    @staticmethod
    def version() -> str:
        return metadata.version("beam-ocr")

    @staticmethod
    def creator_tag(options: OcrOptions) -> str:
        return f"beam-ocr {BeamOcr.version()}"

    def __str__(self) -> str:
        return f"beam-ocr {BeamOcr.version()}"

    @staticmethod
    def languages(options: OcrOptions) -> set[str]:
        return set(LANGUAGES)

    @staticmethod
    def get_orientation(input_file: Path, options: OcrOptions) -> OrientationConfidence:
        anticlockwise = -read_page(input_file).orientation_deg % 360  # as OCRmyPDF turns pages
        return OrientationConfidence(anticlockwise, _SURE)

    @staticmethod
    def get_deskew(input_file: Path, options: OcrOptions) -> float:
        return -read_page(input_file).skew_deg  # anticlockwise, to stand level

    @staticmethod
    def generate_hocr(
        input_file: Path, output_hocr: Path, output_text: Path, options: OcrOptions
    ) -> None:
        document = document_of(input_file)
        output_hocr.write_bytes(export_hocr(document))
        output_text.write_bytes(export_text(document))

    @staticmethod
    def generate_pdf(
        input_file: Path, output_pdf: Path, output_text: Path, options: OcrOptions
    ) -> None:
        document = document_of(input_file)
        [page] = document.pages
        assert isinstance(page, Page)
        width, height = page.width_px, page.height_px
        if page.orientation_deg in {90, 270}:  # as the picture lies
            width, height = height, width
        points = _POINTS / page.dpi
        with pymupdf.open() as blank:
            blank.new_page(width=width * points, height=height * points)
            write_text(blank, [page], _FONT_NAME)
            blank.save(output_pdf, deflate=True)
        output_text.write_bytes(export_text(document))


@hookimpl
def get_ocr_engine(options: OcrOptions | None) -> BeamOcr:
    """Has OCRmyPDF read with our engine."""
    return BeamOcr()


@hookimpl(tryfirst=True)
def check_options(options: OcrOptions) -> None:
    """Makes our own text layer the default, which follows lines that are not level."""
    if options.pdf_renderer == "auto":
        options.pdf_renderer = "sandwich"


def document_of(picture: Path) -> Document:
    """A document of the one page that a picture shows."""
    page = read_page(picture)
    source = Source("", str(picture), picture.stat().st_size, sources.sniff(picture), 1)
    return Document(source, (page,))


@lru_cache(maxsize=8)
def read_page(picture: Path) -> Page:
    """What is written on a picture, which OCRmyPDF asks about several times.

    Raises:
        RuntimeError: it cannot be read.
    """
    limit = DEFAULT_LIMITS.max_megapixels
    pixels, dpi = rasters.draw_page(picture, sources.sniff(picture), 0, _DPI, limit)
    image = PageImage(PageRef("", str(picture), 0), pixels, dpi)
    [read] = _engine().read_pages([steps.prepare_page(image, (steps.AUTO,))])
    if isinstance(read, Failure):
        raise RuntimeError(f"{read.code}: {read.stage}: {read.message}")
    return read


@cache
def _engine() -> Engine:
    torch.set_num_threads(1)  # OCRmyPDF reads several pages at a time
    cv2.setNumThreads(1)
    return ocr_core.load()
