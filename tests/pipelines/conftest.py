"""An engine without weights, and a small run that many tests look at."""

from dataclasses import replace
from functools import partial

import pytest

from ocr_core.engine import Engine
from ocr_core.reading import LineReader
from pipelines import launch
from pipelines.inference import EngineHandle
from pipelines.options import OcrOptions, ReadOptions
from tests import documents
from tests.memory_store import MemoryFileSystem
from tests.stand_ins import GreyRecogniser, PoisonedDetector

READ = ReadOptions(
    dpi=documents.DPI, renderer="mupdf", pages="", device="cpu", weights=None, correct=False
)
OPTIONS = OcrOptions(
    inputs=(),
    output="",
    read=READ,
    batch_pages=8,
    workers=1,
    accelerator="",
    report="quiet",
    beam=(),
)


@pytest.fixture(scope="session")
def handle():
    """Of an engine of stand-ins, which fails on pages that say `poison`."""
    return EngineHandle(
        partial(Engine, PoisonedDetector(), LineReader(GreyRecogniser()), None), "stand-ins"
    )


@pytest.fixture(scope="session")
def options():
    """`options(output, *inputs, workers=2)`: a quiet run at the resolution of test documents."""

    def make(output, *inputs, **changes):
        names = tuple(str(name) for name in inputs)
        return replace(OPTIONS, output=str(output), inputs=names, **changes)

    return make


@pytest.fixture(scope="session")
def inbox(tmp_path_factory):
    """A folder with good documents, one of which has a page that fails, and a copy."""
    folder = tmp_path_factory.mktemp("inbox")
    documents.write_png(folder / "note.png", "ab cd")
    documents.write_png(folder / "z copy.png", "ab cd")
    documents.write_tiff(folder / "forms" / "Form.TIF", ["a", "", "bb"])
    documents.write_pdf(folder / "forms" / "a[1].pdf", ["abc de", "poison", "e d"])
    return folder


@pytest.fixture(scope="session")
def output(tmp_path_factory, inbox, handle, options):
    """What a run over the inbox writes."""
    folder = tmp_path_factory.mktemp("output")
    launch.launch(options(folder, inbox), handle)
    return folder


@pytest.fixture
def bucket(monkeypatch):
    """The files of `mem://`, a store that Beam reaches like any other: name -> bytes."""
    monkeypatch.setattr(MemoryFileSystem, "files", {})
    return MemoryFileSystem.files
