from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from ocr_core.charset import latin
from ocr_core.engine import Engine
from ocr_core.reading import LineReader
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.pages import PageMaker
from ocr_core.synth.text import TextSource
from schemas import Box, Line, Page, PageRef, Quad
from tests import measure_orientation as measure
from tests.ocr_core.test_engine import OneWayRecogniser
from tests.stand_ins import InkDetector, blank_page, draw_text, page_image


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


@pytest.fixture
def decisions(engine, monkeypatch):
    """Decides what the engine does, and counts the pages that it decides on."""
    decided = []

    def decide(own, image):
        decided.append(image.ref.uri)
        return own.read_pages([image])[0].orientation_deg, len(decided) % 2 == 0

    monkeypatch.setattr(measure, "decide", decide)
    return decided


def test_what_is_not_stood_upright_is_told_and_counted(engine, decisions, folder, capsys):
    measure.measure(engine, measure.scans([folder], "*.png"), measure.TURNS)
    lines = capsys.readouterr().out.splitlines()
    name = folder.name
    assert lines == [
        f"{name}/a.png",
        "    270 ->   0",
        f"{name}/b.png",
        "      0 ->   0   CER 0.0000",
        "     90 -> 270   CER 0.0000",
        "    180 -> 180   CER 0.0000",
        "    270 ->   0   CER 0.2500",
        f"{name:20}:    6 right, 2 wrong, 2 tried   CER 0.0625",
        "turned by   0:    2 right, 0 wrong   CER 0.0000",
        "turned by  90:    2 right, 0 wrong, 1 tried   CER 0.0000",
        "turned by 180:    2 right, 0 wrong   CER 0.0000",
        "turned by 270:    0 right, 2 wrong, 1 tried   CER 0.2500",
        "1 copies off by more than 0.005",
        f"    {name}/b.png 270 ->   0   CER 0.2500",
    ]
    assert len(decisions) == 4  # what is written on the other is known: it is read


def test_without_an_upright_copy_none_is_off(engine, folder, capsys):
    measure.measure(engine, measure.scans([folder], "b.png"), [270])
    assert "0 copies off" in capsys.readouterr().out


@pytest.fixture(scope="module")
def lying():
    """A page whose letters have light upper halves, lying on its side, upside down, and upright."""
    pixels = blank_page(500, 700)
    for top in range(60, 420, 60):
        draw_text(pixels, "abcde abc dea", left=60, top=top, height=24)
        pixels[top + 4 : top + 8][pixels[top + 4 : top + 8] < 200] = 140
    return [np.ascontiguousarray(np.rot90(pixels, turns)) for turns in range(4)]


@pytest.mark.parametrize("turns", range(4))
def test_a_decision_is_the_engines(lying, turns):
    made = Engine(InkDetector(), LineReader(OneWayRecogniser()), None)
    image = page_image(lying[turns])
    assert measure.decide(made, image)[0] == made.read_pages([image])[0].orientation_deg
    assert measure.decide(made, image) == (90 * turns, turns > 0)


def test_an_empty_page_stays_as_it_lies():
    made = Engine(InkDetector(), LineReader(OneWayRecogniser()), None)
    assert measure.decide(made, page_image(blank_page())) == (0, False)


def test_pages_of_few_words_have_few_words():
    source = TextSource([Corpus("en", (), ("one", "seven", "eleven"))], latin())
    maker = PageMaker(find_faces(latin(), ()), source, long_side=(300, 350), strength=0.0)
    words = [
        sum(len(line.words) for line in maker.make_layout(seed, measure.FEW_WORDS).page.lines)
        for seed in range(5)
    ]
    assert all(0 < count <= measure.MOST_WORDS for count in words)
    assert len(set(words)) > 1


@pytest.mark.parametrize("kind", ["capitals", "languages", "figures"])
def test_pages_that_may_look_turned_are_of_their_kind(kind):
    german = Corpus("de", ("Das Haus steht am Berge.",) * 9, ("haus",))
    english = Corpus("en", ("The house is on the hill.",) * 9, ("house",))
    maker = PageMaker(
        find_faces(latin(), ()), TextSource([english, german], latin()), (400, 450), strength=0.0
    )
    page = maker.make_layout(3, measure.KINDS[kind]).page
    text = "\n".join(line.text for line in page.lines)
    assert len(page.lines) > 3
    if kind == "capitals":
        assert text.isupper()
    elif kind == "figures":
        assert sum(map(str.isdigit, text)) > 0.4 * len(text.replace("\n", ""))
    else:
        assert {"the", "das"} <= set(text.lower().split())


def test_kinds_are_made_in_turn():
    names = sorted(measure.KINDS)
    assert len(names) > 20
    assert {"few words", "receipt", "table page", "form", "book page"} <= set(names)
