from dataclasses import replace

import pytest

from ocr_core import charset, weights
from ocr_core.recipes.handwriting.settings import HandwritingSettings
from ocr_core.recogniser import Recogniser, RecogniserConfig
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.fonts import find_faces
from ocr_core.training.recogniser import BatchSettings
from tests import tiny_networks

WORDS = tuple("the of and a to in is was for with that letter account number paper house".split())
# So little that nothing but the steps themselves is seen.
BRIEF = HandwritingSettings(
    minutes=0.02, unseen=4, batches=BatchSettings(pixels=4_000, pool=300, workers=0, ramp=1)
)


@pytest.fixture(scope="session")
def hands():
    """Faces that pass for handwriting by their name, and stay readable."""
    faces = find_faces(charset.latin(), folders=())
    return [replace(face, family=f"{face.family} Hand") for face in faces]


@pytest.fixture(scope="session")
def corpora():
    return [Corpus("en", (), WORDS)]


@pytest.fixture
def start(tmp_path):
    """The weights of a small network that has learnt nothing."""
    folder = tmp_path / "start"
    folder.mkdir()
    config = RecogniserConfig(
        charset.latin().characters, 16, (8, 8, 16, 16, 16), (1, 1, 1, 1, 1), row=24, hidden=16
    )
    return weights.load_file(tiny_networks.save(folder, Recogniser(config)), "recogniser")
