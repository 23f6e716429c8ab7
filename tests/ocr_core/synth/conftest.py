"""What the tests of synthetic pages share: sheets, pens and pages in PyMuPDF's own faces."""

from collections.abc import Callable

import numpy as np
import pytest

from ocr_core.charset import latin
from ocr_core.synth.canvas import Canvas
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.fonts import Face, find_faces
from ocr_core.synth.pages import PageMaker
from ocr_core.synth.sheet import FaceShelf, Sheet
from ocr_core.synth.text import TextSource

WORDS = tuple("the of and a to in is was for with that letter account number paper house".split())
DrawLayout = Callable[[Sheet], None]


@pytest.fixture(scope="session")
def faces() -> list[Face]:
    return find_faces(latin(), folders=())


@pytest.fixture(scope="session")
def source() -> TextSource:
    return TextSource([Corpus("en", (), WORDS)], latin())


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
