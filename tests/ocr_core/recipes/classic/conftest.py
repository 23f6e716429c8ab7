import pytest

from ocr_core import charset
from ocr_core.recipes.classic.training import ClassicSettings, set_glyphs
from ocr_core.synth.fonts import find_faces


@pytest.fixture(scope="session")
def faces():
    return find_faces(charset.latin(), [])[:2]  # a sans and a serif that come with PyMuPDF


@pytest.fixture(scope="session")
def glyphs(faces):
    return set_glyphs(faces, ClassicSettings(lines=90, strength=0.0))
