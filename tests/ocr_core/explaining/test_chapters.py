from dataclasses import replace

import pytest
from torch import nn

from ocr_core import profiles, weights
from ocr_core.explaining import chapters
from ocr_core.explaining.chapters import Networks
from ocr_core.recogniser import Recogniser
from ocr_core.restored_lines import RestoredLine
from tests.ocr_core.explaining.test_insides import CONFIG

NAMES = [
    "01-threshold", "02-detector-map", "03-quads", "04-crop", "05-features", "06-path",
    "07-second-reader", "08-beam", "09-correction", "10-layout",
]  # fmt: skip


@pytest.fixture(scope="module")
def written(followed, line):
    networks = Networks(nn.Linear(3, 2), Recogniser(CONFIG), None)
    return {one.name: one for one in chapters.write_chapters(followed, line, networks)}


def test_every_stage_has_its_chapter(written):
    assert list(written) == NAMES
    assert all(one.title and one.text and one.facts for one in written.values())


def test_figures_are_those_of_the_page(written, line):
    def fact(chapter, name):
        return dict(written[chapter].facts)[name]

    assert fact("01-threshold", "page") == "600 × 500 pixels at 200 dpi"
    assert fact("02-detector-map", "parameters") == "8"
    assert fact("03-quads", "lines found") == "2"
    assert fact("04-crop", "crop") == f"40 × {line.crop.shape[1]} pixels, grey"
    assert fact("06-path", "steps × labels") == f"{line.steps} × 7"
    assert fact("06-path", "text") == "abc deab"
    assert fact("09-correction", "language") == "could not be told"
    assert fact("10-layout", "this line") == "number 2 of 2"


def test_networks_are_opened_as_an_engine_does():
    if not all(path.exists() for path in weights.find()):
        pytest.skip("no weights have been trained yet")
    with_model = chapters.open_networks(None, profiles.choose("standard"))
    assert with_model.model is not None
    assert with_model.charset.holds("words")
    without = chapters.open_networks(None, profiles.choose("standard", language_model=False))
    assert without.model is None


def test_a_line_that_was_restored_has_a_chapter_more(followed, line):
    networks = Networks(nn.Linear(3, 2), Recogniser(CONFIG), None)
    restored = replace(line, restored=RestoredLine(255 - line.crop, line.first))
    written = {one.name: one for one in chapters.write_chapters(followed, restored, networks)}
    assert list(written) == [*NAMES[:7], "07-restored", *NAMES[7:]]
    chapter = written["07-restored"]
    assert dict(chapter.facts)["of the restored one"] == line.first.decoded.text
    assert dict(chapter.facts)["taken"] == "nothing"
    assert chapter.picture.shape[0] > 2 * line.crop.shape[0]
