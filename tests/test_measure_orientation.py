from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from ocr_core.charset import latin
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.pages import PageMaker
from ocr_core.synth.text import TextSource
from schemas import Box, Line, Page, PageRef, Quad
from tests import measure_orientation as measure


def page_of(text: str, orientation_deg: int) -> Page:
    line = Line(text, text, 1.0, Quad.from_box(Box(0, 0, 50, 10)), ())
    return Page(PageRef("", "", 0), 100, 50, 200, (line,), orientation_deg=orientation_deg)


@pytest.fixture
def engine():
    """Sees by the black corner how a page lies, and stands it upright but from one side."""

    def read(page):
        corners = page.pixels[:: page.pixels.shape[0] - 1, :: page.pixels.shape[1] - 1]
        turned = {0: 0, 1: 90, 3: 180, 2: 270}[int(corners.argmin())]
        return page_of("next", 0) if turned == 270 else page_of("text", (360 - turned) % 360)

    return SimpleNamespace(read_pages=lambda pages: [read(page) for page in pages])


@pytest.fixture
def folder(tmp_path):
    """Two images, one of them with its text, and something else."""
    pixels = np.full((20, 30), 255, np.uint8)
    pixels[0, 0] = 0
    for name in ("a.png", "b.png", "b.tif"):
        Image.fromarray(pixels).save(tmp_path / name)
    (tmp_path / "b.gt.txt").write_text("text", encoding="utf-8")
    return tmp_path


def test_images_of_folders_are_taken_in_turn(folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (folder / "b.tif").rename(other / "c.tif")
    samples = list(measure.scans([folder, other]))
    assert [sample.name.split("/")[1] for sample in samples] == ["a.png", "c.tif", "b.png"]
    assert [sample.text for sample in samples] == [None, None, "text"]
    assert [sample.name for sample in measure.scans([folder, other], "a*")] == [
        f"{folder.name}/a.png"
    ]


def test_what_is_not_stood_upright_is_told_and_counted(engine, folder, capsys):
    measure.measure(engine, measure.scans([folder], "*.png"), measure.TURNS)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:7] == [
        f"{folder.name}/a.png",
        "    270 ->   0",
        f"{folder.name}/b.png",
        "      0 ->   0   CER 0.0000",
        "     90 -> 270   CER 0.0000",
        "    180 -> 180   CER 0.0000",
        "    270 ->   0   CER 0.2500",
    ]
    assert lines[7:] == [
        "turned by   0:    2 right, 0 wrong   CER 0.0000",
        "turned by  90:    2 right, 0 wrong   CER 0.0000",
        "turned by 180:    2 right, 0 wrong   CER 0.0000",
        "turned by 270:    0 right, 2 wrong   CER 0.2500",
    ]


def test_pages_of_few_words_have_few_words():
    source = TextSource([Corpus("en", (), ("one", "seven", "eleven"))], latin())
    maker = PageMaker(find_faces(latin(), ()), source, long_side=(300, 350), strength=0.0)
    words = [
        sum(len(line.words) for line in maker.make_layout(seed, measure.FEW_WORDS).page.lines)
        for seed in range(5)
    ]
    assert all(0 < count <= measure.MOST_WORDS for count in words)
    assert len(set(words)) > 1
