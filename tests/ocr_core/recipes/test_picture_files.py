import cv2
import numpy as np
import pytest

from ocr_core.errors import CorruptSourceError, MissingSourceError, UnsupportedFormatError
from ocr_core.recipes.picture_files import is_picture, read_colours, read_grey


@pytest.fixture
def red(tmp_path):
    path = tmp_path / "röd.png"
    pixels = np.zeros((3, 5, 3), np.uint8)
    pixels[..., 2] = 200
    path.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    return path


def test_colours_are_red_green_blue(red):
    assert read_colours(red).shape == (3, 5, 3)
    assert read_colours(red)[1, 1].tolist() == [200, 0, 0]


def test_grey_is_as_light_as_the_colour(red):
    assert read_grey(red).shape == (3, 5)
    assert 55 < read_grey(red)[1, 1] < 65


@pytest.mark.parametrize("read", [read_grey, read_colours])
def test_what_is_no_picture_is_told(tmp_path, read):
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.png").write_text("no picture")
    for name in ("empty.png", "text.png"):
        with pytest.raises(CorruptSourceError, match=name):
            read(tmp_path / name)


@pytest.mark.parametrize("read", [read_grey, read_colours])
def test_a_picture_that_is_not_there_is_missing_and_not_corrupt(tmp_path, read):
    with pytest.raises(MissingSourceError, match=r"missing\.png cannot be read: No such file"):
        read(tmp_path / "missing.png")


@pytest.mark.parametrize("read", [read_grey, read_colours])
def test_of_a_pdf_it_is_said_what_reads_it(tmp_path, read):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n")
    with pytest.raises(UnsupportedFormatError, match=r"a\.pdf is a PDF.*beam-ocr run"):
        read(tmp_path / "a.pdf")


@pytest.mark.parametrize(
    ("name", "known"), [("a.PNG", True), ("a.tif", True), ("a.gt.txt", False), ("png", False)]
)
def test_pictures_are_told_by_their_names(tmp_path, name, known):
    assert is_picture(tmp_path / name) is known
