import pytest

from ocr_core import charset
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.text import TextSource

WORDS = tuple("the of and a to in is was for with that letter account number paper".split())


@pytest.fixture(scope="session")
def faces():
    """Those that come with PyMuPDF, which are there on any machine."""
    return find_faces(charset.latin(), [])


@pytest.fixture(scope="session")
def source():
    return TextSource([Corpus("en", (), WORDS)], charset.latin())
