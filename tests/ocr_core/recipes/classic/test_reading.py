import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw
from rapidfuzz.distance import Levenshtein

from ocr_core.errors import WeightsError
from ocr_core.recipes.classic.reading import load, save
from ocr_core.recipes.classic.training import teach
from ocr_core.synth.fonts import open_font

LINES = ("The quick brown fox", "jumps over 13 lazy dogs", "while Eve reads on.")


@pytest.fixture(scope="module", params=["svm", "nearest"])
def reader(glyphs, request):
    return teach(glyphs, request.param)


@pytest.fixture(scope="module")
def page(faces):
    image = Image.new("L", (700, 260), 255)
    pen = ImageDraw.Draw(image)
    for i, line in enumerate(LINES):
        x = 30.0
        for character in line:  # spaced, so that none touch
            pen.text((x, 60 + 70 * i), character, font=open_font(faces[0], 40), anchor="ls")
            x += open_font(faces[0], 40).getlength(character) + 2
    return np.asarray(image, np.uint8)


def test_a_page_is_read_line_by_line(reader, page):
    read, truth = reader.read_page(page), "\n".join(LINES)
    assert read.count("\n") == 2
    assert Levenshtein.distance(read, truth) <= 0.1 * len(truth)
    assert [len(line.split()) for line in read.splitlines()] == [4, 5, 4]


def test_a_line_reads_as_it_does_on_its_page(reader, page):
    assert reader.read_line(page[:90]) == reader.read_page(page).splitlines()[0]


@pytest.mark.parametrize("is_negative", [False, True])
def test_a_character_is_read_dark_on_light_and_light_on_dark(reader, faces, is_negative):
    read = ""
    for character in "AEKR348":
        image = Image.new("L", (60, 60), 255)
        font = open_font(faces[0], 48)
        ImageDraw.Draw(image).text((30, 47), character, font=font, anchor="ms")
        pixels = np.asarray(image, np.uint8)
        read += reader.read_character(255 - pixels if is_negative else pixels)
    assert Levenshtein.distance(read, "AEKR348") <= 1


def test_nothing_is_read_where_nothing_is(reader):
    empty = np.full((40, 40), 255, np.uint8)
    assert (reader.read_page(empty), reader.read_line(empty)) == ("", "")


def test_a_reader_reads_the_same_after_it_was_saved(reader, page, tmp_path):
    save(reader, tmp_path / "deep" / "classic.npz")
    assert load(tmp_path / "deep" / "classic.npz").read_page(page) == reader.read_page(page)


def test_other_files_are_refused(tmp_path, page):
    with pytest.raises(WeightsError, match="train one"):
        load(tmp_path / "missing.npz")
    np.savez(tmp_path / "other.npz", page=page)
    with pytest.raises(WeightsError):
        load(tmp_path / "other.npz")
    cv2.imwrite(str(tmp_path / "page.png"), page)
    with pytest.raises(WeightsError):
        load(tmp_path / "page.png")
