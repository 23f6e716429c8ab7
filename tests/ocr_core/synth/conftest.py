"""What the tests of synthetic pages share: sheets, pens and pages in PyMuPDF's own faces."""

import gzip
import string
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ocr_core.charset import latin
from ocr_core.synth.canvas import Canvas
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.fonts import Face, find_faces
from ocr_core.synth.pages import PageMaker
from ocr_core.synth.sheet import FaceShelf, Sheet
from ocr_core.synth.text import TextSource

WORDS = tuple("the of and a to in is was for with that letter account number paper house".split())
DrawLayout = Callable[[Sheet], None]
Bits = NDArray[np.bool_]


@pytest.fixture(scope="session")
def faces() -> list[Face]:
    return find_faces(latin(), folders=())


@pytest.fixture(scope="session")
def source() -> TextSource:
    return TextSource([Corpus("en", (), WORDS)], latin())


@pytest.fixture
def save_console_font() -> Callable[..., None]:
    """Saves a PSF 1 font of 16 rows: of bitmaps by the characters that they draw, or of ASCII."""

    def save(path: Path, glyphs: dict[str, Bits] | None = None) -> None:
        glyphs = glyphs or {c: _cell(number) for number, c in enumerate(string.printable[:94])}
        rows = [np.packbits(bits, axis=1).tobytes() for bits in glyphs.values()]
        blank = bytes(len(rows[0]))
        bitmaps = b"".join([*rows, *[blank] * (256 - len(rows))])
        entries = [entry.encode("utf-16-le") + b"\xff\xff" for entry in glyphs]
        table = b"".join([*entries, *[b"\xff\xff"] * (256 - len(rows))])
        header = struct.pack("<BBBB", 0x36, 0x04, 2, len(blank))
        path.write_bytes(gzip.compress(header + bitmaps + table))

    return save


def _cell(number: int) -> Bits:
    """A picture of its own for each number: 16 rows of 8, those of small letters lower."""
    bits = np.zeros((16, 8), bool)
    bits[7 if string.printable[number].islower() else 3] = True
    bits[9] = np.unpackbits(np.uint8([number]))
    bits[11] = True
    return bits


@pytest.fixture
def new_sheet(faces: list[Face], source: TextSource) -> Callable[..., Sheet]:
    """Makes a blank sheet: by default of A5, 150 dots to the inch."""

    def make(seed: int = 0, width: int = 870, height: int = 1240, dpi: float = 150.0) -> Sheet:
        rng = np.random.default_rng(seed)
        canvas = Canvas(width, height)
        return Sheet(canvas, rng, FaceShelf(faces), source, source.corpus(rng), dpi, 9.0)

    return make


@pytest.fixture
def sheet(new_sheet: Callable[..., Sheet]) -> Sheet:
    return new_sheet()


@pytest.fixture
def draw(new_sheet: Callable[..., Sheet]) -> Callable[..., Sheet]:
    """Draws a layout on a blank sheet and proves what holds of every layout."""

    def drawn(layout: DrawLayout, seed: int = 0, **size: float) -> Sheet:
        sheet = new_sheet(seed, **size)
        layout(sheet)
        _check_texts(sheet)
        _check_places(sheet)
        return sheet

    return drawn


@pytest.fixture(scope="session")
def maker(faces: list[Face], source: TextSource) -> PageMaker:
    return PageMaker(faces, source, long_side=(400, 600), strength=0.0)


def _check_texts(sheet: Sheet) -> None:
    for segment in sheet.canvas.join():
        if not segment.ignored:
            assert segment.text == " ".join(text for text, _ in segment.words)
            assert segment.text.strip()


def _check_places(sheet: Sheet) -> None:
    """Every line stands on the sheet, and upright ones do not cover each other."""
    found = [segment for segment in sheet.canvas.join() if not segment.ignored]
    boxes = np.array([[*s.corners.min(axis=0), *s.corners.max(axis=0)] for s in found])
    if not len(boxes):
        return
    assert boxes[:, :2].min() >= -2
    assert boxes[:, 2].max() <= sheet.width + 2
    assert boxes[:, 3].max() <= sheet.height + 2
    upright = boxes[[abs(s.corners[0, 1] - s.corners[1, 1]) < 0.5 for s in found]]
    low = np.maximum(upright[:, None, :2], upright[None, :, :2])
    high = np.minimum(upright[:, None, 2:], upright[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    areas = (upright[:, 2:] - upright[:, :2]).prod(axis=1)
    covered = shared / np.minimum(areas[:, None], areas[None, :])
    np.fill_diagonal(covered, 0)
    assert covered.max() < 0.35
